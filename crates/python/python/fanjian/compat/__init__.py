"""Drop-in replacements for other packages: a program that uses a package as its documentation shows has to change its
import alone. Each module documents the differences.

- :mod:`fanjian.compat.opencc` for ``opencc``, and for ``opencc-python-reimplemented``, which has the same name.
- :mod:`fanjian.compat.zhconv` for ``zhconv``.
"""
