"""The types of the package, for mypy and at run time."""

import ast
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import fanjian
import fanjian._fanjian
import pytest

FOLDER = Path(__file__).parents[1]


def mypy(*arguments, folder):
    result = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_package_is_typed_strictly(tmp_path):
    mypy("mypy", "--strict", "--package", "fanjian", "--cache-dir", str(tmp_path), folder=tmp_path)


def test_the_stub_says_what_the_module_has(tmp_path):
    allowed = tmp_path / "allowed"
    # Names that 3.9 has for functions and others.
    names = ["fanjian._results.NamedTuple", "fanjian.compat.zhconv.Mapping"] if sys.version_info < (3, 10) else []
    allowed.write_text("\n".join(names))
    mypy("mypy.stubtest", "fanjian", "--allowlist", str(allowed), folder=tmp_path)


def test_uses_are_typed(tmp_path):
    mypy("mypy", "--strict", str(FOLDER / "tests" / "typed_use.py"), "--cache-dir", str(tmp_path), folder=tmp_path)


def names_in_the_stub():
    """The names that the stub lists, as `Literal[…]`, for each kind of them."""
    stub = ast.parse((Path(fanjian.__file__).parent / "_fanjian.pyi").read_text(encoding="utf-8"))
    aliases = {node.target.id: node.value for node in stub.body if isinstance(node, ast.AnnAssign) and node.value}
    kinds = {
        "vocabulary": aliases["_Vocabulary"],
        "punctuation": aliases["_Punctuation"],
        "word_layer": aliases["_WordLayer"],
        "invalid_utf8": aliases["_InvalidUtf8"],
        "mode": aliases["_GlossMode"],
    }
    return {kind: ast.literal_eval(literal.slice) for kind, literal in kinds.items()}


def test_the_names_in_the_stub_are_the_librarys():
    for kind, names in names_in_the_stub().items():
        assert set(names) == set(fanjian._fanjian._NAMES[kind])


def test_a_detection_has_the_scripts_and_counts_of_the_library():
    names = fanjian._fanjian._NAMES
    assert fanjian.Detection._fields == ("script", "confidence", "machine_converted", *names["count"])
    source = (Path(fanjian.__file__).parent / "_results.py").read_text(encoding="utf-8")
    assert all(f'``"{name}"``' in source for name in names["script"])


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("vocabulary", lambda name: fanjian.Converter(to="zh-TW", vocabulary=name)),
        ("punctuation", lambda name: fanjian.Converter(to="zh-TW", punctuation=name)),
        ("word_layer", lambda name: fanjian.Converter(to="zh-TW", vocabulary="local", keep_words=[name])),
        ("invalid_utf8", lambda name: fanjian.Converter("s2t").convert_bytes(b"", invalid_utf8=name)),
        ("mode", lambda name: fanjian.clean("", name)),
    ],
)
def test_every_name_is_taken_and_documented(kind, call):
    names = fanjian._fanjian._NAMES[kind]
    for name in names:
        call(name)
    documented = {
        "vocabulary": fanjian.Converter,
        "punctuation": fanjian.Converter,
        "word_layer": fanjian.Converter,
        "invalid_utf8": fanjian.Converter.convert_bytes,
        "mode": fanjian.clean,
    }
    assert all(f'``"{name}"``' in documented[kind].__doc__ for name in names)
    with pytest.raises(fanjian.NotFoundError, match=", ".join(names)):
        call("nonesuch")


def test_names_of_types_can_be_looked_up():
    for name in fanjian.__all__:
        thing = getattr(fanjian, name)
        if isinstance(thing, type):
            assert thing.__module__ == "fanjian", name
            typing.get_type_hints(thing)
    assert typing.get_type_hints(fanjian.Segment)["decisions"] == tuple[fanjian.Decision, ...]


@pytest.mark.parametrize("name", ["clean", "convert", "detect", "keep_if"])
def test_a_function_for_columns_has_the_name_that_it_is_called_by(name):
    function = getattr(fanjian.arrow, name)
    assert (function.__module__, function.__qualname__) == ("fanjian.arrow", name)
    assert pickle.loads(pickle.dumps(function)) is function


def test_the_package_alone_has_the_module_for_columns():
    program = "import sys, fanjian; fanjian.arrow.convert; assert 'pyarrow' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
