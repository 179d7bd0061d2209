"""The drop-in replacements for other packages."""

import pickle

import pytest
from fanjian.compat import opencc, zhconv

OPENCC_CONFIGS = """hk2s hk2sp hk2t jp2t s2hk s2hkp s2t s2tw s2twp t2hk t2jp t2s t2tw tw2s tw2sp tw2t"""


def test_the_example_of_opencc():
    # The example of its page, unchanged.
    converter = opencc.OpenCC("s2t.json")
    assert converter.convert("汉字") == "漢字"


def test_configurations_of_opencc():
    assert sorted(opencc.CONFIGS) == [f"{name}.json" for name in OPENCC_CONFIGS.split()]
    assert opencc.OpenCC().convert("頭髮") == "头发"
    for config in opencc.CONFIGS:
        for name in [config, config.removesuffix(".json")]:
            assert opencc.OpenCC(name).config == config
    # Dictionaries whose output many fonts lack take part where nothing else is said, as there.
    assert opencc.OpenCC("t2s").convert("䰾") == "鲃"
    assert opencc.OpenCC("t2s", include_tofu_risk_dictionaries=False).convert("𩞄") == "𩞄"


def test_configuration_files_of_opencc(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"conversion_chain": [{"dict": {"type": "inline", "entries": {"甲": "乙"}}}]}', encoding="utf-8")
    assert opencc.OpenCC(str(path)).convert("甲") == opencc.OpenCC(path).convert("甲") == "乙"


def test_errors_of_opencc(tmp_path):
    with pytest.raises(RuntimeError, match="^nope not found or not accessible.$"):
        opencc.OpenCC("nope")
    with pytest.raises(RuntimeError, match="not found or not accessible"):
        opencc.OpenCC("/nowhere/s2t.json")
    path = tmp_path / "bad.json"
    path.write_text('{"conversion_chain": 3}')
    with pytest.raises(RuntimeError, match="bad.json"):
        opencc.OpenCC(str(path))
    with pytest.raises(UnicodeEncodeError):
        opencc.OpenCC("s2t").convert("\ud800")
    for wrong in [None, 3, b"s2t"]:
        with pytest.raises(TypeError):
            opencc.OpenCC(wrong)
        with pytest.raises(TypeError):
            opencc.OpenCC("s2t").convert(wrong)
    with pytest.raises(NotImplementedError, match="resource_zip"):
        opencc.OpenCC("s2t", resource_zip="mine.zip")


def test_a_converter_can_be_pickled_and_derived_from():
    class Mine(opencc.OpenCC):
        def convert(self, text):
            return super().convert(text) + "!"

    assert Mine("s2t").convert("头发") == "頭髮!"
    again = pickle.loads(pickle.dumps(opencc.OpenCC("s2twp")))
    assert (again.convert("鼠标"), again.config) == ("滑鼠", "s2twp.json")


def test_the_method_of_the_reimplementation():
    converter = opencc.OpenCC("s2t")
    converter.set_conversion("t2s")
    assert converter.convert("頭髮") == "头发"


def test_the_argument_of_the_reimplementation():
    assert opencc.OpenCC(conversion="s2t").convert("头发") == "頭髮"
    with pytest.raises(RuntimeError, match="^nope not found"):
        opencc.OpenCC(conversion="nope")
    with pytest.raises(TypeError, match="config and conversion cannot be used together"):
        opencc.OpenCC("s2t", conversion="s2t")


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        # The examples of the package's page.
        ("我幹什麼不干你事。", "zh-cn", "我干什么不干你事。"),
        ("人体内存在很多微生物", "zh-tw", "人體內存在很多微生物"),
        ("软件里的头发", "zh-hans", "软件里的头发"),
        ("軟件裡的頭髮", "zh-sg", "软件里的头发"),
        ("软件里的头发", "zh-hant", "軟件裡的頭髮"),
        ("软件里的头发", "zh-tw", "軟體裡的頭髮"),
        ("软件里的头发", "zh-hk", "軟件裏的頭髮"),
        ("软件里的头发", "ZH-MO", "軟件裏的頭髮"),
        ("軟體裡的頭髮", "zh-my", "软体里的头发"),
        ("软件裡的頭髮", "zh", "软件裡的頭髮"),
        ("", "zh-tw", ""),
    ],
)
def test_locales_of_zhconv(text, locale, expected):
    assert zhconv.convert(text, locale) == expected


def test_own_words_of_zhconv():
    assert zhconv.convert("云原生软件", "zh-tw", {"云原生": "雲端原生"}) == "雲端原生軟體"
    assert zhconv.convert("云原生软件", "zh-tw", {}) == "雲原生軟體"


@pytest.mark.parametrize(
    ("text", "first", "most"),
    [
        ("", None, None),
        ("皇后", None, None),
        ("皇后的头发", True, True),
        ("皇后的頭髮", False, False),
        ("发頭髮", True, False),
        ("發头发", False, True),
        ("发發", True, None),
        # Longer than the characters that are checked together.
        ("皇" * 1000 + "髮发发", False, True),
    ],
)
def test_issimp_of_zhconv(text, first, most):
    assert (zhconv.issimp(text), zhconv.issimp(text, full=True)) == (first, most)


def test_errors_of_zhconv():
    for full in [False, True]:
        for text in [None, b"a", 3]:
            with pytest.raises(TypeError, match="must be str, not"):
                zhconv.issimp(text, full)
    with pytest.raises(ValueError, match="unknown locale 'zh-xx'; expected one of zh, zh-hans"):
        zhconv.convert("头发", "zh-xx")
    for text, locale in [(None, "zh-tw"), (b"a", "zh-tw"), (None, "zh"), ("头发", None)]:
        with pytest.raises(TypeError):
            zhconv.convert(text, locale)
