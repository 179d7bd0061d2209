"""The converter, as Python programs use it."""

import array
import copy
import mmap
import multiprocessing
import pickle
import threading
import time
from pathlib import Path

import fanjian
import numpy
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

# Texts of characters that are in many words, of others, and of the separators and operators that could be taken for more.
TEXTS = st.text(alphabet="头发皇后里面干净鼠标软件一a\n\0\u2ff0\U00020000發,", max_size=40)


def test_configurations_and_targets_convert():
    assert fanjian.Converter("s2twp").convert("鼠标里的头发") == "滑鼠裡的頭髮"
    assert fanjian.Converter(to="zh-TW").convert("不是只有一只猫") == "不是只有一隻貓"
    assert fanjian.Converter(to="zh-TW", vocabulary="local").convert("软件") == "軟體"
    assert len(fanjian.CONFIGS) == 16 and len(fanjian.TARGETS) == 4
    for config in fanjian.CONFIGS:
        assert fanjian.Converter(config).config == config
    for target in fanjian.TARGETS:
        assert fanjian.Converter(to=target.lower()).to == target


def test_a_text_that_does_not_change_is_given_back_itself():
    converter = fanjian.Converter("s2t")
    for text in ["", "一二三", "plain" * 1000, "一二三" * 4_000_000]:
        assert converter.convert(text) is text


def test_a_subclass_of_str_gives_plain_str():
    class Title(str):
        pass

    for text in ["头发", "一二三"]:
        assert type(fanjian.convert(Title(text), "s2t")) is str


def test_long_texts_are_converted_like_short_ones():
    text = "我的头发，皇后的鼠标。\n" * 400_000
    converted = fanjian.Converter("s2twp").convert(text)
    assert converted == fanjian.Converter("s2twp").convert("我的头发，皇后的鼠标。\n") * 400_000


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["s2t", "s2twp", "t2s"]), st.lists(TEXTS), st.integers(0, 3))
def test_many_texts_are_converted_each_on_its_own(config, texts, threads):
    converter = fanjian.Converter(config)
    assert converter.convert_many(texts, threads=threads) == [converter.convert(text) for text in texts]


@pytest.mark.parametrize("converter", [fanjian.Converter("s2twp"), fanjian.Converter(to="zh-TW")])
def test_many_batches_by_threads_come_in_order(converter):
    texts = [f"{number}头发{'里面的鼠标' * (number % 50)}" for number in range(20_000)]
    expected = [converter.convert(text) for text in texts]
    for threads in [1, 2, 5]:
        assert converter.convert_many(texts, threads=threads) == expected
    assert converter.convert_many(iter(texts)) == expected
    assert converter.convert_many(tuple(texts[:3])) == expected[:3]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 40)))
def test_a_stream_gives_what_the_whole_gives(text, cuts):
    converter = fanjian.Converter("s2twp")
    cuts = sorted(min(cut, len(text)) for cut in cuts)
    stream = converter.stream()
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)])]
    assert "".join(map(stream.push, pieces)) + stream.finish() == converter.convert(text)
    # It is ready for another text.
    assert stream.push("头发") + stream.finish() == "頭髮"

    stream, data = converter.byte_stream(), text.encode()
    pieces = [data[at : at + 1] for at in range(len(data))]
    assert b"".join(map(stream.push, pieces)) + stream.finish() == converter.convert(text).encode()


def test_a_stream_gives_what_can_be_decided():
    stream = fanjian.Converter("s2t").stream()
    assert stream.push("我的头") == "我的"
    assert stream.push("发长了") + stream.finish() == "頭髮長了"


def test_a_stream_can_know_the_beginning_of_its_text():
    converter, text = fanjian.Converter(to="zh-CN"), "乾亮\n头发"
    assert converter.convert(text) == "干亮\n头发"
    for beginning in [text, text + "\n头发" * 20_000]:
        stream = converter.stream(beginning=beginning)
        assert stream.push(text) + stream.finish() == text
        # The next text has another beginning.
        assert stream.push(text) + stream.finish() == converter.convert(text)
    stream, data = converter.byte_stream(beginning=text), text.encode()
    assert stream.push(data) + stream.finish() == data
    stream = fanjian.Converter("s2t").stream(beginning=text)
    assert stream.push("干") + stream.finish() == "幹"


