"""Stands in for the package ``zhconv``: ``from fanjian.compat import zhconv``.

>>> from fanjian.compat import zhconv
>>> zhconv.convert("软件里的头发", "zh-tw")
'軟體裡的頭髮'

A locale is a target of this package (see :class:`fanjian.Converter`), not MediaWiki's word list: ``zh-cn``, ``zh-tw`` and
``zh-hk`` take the region's own words, the others leave words. MediaWiki's markup is not read, so that there is no
``convert_for_mw``.
"""

from __future__ import annotations

from typing import Mapping, Optional

from .. import Converter, convert as _convert

__all__ = ["convert"]

# The target of each locale, and whether it has words of its own.
_LOCALES = {
    "zh-hans": ("zh-Hans", "keep"),
    "zh-cn": ("zh-CN", "local"),
    "zh-sg": ("zh-SG", "keep"),
    "zh-my": ("zh-MY", "keep"),
    "zh-hant": ("zh-Hant", "keep"),
    "zh-tw": ("zh-TW", "local"),
    "zh-hk": ("zh-HK", "local"),
    "zh-mo": ("zh-MO", "local"),
}


def convert(s: str, locale: str, update: Optional[Mapping[str, str]] = None) -> str:
    """Converts a text to a locale.

    Args:
        s: The text.
        locale: ``zh-hans``, ``zh-cn``, ``zh-sg``, ``zh-my``, ``zh-hant``, ``zh-tw``, ``zh-hk`` or ``zh-mo``, in any case;
            or ``zh``, which leaves the text as it is.
        update: Words of one's own, and what they become. They are read at each call: for many texts, give them to a
            :class:`fanjian.Converter`.

    Raises:
        ValueError: There is no such locale. (``zhconv`` leaves the text as it is then.)

    >>> convert("計算機軟件", "zh-cn")
    '计算机软件'
    >>> convert("云原生软件", "zh-tw", {"云原生": "雲端原生"})
    '雲端原生軟體'
    """
    if not isinstance(locale, str):
        raise TypeError(f"locale must be str, not {type(locale).__name__}")
    name = locale.lower()
    if name == "zh":
        if not isinstance(s, str):
            raise TypeError(f"s must be str, not {type(s).__name__}")
        return s
    if name not in _LOCALES:
        raise ValueError(f"no locale is named {locale!r}: there are zh, {', '.join(_LOCALES)}")
    tag, vocabulary = _LOCALES[name]
    if update:
        return Converter(to=tag, vocabulary=vocabulary, dictionaries=[update]).convert(s)
    return _convert(s, to=tag, vocabulary=vocabulary)
