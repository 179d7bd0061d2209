"""Converts a column with PySpark, on a cluster of two worker processes of this machine, of which one is killed.

Three ways: `mapInArrow`, for whole batches; a function on Arrow columns; and a function on single values that Spark sends
over as Arrow data. The converter is part of each function and goes to the workers with it.

`arrow_udf` came with Spark 4.1, which needs Python 3.10 or later.
"""

import glob
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import fanjian
import fanjian.arrow
import pyarrow as pa
import pyspark
from dataset import check, prepared
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import arrow_udf, udf
from pyspark.sql.types import StringType

CONVERTER = fanjian.Converter(to="zh-TW")


def batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        converted = pa.array(fanjian.arrow.convert(batch["text"], CONVERTER))
        yield pa.record_batch({"id": batch["id"], "converted": converted})


def killed(mark: Path) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The same, on a machine that fails: in the first attempt at one of the partitions, the executor is killed. The files
    `mark` and `mark.again` record that it was killed, and that the partition was tried again."""

    def of_a_killed_worker(source: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        for number, batch in enumerate(batches(source)):
            if task.partitionId() == 1 and number == 1:
                if task.attemptNumber() > 0:
                    mark.with_suffix(".again").touch()
                else:
                    # The process that started the one that started this one.
                    status = Path(f"/proc/{os.getppid()}/status").read_text()
                    executor = int(status.split("PPid:")[1].split()[0])
                    assert b"CoarseGrainedExecutorBackend" in Path(f"/proc/{executor}/cmdline").read_bytes()
                    mark.touch(exist_ok=False)
                    os.kill(executor, signal.SIGKILL)
            yield batch

    return of_a_killed_worker


@arrow_udf(StringType())
def of_columns(texts: pa.Array) -> pa.Array:
    return pa.array(fanjian.arrow.convert(texts, CONVERTER))


@udf(StringType(), useArrow=True)
def of_values(text: str | None) -> str | None:
    return None if text is None else CONVERTER.convert(text)


def table(frame: DataFrame) -> pa.Table:
    return frame.toArrow()


with prepared(__doc__) as (arguments, paths), tempfile.TemporaryDirectory(prefix="fanjian-") as folder:
    # Workers start Python and Spark as this process does.
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_HOME=os.path.dirname(pyspark.__file__))
    scala = glob.glob(os.path.join(os.environ["SPARK_HOME"], "jars", "scala-library-*.jar"))[0]
    os.environ.setdefault("SPARK_SCALA_VERSION", ".".join(os.path.basename(scala)[14:].split(".")[:2]))
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.executor.memory", "768m")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(sys.path[:1]))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "10000")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.files.maxPartitionBytes", "1m")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    try:
        source = spark.read.parquet(*paths)
        print("partitions:", source.rdd.getNumPartitions())
        kind = "id bigint, converted string"
        check(table(source.mapInArrow(batches, kind)), paths)
        check(table(source.select("id", of_columns("text").alias("converted"))), paths)
        check(table(source.select("id", of_values("text").alias("converted"))), paths)
        print("and with a worker killed:")
        mark = Path(folder) / "killed"
        check(table(source.mapInArrow(killed(mark), kind)), paths)
        assert mark.exists() and mark.with_suffix(".again").exists(), "no worker was killed"
    finally:
        spark.stop()