def test_bytes_that_are_not_utf8():
    converter = fanjian.Converter("s2t")
    data = b"\xff" + "头发".encode()
    with pytest.raises(fanjian.EncodingError, match="invalid byte 0xFF at offset 0") as caught:
        converter.convert_bytes(data)
    assert caught.value.offset == 0
    assert converter.convert_bytes(data, invalid_utf8="pass") == b"\xff" + "頭髮".encode()
    assert converter.convert_bytes(bytearray(data), invalid_utf8="replace") == "\ufffd頭髮".encode()
    with pytest.raises(ValueError, match="'ignore'; expected one of strict, replace, pass"):
        converter.convert_bytes(data, invalid_utf8="ignore")
    stream = converter.byte_stream()
    with pytest.raises(fanjian.EncodingError):
        stream.push(data)
    with pytest.raises(fanjian.EncodingError):
        stream.push(b"a")
    assert converter.byte_stream(invalid_utf8="pass").push(b"\xff.") == b"\xff."


def test_bytes_in_other_objects(tmp_path):
    converter, data = fanjian.Converter("s2t"), "我的头发".encode()
    path = tmp_path / "text"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        view, characters = memoryview(b"-" + data)[1:], memoryview(data).cast("c")
        buffers = [bytearray(data), view, characters, mapped, array.array("B", data), numpy.frombuffer(data, numpy.uint8)]
        for each in buffers:
            assert converter.convert_bytes(each).decode() == "我的頭髮"
            stream = converter.byte_stream()
            assert (stream.push(each) + stream.finish()).decode() == "我的頭髮"
            assert fanjian.documents.convert(each, config="s2t", as_="markdown").bytes.decode() == "我的頭髮"
            assert fanjian.documents.groups(each, "markdown") == ["我的头发"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([{"config": "s2twp"}, {"to": "zh-HK"}, {"config": "s2t", "protect": ["皇后"]}]), TEXTS)
def test_segments_cover_the_text(arguments, text):
    converter = fanjian.Converter(**arguments)
    segments = converter.segments(text)
    assert "".join(segment.output for segment in segments) == converter.convert(text)
    assert [segment.source for segment in segments] == [text[segment.start : segment.end] for segment in segments]
    assert "".join(segment.source for segment in segments) == text


def test_segments_tell_why():
    segment = fanjian.Converter("s2twp").segments("𠮷里")[-1]
    assert (segment.start, segment.end, segment.source, segment.output) == (1, 2, "里", "裡")
    assert [(decision.step, decision.stage, decision.dictionary) for decision in segment.decisions] == [
        ("conversion", 1, "STCharacters"),
        ("conversion", 2, "TWVariants"),
    ]
    decisions = [d for s in fanjian.Converter(to="zh-TW").segments("头发干了") for d in s.decisions]
    choice = next(decision for decision in decisions if decision.step == "choice")
    assert choice.dictionary == "zh-TW" and choice.candidates[0].text == choice.value
    assert choice.margin is not None and all(isinstance(f.weight, int) for f in choice.candidates[0].features)
    own = fanjian.Converter("s2twp", dictionaries=[{"头发": "毛"}], protect=["里"]).segments("头发里")
    assert [segment.decisions[0].step for segment in own] == ["own", "protected"]


def test_own_words(tmp_path: Path):
    path = tmp_path / "words.txt"
    path.write_text("云原生\t雲端原生 雲原生\n", encoding="utf-8")
    own = fanjian.Dictionary.from_path(path)
    assert (len(own), own.get("云原生"), "云" in own) == (1, ("雲端原生", "雲原生"), False)
    compiled = tmp_path / "words.bin"
    compiled.write_bytes(own.to_bytes())
    expected = "雲端原生軟體"
    for dictionary in [own, path, str(path), compiled, {"云原生": "雲端原生"}, {"云原生": ["雲端原生", "雲原生"]}]:
        assert fanjian.Converter("s2twp", dictionaries=[dictionary]).convert("云原生软件") == expected
    assert fanjian.Converter(to="zh-TW", dictionaries=[own]).convert("云原生软件") == "雲端原生軟件"
    assert fanjian.Dictionary.from_bytes(pickle.loads(pickle.dumps(own)).to_bytes()).name == own.name
    assert fanjian.Converter("s2t", dictionaries=[{"的": ""}]).convert("我的头发") == "我頭髮"


