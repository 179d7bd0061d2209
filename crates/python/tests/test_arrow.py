"""Columns of pyarrow, Polars, pandas and DuckDB."""

import struct
import threading

import duckdb
import fanjian
import fanjian.arrow
import pandas
import polars
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

# Older versions of pandas do not: pyarrow converts their columns.
GIVES_ARROW_DATA = hasattr(pandas.Series, "__arrow_c_stream__")
ROWS = st.lists(st.none() | st.text(alphabet="头发皇后里面干净鼠标软件一a\n\0\u2ff0\U00020000發,", max_size=30))
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.uint8(), pa.large_string()),
    pa.dictionary(pa.int64(), pa.string_view()),
]


def expected(rows, config="s2twp"):
    converter = fanjian.Converter(config)
    return [None if row is None else converter.convert(row) for row in rows]


def array(rows, kind):
    if not pa.types.is_dictionary(kind):
        return pa.array(rows, kind)
    values = list(dict.fromkeys(row for row in rows if row is not None))
    indices = [None if row is None else values.index(row) for row in rows]
    return pa.DictionaryArray.from_arrays(pa.array(indices, kind.index_type), pa.array(values, kind.value_type))


def convert(column, *arguments, **named):
    """The column as an array or a chunked array of pyarrow again."""
    converted = fanjian.arrow.convert(column, *arguments, **named)
    if isinstance(converted, fanjian.arrow.Array):
        result = pa.array(converted)
    else:
        result = pa.chunked_array(converted)
    result.validate(full=True)
    assert len(converted) == len(result)
    return result


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TYPES), ROWS, st.integers(0, 5), st.integers(0, 30), st.integers(1, 3))
def test_every_row_is_what_the_plain_library_makes_of_it(kind, rows, start, length, threads):
    sliced = array(rows, kind).slice(start, length)
    converted = convert(sliced, "s2twp", threads=threads)
    assert converted.type == kind
    assert converted.to_pylist() == expected(rows[start : start + length])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TYPES[:3]), st.lists(ROWS, max_size=4))
def test_chunks_stay(kind, chunks):
    column = pa.chunked_array([array(rows, kind) for rows in chunks], kind)
    converted = convert(column, "s2twp")
    assert [chunk.to_pylist() for chunk in converted.chunks] == [expected(rows) for rows in chunks]
    assert converted.type == kind


MANY = [None if n % 11 == 0 else f"{n}头发{'里面的鼠标，' * (n % 40)}" for n in range(30_000)] + ["皇后" * 200_000, "", "干"]


@pytest.mark.parametrize("kind", TYPES[:3], ids=str)
@pytest.mark.parametrize("threads", [0, 1, 2, 3])
@pytest.mark.parametrize("converter", ["s2twp", fanjian.Converter(to="zh-TW")], ids=repr)
def test_blocks_come_in_order(kind, threads, converter):
    plain = fanjian.Converter(converter) if isinstance(converter, str) else converter
    rows = [None if row is None else plain.convert(row) for row in MANY]
    assert convert(pa.array(MANY, kind), converter, threads=threads).to_pylist() == rows


def test_targets_and_their_choices():
    rows = ["制", "他说：“软件”", None]
    column = pa.array(rows)
    for choices in [{}, {"vocabulary": "local", "punctuation": "local"}, {"from_": "zh-CN"}]:
        converter = fanjian.Converter(to="zh-TW", **choices)
        assert convert(column, to="zh-TW", **choices).to_pylist() == convert(column, converter).to_pylist()
    assert convert(column, to="tw", punctuation="local").to_pylist() == ["制", "他說：「軟件」", None]
    assert convert(column, to="zh-TW", from_="zh-CN").to_pylist()[0] == "製"
    assert convert(column, "s2t", punctuation="local").to_pylist()[1] == "他說：「軟件」"


def addresses(array):
    return [buffer and buffer.address for buffer in array.buffers()]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_what_does_not_change_is_on_the_same_memory(kind):
    rows = ["一二三", None, "一個比十二個字節長的中文字", ""]
    before = array(rows, kind)
    after = convert(before, "s2t")
    assert after.equals(before) and addresses(after) == addresses(before)
    # Of a slice, this is true of the text; the bits of the nulls may have to be moved.
    before = before.slice(1)
    after = convert(before, "s2t")
    assert after.equals(before)
    if pa.types.is_dictionary(kind):
        after, before = after.dictionary, before.dictionary
    assert addresses(after)[-1] == addresses(before)[-1]


def test_values_of_a_dictionary_are_converted_once():
    column = pa.array(["头发", "干净", None, "头发"] * 1000).dictionary_encode()
    converted = convert(column, "s2t")
    assert converted.dictionary.to_pylist() == ["頭髮", "乾淨"]
    assert converted.indices.equals(column.indices)


