"""Columns of text, over the Arrow PyCapsule interface.

It converts columns of pyarrow, Polars, DuckDB, pandas and others, which can read its results; none of them is required.

>>> import fanjian.arrow
>>> import polars
>>> titles = polars.Series(["头发", None, "干净"])
>>> polars.Series(fanjian.arrow.convert(titles, "s2t")).to_list()
['頭髮', None, '乾淨']
"""

from ._fanjian import Array, ChunkedArray, convert_arrow as convert

__all__ = ["Array", "ChunkedArray", "convert"]
