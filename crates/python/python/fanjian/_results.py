"""Results of several parts."""

from typing import NamedTuple, Optional


class Feature(NamedTuple):
    """Something that spoke in a decision of a target."""

    name: str
    """A kind of feature, and the characters that it looks at."""
    weight: int
    """Above 0 for the candidate, below 0 against it."""


class Candidate(NamedTuple):
    """A candidate of a target, and what spoke for it and against it."""

    text: str
    score: int
    features: tuple[Feature, ...]


class Decision(NamedTuple):
    """Why a part of a text became what it did."""

    step: str
    """``"protected"``, ``"normalization"``, ``"own entry"`` or ``"conversion"`` in a configuration; ``"character"``,
    ``"choice"`` or ``"word"`` in a target."""
    stage: Optional[int]
    """Which stage of the normalization or the conversion, counted from 1."""
    dictionary: str
    """The name of the dictionary, or the tag of the target."""
    key: str
    """The entry's key. After the first step it stands in what earlier steps have made."""
    value: str
    """What took the key's place."""
    alternatives: tuple[str, ...]
    """The other candidates."""
    candidates: tuple[Candidate, ...]
    """With their scores, the chosen one first, where a target decided by context."""
    margin: Optional[int]
    """How much more than the character itself a candidate must score, for a ``"choice"``."""


class Segment(NamedTuple):
    """A part of a text, what it became, and why. All of them cover the text."""

    start: int
    """Where it begins in the text, in characters, as in ``text[start:end]``."""
    end: int
    source: str
    output: str
    decisions: tuple[Decision, ...]
    """In the order in which they were made. None where no dictionary holds the text."""


class Detection(NamedTuple):
    """What speaks for which script in a text. Counts are of characters, or of words."""

    script: str
    """``"simplified"``, ``"traditional"``, ``"taiwan"``, ``"hong-kong"``, ``"opencc-standard"``, ``"mixed"``, ``"japanese"``,
    ``"undecided"`` (no character tells), or ``"not-chinese"``."""
    confidence: float
    """How sure that is, from 0 to 1."""
    machine_converted: bool
    """Whether it looks as if a machine had converted it to Traditional, character by character."""
    characters: int
    """All characters of the text."""
    han: int
    """Chinese characters."""
    simplified: int
    """Those that only Simplified text has, such as 发."""
    traditional: int
    """Those that only Traditional text has, such as 發."""
    forms: int
    """Those that differ between the Traditional standards, such as 裡, 裏 and 着."""
    taiwan: int
    """Of these, those that Taiwan uses."""
    hong_kong: int
    """Of the same, those that Hong Kong uses."""
    standard: int
    """Of the same, those of OpenCC's standard."""
    taiwan_words: int
    """Words that Taiwan has and Hong Kong has not, such as 網路."""
    hong_kong_words: int
    """Words that Hong Kong has and Taiwan has not, such as 質素."""
    converted: int
    """Words that a machine has converted character by character, such as 干部."""
    kana: int
    """Hiragana and katakana."""
    shinjitai: int
    """New Japanese forms that no Chinese text has."""
    not_japanese: int
    """Chinese characters that no Japanese text of today has."""


class Gloss(NamedTuple):
    """A reading that a machine put into a page, with its parentheses."""

    start: int
    """Where it begins in the text, in characters, as in ``text[start:end]``."""
    end: int
    character: str
    """The character before it."""
    reading: str


class Damage(NamedTuple):
    """What a gloss damaged."""

    start: int
    """Where it begins in the text, in characters, as in ``text[start:end]``."""
    end: int
    original: Optional[str]
    """What stood there, if there is but one text that becomes this."""


class Cleaned(NamedTuple):
    """What :func:`fanjian.clean` found, and made of the text."""

    text: Optional[str]
    """The text; ``None`` where it is left out."""
    glosses: tuple[Gloss, ...]
    """The readings that a machine put in. None where it cannot be said."""
    damages: tuple[Damage, ...]
    """What they damaged."""
    characters: int
    """How many different characters are glossed."""
    share: float
    """How many of the Chinese characters have a gloss, from 0 to 1."""


# The name under which all of them are found, and shown.
for _class in (Feature, Candidate, Decision, Segment, Detection, Gloss, Damage, Cleaned):
    _class.__module__ = "fanjian"
