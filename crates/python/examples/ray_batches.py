"""Converts a column with Ray Data, in two worker processes, of which one is killed."""

import os
import signal
import tempfile

import fanjian
import fanjian.arrow
import pyarrow as pa
import ray
from dataset import check, prepared

CONVERTER = fanjian.Converter(to="zh-TW")


def to_taiwan(batch: pa.Table) -> pa.Table:
    converted = pa.chunked_array(fanjian.arrow.convert(batch["text"], CONVERTER))
    return pa.table({"id": batch["id"], "converted": converted})


class Killed:
    """The same, in a worker that fails: the first worker is killed."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __call__(self, batch: pa.Table) -> pa.Table:
        try:
            os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return to_taiwan(batch)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("this process is gone")


def killed(mark: str):
    work = Killed(mark)
    return lambda batch: work(batch)


def table(data: ray.data.Dataset) -> pa.Table:
    return pa.concat_tables(ray.get(data.to_arrow_refs()))


with prepared(__doc__) as (arguments, paths), tempfile.TemporaryDirectory(prefix="fanjian-") as folder:
    folder_of_examples = os.path.dirname(os.path.abspath(__file__))
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": folder_of_examples}},
        object_store_memory=500_000_000,
    )
    try:
        source = ray.data.read_parquet(paths, override_num_blocks=8)
        convert = dict(batch_format="pyarrow", batch_size=10_000)
        check(table(source.map_batches(to_taiwan, **convert)), paths)
        mark = os.path.join(folder, "killed")
        check(table(source.map_batches(killed(mark), **convert)), paths)
        assert os.path.exists(mark)
        print("and with a worker killed")
    finally:
        ray.shutdown()
