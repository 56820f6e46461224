"""Laws of scoring on Spark: the lines that ``netral_nlp.distributed`` shows give the cells of one machine."""

from __future__ import annotations

import os
import random
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netral_nlp import api, distributed
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.scorer import added_columns
from strategies import BLANKS, FRAGMENTS

pd = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")
pyspark = pytest.importorskip("pyspark")

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Spark's own: it does not know pandas 3 yet
    pytest.mark.skipif(not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="there is no Java"),
]

Row = tuple[object, ...]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "30",  # several batches a partition
        "spark.pyspark.python": sys.executable,
        "spark.pyspark.driver.python": sys.executable,
        "spark.executorEnv.PYTHONPATH": os.pathsep.join([str(Path(api.__file__).parents[1]), *sys.path]),
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    chance = random.Random(3)
    texts = ["".join(chance.choice(FRAGMENTS) + chance.choice(BLANKS) for _ in range(8)) for _ in range(300)]
    return list(enumerate([*(text.replace("\0", "") for text in texts), None, ""]))


@pytest.fixture(scope="module")
def wanted(model: Model, samudra: Roster, rows: list[Row]) -> list[Row]:
    cells = Engine(model, samudra).score([str(text or "") for _, text in rows]).rows()
    return [(*row, *found) for row, found in zip(rows, cells, strict=True)]


@pytest.fixture(scope="module")
def scored(spark: Any, model: Model, samudra: Roster) -> Callable[[Any], Any]:
    """What the recipe makes of a frame of posts."""
    from pyspark.sql.types import StructType

    shown = distributed.__doc__ or ""
    recipe = compile(textwrap.dedent(shown[shown.index("    sent = ") :]), "recipe", "exec")

    def run(posts: Any) -> Any:
        names = {
            "Engine": Engine, "StructType": StructType, "added_columns": added_columns, "pyarrow": pyarrow,
            "spark": spark, "model": model, "roster": samudra, "posts": posts,
        }  # fmt: skip
        exec(recipe, names)
        return names["scored"]

    return run


def test_partitions_and_batches_never_change_a_cell(
    spark: Any, scored: Callable[[Any], Any], samudra: Roster, rows: list[Row], wanted: list[Row]
) -> None:
    for partitions in (1, 2, 7):
        posts = spark.createDataFrame(spark.sparkContext.parallelize(rows, partitions), "id long, teks string")
        done = scored(posts)
        assert done.rdd.getNumPartitions() == partitions
        assert done.columns == ["id", "teks", *added_columns(samudra)]
        assert [tuple(row) for row in done.collect()] == wanted  # also in their order


def test_a_shuffled_frame_keeps_each_row_together(
    spark: Any, scored: Callable[[Any], Any], rows: list[Row], wanted: list[Row]
) -> None:
    posts = spark.createDataFrame(rows, "id long, teks string").repartition(5)
    done = [tuple(row) for row in scored(posts).collect()]
    assert [row[0] for row in done] == [row[0] for row in posts.collect()]
    assert sorted(done, key=lambda row: int(str(row[0]))) == wanted


def test_the_cells_are_those_of_a_pandas_frame(
    spark: Any, scored: Callable[[Any], Any], model: Model, samudra: Roster, rows: list[Row]
) -> None:
    told = [row for row in rows if str(row[1] or "").strip()]
    here = api.score(pd.DataFrame(told, columns=["id", "teks"]), samudra, model, text_column="teks")
    there = scored(spark.createDataFrame(told, "id long, teks string")).toPandas()
    assert list(there.columns) == list(here.columns)
    assert there.to_dict("list") == here.to_dict("list")


def test_a_partition_without_posts_is_no_fault(
    spark: Any, scored: Callable[[Any], Any], rows: list[Row], wanted: list[Row]
) -> None:
    posts = spark.createDataFrame(spark.sparkContext.parallelize(rows, 4), "id long, teks string").filter("id < 5")
    assert [tuple(row) for row in scored(posts).collect()] == wanted[:5]


def test_no_posts_give_no_rows(spark: Any, scored: Callable[[Any], Any], samudra: Roster) -> None:
    done = scored(spark.createDataFrame([], "id long, teks string"))
    assert done.columns == ["id", "teks", *added_columns(samudra)]
    assert done.collect() == []
