"""Documents that stay whole."""

import os
import pickle
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import fanjian
import fanjian.documents
import pytest

TIMES = "00:00:01,000 --> 00:00:02,000"
SOURCE = f"\ufeff1\r\n{TIMES}\r\n“<i>软</i>件‘国’”\r\n\r\n2\r\n{TIMES}\r\nHi\r\n"
LOCAL = f"\ufeff1\r\n{TIMES}\r\n「<i>軟</i>體『國』」\r\n\r\n2\r\n{TIMES}\r\nHi\r\n"
CHOICES = {"vocabulary": "local", "punctuation": "local"}


def test_a_text_bytes_and_a_file_become_the_same(tmp_path):
    path = tmp_path / "page.SRT"
    path.write_bytes(SOURCE.encode())
    for source, text in [(SOURCE, LOCAL), (SOURCE.encode(), None), (bytearray(SOURCE.encode()), None), (path, None)]:
        document = fanjian.documents.convert(source, "zh-TW", as_="srt", **CHOICES)
        assert document == (LOCAL.encode(), text, 1, 1, 0, 0)
        assert fanjian.documents.groups(source, "srt") == ["“软件‘国’”", "Hi"]
    assert fanjian.documents.convert(path, "zh-TW", **CHOICES).bytes == LOCAL.encode()
    assert fanjian.documents.groups(path) == ["“软件‘国’”", "Hi"]
    assert path.read_bytes() == SOURCE.encode()


def test_choices_and_converters():
    convert = fanjian.documents.convert
    assert "<i>软</i>件" in convert(SOURCE, "zh-CN", as_="srt").text
    expected = convert(SOURCE, config="s2twp", as_="srt").text
    assert expected == SOURCE.replace("软</i>件", "軟</i>體").replace("国", "國")
    assert convert(SOURCE, as_="srt", converter=fanjian.Converter("s2twp")).text == expected
    converter = fanjian.Converter(to="zh-TW", **CHOICES)
    assert convert(SOURCE, as_="srt", converter=converter).text == LOCAL
    assert converter.convert(SOURCE, as_="srt") == LOCAL
    assert pickle.loads(pickle.dumps(converter)).convert(SOURCE, as_="srt") == LOCAL
    own = fanjian.Converter("s2t", dictionaries=[{"软件": "“軟件”"}], punctuation="local")
    assert "「<i>『軟件』</i>『國』」" in own.convert(SOURCE, as_="srt")


def test_what_does_not_change_is_the_same_object():
    converter = fanjian.Converter("s2t")
    for source in [LOCAL, LOCAL.encode()]:
        document = fanjian.documents.convert(source, as_="srt", converter=converter)
        assert (document.text if document.text is not None else document.bytes) is source and document.changed == 0
    assert converter.convert(LOCAL, as_="srt") is LOCAL

    class Text(str):
        pass

    assert type(fanjian.documents.convert(Text(LOCAL), "zh-TW", as_="srt").text) is str


def test_archives_are_bytes_or_files(tmp_path):
    path = tmp_path / "subtitles.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.srt", SOURCE)
    document = fanjian.documents.convert(path, "zh-TW", **CHOICES)
    converted = tmp_path / "converted.zip"
    converted.write_bytes(document.bytes)
    with zipfile.ZipFile(converted) as archive:
        assert archive.read("a.srt").decode() == LOCAL
    assert document == fanjian.documents.convert(path.read_bytes(), "zh-TW", as_="zip", **CHOICES)
    assert fanjian.documents.groups(path)[0] == "“软件‘国’”"