def test_configuration_files(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text('{"conversion_chain": [{"dict": {"type": "text", "file": "mine.txt"}}]}', encoding="utf-8")
    (tmp_path / "mine.txt").write_text("甲\t乙\n", encoding="utf-8")
    for config in [path, str(path)]:
        converter = fanjian.Converter(config)
        assert pickle.loads(pickle.dumps(converter)).convert("甲") == converter.convert("甲") == "乙"
        assert fanjian.convert("甲", config) == "乙"


def test_a_pickle_does_not_depend_on_the_working_folder(tmp_path, monkeypatch):
    """A configuration that was a file became a built-in one in another folder, without a word."""
    folder, other = tmp_path / "folder", tmp_path / "other"
    for each in [folder, other]:
        each.mkdir()
    monkeypatch.chdir(folder)
    for name in ["s2t", "mine"]:
        Path(f"{name}.json").write_text('{"conversion_chain": [{"dict": {"type": "text", "file": "STCharacters.txt"}}]}')
    Path("sub").mkdir()
    Path("sub/deep.json").write_bytes(Path("mine.json").read_bytes())
    Path("STCharacters.txt").write_text("头\t首\n", encoding="utf-8")
    files = [
        fanjian.Converter("s2t.json"),
        fanjian.Converter("./s2t.json"),
        fanjian.Converter(Path("mine.json")),
        fanjian.Converter("s2t", search_folders=["."]),
        fanjian.Converter("mine", search_folders=["sub", "."], dictionaries=[{"发": "毛"}]),
        # Its dictionary is in the working folder.
        fanjian.Converter("sub/deep.json"),
        fanjian.Converter("deep", search_folders=["sub"]),
    ]
    builtin = [fanjian.Converter("t2s.json"), fanjian.Converter("t2s", search_folders=["../other"])]
    assert [each.convert("头") for each in files] == ["首"] * len(files)
    pickles = [pickle.dumps(each) for each in files + builtin]
    monkeypatch.chdir(other)
    # What is found here, too, is not what was pickled.
    Path("t2s.json").write_text('{"conversion_chain": [{"dict": {"type": "inline", "entries": {"頭": "首"}}}]}')
    for _ in range(2):
        again = [pickle.loads(each) for each in pickles]
        assert [each.convert("头") for each in again[: len(files)]] == ["首"] * len(files)
        assert [each.convert("頭") for each in again[len(files) :]] == ["头"] * 2
        assert all(Path(each.config).is_absolute() for each in again[: len(files)])
        pickles = [pickle.dumps(each) for each in again]
    (folder / "s2t.json").unlink()
    for each in [pickles[0], pickles[3]]:
        with pytest.raises(FileNotFoundError) as caught:
            pickle.loads(each)
        assert caught.value.filename == str(folder / "s2t.json")


def test_of_a_file_the_languages_are_not_known(tmp_path):
    (tmp_path / "s2t.json").write_text('{"conversion_chain": [{"dict": {"type": "inline", "entries": {"头": "首"}}}]}')
    page = '<p lang="zh-CN">头</p>'
    converter = fanjian.Converter("s2t", search_folders=[tmp_path])
    for each in [converter, pickle.loads(pickle.dumps(converter))]:
        assert fanjian.documents.convert(page, converter=each, as_="html").text == '<p lang="zh-CN">首</p>'
    converter = fanjian.Converter("s2tw.json")
    for each in [converter, pickle.loads(pickle.dumps(converter))]:
        assert fanjian.documents.convert(page, converter=each, as_="html").text == '<p lang="zh-TW">頭</p>'


CONVERTERS = [
    fanjian.Converter("s2twp"),
    fanjian.Converter("s2t", tofu_risk=True),
    fanjian.Converter(to="zh-HK", vocabulary="local"),
    fanjian.Converter("s2twp", dictionaries=[{"云原生": "雲端原生"}], protect=["钉钉"], search_folders=["."]),
    fanjian.Converter("s2t", punctuation="local"),
]
SENTENCE = "钉钉的云原生软件，佢系我朋友，皇后的头发𪨊"


@pytest.mark.parametrize("converter", CONVERTERS, ids=repr)
def test_pickled_and_copied_converters_are_the_same(converter):
    expected = converter.convert(SENTENCE)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(converter, protocol))
        assert again.convert(SENTENCE) == expected
        # In folders, a file could take the place of the configuration that is built in.
        assert repr(again) == repr(converter).replace(", search_folders=['.']", "")
    for again in [copy.copy(converter), copy.deepcopy(converter)]:
        assert again.convert(SENTENCE) == expected


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_converters_work_in_other_processes(method):
    converter = CONVERTERS[3]
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(converter.convert, [SENTENCE] * 8) == [converter.convert(SENTENCE)] * 8


