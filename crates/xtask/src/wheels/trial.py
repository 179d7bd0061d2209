"""Uses an installed wheel: text, documents, and columns if pyarrow is there."""

import importlib.util

import fanjian
import fanjian.arrow
import fanjian.documents

assert fanjian.Converter("s2twp").convert("鼠标里的头发") == "滑鼠裡的頭髮"
assert fanjian.convert("这里的头发", to="zh-TW") == "這裡的頭髮"
assert fanjian.Converter("t2s").convert_many(["頭髮"] * 100, threads=2) == ["头发"] * 100
assert fanjian.detect("頭髮裡").script == "taiwan"
assert fanjian.documents.convert("1\n00:00:01,000 --> 00:00:02,000\n头发\n", "zh-TW", as_="srt").changed == 1
if importlib.util.find_spec("pyarrow"):
    import pyarrow

    texts = pyarrow.array(["头发", None, "頭髮"])
    assert pyarrow.array(fanjian.arrow.convert(texts, "s2t")).to_pylist() == ["頭髮", None, "頭髮"]
    assert texts.filter(pyarrow.array(fanjian.arrow.keep_if(texts, "script=hans"))).to_pylist() == ["头发"]
print(f"fanjian {fanjian.__version__} works")