def test_a_file_is_known_by_its_content(tmp_path):
    feed, transcript = tmp_path / "feed.xml", tmp_path / "film.json"
    feed.write_text("<rss version='2.0'><channel><title>头发</title><link>头发</link></channel></rss>", "utf-8")
    assert fanjian.documents.groups(feed) == ["头发"]
    words = '[{"word": "头"}, {"word": "发"}]'
    transcript.write_text(f'{{"text": "头发", "segments": [{{"start": 0, "text": "头发", "words": {words}}}]}}', "utf-8")
    converted = fanjian.documents.convert(transcript, config="s2t").bytes.decode()
    assert '"头"' not in converted and '{"word": "頭"}, {"word": "髮"}' in converted


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: fanjian.documents.convert(SOURCE, as_="srt"), TypeError, "a configuration is needed"),
        (lambda: fanjian.documents.convert(SOURCE, "zh-TW"), TypeError, "as_ is needed, such as as_='html'"),
        (lambda: fanjian.documents.convert(3, "zh-TW"), TypeError, "source must be str, bytes or a path, not int"),
        (lambda: fanjian.documents.convert(SOURCE, "zh-TW", as_=3), TypeError, "as_ must be str, not int"),
        (lambda: fanjian.documents.convert(SOURCE, 3, as_="srt"), TypeError, "to must be str, not int"),
        (lambda: fanjian.documents.convert(SOURCE, "zh-TW", as_="sbv"), fanjian.NotFoundError, "document format"),
        (lambda: fanjian.documents.convert(Path(__file__), "zh-TW"), fanjian.NotFoundError, "the name or the content of"),
        (lambda: fanjian.documents.convert(Path("none.srt"), "zh-TW"), FileNotFoundError, "cannot read none.srt"),
        (lambda: fanjian.documents.groups(Path("none.srt")), fanjian.FileError, "cannot read none.srt"),
        (
            lambda: fanjian.documents.convert(SOURCE, "zh-TW", as_="srt", converter=fanjian.Converter("s2t")),
            fanjian.ConfigError,
            "a converter cannot be combined with to",
        ),
        (lambda: fanjian.documents.convert(SOURCE, "zh-TW", "s2t", as_="srt"), fanjian.ConfigError, "cannot be combined"),
        (lambda: fanjian.documents.convert(b"\xff", "zh-TW", as_="srt"), fanjian.EncodingError, "not UTF-8"),
        (lambda: fanjian.documents.convert("", "zh-TW", as_="zip"), fanjian.UnsupportedError, "an archive"),
        (lambda: fanjian.documents.groups("", "zip"), fanjian.UnsupportedError, "an archive"),
        (lambda: fanjian.documents.convert(b"PK", "zh-TW", as_="zip"), fanjian.DocumentError, "."),
        (lambda: fanjian.documents.convert("\ud800", "zh-TW", as_="srt"), UnicodeEncodeError, "surrogates"),
        (lambda: fanjian.Converter("s2t").convert("", as_="docx"), fanjian.UnsupportedError, "an archive"),
        (lambda: fanjian.Converter("s2t").convert(b"", as_="srt"), TypeError, "text must be str, not bytes"),
    ],
)
def test_errors(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_an_error_has_the_place_of_the_file(tmp_path):
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK")
    with pytest.raises(fanjian.DocumentError, match="broken.zip") as caught:
        fanjian.documents.convert(path, "zh-TW")
    assert caught.value.place == str(path) and isinstance(caught.value, ValueError)


def test_names_and_pickles():
    functions = fanjian.documents.convert, fanjian.documents.groups
    assert [(function.__module__, function.__qualname__) for function in functions] == [
        ("fanjian.documents", "convert"),
        ("fanjian.documents", "groups"),
    ]
    document = fanjian.documents.convert(SOURCE, "zh-TW", as_="srt")
    assert pickle.loads(pickle.dumps((functions, document))) == (functions, document)
    assert fanjian.documents.Document.__module__ == "fanjian.documents"
    assert {"srt", "html", "docx", "zip"} <= set(fanjian.documents.FORMATS)
    program = "import fanjian; fanjian.documents.convert('', 'zh-TW', as_='srt')"
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})


def test_the_interpreters_lock_is_released():
    source = "".join(f"{number}\n{TIMES}\n软件里的头发\n\n" for number in range(20_000))
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.monotonic()
    fanjian.documents.convert(source, "zh-TW", as_="srt")
    end = time.monotonic()
    stop.set()
    thread.join()
    inside = [moment for moment in ticks if start + (end - start) / 4 < moment < end - (end - start) / 4]
    assert inside, (start, end)
