"""Detection, cleaning and selection by columns."""

import fanjian
import fanjian.arrow
import polars
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

PAGE = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心"
TEXTS = ["头发", "頭髮裡", PAGE, "発想の転換", "hair", "", "头髮", "后来的最后一公里，党員干部"]
ROWS = st.lists(st.none() | st.sampled_from(TEXTS) | st.text(alphabet="头發裡(gu)ó干部a", max_size=12), max_size=20)
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.uint8(), pa.large_string()),
]
CONVERTER = fanjian.Converter(to="zh-TW")


def array(rows, kind):
    return pa.array(rows, kind.value_type).dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else pa.array(rows, kind)


def read(column):
    """A column that a function returns, as an array or a chunked array of pyarrow."""
    result = pa.array(column) if isinstance(column, fanjian.arrow.Array) else pa.chunked_array(column)
    result.validate(full=True)
    assert len(result) == len(column)
    return result


def cleaned(text, mode, converter=None):
    found = fanjian.clean(text, mode, converter=converter)
    counts = {"text": found.text, "glosses": len(found.glosses), "damages": len(found.damages)}
    unrepaired = sum(damage.original is None for damage in found.damages)
    return {**counts, "unrepaired": unrepaired, "characters": found.characters, "share": found.share}


def of_rows(function, rows):
    return [None if row is None else function(row) for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TYPES), ROWS, st.integers(0, 3), st.integers(1, 3))
def test_every_row_is_detected_as_one_text_is(kind, rows, start, threads):
    found = read(fanjian.arrow.detect(array(rows, kind).slice(start), threads=threads))
    assert found.type.names == list(fanjian.Detection._fields)
    assert found.to_pylist() == of_rows(lambda text: fanjian.detect(text)._asdict(), rows[start:])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TYPES), ROWS, st.sampled_from(["off", "report", "strip", "repair", "drop"]), st.booleans())
def test_every_row_is_cleaned_as_one_text_is(kind, rows, mode, is_converted):
    converter = CONVERTER if is_converted else None
    result = read(fanjian.arrow.clean(array(rows, kind), mode, converter=converter))
    assert result.to_pylist() == of_rows(lambda text: cleaned(text, mode, converter), rows)
    text = kind.value_type if pa.types.is_dictionary(kind) else kind
    assert result.field("text").type == text


def test_thresholds_of_cleaning():
    column = pa.array([PAGE])
    assert read(fanjian.arrow.clean(column, "strip", glosses=10)).field("text").to_pylist() == [PAGE]
    simplified = pa.array([PAGE + "\n头发"])
    kept = fanjian.arrow.clean(simplified, "repair", converter=CONVERTER, keep_simplified=True)
    assert read(kept).field("text").to_pylist() == ["中國臺灣網，國際網臺發自內心\n头发"]


CONDITIONS = {
    "script=hans": lambda found, clean: found.script == "simplified",
    "script!=japanese,not-chinese": lambda found, clean: found.script not in ("japanese", "not-chinese"),
    "han>=3": lambda found, clean: found.han >= 3,
    "glosses=0": lambda found, clean: not clean.glosses,
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TYPES), ROWS, st.sets(st.sampled_from(sorted(CONDITIONS)), min_size=1))
def test_conditions_are_true_of_a_row_as_of_one_text(kind, rows, conditions):
    def is_kept(text):
        found, clean = fanjian.detect(text), fanjian.clean(text)
        return all(CONDITIONS[condition](found, clean) for condition in conditions)

    assert read(fanjian.arrow.keep_if(array(rows, kind), conditions)).to_pylist() == of_rows(is_kept, rows)


@pytest.mark.parametrize(
    "function",
    [
        fanjian.arrow.detect,
        lambda column: fanjian.arrow.clean(column, "repair"),
        lambda column: fanjian.arrow.keep_if(column, "script=hans"),
    ],
    ids=["detect", "clean", "keep_if"],
)
class TestColumns:
    def test_chunks_stay(self, function):
        column = pa.chunked_array([["头发", None], ["頭髮"], pa.array([], pa.string())])
        result = read(function(column))
        assert [len(chunk) for chunk in result.chunks] == [2, 1, 0]
        assert result.to_pylist() == read(function(pa.array(["头发", None, "頭髮"]))).to_pylist()
        assert read(function(pa.chunked_array([], pa.string()))).type == result.type

    def test_columns_of_nulls(self, function):
        assert read(function(pa.nulls(2))).to_pylist() == [None, None]
        assert read(function(pa.nulls(0))).to_pylist() == []

    def test_polars_reads_it(self, function):
        titles = polars.Series("title", ["头发", None, "頭髮"])
        assert polars.Series(function(titles)).to_list() == polars.Series(read(function(titles))).to_list()

    def test_fields_are_named_and_nullable_as_the_column_is(self, function):
        class Titles:
            def __arrow_c_array__(self, requested_schema=None):
                schema = pa.field("title", pa.string(), nullable=False, metadata={"lang": "zh"}).__arrow_c_schema__()
                return schema, pa.array(["头发"]).__arrow_c_array__()[1]

        field = pa.field(function(Titles()))
        # Metadata describe the text.
        assert (field.name, field.nullable, field.metadata) == ("title", False, None)

    def test_other_columns_and_types(self, function):
        with pytest.raises(TypeError, match="column must be of the type utf8"):
            function(pa.array([1]))
        with pytest.raises(TypeError, match="column must be Arrow data .* not list"):
            function(["头发"])
        with pytest.raises(TypeError, match="cannot be exported as"):
            pa.array(function(pa.array(["头发"])), pa.string())
        broken = pa.StringArray.from_buffers(1, pa.array([b"\xff"]).buffers()[1], pa.array([b"\xff"]).buffers()[2])
        with pytest.raises(ValueError, match="row 1 of the column is not UTF-8"):
            function(pa.chunked_array([["头"], broken]))

    def test_many_rows_with_threads(self, function):
        rows = [None if n % 11 == 0 else TEXTS[n % len(TEXTS)] * (n % 7) for n in range(20_000)]
        one = read(function(pa.array(rows)))
        assert one.equals(read(function(pa.array(rows).dictionary_encode()))) and len(one) == len(rows)


def test_threads_give_the_same():
    column = pa.array(TEXTS * 20_000)
    for function in [fanjian.arrow.detect, fanjian.arrow.clean, lambda *a, **n: fanjian.arrow.keep_if(*a, "han>=2", **n)]:
        assert read(function(column)).equals(read(function(column, threads=2)))


def test_invalid_arguments():
    column = pa.array(["头发"])
    with pytest.raises(fanjian.NotFoundError, match="mend"):
        fanjian.arrow.clean(column, "mend")
    with pytest.raises(fanjian.ConfigError, match="keep_simplified needs a converter"):
        fanjian.arrow.clean(column, keep_simplified=True)
    with pytest.raises(ValueError, match="share must be from 0 to 1, not 2"):
        fanjian.arrow.clean(column, share=2)
    with pytest.raises(fanjian.Error, match="'script>hant' is not a valid condition"):
        fanjian.arrow.keep_if(column, "script>hant")
    with pytest.raises(fanjian.NotFoundError, match="unknown script 'elvish'"):
        fanjian.arrow.keep_if(column, ["han>=2", "script=elvish"])
    for conditions in [None, 3, [3]]:
        with pytest.raises(TypeError, match="conditions must be str or a list of str, not"):
            fanjian.arrow.keep_if(column, conditions)
    with pytest.raises(ValueError, match="there is no condition"):
        fanjian.arrow.keep_if(column, [])