@pytest.mark.parametrize("kind", TYPES[3:], ids=str)
def test_values_of_a_dictionary_that_become_equal_are_one(kind):
    """pandas refused what had two, and counts went to either."""
    column = pa.DictionaryArray.from_arrays(
        pa.array([0, 2, None, 1, 3, 0], kind.index_type), pa.array(["头发", "頭髮", "干净", None], kind.value_type)
    )
    converted = convert(column, "s2t")
    converted.validate(full=True)
    assert converted.type == kind
    assert converted.dictionary.to_pylist() == ["頭髮", "乾淨", None]
    assert converted.to_pylist() == ["頭髮", "乾淨", None, "頭髮", None, "頭髮"]
    if kind.value_type == pa.string():
        two = pa.array(["头发", "頭髮"]).dictionary_encode()
        assert convert(two, "s2t").to_pandas().tolist() == ["頭髮", "頭髮"]


def test_chunks_share_the_dictionary_that_they_shared():
    """It was converted once for each chunk."""
    values = pa.array([f"头{n}" for n in range(3000)])
    indices = [pa.array([0, None, 2], pa.int32()), pa.array(range(3000), pa.int32()), pa.array([], pa.int32())]
    column = pa.chunked_array([pa.DictionaryArray.from_arrays(keys, values) for keys in indices])
    converted = convert(column, "s2t")
    assert [chunk.to_pylist() for chunk in converted.chunks] == [expected(chunk.to_pylist(), "s2t") for chunk in column.chunks]
    assert len({chunk.dictionary.buffers()[-1].address for chunk in converted.chunks}) == 1
    # Another one in between.
    others = [column.chunk(0), pa.array(["干净"]).dictionary_encode().cast(column.type), column.chunk(0)]
    assert convert(pa.chunked_array(others), "s2t").to_pylist() == ["頭0", None, "頭2", "乾淨", "頭0", None, "頭2"]


@pytest.mark.parametrize("kind", [TYPES[3], *TYPES[5:]], ids=str)
def test_of_a_large_dictionary_the_values_that_rows_have_are_converted(kind):
    """All of them were, also for a slice of three rows."""
    rows = [2999, None, 7, 2999, 8, 9]
    values = [*map(str, range(3000))]
    values[7], values[8], values[9], values[2999] = "头发", "頭髮", None, "这里"
    indices, values = pa.array(rows, kind.index_type), pa.array(values, kind.value_type)
    column = pa.DictionaryArray.from_arrays(indices, values)
    converted = convert(column, "s2t")
    assert converted.type == kind and converted.to_pylist() == ["這裏", None, "頭髮", "這裏", "頭髮", None]
    # In their order.
    assert converted.dictionary.to_pylist() == ["頭髮", None, "這裏"]
    chunks = pa.chunked_array([column, column.slice(2, 2), column.slice(0, 0)])
    assert [chunk.to_pylist() for chunk in convert(chunks, "s2t").chunks] == [
        ["這裏", None, "頭髮", "這裏", "頭髮", None],
        ["頭髮", "這裏"],
        [],
    ]
    # What does not change stays whole, and so does a small one, whose values may be categories.
    assert len(convert(column.slice(5), "s2t").dictionary) == 3000
    few = pa.DictionaryArray.from_arrays(indices.slice(1, 2), values.slice(0, 10))
    assert len(convert(few, "s2t").dictionary) == 9
    scripts = pa.chunked_array(fanjian.arrow.detect(chunks)).combine_chunks().field("script").to_pylist()
    assert scripts == ["simplified", None, "simplified", "simplified", "traditional", None, "simplified", "simplified"]
    cleaned = pa.array(fanjian.arrow.clean(column, converter=fanjian.Converter("s2t"))).field("text")
    assert cleaned.to_pylist() == converted.to_pylist()
    assert pa.array(fanjian.arrow.keep_if(column, "script=hans")).to_pylist() == [True, None, True, True, False, None]


def test_a_dictionary_of_a_dictionary():
    """It ended in a panic."""
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["头发", "a"]).dictionary_encode())
    with pytest.raises(TypeError, match="or a dictionary of these, not Dictionary"):
        fanjian.arrow.convert(column, "s2t")


def test_a_key_without_a_value():
    columns = [([0, 7], ["头发", "頭髮"]), ([0, 7], ["头发", "干净"]), ([0, -1], ["头发"]), ([0], []), ([2000, 9000], [*map(str, range(2000)), "头发"])]
    for keys, values in columns:
        column = pa.DictionaryArray.from_arrays(pa.array(keys), pa.array(values, pa.string()), safe=False)
        for call in (
            lambda column: fanjian.arrow.convert(column, "s2t"),
            fanjian.arrow.detect,
            fanjian.arrow.clean,
            lambda column: fanjian.arrow.keep_if(column, "han>=1"),
        ):
            with pytest.raises(ValueError, match="a key that its dictionary has no value for"):
                call(column)


