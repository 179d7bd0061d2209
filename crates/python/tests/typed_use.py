"""Uses of the package that a type checker must accept, and some that it must not."""

from pathlib import Path
from typing import Optional

import fanjian
import fanjian.documents
from fanjian.compat import opencc, zhconv

converter = fanjian.Converter("s2twp", dictionaries=[{"云": "雲"}, Path("words.txt")], protect=("a", "b"))
converted: str = converter.convert("头发")
many: list[str] = converter.convert_many(iter(["头发"]), threads=2)
data: bytes = converter.convert_bytes(b"", invalid_utf8="pass")
piece: str = converter.stream().push("") + converter.stream(beginning="").finish()
config: str = converter.config or ""
alternatives: tuple[str, ...] = converter.segments("")[0].decisions[0].alternatives
share: float = fanjian.clean("", "strip", share=0.5).share
release = fanjian.Dictionaries.from_files("mine", {"s2t.json": b""})
pinned: Optional[fanjian.Dictionaries] = fanjian.Converter("s2t", release=release).release
by_release: str = fanjian.convert("", "s2t", release=Path("a.fjd")) + fanjian.Converter("s2t", release="a.fjd").convert("")
script: str = fanjian.detect("").script
key: tuple[str, list[int]] = (fanjian.fold(""), fanjian.fold_with_offsets("")[1])
rows: int = len(fanjian.arrow.convert(object(), converter, threads=0))
rows_to_a_target: int = len(fanjian.arrow.convert(object(), to="zh-TW", from_="zh-CN", vocabulary="local"))
from_memory: bytes = converter.convert_bytes(memoryview(b"")) + converter.byte_stream().push(bytearray())
masks: int = len(fanjian.arrow.keep_if(object(), iter(["han>=2"]))) + len(fanjian.arrow.keep_if(object(), "han>=2", threads=2))
found: int = len(fanjian.arrow.detect(object(), threads=0)) + len(fanjian.arrow.clean(object(), "strip", converter=converter))
document: fanjian.documents.Document = fanjian.documents.convert(b"", "zh-TW", as_="srt", converter=None)
page: Optional[str] = fanjian.documents.convert(Path("a.srt"), config="s2t", punctuation="local", code=True).text
texts: list[str] = fanjian.documents.groups("", "srt") + fanjian.documents.groups(Path("a.srt"))
subtitles: str = fanjian.Converter("s2t", punctuation="keep").convert("", as_="srt")
drop_in: str = opencc.OpenCC("s2t").convert("") + zhconv.convert("", "zh-tw", {"a": "b"})

same: str = fanjian.convert("", Path("mine.json")) + fanjian.convert("", to="zh-TW", vocabulary="local", punctuation="local")
target = fanjian.Converter(to="zh-TW", from_="zh-CN", vocabulary="keep", protect={"a"}, dictionaries=iter(["a.txt"]))
configuration = fanjian.Converter("mine", tofu_risk=True, search_folders=[Path("."), "a"])
reimplementation = opencc.OpenCC(conversion="s2t")
simplified: Optional[bool] = zhconv.issimp("", full=True)

converter.convert(b"")  # type: ignore[arg-type]
converter.convert_many("头发", thread=2)  # type: ignore[call-arg]
converter.convert_bytes(b"", invalid_utf8="ignore")  # type: ignore[arg-type]
converter.byte_stream(invalid_utf8="ignore")  # type: ignore[arg-type]
converter.byte_stream(beginning=b"")  # type: ignore[arg-type]
fanjian.clean("", "mend")  # type: ignore[arg-type]
fanjian.arrow.clean(object(), "mend")  # type: ignore[arg-type]
fanjian.arrow.keep_if(object(), 3)  # type: ignore[arg-type]
fanjian.Converter(3)  # type: ignore[call-overload]
fanjian.Converter()  # type: ignore[call-overload]
fanjian.Converter("s2t", to="zh-TW")  # type: ignore[call-overload]
fanjian.Converter("s2t", from_="zh-CN")  # type: ignore[call-overload]
fanjian.Converter("s2t", vocabulary="local")  # type: ignore[call-overload]
fanjian.Converter(to="zh-TW", vocabulary="all")  # type: ignore[call-overload]
fanjian.Converter(to="zh-TW", tofu_risk=True)  # type: ignore[call-overload]
fanjian.Converter(to="zh-TW", search_folders=["a"])  # type: ignore[call-overload]
fanjian.Converter(to="zh-TW", punctuation="all")  # type: ignore[call-overload]
fanjian.Converter(to="zh-TW", release=release)  # type: ignore[call-overload]
fanjian.Dictionaries.from_files("mine", {"s2t.json": ""})  # type: ignore[dict-item]
fanjian.documents.convert(3, "zh-TW")  # type: ignore[arg-type]
fanjian.documents.convert("", "zh-TW", vocabulary="all")  # type: ignore[arg-type]
fanjian.convert("")  # type: ignore[call-overload]
fanjian.convert("", "s2t", to="zh-TW")  # type: ignore[call-overload]
fanjian.convert("", "s2t", vocabulary="local")  # type: ignore[call-overload]
fanjian.convert("", "s2t", from_="zh-CN")  # type: ignore[call-overload]
fanjian.arrow.convert(object(), "s2t", to="zh-TW")  # type: ignore[call-overload]
fanjian.arrow.convert(object(), converter, vocabulary="local")  # type: ignore[call-overload]
