"""Columns of text, over the Arrow PyCapsule interface.

It converts, detects, cleans and selects columns of pyarrow, Polars, DuckDB, pandas and others, which can read its results; none
of them is required.

>>> import fanjian.arrow
>>> import polars
>>> titles = polars.Series(["头发", None, "干净"])
>>> polars.Series(fanjian.arrow.convert(titles, "s2t")).to_list()
['頭髮', None, '乾淨']
>>> titles.filter(polars.Series(fanjian.arrow.keep_if(titles, "script=hans"))).to_list()
['头发', '干净']
"""

from ._fanjian import (
    Array,
    ChunkedArray,
    clean_arrow as clean,
    convert_arrow as convert,
    detect_arrow as detect,
    keep_if_arrow as keep_if,
)

__all__ = ["Array", "ChunkedArray", "clean", "convert", "detect", "keep_if"]
