"""The examples in docstrings, and those in the pages about this package."""

import doctest
import inspect
from pathlib import Path

import fanjian
import fanjian.arrow
import fanjian.compat
import fanjian.compat.opencc
import fanjian.compat.zhconv
import fanjian.documents
import pytest

MODULES = [
    fanjian,
    fanjian.arrow,
    fanjian.compat,
    fanjian.compat.opencc,
    fanjian.compat.zhconv,
    fanjian.documents,
]
PAGES = [Path(__file__).parents[1] / "README.md"]
PAGES += [Path(__file__).parents[3] / "docs" / page for page in ("python.md", "search.md")]


def documented():
    """Everything with a name of its own: modules, their public names, and the members of classes."""
    for module in MODULES:
        yield module.__name__, module
        for name in getattr(module, "__all__", []):
            thing = getattr(module, name)
            if callable(thing):
                yield f"{module.__name__}.{name}", thing
            if inspect.isclass(thing):
                for member, value in vars(thing).items():
                    if not member.startswith("_") and not isinstance(value, str):
                        yield f"{module.__name__}.{name}.{member}", value


THINGS = dict(documented())


@pytest.mark.parametrize("name", THINGS)
def test_everything_is_documented(name):
    assert inspect.getdoc(THINGS[name])


@pytest.mark.parametrize("name", [name for name, thing in THINGS.items() if ">>>" in (inspect.getdoc(thing) or "")])
def test_examples_in_docstrings(name):
    run(inspect.getdoc(THINGS[name]), name, vars(inspect.getmodule(THINGS[name]) or fanjian))


def test_examples_are_found():
    assert sum((inspect.getdoc(thing) or "").count(">>>") for thing in THINGS.values()) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_in_pages(page):
    run(page.read_text(encoding="utf-8"), page.name, {})


def run(text, name, names):
    # The end of a block of code in a page is not output.
    text = text.replace("\n```", "\n\n```")
    test = doctest.DocTestParser().get_doctest(text, dict(names), name, name, 0)
    assert test.examples
    report = []
    runner = doctest.DocTestRunner()
    runner.run(test, out=report.append)
    assert not runner.summarize(verbose=False).failed, "".join(report)
