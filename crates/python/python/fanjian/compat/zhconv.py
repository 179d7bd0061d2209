"""A drop-in replacement for the package ``zhconv``: ``from fanjian.compat import zhconv``.

>>> from fanjian.compat import zhconv
>>> zhconv.convert("软件里的头发", "zh-tw")
'軟體裡的頭髮'

A locale is a target of this package (see :class:`fanjian.Converter`), not MediaWiki's word list: ``zh-cn``, ``zh-tw``,
``zh-hk`` and ``zh-mo`` use the region's own words, the others leave words as they are. MediaWiki's markup is not
supported, and neither are ``convert_for_mw``, and ``tokenize`` and ``loaddict``, which belong to that list.
"""

from __future__ import annotations

from typing import Literal, Mapping, Optional

from .. import Converter, convert as _convert, detect as _detect

__all__ = ["convert", "issimp"]

# The target and the vocabulary of each locale.
_LOCALES: dict[str, tuple[str, Literal["keep", "local"]]] = {
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
            or ``zh``, which returns the text unchanged.
        update: The user's own words and their replacements. They are compiled at each call: for many texts, use a
            :class:`fanjian.Converter`.

    Raises:
        ValueError: There is no such locale. (``zhconv`` returns the text unchanged.)

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
        raise ValueError(f"unknown locale {locale!r}; expected one of zh, {', '.join(_LOCALES)}")
    tag, vocabulary = _LOCALES[name]
    if update:
        return Converter(to=tag, vocabulary=vocabulary, dictionaries=[update]).convert(s)
    return _convert(s, to=tag, vocabulary=vocabulary)


# The number of characters that are checked together, until one of them is evidence.
_PIECE = 256


def issimp(s: str, full: bool = False) -> Optional[bool]:
    """Returns ``True`` if a text is Simplified, ``False`` if it is Traditional, and ``None`` if there is no evidence.

    The evidence is that of :func:`fanjian.detect`, which also detects mixed text, regions and Japanese.

    Args:
        s: The text.
        full: Whether to count the characters of both scripts in the whole text, instead of deciding by the first one. A
            tie is ``None``.

    Raises:
        TypeError: The text is not a ``str``. (``zhconv`` accepts other sequences, too.)

    >>> issimp("皇后的头发"), issimp("皇后的頭髮"), issimp("皇后")
    (True, False, None)
    >>> issimp("发頭髮"), issimp("发頭髮", full=True)
    (True, False)
    """
    if full:
        found = _detect(s)
        return None if found.simplified == found.traditional else found.simplified > found.traditional
    if not isinstance(s, str):
        raise TypeError(f"s must be str, not {type(s).__name__}")
    for start in range(0, len(s), _PIECE):
        piece = s[start : start + _PIECE]
        found = _detect(piece)
        if found.simplified and found.traditional:
            return next(bool(one.simplified) for one in map(_detect, piece) if one.simplified or one.traditional)
        if found.simplified or found.traditional:
            return bool(found.simplified)
    return None
