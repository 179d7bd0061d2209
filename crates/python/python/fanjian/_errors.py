"""The exceptions of this package."""

import os
from typing import Optional


class Error(Exception):
    """The base class of all exceptions of this package.

    An argument of a wrong type is a :class:`TypeError`, and a lone surrogate in a text is a :class:`UnicodeEncodeError`, as
    everywhere in Python.

    >>> import fanjian
    >>> try:
    ...     fanjian.Dictionary.from_text("头发\\t頭髮\\n头发\\t頭發\\n", name="mine")
    ... except fanjian.Error as error:
    ...     print(error)
    ...     print(error.place, error.line)
    mine:2: duplicate key '头发', first given on line 1
    mine 2
    """

    place: Optional[str]
    """The file, the dictionary or the configuration that the error belongs to."""

    line: Optional[int]
    """The number of the line, from 1."""

    offset: Optional[int]
    """The offset in the text, in bytes, of bytes that are not UTF-8."""

    def __init__(
        self, message: str, place: Optional[str] = None, line: Optional[int] = None, offset: Optional[int] = None
    ) -> None:
        super().__init__(message)
        self.place = place
        self.line = line
        self.offset = offset

    def __reduce__(self) -> tuple[type["Error"], tuple[object, ...]]:
        return type(self), (str(self), self.place, self.line, self.offset)


class NotFoundError(Error, LookupError, ValueError):
    """No configuration, target, dictionary, mode or policy has this name."""


class ConfigError(Error, ValueError):
    """A configuration file or a condition is invalid, or arguments exclude each other."""


class DictionaryError(Error, ValueError):
    """A dictionary, or one of its entries, is invalid."""


class DocumentError(Error, ValueError):
    """A document is not in its format, or is damaged or too large."""


class UnsupportedError(DocumentError):
    """A document is in a form that is not converted, such as an encrypted or a signed one."""


class EncodingError(Error, ValueError):
    """Bytes are not UTF-8."""


class FileError(Error, OSError):
    """A file cannot be read.

    As every :class:`OSError`, it has ``errno``, ``strerror`` and ``filename``, each ``None`` if it is not known; and it is a
    :class:`FileNotFoundError`, a :class:`PermissionError` or another subclass by its ``errno``.

    >>> import errno, fanjian
    >>> try:
    ...     fanjian.Dictionary.from_path("none.txt")
    ... except FileNotFoundError as error:
    ...     print(error.filename, error.errno == errno.ENOENT, isinstance(error, fanjian.FileError))
    none.txt True True
    """

    __str__ = Exception.__str__

    def __new__(
        cls,
        message: str,
        place: Optional[str] = None,
        line: Optional[int] = None,
        offset: Optional[int] = None,
        errno: Optional[int] = None,
        filename: Optional[str] = None,
    ) -> "FileError":
        return super().__new__(_file_error(errno) if cls is FileError else cls, message)

    def __init__(
        self,
        message: str,
        place: Optional[str] = None,
        line: Optional[int] = None,
        offset: Optional[int] = None,
        errno: Optional[int] = None,
        filename: Optional[str] = None,
    ) -> None:
        super().__init__(message, filename if place is None else place, line, offset)
        self.errno = errno
        self.strerror = None if errno is None else os.strerror(errno)
        self.filename = filename

    def __reduce__(self) -> tuple[type[Error], tuple[object, ...]]:
        kind = FileError if type(self) is _file_error(self.errno) else type(self)
        return kind, (str(self), self.place, self.line, self.offset, self.errno, self.filename)


# For each class of OSError, the one that is a FileError, too.
_FILE_ERRORS: dict[type[OSError], type[FileError]] = {OSError: FileError}


def _file_error(errno: Optional[int]) -> type[FileError]:
    """The class for an error number."""
    base = OSError if errno is None else type(OSError(errno, ""))
    if base not in _FILE_ERRORS:
        _FILE_ERRORS[base] = type("FileError", (FileError, base), {"__module__": "fanjian", "__doc__": FileError.__doc__})
    return _FILE_ERRORS[base]


# The module that exports them.
for _class in (Error, NotFoundError, ConfigError, DictionaryError, DocumentError, UnsupportedError, EncodingError, FileError):
    _class.__module__ = "fanjian"
