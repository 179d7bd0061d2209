"""The exceptions of this package."""

import os
from typing import Optional


class Error(Exception):
    """What all exceptions of this package derive from.

    The message names the thing, the place and the way out. Wrong types are a :class:`TypeError`, and a lone surrogate in a
    text is a :class:`UnicodeEncodeError`, as everywhere in Python.

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
    """The line of it, counted from 1."""

    offset: Optional[int]
    """The offset in the text, in bytes, of what is not UTF-8."""

    def __init__(
        self, message: str, place: Optional[str] = None, line: Optional[int] = None, offset: Optional[int] = None
    ) -> None:
        super().__init__(message)
        self.place = place
        self.line = line
        self.offset = offset

    def __reduce__(self) -> tuple[type["Error"], tuple[object, ...]]:
        return type(self), (str(self), self.place, self.line, self.offset)


class NotFoundError(Error, LookupError):
    """No configuration, target, dictionary or mode has this name."""

    # That of LookupError's children shows quotation marks around the message.
    __str__ = Exception.__str__


class ConfigError(Error, ValueError):
    """A configuration file says something wrong."""


class DictionaryError(Error, ValueError):
    """A dictionary is none, or holds an entry that is none."""


class EncodingError(Error, ValueError):
    """Bytes are not UTF-8."""


class FileError(Error, OSError):
    """A file cannot be read.

    As every :class:`OSError`, it has ``errno``, ``strerror`` and ``filename``, where the system told them.

    >>> import errno, fanjian
    >>> try:
    ...     fanjian.Dictionary.from_path("none.txt")
    ... except fanjian.FileError as error:
    ...     print(error.filename, error.errno == errno.ENOENT)
    none.txt True
    """

    __str__ = Exception.__str__

    def __init__(
        self,
        message: str,
        place: Optional[str] = None,
        line: Optional[int] = None,
        offset: Optional[int] = None,
        errno: Optional[int] = None,
        filename: Optional[str] = None,
    ) -> None:
        super().__init__(message, place, line, offset)
        self.errno = errno
        self.strerror = None if errno is None else os.strerror(errno)
        self.filename = filename

    def __reduce__(self) -> tuple[type[Error], tuple[object, ...]]:
        return type(self), (str(self), self.place, self.line, self.offset, self.errno, self.filename)


# The name under which all of them are found, and shown.
for _class in (Error, NotFoundError, ConfigError, DictionaryError, EncodingError, FileError):
    _class.__module__ = "fanjian"
