"""Converts a column of a Hugging Face data set, in two processes."""

import tempfile

import datasets
import fanjian
import fanjian.arrow
import pyarrow as pa
from dataset import check, prepared

CONVERTER = fanjian.Converter(to="zh-TW")


def of_lists(batch: dict[str, list]) -> dict[str, list]:
    """Batches of Python objects, the default of `map`. The converter does not take nulls."""
    texts = batch["text"]
    converted = iter(CONVERTER.convert_many([text for text in texts if text is not None]))
    return {"converted": [None if text is None else next(converted) for text in texts]}


def of_columns(batch: pa.Table) -> pa.Table:
    """Batches of Arrow data: faster, and nulls stay."""
    converted = pa.chunked_array(fanjian.arrow.convert(batch["text"], CONVERTER))
    return batch.append_column("converted", converted)


if __name__ == "__main__":
    with prepared(__doc__) as (arguments, paths), tempfile.TemporaryDirectory(prefix="fanjian-") as cache:
        source = datasets.Dataset.from_parquet(paths, cache_dir=cache)
        mapped = source.map(of_lists, batched=True, num_proc=2)
        check(mapped.with_format("arrow")[:], paths)
        mapped = source.with_format("arrow").map(of_columns, batched=True, num_proc=2)
        check(mapped.with_format("arrow")[:], paths)
