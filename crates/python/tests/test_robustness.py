"""Threads, forks, a million calls, long strings, Ctrl-C, and columns of every shape.

`FANJIAN_LONG=1` runs all of it at the length that docs/reliability.md records; otherwise a part that takes seconds.
`FANJIAN_COUNTS=FILE` writes what was counted to a JSON file, an object for each test.
"""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fanjian
import fanjian.arrow
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

LONG = os.environ.get("FANJIAN_LONG") == "1"
WORDS = "头发 里面 皇后 干净 鼠标 软件 一只猫 a1 \n \0 \u2ff0 \U00020000 發 髮 裡 著 ， 。".split(" ")
CONFIGS = ["s2t", "s2twp", "t2s", "tw2sp"]


def texts(count, seed):
    generator = random.Random(seed)
    return ["".join(generator.choices(WORDS, k=generator.randrange(40))) for _ in range(count)]


@pytest.fixture(scope="module")
def counts():
    """What the tests counted, by the name of what was tried."""
    found = {}
    yield found
    if path := os.environ.get("FANJIAN_COUNTS"):
        Path(path).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def resident():
    """The memory in use, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("make", [lambda: fanjian.Converter("s2twp"), lambda: fanjian.Converter(to="zh-TW")], ids=["s2twp", "zh-TW"])
def test_threads_with_one_converter_get_what_one_thread_gets(make, counts):
    inputs = texts(2_000, 1)
    expected = [make().convert(text) for text in inputs]
    shared, rounds = make(), 25 if LONG else 2
    barrier = threading.Barrier(8)

    def work(number):
        barrier.wait()
        for _ in range(rounds):
            for index in range(number, len(inputs) + number):
                assert shared.convert(inputs[index % len(inputs)]) == expected[index % len(inputs)]
        return rounds * len(inputs)

    with ThreadPoolExecutor(8) as pool:
        calls = sum(pool.map(work, range(8)))
    row = counts.setdefault("threads with one converter: calls", 0)
    counts["threads with one converter: calls"] = row + calls


def convert_in_child(arguments):
    converter, inputs = arguments
    return [converter.convert(text) for text in inputs] + converter.convert_many(inputs, threads=2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_processes_get_what_one_process_gets(method, counts):
    inputs = texts(500, 2)
    converter = fanjian.Converter("s2twp")
    expected = convert_in_child((converter, inputs))
    jobs = 40 if LONG else 4
    with multiprocessing.get_context(method).Pool(2, maxtasksperchild=2) as pool:
        for result in pool.imap_unordered(convert_in_child, [(converter, inputs)] * jobs):
            assert result == expected
    counts[f"processes by {method}: jobs of 1,000 texts"] = jobs


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory in use as Linux shows it")
def test_calls_do_not_grow_the_memory(counts):
    converters = [fanjian.Converter(config) for config in CONFIGS] + [fanjian.Converter(to="zh-TW")]
    inputs = texts(200, 3)
    column = pa.array(inputs)

    def round_of_calls():
        calls = 0
        for converter in converters:
            for text in inputs:
                converter.convert(text)
            converter.convert_many(inputs)
            converter.convert_bytes(inputs[0].encode())
            fanjian.arrow.convert(column, converter)
            stream = converter.stream()
            stream.push(inputs[1])
            stream.finish()
            list(converter.segments(inputs[2]))
            calls += len(inputs) + 6
        for text in inputs:
            fanjian.detect(text)
        fanjian.clean(inputs[3])
        with pytest.raises(UnicodeEncodeError):
            converters[0].convert("\ud800")
        fanjian.Converter("s2t", dictionaries=[{"头发": "头髮"}]).convert("头发")
        return calls + len(inputs) + 3

    target = 1_000_000 if LONG else 20_000
    # What is kept for later is there after a few rounds.
    calls = sum(round_of_calls() for _ in range(3))
    before = resident()
    while calls < target:
        calls += round_of_calls()
    grown = resident() - before
    assert grown < 8 << 20, f"{grown} bytes more after {calls} calls"
    counts["calls without growth: calls"] = calls
    counts["calls without growth: bytes more"] = grown


def test_a_long_string_is_converted_whole(counts):
    unit = "我的头发，里面的皇后。" * 1000
    times = (500_000_000 if LONG else 5_000_000) // len(unit.encode()) + 1
    converter = fanjian.Converter("s2t")
    converted = converter.convert(unit * times)
    assert converted == converter.convert(unit) * times
    counts["a long string: bytes"] = len(unit.encode()) * times


INTERRUPTED = {
    "convert": "converter.convert(text)",
    "convert_bytes": "converter.convert_bytes(data)",
    "convert_many": "converter.convert_many([unit] * 200_000)",
    "convert_many by threads": "converter.convert_many([unit] * 200_000, threads=2)",
    "a column": "fanjian.arrow.convert(column, converter)",
    "a column by threads": "fanjian.arrow.convert(column, converter, threads=2)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process of one's own")
@pytest.mark.parametrize("call", INTERRUPTED.values(), ids=INTERRUPTED)
def test_an_interrupt_ends_a_long_call_which_can_be_repeated(call, counts):
    """A column of one chunk was converted to its end first."""
    program = f"""
        import os, signal, threading
        import fanjian, fanjian.arrow
        import pyarrow as pa
        unit = "我的头发，里面的鼠标和软件。" * 30
        text = unit * 100_000
        data = text.encode()
        column = pa.array([unit] * 100_000, pa.large_string())
        converter = fanjian.Converter("s2twp")
        converter.convert(unit)
        for _ in range({5 if LONG else 1}):
            try:
                threading.Timer(0.01, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
                {call}
            except KeyboardInterrupt:
                print("interrupted")
            else:
                print("not interrupted")
        assert converter.convert("头发") == "頭髮"
    """
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr
    assert set(result.stdout.split("\n")) == {"interrupted", ""}, result.stdout
    key = "long calls that an interrupt ended"
    counts[key] = counts.get(key, 0) + result.stdout.count("interrupted")


VALUES = st.none() | st.text(alphabet="".join(WORDS), max_size=12)
TYPES = [pa.string(), pa.large_string(), pa.string_view()]


@st.composite
def columns(draw):
    """A column and its rows: any type, of chunks that may be empty, and that may be slices of longer arrays."""
    kind = draw(st.sampled_from(TYPES))
    index = draw(st.none() | st.sampled_from([pa.int8(), pa.uint16(), pa.int32(), pa.int64()]))
    chunks, rows = [], []
    for _ in range(draw(st.integers(0, 4))):
        values = draw(st.lists(VALUES, max_size=12))
        if index is None:
            array = pa.array(values, kind)
        else:
            # Values that no index uses, that occur twice, and that are null; and indices that are null.
            indices = draw(st.lists(st.none() | st.integers(0, max(0, len(values) - 1)), max_size=12)) if values else []
            array = pa.DictionaryArray.from_arrays(pa.array(indices, index), pa.array(values, kind))
            values = [None if place is None else values[place] for place in indices]
        start, length = draw(st.integers(0, 12)), draw(st.integers(0, 12))
        chunks.append(array.slice(start, length))
        rows += values[start : start + length]
    kind = kind if index is None else pa.dictionary(index, kind)
    return pa.chunked_array(chunks, kind), rows


def test_columns_of_every_shape(counts):
    converters = {config: fanjian.Converter(config) for config in CONFIGS}
    tried = 0

    @settings(max_examples=20_000 if LONG else 300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(columns(), st.sampled_from(CONFIGS), st.integers(1, 3))
    def every(column_and_rows, config, threads):
        nonlocal tried
        tried += 1
        column, rows = column_and_rows
        converter = converters[config]
        expected = [None if row is None else converter.convert(row) for row in rows]
        converted = pa.chunked_array(fanjian.arrow.convert(column, converter, threads=threads))
        converted.validate(full=True)
        assert converted.type == column.type
        assert converted.to_pylist() == expected
        if column.num_chunks:
            chunk = pa.array(fanjian.arrow.convert(column.chunk(0), converter, threads=threads))
            chunk.validate(full=True)
            assert chunk.to_pylist() == expected[: len(chunk)]

    every()
    counts["columns of every shape: examples"] = tried
