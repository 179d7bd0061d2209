"""Invalid arguments, and conversions at a bad moment: always a clear exception, and never the end of the process."""

import array
import errno
import os
import pickle
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from types import MappingProxyType

import fanjian
import pandas
import polars
import pyarrow
import pytest

CONVERTER = fanjian.Converter("s2twp")
OWN = fanjian.Dictionary({"a": "b"})
CHAIN = b'{"conversion_chain": [{"dict": {"type": "text", "file": "Words.txt"}}]}'
RELEASE = fanjian.Dictionaries.from_files("mine-1", {"Words.txt": "发\t首\n".encode(), "s2t.json": CHAIN})

CALLS = {
    "Converter.convert": CONVERTER.convert,
    "convert": lambda text: fanjian.convert(text, "s2t"),
    "convert_many": lambda text: CONVERTER.convert_many(["头发", text]),
    "convert_many by threads": lambda text: CONVERTER.convert_many(["头发" * 100_000, text], threads=2),
    "stream": lambda text: CONVERTER.stream().push(text),
    "segments": CONVERTER.segments,
    "detect": fanjian.detect,
    "clean": fanjian.clean,
    "fold": fanjian.fold,
    "fold_with_offsets": fanjian.fold_with_offsets,
    "protect": lambda text: fanjian.Converter("s2t", protect=[text]),
    "own words": lambda text: fanjian.Converter("s2t", dictionaries=[{"头发": text}]),
    "Dictionary.from_text": fanjian.Dictionary.from_text,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("what", [b"\xe5\xa4\xb4", bytearray(b"a"), None, 3, 2.5, object(), CONVERTER], ids=type)
def test_what_is_no_str(call, what):
    with pytest.raises(TypeError, match=f"must be str, not {type(what).__name__}"):
        call(what)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("text", ["\ud83d", "头发\udc00", "头发" * 1_000_000 + "\udfff"], ids=["alone", "last", "far"])
def test_lone_surrogates(call, text):
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        call(text)


def test_a_beginning_that_is_no_text():
    for stream in [CONVERTER.stream, CONVERTER.byte_stream]:
        with pytest.raises(TypeError, match="beginning must be str, not bytes"):
            stream(beginning=b"a")
        with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
            stream(beginning="\ud83d")


def test_the_error_tells_which_of_many():
    with pytest.raises(TypeError, match=r"texts\[1\] must be str, not NoneType"):
        CONVERTER.convert_many(["头发", None])
    for threads in [1, 2]:
        with pytest.raises(UnicodeEncodeError, match=r"surrogates not allowed, in texts\[1000\]"):
            CONVERTER.convert_many(["头发"] * 1000 + ["\ud800"], threads=threads)
    for texts in ["头发", b"a"]:
        with pytest.raises(TypeError, match="texts must be a list of str, not one"):
            CONVERTER.convert_many(texts)
    with pytest.raises(TypeError):
        CONVERTER.convert_many(3)
    with pytest.raises(ZeroDivisionError):
        CONVERTER.convert_many(1 / 0 for _ in "a")


def test_what_a_column_has_says_what_converts_it():
    """A missing value was no str, and a scalar of pyarrow none, without a word about columns."""
    columns = [["头发", None], [float("nan")], pyarrow.array(["头发"]), pandas.Series(["头发", None]), polars.Series([None, "头发"])]
    for column in columns:
        with pytest.raises(TypeError, match=r"^texts\[[01]\] must be str, not \w+ \(fanjian.arrow.convert converts columns, "):
            CONVERTER.convert_many(column)
    assert CONVERTER.convert_many(polars.Series(["头发"])) == ["頭髮"]
    for texts, name in [([3], "int"), ([b"a"], r"bytes \(decode it, or use convert_bytes\)")]:
        with pytest.raises(TypeError, match=rf"^texts\[0\] must be str, not {name}$"):
            CONVERTER.convert_many(texts)


def test_more_threads_than_there_are_processors_are_not_started():
    """Thousands of them were, or the interpreter was left with a panic."""
    before = CONVERTER.convert_many(["头发里"] * 20_000)
    for threads in [1_000_000_000, 2**70]:
        assert CONVERTER.convert_many(["头发里"] * 20_000, threads=threads) == before


def test_bytes_say_what_to_do():
    with pytest.raises(TypeError, match="decode it, or use convert_bytes"):
        CONVERTER.convert(b"a")
    with pytest.raises(TypeError, match="data must be bytes, not str"):
        CONVERTER.convert_bytes("a")
    # Of other things than bytes, or not in one piece.
    numbers = array.array("H", [1, 2])
    for call in [CONVERTER.convert_bytes, CONVERTER.byte_stream().push]:
        for data in [numbers, memoryview(numbers), memoryview(b"abcd")[::2], memoryview(b"abcd").cast("I")]:
            with pytest.raises(TypeError, match=f"^data must be bytes, not {type(data).__name__}$"):
                call(data)
    released = memoryview(b"a")
    released.release()
    with pytest.raises(ValueError, match="released"):
        CONVERTER.convert_bytes(released)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: fanjian.Converter(), TypeError, "a configuration is needed, such as 's2twp'"),
        (lambda: fanjian.Converter("s2t", to="zh-TW"), fanjian.ConfigError, "cannot be combined with the configuration"),
        (lambda: fanjian.convert("a", "s2t", to="zh-TW"), ValueError, "cannot be combined with the configuration"),
        (lambda: fanjian.Converter("s2t", vocabulary="local"), fanjian.ConfigError, "vocabulary needs a target"),
        (lambda: fanjian.convert("a", "s2t", vocabulary="local"), ValueError, "vocabulary needs a target"),
        (lambda: fanjian.Converter("s2t", from_="zh-CN"), fanjian.ConfigError, "a source script needs a target"),
        (lambda: fanjian.Converter(3), TypeError, "config must be str or a path, not int"),
        (lambda: fanjian.Converter("s2tv"), fanjian.NotFoundError, "unknown configuration 's2tv': did you mean 's2tw'"),
        (lambda: fanjian.convert("a", "frobnicate"), ValueError, "unknown configuration 'frobnicate'; expected one of "),
        (lambda: fanjian.Converter("s2x.json"), fanjian.NotFoundError, "'s2x.json': no such file; .*s2twp"),
        (lambda: fanjian.Converter("s2x", search_folders=["no"]), fanjian.NotFoundError, "'s2x': no such file, nor in no"),
        (lambda: fanjian.Converter("/nowhere/s2x.json"), fanjian.Error, "/nowhere/s2x.json"),
        (lambda: fanjian.Converter(to="zh"), fanjian.NotFoundError, "'zh' can be several targets"),
        (lambda: fanjian.Converter(to="zh-TV"), fanjian.NotFoundError, "unknown target 'zh-TV': did you mean 'zh-TW'"),
        (lambda: fanjian.Converter(to="zh-TW", vocabulary="all"), fanjian.NotFoundError, "expected one of keep, local"),
        (lambda: fanjian.Converter(b"s2t"), TypeError, "config must be str or a path, not bytes$"),
        (lambda: fanjian.Converter(to=3), TypeError, "^to must be str, not int$"),
        (lambda: fanjian.convert("头发", to=3), TypeError, "^to must be str, not int$"),
        (lambda: fanjian.Converter(to="zh-TW", from_=3), TypeError, "^from_ must be str, not int$"),
        (lambda: fanjian.Converter("s2t", punctuation=3), TypeError, "^punctuation must be str, not int$"),
        (lambda: fanjian.Converter("t2jp", punctuation="local"), fanjian.ConfigError, "Japanese has quotation marks"),
        (lambda: fanjian.convert("a", "jp2t", punctuation="local"), fanjian.ConfigError, "Japanese has quotation"),
        (lambda: fanjian.Converter(to="zh-TW", vocabulary=3), TypeError, "^vocabulary must be str, not int$"),
        (lambda: fanjian.Converter("zh-TW"), fanjian.NotFoundError, "the tag of a target, given as to='zh-TW'"),
        (lambda: fanjian.Converter("s2t", release=3), TypeError, "^release must be Dictionaries or a path, not int$"),
        (lambda: fanjian.Converter("s2t", release="/nowhere/a.fjd"), fanjian.FileError, "/nowhere/a.fjd"),
        (lambda: fanjian.Converter(to="zh-TW", release=RELEASE), fanjian.ConfigError, "cannot be combined with a target"),
        (lambda: fanjian.convert("a", to="zh-TW", release=RELEASE), fanjian.ConfigError, "cannot be combined with a target"),
        (lambda: fanjian.convert("a", "t2s", release=RELEASE), fanjian.NotFoundError, "'mine-1' have no .* t2s, but s2t$"),
        (lambda: fanjian.arrow.convert(3, CONVERTER, release=RELEASE), fanjian.ConfigError, "cannot be combined with .* release"),
        (lambda: fanjian.Converter("s2t", dictionaries=[RELEASE]), TypeError, "give the Dictionaries of a release as release="),
        (lambda: fanjian.Dictionaries.from_bytes(b"x"), fanjian.DictionaryError, "not a sound file of a release's dictionaries"),
        (lambda: fanjian.Dictionaries.from_files("a", {}), fanjian.NotFoundError, "^a: no configuration is among the files"),
        (lambda: fanjian.Dictionaries.from_files("a", {"b": "c"}), TypeError, "^the contents of 'b' must be bytes, not str$"),
        (lambda: fanjian.convert("a", "zh-hk"), fanjian.NotFoundError, "given as to='zh-hk'"),
        (lambda: fanjian.arrow.convert(None, "zh-TW"), fanjian.NotFoundError, r"or as a Converter\(to='zh-TW'\)"),
        (lambda: fanjian.Converter(to="s2t"), fanjian.NotFoundError, "the name of a configuration, given without to="),
        (lambda: fanjian.Converter(to="zh-TW", tofu_risk=True), fanjian.ConfigError, "tofu_risk needs a conf"),
        (lambda: fanjian.Converter(to="zh-TW", search_folders=["a"]), ValueError, "search_folders needs a conf"),
        (lambda: fanjian.Converter("s2t", search_folders="abc"), TypeError, "search_folders must be a list, not str"),
        (lambda: fanjian.Converter("s2t", search_folders=[3]), TypeError, "a search folder must be a path, not int"),
        (lambda: fanjian.Converter("s2t", protect="头发"), TypeError, "protect must be a list, not str"),
        (lambda: fanjian.Converter("s2t", protect=3), TypeError, "protect must be a list, not int"),
        (lambda: fanjian.Converter("s2t", protect=[b"a"]), TypeError, "a protected term must be str, not bytes$"),
        (lambda: fanjian.Converter("s2t", dictionaries={"a": "b"}), TypeError, "must be a list, not dict"),
        (lambda: fanjian.Converter("s2t", dictionaries=OWN), TypeError, "dictionaries must be a list, not Dictionary"),
        (lambda: fanjian.Converter("s2t", dictionaries=Path("a")), TypeError, "must be a list, not PosixPath"),
        (
            lambda: fanjian.Converter("s2t", dictionaries=MappingProxyType({"a": "b"})),
            TypeError,
            "must be a list, not mappingproxy",
        ),
        (lambda: fanjian.clean("", share=5), ValueError, "share must be from 0 to 1, not 5"),
        (lambda: fanjian.clean("", share=float("nan")), ValueError, "share must be from 0 to 1, not NaN"),
        (lambda: fanjian.clean("", traditional=-0.1), ValueError, "traditional must be from 0 to 1, not -0.1"),
        (lambda: fanjian.clean("", keep_simplified=True), fanjian.ConfigError, "keep_simplified needs a converter"),
        (lambda: fanjian.arrow.convert(), TypeError, r"^convert\(\) missing 1 required positional argument"),
        (lambda: fanjian.arrow.convert(3), TypeError, "a configuration is needed, such as 's2twp', or a target"),
        (lambda: fanjian.arrow.convert(3, b"a"), TypeError, "^config must be str, a path or a Converter, not bytes$"),
        (lambda: fanjian.arrow.convert(3, CONVERTER, to="zh-TW"), fanjian.ConfigError, "cannot be combined with to, "),
        (lambda: fanjian.arrow.convert(3, "s2t", to="zh-TW"), fanjian.ConfigError, "cannot be combined with the config"),
        (lambda: fanjian.arrow.convert(3, "s2t", from_="zh-CN"), fanjian.ConfigError, "a source script needs a target"),
        (lambda: fanjian.convert("a", "s2t", from_="zh-CN"), fanjian.ConfigError, "a source script needs a target"),
        (lambda: fanjian.convert("a", to="zh-TW", from_=3), TypeError, "^from_ must be str, not int$"),
        (lambda: fanjian.arrow.keep_if(3, "han>=x"), fanjian.ConfigError, "^'han>=x' is not a valid condition: 'x' is not a"),
        (lambda: fanjian.arrow.keep_if(3, "script=elvish"), fanjian.NotFoundError, "^unknown script 'elvish'"),
        (lambda: fanjian.Converter("s2t", dictionaries=[3]), TypeError, "a Dictionary, a mapping or a path, not int"),
        (lambda: fanjian.Converter("s2t", dictionaries=["/nowhere"]), fanjian.FileError, "cannot read /nowhere"),
        (lambda: fanjian.Converter("s2t", protect=[""]), fanjian.DictionaryError, "at least one character"),
        (lambda: fanjian.Dictionary({"": "a"}), fanjian.DictionaryError, "own words: a key needs"),
        (lambda: fanjian.Dictionary({"a": []}), fanjian.DictionaryError, "has no candidate"),
        (lambda: fanjian.Dictionary({"a": [3]}), TypeError, "the value of 'a' must be str, not int"),
        (lambda: fanjian.Dictionary({"a": 3}), TypeError, "the value of 'a' must be str, not int"),
        (lambda: fanjian.Dictionary.from_bytes(b"no"), fanjian.DictionaryError, "does not begin as"),
        (lambda: fanjian.convert("a"), TypeError, "a configuration is needed"),
        (lambda: CONVERTER.convert_many([], threads=-1), ValueError, "^threads must be a number of threads, or 0 .* not -1"),
        (lambda: CONVERTER.convert_many([], threads=-(2**70)), ValueError, "^threads must be a number of threads, or 0 "),
        (lambda: CONVERTER.convert_many([], threads=None), TypeError, "threads"),
        (lambda: fanjian.arrow.convert(3, "s2t", threads=-1), ValueError, "^threads must be a number of threads, or 0 "),
        (lambda: fanjian.arrow.detect(3, threads=-1), ValueError, "^threads must be a number of threads, or 0 "),
        (lambda: fanjian.arrow.clean(3, threads=-1), ValueError, "^threads must be a number of threads, or 0 "),
        (lambda: fanjian.arrow.keep_if(3, "han>=2", threads=-1), ValueError, "^threads must be a number of threads, or 0 "),
    ],
)
def test_wrong_choices(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def test_a_configuration_file_that_is_none(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{"conversion_chain": 3}')
    with pytest.raises(fanjian.ConfigError, match="bad.json") as caught:
        fanjian.Converter(path)
    assert caught.value.place == str(path)


def test_a_dictionary_that_is_not_there(tmp_path, monkeypatch):
    """The folder of a file in the working folder was empty: "nor a file in , ."."""
    monkeypatch.chdir(tmp_path)
    Path("mine.json").write_text('{"conversion_chain": [{"dict": {"type": "ocd2", "file": "x.ocd2"}}]}')
    for config, folders in [("mine.json", r"\."), (tmp_path / "mine.json", rf"{tmp_path}, \.")]:
        with pytest.raises(fanjian.NotFoundError, match=rf"no dictionary 'x.ocd2': it is not built in, nor a file in {folders}$"):
            fanjian.Converter(config)


def test_what_is_one_after_the_other_is_a_list():
    for listed in [list, tuple, set, iter]:
        converter = fanjian.Converter(
            "s2t", dictionaries=listed([OWN]), protect=listed(["头"]), search_folders=listed([Path(".")])
        )
        assert converter.convert("a头发") == "b头發"


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "none.txt"
    for read in [fanjian.Dictionary.from_path, lambda path: fanjian.Converter("s2t", dictionaries=[path])]:
        with pytest.raises(OSError) as caught:
            read(path)
        for error in [caught.value, pickle.loads(pickle.dumps(caught.value))]:
            assert (error.filename, error.place, error.errno) == (str(path), str(path), errno.ENOENT)
            assert error.strerror == os.strerror(errno.ENOENT) and str(error).startswith(f"cannot read {path}: ")
            assert isinstance(error, fanjian.FileError) and isinstance(error, FileNotFoundError)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder has another error there")
def test_a_file_error_is_what_it_is_elsewhere(tmp_path):
    """The subclass of OSError by its number, for every reader of files."""
    reads = [
        fanjian.Dictionary.from_path,
        fanjian.Converter,
        lambda path: fanjian.convert("a", path),
        lambda path: fanjian.Converter("s2t", dictionaries=[path]),
    ]
    for read in reads:
        with pytest.raises(IsADirectoryError) as caught:
            read(tmp_path)
        assert isinstance(caught.value, fanjian.FileError) and caught.value.errno == errno.EISDIR
        with pytest.raises(FileNotFoundError) as caught:
            read(tmp_path / "none.json")
        assert caught.value.filename == str(tmp_path / "none.json")
    for number, kind in [(errno.EACCES, PermissionError), (errno.EPERM, PermissionError), (errno.EIO, OSError)]:
        error = fanjian.FileError("cannot read it", errno=number, filename="it")
        assert isinstance(error, kind) and (error.filename, error.place, str(error)) == ("it", "it", "cannot read it")
    assert type(fanjian.FileError("cannot read it")) is fanjian.FileError


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may read all")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("a\tb\n")
    path.chmod(0)
    with pytest.raises(PermissionError) as caught:
        fanjian.Dictionary.from_path(path)
    assert isinstance(caught.value, fanjian.FileError) and caught.value.filename == str(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_name_of_a_file_that_is_no_text(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with pytest.raises(FileNotFoundError) as caught:
        fanjian.Dictionary.from_path(os.fsdecode(path))
    assert os.fsencode(caught.value.filename) == path


def test_a_file_with_a_targets_tag_is_a_configuration(tmp_path):
    (tmp_path / "zh-TW.json").write_text('{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": "b"}}}]}')
    assert fanjian.Converter("zh-TW", search_folders=[tmp_path]).convert("a头发") == "b头发"


def test_every_exception_is_an_error_and_can_be_pickled():
    kinds = [
        fanjian.NotFoundError,
        fanjian.ConfigError,
        fanjian.DictionaryError,
        fanjian.DocumentError,
        fanjian.UnsupportedError,
        fanjian.EncodingError,
        fanjian.FileError,
    ]
    for kind in kinds:
        assert issubclass(kind, fanjian.Error) and kind.__module__ == "fanjian"
        error = pickle.loads(pickle.dumps(kind("it's wrong", "place", 3, 4)))
        assert (type(error), str(error), error.place, error.line, error.offset) == (kind, "it's wrong", "place", 3, 4)


@pytest.mark.parametrize("stream", [CONVERTER.stream(), CONVERTER.byte_stream()], ids=["str", "bytes"])
def test_streams_are_not_pickled(stream):
    import copy

    for call in [pickle.dumps, copy.copy, copy.deepcopy]:
        with pytest.raises(TypeError, match="pickle its converter"):
            call(stream)


def test_a_stream_in_two_threads():
    stream, errors = CONVERTER.stream(), []
    piece = "我的头发，皇后的鼠标。" * 100_000

    def push():
        try:
            for _ in range(10):
                stream.push(piece)
        except RuntimeError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors and all("in use by another thread" in error for error in errors)


def run(program, timeout=120, **environment):
    """Runs a program in a Python of its own. Returns its output."""
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "PYTHONWARNINGS": "ignore", **environment},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


# What takes a text of 30 million bytes.
HUGE = {
    "convert": "converter.convert(text)",
    "convert, with values a hundred times as long": "longer.convert(text[:500_000])",
    "convert_many": "converter.convert_many([text])",
    "convert_many by threads": "converter.convert_many([text, text], threads=2)",
    "convert_bytes": "converter.convert_bytes(data)",
    "a stream": "converter.stream().push(text)",
    "a stream of bytes": "converter.byte_stream().push(data)",
    "a column": 'fanjian.arrow.convert(column, converter)',
    "a column of views": 'fanjian.arrow.convert(views, converter)',
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize("call", HUGE.values(), ids=HUGE)
def test_no_memory_is_an_exception(call):
    program = f"""
        import os, resource, fanjian, fanjian.arrow
        import pyarrow as pa
        converter = fanjian.Converter("s2t")
        longer = fanjian.Converter("s2t", dictionaries=[{{"头发": "髮" * 100}}])
        text = "我的头发，" * 2_000_000
        data = text.encode()
        column, views = pa.array([text]), pa.array([text], pa.string_view())
        def limit(megabytes):
            with open("/proc/self/statm") as file:
                used = int(file.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 1_000_000, -1))

        for megabytes in range(4, 250, 30):
            child = os.fork()
            if child == 0:
                limit(megabytes)
                try:
                    {call}
                except MemoryError:
                    os._exit(1)
                except RuntimeError as error:
                    os._exit(1 if "can't start new thread" in str(error) else 2)
                except BaseException as error:
                    print(type(error), error, flush=True)
                    os._exit(2)
                os._exit(0)
            print(os.waitpid(child, 0)[1], end=" ")
        {call}
        print("done")
    """
    # Nothing is kept for later, so that the limit is one.
    *statuses, done = run(program, MALLOC_MMAP_THRESHOLD_="131072", MALLOC_ARENA_MAX="1").split()
    # Each ends well or with an exception: no process is killed. With the least memory, none can end well.
    assert set(statuses) <= {"0", "256"} and statuses[0] == "256", statuses
    assert done == "done"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_converters_after_fork_while_threads_work():
    program = """
        import os, threading
        import fanjian
        converter, texts = fanjian.Converter("s2twp"), ["头发里的鼠标" * 200] * 50
        stop = threading.Event()
        def work():
            while not stop.is_set():
                converter.convert_many(texts, threads=2)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        statuses = []
        for _ in range(60):
            child = os.fork()
            if child == 0:
                ok = converter.convert_many(texts, threads=2)[0] == "頭髮裡的滑鼠" * 200
                # By the chain, whose tables are made when they are needed.
                ok = ok and converter.convert("⿰头发") == fanjian.convert("⿰头发", "s2twp")
                ok = ok and fanjian.Converter(to="zh-TW").convert("头发") == "頭髮" and fanjian.detect("头").simplified
                os._exit(0 if ok else 1)
            statuses.append(os.waitpid(child, 0)[1])
        stop.set()
        for thread in threads:
            thread.join()
        print(set(statuses))
    """
    assert run(program) == "{0}\n"


def test_the_interpreter_shuts_down_in_the_middle_of_streams():
    program = """
        import threading, time
        import fanjian
        converter = fanjian.Converter("s2twp")
        kept = converter.stream()
        kept.push("我的头")
        def work():
            stream = converter.stream()
            while True:
                stream.push("我的头发，皇后的鼠标。" * 20_000)
                converter.convert_many(["我的头发" * 1000] * 100, threads=2)
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.3)
        class Last:
            def __del__(self):
                print(kept.push("发") + kept.finish(), flush=True)
        last = Last()
        print("end", flush=True)
    """
    for _ in range(3):
        assert run(program).startswith("end\n")


LONG = {
    "convert": "converter.convert(text)",
    "a stream": "converter.stream().push(text)",
    "a stream of bytes": "converter.byte_stream().push(text.encode())",
    "convert_many": "converter.convert_many(texts)",
    "convert_many by threads": "converter.convert_many(texts, threads=2)",
    "a column": "fanjian.arrow.convert(column, converter)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
@pytest.mark.parametrize("call", LONG.values(), ids=LONG)
def test_ctrl_c_ends_a_long_conversion(call):
    """In the middle of the call: without a check for signals, Python would raise the exception after it."""
    program = f"""
        import signal, threading, time
        import fanjian, fanjian.arrow
        import pyarrow as pa
        converter = fanjian.Converter("s2twp")
        line = "我的头发，皇后的鼠标。"
        text, texts = line * 6_000_000, [line * 10] * 600_000
        column = pa.chunked_array([texts[:10_000]] * 60)
        # Time of the processor: other programs take none of it.
        start, cpu = time.monotonic(), time.process_time()
        {call}
        whole, cpu = time.monotonic() - start, time.process_time() - cpu
        threading.Timer(whole / 10, lambda: signal.raise_signal(signal.SIGINT)).start()
        before = time.process_time()
        try:
            {call}
        except KeyboardInterrupt:
            print((time.process_time() - before) / cpu)
    """
    assert float(run(program)) < 0.5