def test_repr_tells_how_it_was_made():
    assert repr(CONVERTERS[0]) == "fanjian.Converter('s2twp')"
    assert repr(CONVERTERS[1]) == "fanjian.Converter('s2t', tofu_risk=True)"
    assert repr(CONVERTERS[2]) == "fanjian.Converter(to='zh-HK', vocabulary='local')"
    assert repr(CONVERTERS[3]) == (
        "fanjian.Converter('s2twp', dictionaries=[<1 entry>], protect=['钉钉'], search_folders=['.'])"
    )
    assert repr(CONVERTERS[4]) == "fanjian.Converter('s2t', punctuation='local')"
    assert eval(repr(CONVERTERS[2])).convert("头发") == "頭髮"


def test_quotation_marks_are_those_of_the_region():
    text, converted = "他说：“头发‘皇后’。”it’s", "他說：「頭髮『皇后』。」it’s"
    for converter in [fanjian.Converter("s2t", punctuation="local"), fanjian.Converter(to="zh-TW", punctuation="local")]:
        assert (converter.punctuation, converter.convert(text)) == ("local", converted)
        assert converter.convert_many([text, "“头", "‘头"]) == [converted, "「頭", "「頭"]
        assert converter.convert_bytes(text.encode()).decode() == converted
        assert fanjian.convert(text, converter.config, to=converter.to, punctuation="local") == converted
        stream = converter.stream()
        assert "".join(map(stream.push, text)) + stream.finish() == converted
        decisions = [decision for segment in converter.segments(text) for decision in segment.decisions]
        assert [decision.step for decision in decisions].count("punctuation") == 4
        # Longer than a piece.
        assert converter.convert((text + "\n\n") * 50_000) == (converted + "\n\n") * 50_000
    assert fanjian.Converter(to="zh-TW").punctuation == "keep"


def test_one_converter_serves_many_threads():
    converter, texts = fanjian.Converter("s2twp"), [f"{n}头发里的鼠标" * (n % 90) for n in range(300)]
    expected, results = [converter.convert(text) for text in texts], {}

    def work(number):
        results[number] = [converter.convert(text) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[number] == expected for number in range(8))


COLUMN = pa.array(["我的头发，皇后的鼠标。" * 10] * 100_000)


@pytest.mark.parametrize(
    "work",
    [
        lambda: fanjian.arrow.convert(COLUMN, "s2twp"),
        lambda: fanjian.Converter("s2twp").convert("我的头发，皇后的鼠标。" * 1_000_000),
        lambda: fanjian.Converter("s2twp").convert_many(["我的头发，皇后的鼠标。" * 1_000_000]),
        lambda: fanjian.Converter("s2twp").stream().push("我的头发，皇后的鼠标。" * 1_000_000),
        lambda: fanjian.Converter("s2twp").segments("我的头发，皇后的鼠标。" * 20_000),
    ],
    ids=["arrow.convert", "convert", "convert_many", "stream", "segments"],
)
def test_the_lock_is_released(work):
    thread = threading.Thread(target=work)
    # With the lock held, this thread would come to nothing until the work is done, as often as it may be let in before.
    thread.start()
    turns = 0
    while thread.is_alive():
        turns += 1
        time.sleep(0.0005)
    assert turns > 20


def test_the_shared_converters():
    assert fanjian.convert("皇后的頭髮", "t2s") == "皇后的头发"
    assert fanjian.convert("软件", to="zh-TW") == "軟件"
    assert fanjian.convert("软件", to="zh-TW", vocabulary="local") == "軟體"
    assert fanjian.convert("软件", to="zh-tw") == "軟件"
    # Each choice has a converter of its own.
    for _ in range(2):
        assert [fanjian.convert(text, to="zh-TW") for text in "制干"] == ["制", "乾"]
        assert [fanjian.convert(text, to="zh-TW", from_="zh-CN") for text in "制干"] == ["製", "乾"]
        assert [fanjian.convert(text, to="zh-TW", from_="zh-TW") for text in "制干"] == ["制", "干"]


