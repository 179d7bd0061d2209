"""The data set that the examples of engines convert: sentences in both scripts, and the check of an engine's output.

``python dataset.py FOLDER`` writes it alone.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fanjian
import pyarrow as pa
import pyarrow.parquet as pq

CONVERTER = fanjian.Converter(to="zh-TW")

WORDS = {
    "simplified": "我们 他们 皇后 头发 里面 后来 干净 软件 鼠标 发现 了解 历史 面包 一只 复杂 系统 关系 制造 游戏 出版 台湾".split(),
    "traditional": "我們 他們 皇后 頭髮 裡面 後來 乾淨 軟體 滑鼠 發現 瞭解 歷史 麵包 一隻 複雜 系統 關係 製造 遊戲 出版 臺灣".split(),
}
MARKS = "，。！？、"


def sentences(rows: int, seed: int = 1) -> Iterator[str | None]:
    """Rows of 5 to 60 characters; each is of one script, and one in fifty is null."""
    rng = random.Random(seed)
    for _ in range(rows):
        words = WORDS[rng.choice(["simplified", "traditional"])]
        text = "".join(rng.choice(words) + rng.choice(["", "", rng.choice(MARKS)]) for _ in range(rng.randint(3, 24)))
        yield None if rng.random() < 0.02 else text


def write(folder: Path, rows: int, files: int = 4) -> list[str]:
    """Writes the data set as Parquet files, with a number for each row. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = list(sentences(rows))
    size, paths = -(-rows // files), []
    for file in range(files):
        part = texts[file * size : (file + 1) * size]
        numbers = pa.array(range(file * size, file * size + len(part)), pa.int64())
        path = folder / f"part-{file}.parquet"
        table = pa.table({"id": numbers, "text": pa.array(part, pa.string())})
        # Spark's Snappy loads a library for musl where that is installed beside glibc, and fails.
        pq.write_table(table, path, row_group_size=20_000, compression="zstd")
        paths.append(str(path))
    return paths


def check(result: pa.Table, paths: list[str], column: str = "converted") -> None:
    """Compares an engine's output, row by row, with the output of the plain library."""
    source = pa.concat_tables([pq.read_table(path) for path in paths]).sort_by("id")
    result = result.sort_by("id")
    assert result["id"].equals(source["id"]), f"{len(result)} rows came back, of {len(source)}"
    texts = source["text"].to_pylist()
    expected = [None if text is None else CONVERTER.convert(text) for text in texts]
    for row, (found, text, right) in enumerate(zip(result[column].to_pylist(), texts, expected)):
        assert found == right, f"row {row}: {text!r} became {found!r}, not {right!r}"
    changed = sum(right != text for right, text in zip(expected, texts))
    print(f"{len(expected)} rows are as the plain library has them; {changed} of them changed")


@contextlib.contextmanager
def prepared(description: str) -> Iterator[tuple[argparse.Namespace, list[str]]]:
    """The arguments of the command line, and the paths of the data set."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=int, default=300_000, help="number of rows of the data set")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fanjian-") as folder:
        yield arguments, write(Path(folder) / "source", arguments.rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes the data set")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=300_000)
    arguments = parser.parse_args()
    print("\n".join(write(arguments.folder, arguments.rows)))
