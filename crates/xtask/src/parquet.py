"""Writes Parquet files of many kinds, has the command convert them, and compares what comes out with what went in."""

import datetime
import decimal
import itertools
import pathlib
import subprocess
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq

COMMAND = sys.argv[1]
PAIRS = {"头发": "頭髮", "软件": "軟件", "a": "a", "": "", None: None, "后来": "後來"}
TEXTS = list(PAIRS)
ROWS = 240


def values(make):
    """A value for each row, of texts that come in turn."""
    texts = itertools.cycle(TEXTS)
    return [make(next(texts), number) for number in range(ROWS)]


# The chosen columns: name, path, type, and the value of a row by its text.
CHOSEN = [
    ("plain", "plain", pa.string(), lambda text, _: text),
    ("large", "large", pa.large_string(), lambda text, _: text),
    ("view", "view", pa.string_view(), lambda text, _: text),
    ("words", "words", pa.dictionary(pa.int32(), pa.string()), lambda text, _: text),
    ("list", "list[]", pa.list_(pa.string()), lambda text, n: None if n % 5 == 0 else [text] * (n % 4)),
    ("deep", "deep[][]", pa.list_(pa.large_list(pa.string())), lambda text, n: [[text], None, [], [None, text]][: n % 5]),
    ("struct", "struct.text", pa.struct([("text", pa.string()), ("n", pa.int8())]), lambda text, n: {"text": text, "n": n % 3} if n % 4 else None),
    ("parts", "parts[].text", pa.list_(pa.struct([("text", pa.string()), ("at", pa.float32())])), lambda text, n: [{"text": text, "at": n / 2}] * (n % 3)),
    ("map", "map[].value", pa.map_(pa.string(), pa.string()), lambda text, n: [("头发", text)] * (n % 2)),
    ("a.b", '["a.b"]', pa.string(), lambda text, _: text),
]
# Those that have to stay as they are.
OTHERS = [
    ("id", pa.field("id", pa.uint64(), nullable=False), lambda _, n: n),
    ("time", pa.field("time", pa.timestamp("us", tz="Asia/Taipei")), lambda _, n: datetime.datetime(2026, 1, 1) if n % 3 else None),
    ("price", pa.field("price", pa.decimal128(20, 3)), lambda _, n: decimal.Decimal(n) / 8),
    ("day", pa.field("day", pa.date32(), metadata={"of": "field"}), lambda _, n: datetime.date(2026, 1, 1 + n % 28)),
    ("raw", pa.field("raw", pa.binary(3)), lambda _, n: bytes([255, n % 256, 0])),
    ("flag", pa.field("flag", pa.bool_()), lambda _, n: [True, False, None][n % 3]),
    ("half", pa.field("half", pa.float16()), lambda _, n: float(n % 7)),
    ("label", pa.field("label", pa.dictionary(pa.int8(), pa.large_string())), lambda text, _: text),
    ("numbers", pa.field("numbers", pa.list_(pa.int32(), 2)), lambda _, n: [n, None]),
]


def convert(value):
    """What a value of a chosen column becomes."""
    if isinstance(value, list):
        return [convert(inner) for inner in value]
    if isinstance(value, tuple):
        # Of a map, the values are chosen.
        return (value[0], convert(value[1]))
    if isinstance(value, dict):
        return {name: convert(inner) if name == "text" else inner for name, inner in value.items()}
    return PAIRS[value] if isinstance(value, str) else value


def table():
    columns = [pa.array(values(make), kind) for _, _, kind, make in CHOSEN]
    columns += [pa.array(values(make), field.type) for _, field, make in OTHERS]
    fields = [pa.field(name, kind) for name, _, kind, _ in CHOSEN] + [field for _, field, _ in OTHERS]
    return pa.table(columns, schema=pa.schema(fields, metadata={"made by": "a test", "pandas": "{}"}))


def run(source, target, *options):
    columns = itertools.chain.from_iterable(("--column", path) for _, path, _, _ in CHOSEN)
    command = [COMMAND, "-c", "s2t", "--parquet", *columns, *options, "-q", "-i", source, "-o", target]
    subprocess.run(command, check=True)


def same(what, one, other):
    if one != other:
        sys.exit(f"Parquet, {what}: {one!r} is not {other!r}")


def check(what, source, target):
    before, plain, kept, told = pq.read_table(source), target / "plain", target / "kept", target / "told"
    run(source, plain)
    after = pq.read_table(plain)
    same(f"{what}: the schema", after.schema.equals(pq.read_schema(source), check_metadata=True), True)
    same(f"{what}: the Parquet schema", pq.ParquetFile(plain).schema.equals(pq.ParquetFile(source).schema), True)
    for name, _, _, make in CHOSEN:
        same(f"{what}: {name}", after[name].to_pylist(), convert(before[name].to_pylist()))
    for name, _, _ in OTHERS:
        same(f"{what}: {name}", after[name].to_pylist(), before[name].to_pylist())
    old, new = pq.read_metadata(source), pq.read_metadata(plain)
    for group in range(old.num_row_groups):
        for column in range(old.num_columns):
            one, other = old.row_group(group).column(column), new.row_group(group).column(column)
            same(f"{what}: compression", other.compression, one.compression)
            same(f"{what}: statistics", other.is_stats_set, one.is_stats_set)
    # The filter has all columns written anew.
    run(source, kept, "--keep-if", "simplified>0")
    rows = [row for row in before.to_pylist() if has_simplified(row)]
    expected = [{name: convert(value) if is_chosen(name) else value for name, value in row.items()} for row in rows]
    same(f"{what}: rows", pq.read_table(kept).to_pylist(), expected)
    same(f"{what}: the schema of some rows", pq.read_schema(kept).equals(pq.read_schema(source), check_metadata=True), True)
    run(source, told, "--detect", "script,simplified=n")
    schema = pq.read_schema(told)
    same(f"{what}: columns", schema.names, [*before.schema.names, "script", "n"])
    for field in pq.read_schema(source):
        same(f"{what}: the field {field.name}", schema.field(field.name).equals(field, check_metadata=True), True)
    same(f"{what}: other columns", pq.read_table(told).drop(["script", "n"]).to_pylist(), after.to_pylist())


def is_chosen(name):
    return any(name == chosen for chosen, *_ in CHOSEN)


def has_simplified(row):
    texts = []

    def collect(value):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            collect(value.get("text"))
        elif isinstance(value, tuple):
            collect(value[1])
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    for name, *_ in CHOSEN:
        collect(row[name])
    return any(PAIRS[text] != text for text in texts)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    kinds = [
        {"compression": "snappy"},
        {"compression": "zstd", "use_dictionary": False},
        {"compression": "gzip", "data_page_version": "2.0", "version": "2.6"},
        {"compression": "brotli", "write_statistics": False},
        {"compression": "lz4", "write_page_index": True},
        {"compression": "none", "store_schema": False, "version": "1.0"},
        {"compression": {"plain": "gzip", "id": "snappy"}, "use_deprecated_int96_timestamps": True},
    ]
    for number, options in enumerate(kinds):
        source = folder / f"{number}.parquet"
        pq.write_table(table(), source, row_group_size=100, **options)
        check(str(options), source, folder)
    print(f"Parquet: {len(kinds)} kinds of files are as pyarrow has them")
