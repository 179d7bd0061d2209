"""Converts a column with Polars: an expression over the Arrow kernel."""

import fanjian
import fanjian.arrow
import polars as pl
from dataset import check, prepared

CONVERTER = fanjian.Converter(to="zh-TW")


def to_taiwan(texts: pl.Series) -> pl.Series:
    return pl.Series(texts.name, fanjian.arrow.convert(texts, CONVERTER, threads=0))


with prepared(__doc__) as (arguments, paths):
    lazy = pl.scan_parquet(paths).select(
        "id", pl.col("text").map_batches(to_taiwan, return_dtype=pl.String).alias("converted")
    )
    check(lazy.collect().to_arrow(), paths)