def test_values_that_lie_outside_of_a_large_dictionary():
    for place, offset in [(2000, 10**6), (2001, 0)]:
        offsets = list(range(2002))
        offsets[place] = offset
        buffers = [None, pa.py_buffer(struct.pack("<2002i", *offsets)), pa.py_buffer(b"x" * 2001)]
        values = pa.Array.from_buffers(pa.string(), 2001, buffers)
        column = pa.DictionaryArray.from_arrays(pa.array([2000, 3]), values, safe=False)
        with pytest.raises(ValueError, match="not UTF-8"):
            fanjian.arrow.convert(column, "s2t")


def test_a_column_of_nulls_alone():
    assert convert(pa.nulls(3), "s2t").to_pylist() == [None] * 3
    assert convert(pa.array([None, None], pa.string()), "s2t").to_pylist() == [None] * 2


def test_fields_keep_what_they_say():
    class Titles:
        def __arrow_c_array__(self, requested_schema=None):
            schema = pa.field("title", pa.string(), nullable=False, metadata={"lang": "zh"}).__arrow_c_schema__()
            return schema, pa.array(["头发"]).__arrow_c_array__()[1]

    field = pa.field(fanjian.arrow.convert(Titles(), "s2t"))
    assert (field.name, field.nullable, field.metadata) == ("title", False, {b"lang": b"zh"})


def test_the_type_that_is_asked_for():
    converted = fanjian.arrow.convert(pa.array(["头发"]), "s2t")
    assert pa.array(converted, pa.large_string()).type == pa.large_string()
    numbers = fanjian.arrow.convert(pa.array(["头发", "12"]), "s2t")
    # What cannot be cast became null, without a word.
    for kind in [pa.int32(), pa.date32(), pa.null()]:
        with pytest.raises(TypeError, match="a column of text cannot be exported as"):
            pa.array(numbers, kind)
        with pytest.raises(TypeError, match="a column of text cannot be exported as"):
            pa.chunked_array(fanjian.arrow.convert(pa.chunked_array([["头发"], ["12"]]), "s2t"), kind)


def test_polars():
    titles = polars.Series("title", ["头发", None, "干净"] * 100)
    rows = expected(titles.to_list(), "s2t")
    assert polars.Series(fanjian.arrow.convert(titles, "s2t")).to_list() == rows
    kinds = polars.Series(titles, dtype=polars.Categorical)
    converted = polars.Series(fanjian.arrow.convert(kinds, "s2t"))
    assert (converted.dtype, converted.to_list()) == (polars.Categorical, rows)
    # Two values may become one.
    kinds = polars.Series(["头发", "頭髮", "头发"], dtype=polars.Categorical)
    assert polars.Series(fanjian.arrow.convert(kinds, "s2t")).to_list() == ["頭髮"] * 3
    chunked = polars.concat([titles, titles.slice(3)], rechunk=False)
    assert polars.Series(fanjian.arrow.convert(chunked.slice(2), "s2t")).to_list() == (rows + rows[3:])[2:]


@pytest.mark.parametrize("values", [["头发", "abc"], ["一", "abc"]], ids=["changed", "unchanged"])
def test_an_enum_of_polars_is_a_categorical(values):
    """It kept the old values, and what was converted became null."""
    rows = [values[0], None, values[1], values[0]]
    column = polars.Series("title", rows, dtype=polars.Enum(values))
    for each in [column, polars.concat([column, column], rechunk=False)]:
        converted = polars.Series(fanjian.arrow.convert(each, "s2t"))
        assert (converted.dtype, converted.to_list()) == (polars.Categorical, expected(each.to_list(), "s2t"))


@pytest.mark.parametrize("kind", ["string[pyarrow]", pandas.ArrowDtype(pa.large_string())], ids=str)
def test_pandas(kind):
    titles = pandas.Series(["头发", None, "干净"], dtype=kind)
    if not GIVES_ARROW_DATA:
        with pytest.raises(TypeError, match=r"not Series \(pyarrow.array converts"):
            fanjian.arrow.convert(titles, "s2t")
        titles = pa.array(titles)
    assert convert(titles, "s2t").to_pylist() == ["頭髮", None, "乾淨"]


