"""Laws of scoring on Dask: the same cells as on one machine, whatever the partitions, also when a worker is killed."""

from __future__ import annotations

import os
import random
import signal
import warnings
from collections.abc import Iterator

import pytest

from netral_nlp import distributed as ours
from netral_nlp.errors import InputError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.scorer import added_columns
from strategies import BLANKS, FRAGMENTS

pd = pytest.importorskip("pandas")
pytest.importorskip("dask.dataframe")
dask = pytest.importorskip("distributed")
dd = pytest.importorskip("dask.dataframe")

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's and its web server's own


@pytest.fixture(scope="module")
def posts() -> pd.DataFrame:
    chance = random.Random(3)
    texts = ["".join(chance.choice(FRAGMENTS) + chance.choice(BLANKS) for _ in range(8)) for _ in range(400)]
    texts = [text.replace("\0", "") for text in texts]
    about = [chance.choice(["", "Arman-Lestari"]) for _ in texts]
    return pd.DataFrame({"teks": [*texts, None, ""], "tentang": [*about, "", ""]}, index=range(7, 409))


@pytest.fixture(scope="module")
def client() -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = dask.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True, memory_limit=0
        )
        with cluster, dask.Client(cluster) as client:
            yield client


@pytest.fixture(scope="module")
def wanted(model: Model, samudra: Roster, posts: pd.DataFrame) -> list[tuple[object, ...]]:
    texts = ["" if t is None or t != t else t for t in posts.teks]
    return list(Engine(model, samudra, 0.1).score(texts, [a or None for a in posts.tentang]).rows())


def cells(frame: pd.DataFrame, roster: Roster) -> list[tuple[object, ...]]:
    rows = frame[list(added_columns(roster))].itertuples(index=False, name=None)
    return [tuple("" if x != x else x for x in row) for row in rows]


def test_a_pandas_frame_is_scored_in_place_of_a_file(
    model: Model, samudra: Roster, posts: pd.DataFrame, wanted: list[object]
) -> None:
    scored = ours.score(posts, samudra, model, text_column="teks", pair_column="tentang", max_fpr=0.1)
    assert cells(scored, samudra) == wanted
    assert list(scored.index) == list(posts.index)
    assert list(scored.columns) == [*posts.columns, *added_columns(samudra)]


def test_partitions_never_change_a_cell(
    client: object, model: Model, samudra: Roster, posts: pd.DataFrame, wanted: list[object]
) -> None:
    for partitions in (1, 7):
        frame = dd.from_pandas(posts, npartitions=partitions)
        scored = ours.score(frame, samudra, model, text_column="teks", pair_column="tentang", max_fpr=0.1)
        assert list(scored.columns) == [*posts.columns, *added_columns(samudra)]
        done = scored.compute()
        assert cells(done, samudra) == wanted
        assert dict(done.dtypes) == dict(scored.dtypes)


def test_a_killed_worker_loses_nothing(
    client: dask.Client, model: Model, samudra: Roster, posts: pd.DataFrame, wanted: list[object]
) -> None:
    frame = dd.from_pandas(posts, npartitions=20)
    scored = ours.score(frame, samudra, model, text_column="teks", pair_column="tentang", max_fpr=0.1)
    future = client.compute(scored)
    victim = next(iter(client.cluster.workers.values()))
    os.kill(victim.process.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert cells(future.result(timeout=60), samudra) == wanted
    client.wait_for_workers(2, timeout=60)
    # also on the worker that was started anew
    again = ours.score(frame, samudra, model, text_column="teks", pair_column="tentang", max_fpr=0.1).compute()
    assert cells(again, samudra) == wanted


def test_a_missing_or_taken_column_is_named(model: Model, samudra: Roster, posts: pd.DataFrame) -> None:
    with pytest.raises(InputError, match='no column "isi"'):
        ours.score(posts, samudra, model, text_column="isi", max_fpr=0.1)
    with pytest.raises(InputError, match='"label" already'):
        ours.score(posts.assign(label=""), samudra, model, text_column="teks", max_fpr=0.1)
