"""Modules that stand in for other packages: a program that uses them as their pages show changes the line that imports
them, and no other. What differs, or is not there, stands in each.

- :mod:`fanjian.compat.opencc` for ``opencc``, and for ``opencc-python-reimplemented``, which has the same name.
- :mod:`fanjian.compat.zhconv` for ``zhconv``.
"""
