from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Final, Literal, Optional, Union, final, overload

from typing_extensions import Buffer, TypeAlias

from ._results import Cleaned, Detection, Document, Segment

__all__ = [
    "CONFIGS",
    "DOCUMENT_FORMATS",
    "OPENCC_VERSION",
    "TARGETS",
    "Array",
    "ByteStream",
    "ChunkedArray",
    "Converter",
    "Dictionaries",
    "Dictionary",
    "Stream",
    "__version__",
    "clean",
    "clean_arrow",
    "convert",
    "convert_arrow",
    "convert_document",
    "detect",
    "detect_arrow",
    "document_groups",
    "fold",
    "fold_with_offsets",
    "keep_if_arrow",
]

__version__: Final[str]
CONFIGS: Final[tuple[str, ...]]
DOCUMENT_FORMATS: Final[tuple[str, ...]]
OPENCC_VERSION: Final[str]
TARGETS: Final[tuple[str, ...]]

_Entries: TypeAlias = Mapping[str, Union[str, Iterable[str]]]
_Vocabulary: TypeAlias = Literal["keep", "local"]
_Punctuation: TypeAlias = Literal["keep", "local"]
_WordLayer: TypeAlias = Literal["persons", "places", "works", "food"]
_InvalidUtf8: TypeAlias = Literal["strict", "replace", "pass"]
_GlossMode: TypeAlias = Literal["off", "report", "strip", "repair", "drop"]

@final
class Dictionary:
    def __new__(cls, entries: _Entries, *, name: str = "own words") -> Dictionary: ...
    @staticmethod
    def from_path(path: Union[str, PathLike[str]]) -> Dictionary: ...
    @staticmethod
    def from_text(text: str, *, name: str = "own words") -> Dictionary: ...
    @staticmethod
    def from_bytes(data: bytes) -> Dictionary: ...
    def to_bytes(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    def get(self, word: str) -> Optional[tuple[str, ...]]: ...
    def __len__(self) -> int: ...
    def __contains__(self, word: str, /) -> bool: ...

@final
class Dictionaries:
    @staticmethod
    def from_path(path: Union[str, PathLike[str]]) -> Dictionaries: ...
    @staticmethod
    def from_bytes(data: bytes) -> Dictionaries: ...
    @staticmethod
    def from_files(name: str, files: Mapping[str, bytes]) -> Dictionaries: ...
    def to_bytes(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def configs(self) -> tuple[str, ...]: ...

_Words: TypeAlias = Union[Dictionary, _Entries, str, PathLike[str]]
_Release: TypeAlias = Union[Dictionaries, str, PathLike[str]]

@final
class Converter:
    @overload
    def __new__(
        cls,
        config: Union[str, PathLike[str]],
        *,
        to: None = None,
        from_: None = None,
        vocabulary: None = None,
        punctuation: Optional[_Punctuation] = None,
        keep_words: None = None,
        prefer: Optional[Iterable[str]] = None,
        dictionaries: Optional[Iterable[_Words]] = None,
        both_scripts: bool = False,
        protect: Optional[Iterable[str]] = None,
        release: Optional[_Release] = None,
        tofu_risk: bool = False,
        search_folders: Optional[Iterable[Union[str, PathLike[str]]]] = None,
    ) -> Converter: ...
    @overload
    def __new__(
        cls,
        config: None = None,
        *,
        to: str,
        from_: Optional[str] = None,
        vocabulary: Optional[_Vocabulary] = None,
        punctuation: Optional[_Punctuation] = None,
        keep_words: Optional[Iterable[_WordLayer]] = None,
        prefer: Optional[Iterable[str]] = None,
        dictionaries: Optional[Iterable[_Words]] = None,
        both_scripts: bool = False,
        protect: Optional[Iterable[str]] = None,
        release: None = None,
        tofu_risk: Literal[False] = False,
        search_folders: None = None,
    ) -> Converter: ...
    @property
    def config(self) -> Optional[str]: ...
    @property
    def to(self) -> Optional[str]: ...
    @property
    def from_(self) -> Optional[str]: ...
    @property
    def vocabulary(self) -> Optional[_Vocabulary]: ...
    @property
    def punctuation(self) -> _Punctuation: ...
    @property
    def keep_words(self) -> list[_WordLayer]: ...
    @property
    def prefer(self) -> list[str]: ...
    @property
    def release(self) -> Optional[Dictionaries]: ...
    def convert(self, text: str, /, *, as_: Optional[str] = None) -> str: ...
    def convert_many(self, texts: Iterable[str], /, *, threads: int = 1) -> list[str]: ...
    def convert_bytes(self, data: Buffer, /, *, invalid_utf8: _InvalidUtf8 = "strict") -> bytes: ...
    def stream(self, *, beginning: Optional[str] = None) -> Stream: ...
    def byte_stream(self, *, invalid_utf8: _InvalidUtf8 = "strict", beginning: Optional[str] = None) -> ByteStream: ...
    def segments(self, text: str, /) -> list[Segment]: ...
    def __copy__(self) -> Converter: ...
    def __deepcopy__(self, memo: Any) -> Converter: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Union[str, PathLike[str]], ...], dict[str, Any]]: ...

