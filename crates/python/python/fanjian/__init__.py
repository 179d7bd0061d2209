"""Conversion between Traditional and Simplified Chinese.

>>> import fanjian
>>> fanjian.convert("皇后的頭髮", "t2s")
'皇后的头发'

- :class:`Converter` converts by a configuration of OpenCC, or to a target, by context.
- :func:`convert` converts with converters that all calls share.
- :mod:`fanjian.arrow` converts columns of Arrow data.
- :mod:`fanjian.documents` converts documents, such as pages, books and subtitles.
- :func:`detect` detects the script of a text, :func:`clean` removes machine-made glosses from a page.
- :func:`fold` returns one key for all forms of a word, for search.
- :class:`Dictionary` is a user's own dictionary; :class:`Dictionaries` are those of a release of OpenCC.
- :mod:`fanjian.compat` has drop-in replacements for other packages.
- :class:`Error` is the base class of all exceptions of this package.
"""

from . import arrow, documents
from ._errors import (
    ConfigError,
    DictionaryError,
    DocumentError,
    EncodingError,
    Error,
    FileError,
    NotFoundError,
    UnsupportedError,
)
from ._fanjian import (
    CONFIGS,
    OPENCC_VERSION,
    TARGETS,
    ByteStream,
    Converter,
    Dictionaries,
    Dictionary,
    Stream,
    __version__,
    clean,
    convert,
    detect,
    fold,
    fold_with_offsets,
)
from ._results import Candidate, Cleaned, Damage, Decision, Detection, Feature, Gloss, Segment

__all__ = [
    "CONFIGS",
    "OPENCC_VERSION",
    "TARGETS",
    "ByteStream",
    "Candidate",
    "Cleaned",
    "ConfigError",
    "Converter",
    "Damage",
    "Decision",
    "Detection",
    "Dictionaries",
    "Dictionary",
    "DictionaryError",
    "DocumentError",
    "EncodingError",
    "Error",
    "Feature",
    "FileError",
    "Gloss",
    "NotFoundError",
    "Segment",
    "Stream",
    "UnsupportedError",
    "__version__",
    "arrow",
    "clean",
    "convert",
    "detect",
    "documents",
    "fold",
    "fold_with_offsets",
]
