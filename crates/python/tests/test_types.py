"""The types that the package tells, by mypy, and what there is at run time."""

import pickle
import subprocess
import sys
import typing
from pathlib import Path

import fanjian

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


def test_names_of_types_can_be_looked_up():
    for name in fanjian.__all__:
        thing = getattr(fanjian, name)
        if isinstance(thing, type):
            assert thing.__module__ == "fanjian", name
            typing.get_type_hints(thing)
    assert typing.get_type_hints(fanjian.Segment)["decisions"] == tuple[fanjian.Decision, ...]


def test_the_function_for_columns_has_the_name_that_it_is_called_by():
    convert = fanjian.arrow.convert
    assert (convert.__module__, convert.__qualname__) == ("fanjian.arrow", "convert")
    assert pickle.loads(pickle.dumps(convert)) is convert


def test_the_package_alone_has_the_module_for_columns():
    program = "import sys, fanjian; fanjian.arrow.convert; assert 'pyarrow' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