@final
class Stream:
    def push(self, text: str, /) -> str: ...
    def finish(self) -> str: ...

@final
class ByteStream:
    def push(self, data: Buffer, /) -> bytes: ...
    def finish(self) -> bytes: ...

@final
class Array:
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> tuple[object, object]: ...
    def __len__(self) -> int: ...

@final
class ChunkedArray:
    @property
    def num_chunks(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object: ...
    def __len__(self) -> int: ...

@overload
def convert(
    text: str,
    /,
    config: Union[str, PathLike[str]],
    *,
    to: None = None,
    from_: None = None,
    vocabulary: None = None,
    punctuation: Optional[_Punctuation] = None,
    release: Optional[_Release] = None,
) -> str: ...
@overload
def convert(
    text: str,
    /,
    config: None = None,
    *,
    to: str,
    from_: Optional[str] = None,
    vocabulary: Optional[_Vocabulary] = None,
    punctuation: Optional[_Punctuation] = None,
    release: None = None,
) -> str: ...
@overload
def convert_arrow(
    column: object,
    config: Converter,
    *,
    to: None = None,
    from_: None = None,
    vocabulary: None = None,
    punctuation: None = None,
    release: None = None,
    threads: int = 1,
) -> Union[Array, ChunkedArray]: ...
@overload
def convert_arrow(
    column: object,
    config: Union[str, PathLike[str]],
    *,
    to: None = None,
    from_: None = None,
    vocabulary: None = None,
    punctuation: Optional[_Punctuation] = None,
    release: Optional[_Release] = None,
    threads: int = 1,
) -> Union[Array, ChunkedArray]: ...
@overload
def convert_arrow(
    column: object,
    config: None = None,
    *,
    to: str,
    from_: Optional[str] = None,
    vocabulary: Optional[_Vocabulary] = None,
    punctuation: Optional[_Punctuation] = None,
    release: None = None,
    threads: int = 1,
) -> Union[Array, ChunkedArray]: ...
def detect_arrow(column: object, *, threads: int = 1) -> Union[Array, ChunkedArray]: ...
def clean_arrow(
    column: object,
    mode: _GlossMode = "report",
    *,
    share: float = 0.9,
    characters: int = 3,
    glosses: int = 5,
    traditional: float = 0.95,
    only_traditional: bool = True,
    only_readings: bool = True,
    only_touching: bool = True,
    converter: Optional[Converter] = None,
    keep_simplified: bool = False,
    threads: int = 1,
) -> Union[Array, ChunkedArray]: ...
def keep_if_arrow(
    column: object, conditions: Union[str, Iterable[str]], *, threads: int = 1
) -> Union[Array, ChunkedArray]: ...
def detect(text: str, /) -> Detection: ...
def fold(text: str, /) -> str: ...
def fold_with_offsets(text: str, /) -> tuple[str, list[int]]: ...
def clean(
    text: str,
    mode: _GlossMode = "report",
    *,
    share: float = 0.9,
    characters: int = 3,
    glosses: int = 5,
    traditional: float = 0.95,
    only_traditional: bool = True,
    only_readings: bool = True,
    only_touching: bool = True,
    converter: Optional[Converter] = None,
    keep_simplified: bool = False,
) -> Cleaned: ...

_Source: TypeAlias = Union[str, Buffer, PathLike[str]]

def convert_document(
    source: _Source,
    to: Optional[str] = None,
    config: Optional[Union[str, PathLike[str]]] = None,
    *,
    as_: Optional[str] = None,
    from_: Optional[str] = None,
    vocabulary: Optional[_Vocabulary] = None,
    punctuation: Optional[_Punctuation] = None,
    release: Optional[_Release] = None,
    converter: Optional[Converter] = None,
    code: bool = False,
) -> Document: ...
def document_groups(source: _Source, as_: Optional[str] = None, *, code: bool = False) -> list[str]: ...
