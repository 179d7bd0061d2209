"""Uses of the package that a type checker must accept, and some that it must not."""

from pathlib import Path

import fanjian
import fanjian.arrow
from fanjian.compat import opencc, zhconv

converter = fanjian.Converter("s2twp", dictionaries=[{"云": "雲"}, Path("words.txt")], protect=("a", "b"))
converted: str = converter.convert("头发")
many: list[str] = converter.convert_many(iter(["头发"]), threads=2)
data: bytes = converter.convert_bytes(b"", invalid_utf8="pass")
piece: str = converter.stream().push("")
config: str = converter.config or ""
alternatives: tuple[str, ...] = converter.segments("")[0].decisions[0].alternatives
share: float = fanjian.clean("", "strip", share=0.5).share
script: str = fanjian.detect("").script
rows: int = len(fanjian.arrow.convert(object(), converter, threads=0))
drop_in: str = opencc.OpenCC("s2t").convert("") + zhconv.convert("", "zh-tw", {"a": "b"})

converter.convert(b"")  # type: ignore[arg-type]
converter.convert_many("头发", thread=2)  # type: ignore[call-arg]
fanjian.Converter(3)  # type: ignore[arg-type]
