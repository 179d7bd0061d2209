"""Folding for search."""

import fanjian
from hypothesis import given, settings, strategies as st

TEXTS = st.text(alphabet="甚麼什么發髮发里Ａa　\ufe00\U000e0101\U0002f800𫝈横浜İ😀", max_size=30) | st.text(max_size=30)


def test_forms_of_a_word_have_one_key():
    assert {fanjian.fold(text) for text in ["衞生署祇有甚麼", "衛生署只有什麼", "卫生署衹有什么"]} == {"卫生署只有什么"}
    assert fanjian.fold("ＡＢＣ İ") == "abc i"


def test_a_text_that_is_its_own_key_is_given_back_itself():
    for text in ["", "卫生署", "plain" * 1000]:
        assert fanjian.fold(text) is text


def test_a_subclass_of_str_gives_plain_str():
    class Title(str):
        pass

    assert type(fanjian.fold(Title("卫生署"))) is str


def test_long_texts_are_folded_like_short_ones():
    short = "甚麼ＡＢ辻\U000e0100。"
    folded, offsets = fanjian.fold_with_offsets(short * 1000)
    one, places = fanjian.fold_with_offsets(short)
    assert folded == one * 1000 == fanjian.fold(short * 1000)
    assert offsets == [place + len(short) * turn for turn in range(1000) for place in places[:-1]] + [len(short) * 1000]


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_offsets_are_places_of_characters(text):
    folded, offsets = fanjian.fold_with_offsets(text)
    assert folded == fanjian.fold(text) == fanjian.fold(folded)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets) and offsets[-1] == len(text)
    if not any(word in folded for word in ("什么", "滨")):
        for index, character in enumerate(folded):
            assert fanjian.fold(text[offsets[index] : offsets[index + 1]]) == character
