"""Laws of the Python interface: pandas in and out, the same answers as the command line, nothing heavy at import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import netral_nlp
from netral_nlp import api
from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.corpus import Corpus, read_corpus
from netral_nlp.loading import load_corpus
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.files import score_file
from netral_nlp.scoring.scorer import added_columns
from strategies import many

POSTS = [
    "Gas Hasan nomor 2! #HasanWulan",
    "hujan lagi di pasar",
    "Tolak Arman si pembohong, pilih Bagas saja",
    "Debat Arman dan Hasan malam ini jam 7",
    "Bismillah Pak Arman lanjutkan ☝️",
]
USABLE = st.lists(st.sampled_from([*POSTS, "", "  ", "NA", "007", None]), max_size=8)


def frame_of(texts: list[str | None]) -> pd.DataFrame:
    index = pd.Index([f"baris-{i // 2}" for i in range(len(texts))])  # not even unique
    return pd.DataFrame({"Suka": range(len(texts)), "isi unggahan": pd.Series(texts, dtype="str").to_numpy()}, index)


def labelled(corpus: Corpus) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "election": corpus.elections,
            "pair": [e.case.pair for e in corpus.examples],
            "label": corpus.labels,
            "text": [e.case.text for e in corpus.examples],
            "source": corpus.sources,
        }
    )


@pytest.mark.parametrize("statement", ["import netral_nlp", "import netral_nlp; dir(netral_nlp)"])
def test_importing_the_package_loads_nothing_heavy(statement: str) -> None:
    program = f"import sys\n{statement}\nprint({{'numpy', 'pandas', 'sklearn', 'scipy', 'pyarrow'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_public_name_exists_and_no_other() -> None:
    assert [name for name in netral_nlp.__all__ if getattr(netral_nlp, name, None) is None] == []
    assert set(netral_nlp.__all__) <= set(dir(netral_nlp))
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = netral_nlp.nothing_like_this


@given(texts=USABLE, per_pair=st.booleans())
@settings(max_examples=many(25))
def test_no_row_disappears_and_the_frame_given_stays_as_it_was(
    model: Model, samudra: Roster, texts: list[str | None], per_pair: bool
) -> None:
    frame = frame_of(texts)
    before = frame.copy(deep=True)
    scored = netral_nlp.score(frame, samudra, model, max_fpr=0.2, per_pair=per_pair)
    pd.testing.assert_frame_equal(frame, before)
    assert tuple(scored.columns) == (*frame.columns, *added_columns(samudra))
    once = scored[~scored["Suka"].duplicated()]
    pd.testing.assert_frame_equal(once[list(frame.columns)], frame)
    if not per_pair:
        assert len(scored) == len(frame)
    empty = [not (text or "").strip() for text in texts]
    assert once["label"].isna().tolist() == empty
    sums = once[["skor_dukung", "skor_netral", "skor_tolak"]].sum(axis=1)
    named = once["paslon"].fillna("") != ""
    assert np.allclose(sums[named], 1.0)
    assert once["skor_netral"][~named].isna().all()


@pytest.mark.parametrize("per_pair", [False, True])
def test_a_frame_is_scored_as_a_file_is(model: Model, samudra: Roster, tmp_path: Path, per_pair: bool) -> None:
    frame = pd.DataFrame({"id": ["0001", "NA", "x", "y", "z"], "teks": POSTS})
    source, output = tmp_path / "posts.csv", tmp_path / "scored.csv"
    frame.to_csv(source, index=False)
    score_file(source, output, model, samudra, max_fpr=0.2, per_pair=per_pair)
    by_file = pd.read_csv(output, dtype=str, keep_default_na=False)
    by_frame = netral_nlp.score(frame, samudra, model, max_fpr=0.2, per_pair=per_pair)
    assert list(by_file.columns) == list(by_frame.columns)
    assert len(by_file) == len(by_frame) >= len(frame)
    assert set(by_frame["label"]) > {"netral"}
    for name in by_frame.columns:
        cells = by_frame[name]
        is_number = pd.api.types.is_float_dtype(cells)
        written = ["" if x != x else f"{x:.6f}" for x in cells] if is_number else cells.tolist()
        assert written == by_file[name].tolist()


def test_a_polars_frame_is_scored_like_a_pandas_frame(model: Model, samudra: Roster) -> None:
    polars = pytest.importorskip("polars")
    own = {"teks": [*POSTS, None], "n": [1, None, 3, 4, 5, 6]}
    for per_pair in (False, True):
        scored = netral_nlp.score(polars.DataFrame(own), samudra, model, max_fpr=0.2, per_pair=per_pair)
        usual = netral_nlp.score(pd.DataFrame(own), samudra, model, max_fpr=0.2, per_pair=per_pair)
        assert isinstance(scored, polars.DataFrame)
        assert scored.columns == list(usual.columns)
        expected = [[None if lacks else x for x, lacks in zip(usual[n], usual[n].isna(), strict=True)] for n in usual]
        assert [scored[name].to_list() for name in scored.columns] == expected
    lazy = netral_nlp.score(polars.LazyFrame(own), samudra, model, max_fpr=0.2)
    assert isinstance(lazy, polars.LazyFrame) and lazy.collect().columns == scored.columns
    assert netral_nlp.score(polars.Series("isi", POSTS), samudra, model, max_fpr=0.2).columns[0] == "isi"


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_a_list_or_series_of_posts_is_a_frame_of_one_column(model: Model, samudra: Roster, kind: Any) -> None:
    scored = netral_nlp.score(kind(POSTS), samudra, model, max_fpr=0.2)
    pd.testing.assert_frame_equal(
        scored, netral_nlp.score(pd.DataFrame({"teks": POSTS}), samudra, model, max_fpr=0.2), check_dtype=False
    )
    named = pd.Series(POSTS, index=list("abcde"), name="label")
    assert netral_nlp.score(named, samudra, model, max_fpr=0.2).index.tolist() == list("abcde")
    assert netral_nlp.score(named, samudra, model, max_fpr=0.2)["label"].tolist() == POSTS


def test_the_pair_column_says_what_a_post_is_about(model: Model, samudra: Roster) -> None:
    frame = pd.DataFrame({"teks": ["gas terus"] * 3, "halaman": ["Hasan-Wulan", None, "Tidak Ada"]})
    scored = netral_nlp.score(frame, samudra, model, max_fpr=0.2, pair_column="halaman")
    assert scored["paslon"].fillna("?").tolist() == ["Hasan-Wulan", "", "?"]
    assert scored["skor_dukung"].isna().tolist() == [False, True, True]
    assert scored["dukung_1"].fillna(-1).tolist()[1:] == [0, -1]


def test_own_columns_survive_under_their_names(model: Model, samudra: Roster) -> None:
    frame = pd.DataFrame({"teks": POSTS, "label": list("abcde")})
    scored = netral_nlp.score(frame, samudra, model, max_fpr=0.2)
    assert scored["label"].tolist() == list("abcde")
    assert set(scored["label_hasil"]) <= {"dukung", "netral", "tolak", "ragu"}


def test_a_frame_that_cannot_be_scored_is_refused_with_advice(model: Model, samudra: Roster) -> None:
    with pytest.raises(InputError, match="no column for the text"):
        netral_nlp.score(pd.DataFrame({"angka": [1]}), samudra, model, max_fpr=0.2)
    with pytest.raises(InputError, match='no column "teks"; found "isi"'):
        netral_nlp.score(pd.DataFrame({"isi": POSTS}), samudra, model, "teks", max_fpr=0.2)
    with pytest.raises(InputError, match="two columns named isi"):
        netral_nlp.score(pd.DataFrame([POSTS[:2]], columns=["isi", "isi"]), samudra, model, max_fpr=0.2)
    for strange in (POSTS[0], 5, {"teks": POSTS}, None):
        with pytest.raises(UsageError, match="DataFrame is needed"):
            netral_nlp.score(strange, samudra, model, max_fpr=0.2)
    with pytest.raises(UsageError, match="holds texts, not int"):
        netral_nlp.score([POSTS[0], 5], samudra, model, max_fpr=0.2)


def test_rosters_and_models_may_be_given_as_files_ids_or_values(model: Model, samudra: Roster, tmp_path: Path) -> None:
    file = tmp_path / "m.npz"
    save_model(model, file)
    frame = pd.DataFrame({"teks": POSTS})
    first = netral_nlp.score(frame, samudra, model, max_fpr=0.2)
    pd.testing.assert_frame_equal(first, netral_nlp.score(frame, "kota-samudra-2024", str(file), max_fpr=0.2))
    pd.testing.assert_frame_equal(first, netral_nlp.score(frame, samudra.path, file, max_fpr=0.2))
    with pytest.raises(InputError, match=r"Shipped are: .*kota-samudra-2024"):
        netral_nlp.load_roster("kota-tidak-ada")
    assert netral_nlp.load_rosters({"x": samudra})["x"] is samudra


def test_a_missing_default_model_is_trained_once_and_kept(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[Path] = []

    def learn(out: Path, say: object) -> None:
        made.append(out)
        save_model(model, out)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("netral_nlp.making.user_folder", lambda: tmp_path / "own" / "0.1.0")
    monkeypatch.setattr("netral_nlp.making.train", learn)
    assert netral_nlp.load_model().weights[0].features == model.weights[0].features
    assert "training one from the shipped corpus" in caplog.text
    netral_nlp.load_model()
    assert made == [tmp_path / "own" / "0.1.0" / "netral.npz"]  # in no folder of the user's work
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "netral.npz").write_bytes(b"the folder's own model comes first")
    assert netral_nlp.api.default_model() == Path("models/netral.npz")
    (tmp_path / "models" / "netral.npz").unlink()
    monkeypatch.setattr("netral_nlp.making.user_folder", lambda: tmp_path / "own" / "0.1.0" / "netral.npz" / "no")
    assert netral_nlp.api.default_model() == Path("models/netral.npz")  # a home that cannot be written


def test_training_from_a_frame_is_training_from_a_file(
    small_corpus: Corpus, model: Model, rosters: Mapping[str, Roster], tmp_path: Path
) -> None:
    frame = labelled(small_corpus)
    assert load_corpus(frame, rosters).digest == small_corpus.digest
    frame.to_csv(tmp_path / "own.csv", index=False)
    assert read_corpus([tmp_path / "own.csv"], rosters).digest == small_corpus.digest
    trained = netral_nlp.train(frame, out=tmp_path / "new" / "m.npz")
    assert np.array_equal(trained.model.intercept, model.intercept)
    assert netral_nlp.load_model(tmp_path / "new" / "m.npz").facts["corpus_sha256"] == small_corpus.digest


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("election", "kota-lain", 'row 2: unknown election "kota-lain"'),
        ("pair", "Siapa", 'row 2: unknown pair "Siapa"'),
        ("label", "suka", 'row 2: unknown label "suka"'),
        ("text", "  ", "row 2: empty text"),
    ],
)
def test_a_frame_with_an_unknown_value_is_refused_with_its_row(
    small_corpus: Corpus, column: str, value: str, message: str
) -> None:
    frame = labelled(small_corpus).head(5)
    frame.loc[1, column] = value
    with pytest.raises(InputError, match=message):
        netral_nlp.train(frame)


def test_evaluating_a_frame_gives_the_figures_of_the_document(small_corpus: Corpus, model: Model) -> None:
    found = netral_nlp.evaluate(labelled(small_corpus).head(200), model)
    assert found.figures["n"] == 200
    assert 0.5 < found.figures["support_auc"] <= 1.0
    with pytest.raises(UsageError, match="needs data"):
        netral_nlp.evaluate(None, model)


def test_the_evidence_of_an_explanation_adds_up_to_its_scores(model: Model, samudra: Roster) -> None:
    judgements = netral_nlp.explain(POSTS[2], samudra, model, max_fpr=0.2)
    assert {j.pair for j in judgements} == {"Arman-Lestari", "Bagas-Nadia"}
    for judgement in judgements:
        shares = pd.DataFrame(judgement.evidence)[["dukung", "netral", "tolak"]].sum().to_numpy() + model.intercept
        assert np.allclose(np.exp(shares) / np.exp(shares).sum(), judgement.scores)
    (toward,) = netral_nlp.explain(POSTS[1], samudra, model, pair="Hasan-Wulan", max_fpr=0.2)
    assert toward.pair == "Hasan-Wulan"
    with pytest.raises(InputError, match="empty"):
        netral_nlp.explain(" ", samudra, model)


def test_adapting_to_a_frame_with_too_few_posts_is_refused(small_corpus: Corpus, model: Model, samudra: Roster) -> None:
    with pytest.raises(InputError, match="needs at least 300"):
        netral_nlp.adapt(pd.DataFrame({"teks": POSTS}), samudra, model, corpus=labelled(small_corpus))


def test_the_classifier_behaves_as_scikit_learn_expects(small_corpus: Corpus, samudra: Roster) -> None:
    own = [e for e in small_corpus.examples if e.election == samudra.election.id]
    texts, pairs, labels = [e.case.text for e in own], [e.case.pair for e in own], [e.label for e in own]
    empty = clone(netral_nlp.StanceClassifier("kota-samudra-2024", strength=2.0))
    assert empty.get_params()["strength"] == 2.0
    with pytest.raises(NotFittedError):
        empty.predict(texts, pairs)
    fitted = empty.fit(pd.Series(texts), pd.Series(labels), pair=pairs)
    probabilities = fitted.predict_proba(texts, pairs)
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert fitted.predict(texts, pairs).tolist() == fitted.classes_[probabilities.argmax(axis=1)].tolist()
    assert (fitted.predict(texts, pairs) == labels).mean() > 0.8
    assert fitted.predict(texts[:3], "Hasan-Wulan").shape == (3,)


def test_the_classifier_refuses_what_has_no_stance(samudra: Roster) -> None:
    classifier = netral_nlp.StanceClassifier(samudra)
    for texts, labels, pair, message in (
        (POSTS, ["dukung"] * 5, None, "Toward which pair"),
        (POSTS, ["dukung"] * 5, ["Hasan-Wulan"], "one pair, or one for each"),
        (POSTS, ["dukung"] * 4, "Hasan-Wulan", "one for each"),
        ("satu", ["dukung"], "Hasan-Wulan", "list of texts"),
    ):
        with pytest.raises(UsageError, match=message):
            classifier.fit(texts, labels, pair)
    with pytest.raises(InputError, match='"suka"'):
        classifier.fit(POSTS, ["suka"] * 5, "Hasan-Wulan")


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5, True, "7"])
def test_a_seed_that_is_none_is_our_own_sentence_before_anything_is_done(seed: Any, tmp_path: Path) -> None:
    for call in (
        lambda: api.train(seed=seed, out=tmp_path / "m.npz"),
        lambda: api.adapt(tmp_path / "none.csv", "kota-samudra-2024", seed=seed),
        lambda: api.evaluate(seed=seed),
        lambda: api.learn_vectors([tmp_path / "none.csv"], seed=seed),
    ):
        with pytest.raises(UsageError, match="A seed is a whole number"):
            call()
