"""Converts a column in SQL, with DuckDB: a function over Arrow columns."""

import duckdb
import fanjian
import fanjian.arrow
import pyarrow as pa
from dataset import check, prepared

CONVERTER = fanjian.Converter(to="zh-TW")


def to_taiwan(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array(fanjian.arrow.convert(texts, CONVERTER))


with prepared(__doc__) as (arguments, paths):
    database = duckdb.connect()
    database.create_function("to_taiwan", to_taiwan, ["VARCHAR"], "VARCHAR", type="arrow")
    rows = database.sql("select id, to_taiwan(text) as converted from read_parquet($paths)", params={"paths": paths})
    check(rows.to_arrow_table(), paths)
