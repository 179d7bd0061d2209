"""Results with several fields."""

from typing import NamedTuple, Optional


class Feature(NamedTuple):
    """A piece of evidence in a decision of a target."""

    name: str
    """The kind of feature, and the characters that it covers."""
    weight: int
    """Positive if it favours the candidate, negative if not."""


class Candidate(NamedTuple):
    """A candidate of a target, with its score and the evidence for and against it."""

    text: str
    score: int
    features: tuple[Feature, ...]


class Decision(NamedTuple):
    """A step in the conversion of a part of a text: an entry of a dictionary, or a decision of a target."""

    step: str
    """``"protected"``, ``"normalization"``, ``"own"`` or ``"conversion"`` in a configuration; ``"character"``,
    ``"choice"`` or ``"word"`` in a target; ``"preference"`` for preferred characters, and ``"punctuation"`` for
    quotation marks."""
    stage: Optional[int]
    """The number of the stage of the normalization or the conversion, from 1. ``None`` for other steps."""
    dictionary: str
    """The name of the dictionary, the tag of the target, ``"preferences"`` or ``"punctuation"``."""
    key: str
    """The entry's key. After the first step, it is a part of the output of earlier steps."""
    value: str
    """The replacement of the key."""
    alternatives: tuple[str, ...]
    """The other candidates."""
    candidates: tuple[Candidate, ...]
    """The candidates with their scores, the chosen one first, if a target decided by context."""
    margin: Optional[int]
    """The margin by which a candidate must outscore the character itself. ``None`` unless the step is ``"choice"``."""


class Segment(NamedTuple):
    """A part of a text, its output, and the decisions behind it. The segments cover the text without gaps."""

    start: int
    """Its start in the text, in characters, as in ``text[start:end]``."""
    end: int
    source: str
    output: str
    decisions: tuple[Decision, ...]
    """The decisions in order. Empty if no dictionary contains the text."""


class Detection(NamedTuple):
    """The script of a text, and the evidence for it: counts of characters, or of words."""

    script: str
    """``"simplified"``, ``"traditional"``, ``"taiwan"``, ``"hong-kong"``, ``"opencc-standard"``, ``"mixed"``, ``"japanese"``,
    ``"undecided"`` (no evidence), or ``"not-chinese"``."""
    confidence: float
    """The confidence in the script, from 0 to 1."""
    machine_converted: bool
    """Whether the text looks converted to Traditional by a machine, character by character."""
    characters: int
    """All characters of the text."""
    han: int
    """Chinese characters."""
    simplified: int
    """Characters of Simplified text alone, such as 发."""
    traditional: int
    """Characters of Traditional text alone, such as 發."""
    forms: int
    """Characters that differ between the Traditional standards, such as 裡, 裏 and 着."""
    taiwan: int
    """The forms of Taiwan among these."""
    hong_kong: int
    """The forms of Hong Kong among these."""
    standard: int
    """The forms of OpenCC's standard among these."""
    taiwan_words: int
    """Words of Taiwan and not of Hong Kong, such as 網路."""
    hong_kong_words: int
    """Words of Hong Kong and not of Taiwan, such as 質素."""
    converted: int
    """Words converted by a machine character by character, such as 干部."""
    kana: int
    """Hiragana and katakana."""
    shinjitai: int
    """New Japanese forms that Chinese text does not use."""
    not_japanese: int
    """Chinese characters that modern Japanese text does not use."""


class Gloss(NamedTuple):
    """A machine-made gloss: a reading with its parentheses."""

    start: int
    """Its start in the text, in characters, as in ``text[start:end]``."""
    end: int
    character: str
    """The character before it."""
    reading: str


class Damage(NamedTuple):
    """Characters that were damaged by a gloss."""

    start: int
    """Its start in the text, in characters, as in ``text[start:end]``."""
    end: int
    original: Optional[str]
    """The original text. ``None`` if the reconstruction is not unique."""


class Cleaned(NamedTuple):
    """The result of :func:`fanjian.clean`: the cleaned text and the glosses that were found."""

    text: Optional[str]
    """The cleaned text. ``None`` if the document is dropped."""
    glosses: tuple[Gloss, ...]
    """The machine-made glosses. Empty if the thresholds are not reached."""
    damages: tuple[Damage, ...]
    """The damage that they did."""
    characters: int
    """The number of different glossed characters."""
    share: float
    """The share of the Chinese characters that have a gloss, from 0 to 1."""


class Document(NamedTuple):
    """A converted document, and counts of what was done: see :func:`fanjian.documents.convert`."""

    bytes: bytes
    """The document. The object that was given, if it was ``bytes`` and nothing changes."""
    text: Optional[str]
    """The document as a text, if it was given as one. ``None`` for ``bytes`` and files."""
    changed: int
    """The number of texts that changed."""
    groups: int
    """The number of texts with characters beyond ASCII: each is what a reader reads on without a break, over markup."""
    moved: int
    """The number of words across markup that became longer or shorter: the new word is where its first character was."""
    tags: int
    """The number of names of languages that changed, as in ``lang="zh-CN"``."""


# The module that exports them.
for _class in (Feature, Candidate, Decision, Segment, Detection, Gloss, Damage, Cleaned):
    _class.__module__ = "fanjian"
Document.__module__ = "fanjian.documents"
