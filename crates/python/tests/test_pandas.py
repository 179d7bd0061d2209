"""Columns of pandas, and back to a Series as in the guide."""

import fanjian.arrow
import pandas
import pyarrow
import pytest

VALUES, EXPECTED = ["头发", None, "干净"], ["頭髮", None, "乾淨"]


@pytest.mark.parametrize("dtype", ["object", "string", "string[pyarrow]", pandas.ArrowDtype(pyarrow.string())], ids=str)
def test_a_series_becomes_a_series(dtype):
    titles = pandas.Series(VALUES, dtype=dtype, index=[3, 1, 2], name="title")
    converted = fanjian.arrow.convert(pyarrow.array(titles), "s2t")
    converted = pandas.Series(pyarrow.chunked_array(converted), index=titles.index, dtype=titles.dtype, name=titles.name)
    expected = pandas.Series(EXPECTED, dtype=dtype, index=[3, 1, 2], name="title")
    pandas.testing.assert_series_equal(converted, expected)


def test_the_type_that_pandas_chooses():
    titles = pandas.Series(VALUES)
    converted = fanjian.arrow.convert(pyarrow.array(titles), "s2t")
    converted = pandas.Series(pyarrow.chunked_array(converted), index=titles.index, dtype=titles.dtype)
    pandas.testing.assert_series_equal(converted, pandas.Series(EXPECTED))


@pytest.mark.skipif(not hasattr(pandas.Series, "from_arrow"), reason="came with pandas 3.0")
def test_a_series_gives_and_takes_arrow_data():
    converted = pandas.Series.from_arrow(fanjian.arrow.convert(pandas.Series(VALUES), "s2t"))
    pandas.testing.assert_series_equal(converted, pandas.Series(EXPECTED))