def test_duckdb():
    database = duckdb.connect()
    column = database.sql("select '头发' as title union all select null").to_arrow_table()["title"]
    assert sorted(convert(column, "s2t").to_pylist(), key=str) == [None, "頭髮"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2]),
        pa.array([b"a"]),
        pa.array([["头发"]]),
        pa.array([1.5]).dictionary_encode(),
        pa.chunked_array([[True]]),
        polars.Series([1]),
        *[pandas.Series([1], dtype="int64[pyarrow]")][: int(GIVES_ARROW_DATA)],
    ],
    ids=lambda column: str(getattr(column, "type", type(column))),
)
def test_other_types(column):
    with pytest.raises(TypeError, match="column must be of the type utf8, large_utf8, utf8_view, or a dictionary of these, not"):
        fanjian.arrow.convert(column, "s2t")


def test_what_is_no_column():
    for table in [pa.table({"title": ["头发"]}), pa.record_batch({"title": ["头发"]}), polars.DataFrame({"title": ["头发"]})]:
        with pytest.raises(TypeError, match="pass one of its columns"):
            fanjian.arrow.convert(table, "s2t")
    for other in [["头发"], "头发", None, 3, b"a"]:
        with pytest.raises(TypeError, match="column must be Arrow data .* not"):
            fanjian.arrow.convert(other, "s2t")
    with pytest.raises(fanjian.NotFoundError):
        fanjian.arrow.convert(pa.array(["头发"]), "nonesuch")
    with pytest.raises(TypeError, match="a configuration is needed"):
        fanjian.arrow.convert(pa.array(["头发"]), None)


def bytes_as(kind, rows):
    """An array that says that it is text and holds other bytes."""
    if kind == pa.string_view():
        return pa.array(rows, pa.binary_view()).view(kind)
    binary = pa.array(rows, pa.large_binary() if kind == pa.large_string() else pa.binary())
    return type(pa.array([], kind)).from_buffers(len(rows), *binary.buffers()[1:], binary.buffers()[0])


@pytest.mark.parametrize("kind", TYPES[:3], ids=str)
def test_bytes_that_are_not_utf8(kind):
    rows = ["头发".encode(), b"\xff\xfe", "里".encode()]
    with pytest.raises(ValueError, match="row 1 of the column is not UTF-8"):
        fanjian.arrow.convert(bytes_as(kind, rows), "s2t")
    # A character that two rows share is none of either.
    with pytest.raises(ValueError, match="row 0 of the column is not UTF-8"):
        fanjian.arrow.convert(bytes_as(kind, ["头".encode()[:1], "头".encode()[1:]]), "s2t")
    many = bytes_as(kind, ["头发".encode()] * 300_000 + [b"\xff"])
    with pytest.raises(ValueError, match="row 300000 of the column is not UTF-8"):
        fanjian.arrow.convert(many, "s2t", threads=2)
    # Rows are counted in the whole column, and in a dictionary, values.
    chunks = pa.chunked_array([array(["头发"] * 5, kind), bytes_as(kind, rows)])
    with pytest.raises(ValueError, match="row 6 of the column is not UTF-8"):
        fanjian.arrow.convert(chunks, "s2t")
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0, 0, 0, 1]), bytes_as(kind, rows))
    with pytest.raises(ValueError, match="value 1 of the column's dictionary is not UTF-8"):
        fanjian.arrow.convert(dictionary, "s2t")
    # Of a large one, those that no row has do not matter.
    large = bytes_as(kind, [b"\xfe"] + ["头发".encode()] * 2000 + [b"\xff"])
    assert convert(pa.DictionaryArray.from_arrays(pa.array([5]), large), "s2t").to_pylist() == ["頭髮"]
    with pytest.raises(ValueError, match="value 2001 of the column's dictionary is not UTF-8"):
        fanjian.arrow.convert(pa.DictionaryArray.from_arrays(pa.array([5, 2001]), large), "s2t")


def test_what_lies_under_nulls_does_not_matter():
    # Of a view, whatever length and place.
    valid = pa.array([True] + [False] * 20_000).buffers()[1]
    views = b"".join([pa.array(["头发"], pa.string_view()).buffers()[1].to_pybytes(), b"\xff\xff\xff\x7f" * 4 * 20_000])
    column = pa.Array.from_buffers(pa.string_view(), 20_001, [valid, pa.py_buffer(views)])
    assert convert(column, "s2t").to_pylist() == ["頭髮"] + [None] * 20_000
    rows = pa.array(["头发".encode(), b"\xff\xfe", "里".encode()], pa.binary())
    valid = pa.array([True, False, True]).buffers()[1]
    column = pa.StringArray.from_buffers(3, *rows.buffers()[1:], valid)
    assert convert(column, "s2t").to_pylist() == ["頭髮", None, "裏"]


def test_many_threads_at_once():
    column, results = pa.array(MANY[:3000]), {}
    converter = fanjian.Converter("s2twp")

    def work(number):
        results[number] = convert(column, converter, threads=2)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[number].to_pylist() == expected(MANY[:3000]) for number in range(6))
