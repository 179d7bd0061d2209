"""Operators of Data-Juicer: a mapper that converts to a target, and a filter by script.

A recipe names this file in `custom_operator_paths`, and the operators as below in `process`.
"""

from __future__ import annotations

import fanjian
import fanjian.arrow
import pyarrow as pa
from data_juicer.ops.base_op import OPERATORS, Filter, Mapper
from data_juicer.utils.constant import Fields

# The statistics of the filter.
SCRIPT, HAN = "fanjian_script", "fanjian_han"


@OPERATORS.register_module("fanjian_mapper")
class FanjianMapper(Mapper):
    """Cleans texts, and converts them to a target by context, such as zh-TW, whatever their script is."""

    _batched_op = True

    def __init__(self, to: str = "zh-TW", vocabulary: str = "keep", glosses: str = "repair", *args, **kwargs):
        """
        Initialization method.

        :param to: the target.
        :param vocabulary: "local" also converts to the region's words.
        :param glosses: the mode of `fanjian.clean`.
        """
        super().__init__(*args, **kwargs)
        self.glosses = glosses
        self.converter = fanjian.Converter(to=to, vocabulary=vocabulary)

    def process_batched(self, samples):
        texts = pa.array(samples[self.text_key], pa.large_string())
        cleaned = pa.array(fanjian.arrow.clean(texts, self.glosses, converter=self.converter))
        samples[self.text_key] = cleaned.field("text").to_pylist()
        return samples


@OPERATORS.register_module("fanjian_script_filter")
class FanjianScriptFilter(Filter):
    """Keeps texts in these scripts, as `fanjian.detect` names them, with enough Chinese characters."""

    _batched_op = True

    def __init__(self, scripts: list[str] = ["simplified", "traditional", "taiwan", "hong-kong"], min_han: int = 0, *args, **kwargs):
        """
        Initialization method.

        :param scripts: the scripts to keep.
        :param min_han: the least number of Chinese characters.
        """
        super().__init__(*args, **kwargs)
        self.scripts, self.min_han = set(scripts), min_han

    def compute_stats_batched(self, samples):
        texts = pa.array(samples[self.text_key], pa.large_string())
        found = pa.array(fanjian.arrow.detect(texts))
        rows = zip(samples[Fields.stats], found.field("script").to_pylist(), found.field("han").to_pylist())
        for stats, script, han in rows:
            stats[SCRIPT], stats[HAN] = script, han
        return samples

    def process_batched(self, samples):
        return [stats[SCRIPT] in self.scripts and stats[HAN] >= self.min_han for stats in samples[Fields.stats]]


if __name__ == "__main__":
    import pyarrow.parquet as pq
    from data_juicer.core.data import NestedDataset
    from dataset import CONVERTER, prepared

    with prepared(__doc__) as (arguments, paths):
        texts = [text for path in paths for text in pq.read_table(path)["text"].to_pylist() if text is not None]
        source = NestedDataset.from_dict({"text": texts})
        operators = [FanjianScriptFilter(min_han=10), FanjianMapper(to="zh-TW")]
        result = source.process(operators)["text"]
        scripts = operators[0].scripts
        kept = [text for text in texts if (found := fanjian.detect(text)).script in scripts and found.han >= 10]
        expected = [fanjian.clean(text, "repair", converter=CONVERTER).text for text in kept]
        assert list(result) == expected, f"{len(result)} texts, not {len(expected)}"
        print(f"{len(kept)} of {len(texts)} texts are kept, and are as the plain library has them")
