"""Modules that stand in for other packages: a program changes the line that imports them, and no other.

- :mod:`fanjian.compat.opencc` for ``opencc``, and for ``opencc-python-reimplemented``, which has the same name.
- :mod:`fanjian.compat.zhconv` for ``zhconv``.
"""