def test_detect():
    found = fanjian.detect("头髮裡の発")
    assert (found.simplified, found.taiwan, found.kana, found.shinjitai, found.han) == (1, 1, 1, 1, 4)
    assert fanjian.detect("皇后的头发" * 1000).script == "simplified"
    assert pickle.loads(pickle.dumps(found)) == found


def test_clean():
    page = "𠮷中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心"
    found = fanjian.clean(page)
    assert found.text is page and found.characters == 5
    assert [page[gloss.start : gloss.end] for gloss in found.glosses[:2]] == ["(guó)", "(tái)"]
    assert [page[damage.start : damage.end] for damage in found.damages] == ["?xún)?nèi)"]
    assert found.damages[0].original == "自內"[1:]
    assert fanjian.clean(page, "strip").text == "𠮷中國臺灣網，國際網臺發自?xún)?nèi)心"
    assert fanjian.clean(page, "repair").text == "𠮷中國臺灣網，國際網臺發自內心"
    assert fanjian.clean(page, "drop").text is None
    assert fanjian.clean("國(guó)", "drop").text == "國(guó)"
    assert fanjian.clean("國(guó)", "strip", share=0, characters=1, glosses=1).text == "國"
    with pytest.raises(fanjian.NotFoundError, match="'mend'.* off, report, strip"):
        fanjian.clean(page, "mend")


def test_clean_and_convert():
    page = "中国台湾网\n中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)：黨員干部發(fā)自?xún)?nèi)心的戰斗\n"
    taiwan = fanjian.Converter(to="zh-TW")
    right = "中國臺灣網，國際網臺：黨員幹部發自內心的戰鬥\n"
    assert fanjian.clean(page, "repair", converter=taiwan).text == "中國台灣網\n" + right
    kept = fanjian.clean(page, "repair", converter=taiwan, keep_simplified=True)
    assert kept.text == "中国台湾网\n" + right and len(kept.glosses) == 8
    assert fanjian.clean(page, "off").glosses == () and fanjian.clean(page, "off").text is page
    with pytest.raises(TypeError):
        fanjian.clean(page, converter="zh-TW")


def test_what_the_text_is_can_be_said():
    assert fanjian.Converter(to="zh-TW").convert("制") == "制"
    converter = fanjian.Converter(to="zh-TW", from_="zh-CN")
    for each in [converter, pickle.loads(pickle.dumps(converter))]:
        assert each.convert("養只貓") == "養隻貓" and each.from_ == "zh-Hans"
        assert repr(each) == "fanjian.Converter(to='zh-TW', from_='zh-Hans')"
    with pytest.raises(fanjian.NotFoundError):
        fanjian.Converter(to="zh-TW", from_="zh")


def test_what_a_machine_has_converted_is_told():
    found = fanjian.detect("黨員干部和志愿者到了最后，戰斗很復雜")
    assert found.machine_converted and found.converted > 0 and 0.9 < found.confidence <= 1
    assert not fanjian.detect("黨員幹部和志願者到了最後，戰鬥很複雜").machine_converted


def test_preferred_characters_and_own_words_in_both_scripts():
    converter = fanjian.Converter(
        to="zh-TW", prefer=["臺", "裏"], dictionaries=[{"内存": "記憶體"}], both_scripts=True
    )
    assert converter.prefer == ["臺", "裏"]
    assert "both_scripts=True" in repr(converter)
    for each in [converter, pickle.loads(pickle.dumps(converter))]:
        assert each.convert("台湾家里的内存，內存") == "臺灣家裏的記憶體，記憶體"
        assert each.segments("家裡")[-1].decisions[-1].step == "preference"
    for wrong in (["頭"], ["臺裏"], ["台", "臺"]):
        with pytest.raises(fanjian.ConfigError):
            fanjian.Converter(to="zh-TW", prefer=wrong)
    with pytest.raises(fanjian.ConfigError):
        fanjian.Converter(to="zh-CN", prefer=["臺"])
