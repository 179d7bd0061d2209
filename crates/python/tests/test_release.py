"""The dictionaries of a release of OpenCC, in place of the built-in ones."""

import multiprocessing
import pickle
from pathlib import Path

import fanjian
import fanjian.documents
import pyarrow as pa
import pytest

FILES = {
    "data/Words.txt": "头发\t首髮\n发\t發 髮\n".encode(),
    "config/s2t.json": b'{"conversion_chain": [{"dict": {"type": "ocd2", "file": "Words.ocd2"}}]}',
    "LICENSE.txt": b"no dictionary",
}
RELEASE = fanjian.Dictionaries.from_files("mine-1", FILES)
CONVERTER = fanjian.Converter("s2t", release=RELEASE, dictionaries=[{"云": "雲"}])


@pytest.fixture
def path(tmp_path: Path):
    path = tmp_path / "mine-1.fjd"
    path.write_bytes(RELEASE.to_bytes())
    return path


def test_a_release_has_a_name_and_configurations(path):
    for release in [RELEASE, fanjian.Dictionaries.from_path(path), pickle.loads(pickle.dumps(RELEASE))]:
        assert (release.name, release.configs, repr(release)) == ("mine-1", ("s2t",), "<fanjian.Dictionaries 'mine-1'>")
        assert release.to_bytes() == RELEASE.to_bytes()


def test_every_conversion_takes_a_release(path):
    for release in [RELEASE, path, str(path)]:
        assert fanjian.Converter("s2t", release=release).convert("头发") == "首髮"
        assert fanjian.convert("头发", "s2t", release=release) == "首髮"
        column = fanjian.arrow.convert(pa.array(["头发", None]), "s2t", release=release)
        assert pa.array(column).to_pylist() == ["首髮", None]
        converted = fanjian.documents.convert("# 头发\n", config="s2t", as_="markdown", release=release)
        assert converted.text == "# 首髮\n"
    assert fanjian.convert("头发", "s2t") == fanjian.Converter("s2t").convert("头发") == "頭髮"


def test_a_converter_knows_its_release():
    assert CONVERTER.release.name == "mine-1" and fanjian.Converter("s2t").release is None
    assert repr(CONVERTER) == "fanjian.Converter('s2t', dictionaries=[<1 entry>], release=<mine-1>)"
    assert CONVERTER.convert("云头发") == "雲首髮"
    assert [d.dictionary for s in fanjian.Converter("s2t", release=RELEASE).segments("头发") for d in s.decisions] == ["Words"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_converter_has_its_release(protocol):
    again = pickle.loads(pickle.dumps(CONVERTER, protocol))
    assert (again.convert("云头发"), repr(again)) == ("雲首髮", repr(CONVERTER))


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_release_works_in_other_processes(method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(CONVERTER.convert, ["头发"] * 8) == ["首髮"] * 8


def test_a_damaged_file_is_an_error_that_names_it(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(fanjian.DictionaryError, match="checksum") as caught:
        fanjian.Converter("s2t", release=path)
    assert caught.value.place == str(path)
