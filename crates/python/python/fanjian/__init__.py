"""Conversion between Traditional and Simplified Chinese.

>>> import fanjian
>>> fanjian.convert("皇后的頭髮", "t2s")
'皇后的头发'

- :class:`Converter` converts, by a configuration of OpenCC, or to a target, by context.
- :func:`convert` does so with converters that all calls share.
- :mod:`fanjian.arrow` converts columns of Arrow data.
- :func:`detect` tells which script a text is in, :func:`clean` takes out the readings that a machine put into a page.
- :class:`Dictionary` is a dictionary of one's own.
- :mod:`fanjian.compat` holds modules that stand in for other packages.
- :class:`Error` is what all exceptions of this package derive from.
"""

from . import arrow
from ._errors import ConfigError, DictionaryError, EncodingError, Error, FileError, NotFoundError
from ._fanjian import (
    CONFIGS,
    OPENCC_VERSION,
    TARGETS,
    ByteStream,
    Converter,
    Dictionary,
    Stream,
    __version__,
    clean,
    convert,
    detect,
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
    "Dictionary",
    "DictionaryError",
    "EncodingError",
    "Error",
    "Feature",
    "FileError",
    "Gloss",
    "NotFoundError",
    "Segment",
    "Stream",
    "__version__",
    "arrow",
    "clean",
    "convert",
    "detect",
]
