"""Steps of a datatrove pipeline: a filter that keeps Chinese texts, and a formatter that cleans and converts them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import fanjian
import fanjian.arrow
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import JsonlWriter
from dataset import CONVERTER, prepared


class ScriptFilter(BaseFilter):
    """Keeps documents of which all conditions are true, as those of `--keep-if` of the command."""

    name = "🀄 fanjian"

    def __init__(self, conditions: list[str], batch_size: int = 1000, exclusion_writer=None):
        super().__init__(exclusion_writer, batch_size)
        self.conditions = conditions

    def filter(self, doc: Document) -> bool:
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool]:
        texts = pa.array([doc.text for doc in batch], pa.large_string())
        return pa.array(fanjian.arrow.keep_if(texts, self.conditions)).to_pylist()


class Converted(BaseFormatter):
    """Removes glosses that a machine inserted, repairs what they damaged, and converts."""

    name = "🀄 fanjian"

    def __init__(self, converter: fanjian.Converter):
        super().__init__()
        self.converter = converter

    def format(self, text: str) -> str:
        return fanjian.clean(text, "repair", converter=self.converter).text


if __name__ == "__main__":
    with prepared(__doc__) as (arguments, paths), tempfile.TemporaryDirectory(prefix="fanjian-") as folder:
        source, target = Path(paths[0]).parent, Path(folder) / "out"
        # datatrove leaves out rows without text itself.
        executor = LocalPipelineExecutor(
            pipeline=[
                ParquetReader(str(source), glob_pattern="*.parquet"),
                ScriptFilter(["script=hans,hant", "han>=10"]),
                Converted(CONVERTER),
                JsonlWriter(str(target), output_filename="${rank}.jsonl", compression=None),
            ],
            tasks=2,
            workers=2,
            logging_dir=str(Path(folder) / "logs"),
        )
        executor.run()
        result = [text for file in target.glob("*.jsonl") for text in pj.read_json(file)["text"].to_pylist()]
        texts = [text for path in paths for text in pq.read_table(path)["text"].to_pylist() if text is not None]
        scripts = ("simplified", "traditional", "taiwan", "hong-kong")
        kept = [text for text in texts if (found := fanjian.detect(text)).script in scripts and found.han >= 10]
        expected = [fanjian.clean(text, "repair", converter=CONVERTER).text for text in kept]
        assert sorted(result) == sorted(expected), f"{len(result)} texts, not {len(expected)}"
        print(f"{len(expected)} of {len(texts)} texts are kept, and are as the plain library has them")
