"""The types that the package tells, by mypy, and what there is at run time."""

import subprocess
import sys
from pathlib import Path

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
