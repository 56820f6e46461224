"""Laws of fitting: plain scikit-learn gives the same numbers, and so does the model file."""

from __future__ import annotations

import io
from collections import Counter

import joblib
import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from netral_nlp.errors import InputError, UsageError
from netral_nlp.features.blocks import BLOCKS
from netral_nlp.features.reader import prepare
from netral_nlp.features.views import View
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.learning.folds import STRENGTH, folds_of, held_out_logits, splits_of
from netral_nlp.learning.pipeline import BlockVectorizer, VectorSum, ViewTransformer, build_pipeline
from netral_nlp.learning.training import Trained, train
from netral_nlp.model.calibration import softmax
from netral_nlp.model.file import model_bytes
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster
from strategies import FRAGMENTS


@pytest.fixture(scope="module")
def tiny_corpus(small_corpus: Corpus) -> Corpus:
    """Every third post of the small corpus."""
    return Corpus(small_corpus.examples[::3])


@pytest.fixture(scope="module")
def views(tiny_corpus: Corpus) -> list[View]:
    return hide_names(tiny_corpus.cases, prepare(tiny_corpus.cases))


def odd_cases(roster: Roster) -> list[Case]:
    texts = ["", "🔥🔥", "NA", "null", "007", "xqzt", "Arman " * 50, *FRAGMENTS]
    return [Case(t, roster.ids[i % len(roster.ids)], roster) for i, t in enumerate(texts)]


def test_the_pipeline_is_tfidf_blocks_and_logistic_regression(tiny_corpus: Corpus, views: list[View]) -> None:
    with threadpool_limits(1):
        ours = build_pipeline(strength=STRENGTH).fit(views, tiny_corpus.labels)
        parts = []
        for block in BLOCKS:
            if block.dense:
                parts.append(VectorSum(block.name).transform(views) * block.weight)
                continue
            plain = TfidfVectorizer(
                analyzer=block.features, min_df=block.min_df, use_idf=block.idf, sublinear_tf=True, norm="l2"
            )
            parts.append(plain.fit_transform(views) * block.weight)
        design = hstack(parts, format="csr")
        theirs = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-4)
        theirs.fit(design, tiny_corpus.labels)
        assert design.shape[1] > 500
        np.testing.assert_allclose(ours.predict_proba(views), theirs.predict_proba(design), rtol=0, atol=1e-9)


def test_the_pipeline_and_the_model_agree_on_every_post(trained: Trained, corpus: Corpus, samudra: Roster) -> None:
    cases = [*corpus.cases[::40], *odd_cases(samudra)]
    assert len(cases) > 300
    expected = trained.pipeline.predict_proba(cases)
    assert list(trained.pipeline.classes_) == list(LABELS)
    np.testing.assert_allclose(trained.model.probabilities(prepare(cases)), expected, rtol=0, atol=1e-9)


def test_the_pipeline_survives_joblib(trained: Trained, corpus: Corpus) -> None:
    file = io.BytesIO()
    joblib.dump(trained.pipeline, file)
    file.seek(0)
    again = joblib.load(file)
    cases = corpus.cases[::200]
    np.testing.assert_array_equal(again.predict_proba(cases), trained.pipeline.predict_proba(cases))


def test_a_clone_of_the_pipeline_fits_the_same(tiny_corpus: Corpus, views: list[View]) -> None:
    with threadpool_limits(1):
        pipeline = build_pipeline(strength=STRENGTH).fit(views, tiny_corpus.labels)
        again = clone(pipeline).fit(views, tiny_corpus.labels)
    np.testing.assert_array_equal(again.predict_proba(views), pipeline.predict_proba(views))


@pytest.mark.parametrize("wrong", [["pilih dua"], "pilih dua", [None], [3.0], [b"pilih"], [("pilih", "A", "B")]])
def test_no_unprepared_text_passes_the_pipeline(wrong: object, trained: Trained) -> None:
    with pytest.raises(UsageError, match=r"Case\(text, pair, roster\)"):
        trained.pipeline.predict_proba(wrong)
    with pytest.raises(UsageError, match="Case"):
        ViewTransformer().transform(wrong)  # type: ignore[arg-type]


def test_no_unprepared_text_passes_a_vectoriser(tiny_corpus: Corpus, trained: Trained) -> None:
    for block in BLOCKS:
        with pytest.raises(UsageError, match=r"prepare\(cases\)"):
            (VectorSum if block.dense else BlockVectorizer)(block.name).fit_transform(["pilih dua", "pilih satu"])
    fitted = dict(trained.pipeline.named_steps["features"].transformer_list)["words"]
    with pytest.raises(UsageError, match=r"prepare\(cases\)"):
        fitted.transform(tiny_corpus.cases[:2])


def test_cases_and_views_may_be_mixed(tiny_corpus: Corpus) -> None:
    cases = tiny_corpus.cases[:6]
    ready = prepare(cases)
    assert ViewTransformer().transform([cases[0], ready[1], cases[2], *ready[3:]]) == ready


def test_held_out_scores_are_those_of_an_honest_refit(tiny_corpus: Corpus, views: list[View]) -> None:
    folds = folds_of(tiny_corpus.elections)
    alike = near_duplicates([e.case.text for e in tiny_corpus.examples])
    labels = np.array(tiny_corpus.labels)
    with threadpool_limits(1):
        fast = held_out_logits(tiny_corpus, prepare(tiny_corpus.cases))
        for fit, test in splits_of(tiny_corpus.elections, folds, alike):
            honest = build_pipeline(strength=STRENGTH)
            honest.fit([v for v, yes in zip(views, fit, strict=True) if yes], labels[fit])
            seen = [v for v, yes in zip(views, test, strict=True) if yes]
            np.testing.assert_allclose(softmax(fast[test]), honest.predict_proba(seen), rtol=0, atol=1e-6)


def test_fits_side_by_side_give_the_numbers_of_fits_one_after_the_other(
    tiny_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = prepare(tiny_corpus.cases)
    with threadpool_limits(1):
        monkeypatch.setattr("netral_nlp.learning.folds.AT_ONCE", 1)
        alone = held_out_logits(tiny_corpus, views)
        for count in (2, 4):
            monkeypatch.setattr("netral_nlp.learning.folds.AT_ONCE", count)
            assert (held_out_logits(tiny_corpus, views) == alone).all()


def test_no_fold_learns_from_its_own_election_or_its_doubles(small_corpus: Corpus) -> None:
    folds = folds_of(small_corpus.elections)
    assert sorted(name for fold in folds for name in fold) == sorted(set(small_corpus.elections))
    alike = near_duplicates([e.case.text for e in small_corpus.examples])
    tested = np.zeros(len(small_corpus), dtype=int)
    for fold, (fit, test) in zip(folds, splits_of(small_corpus.elections, folds, alike), strict=True):
        assert {e for e, yes in zip(small_corpus.elections, test, strict=True) if yes} == set(fold)
        assert not set(alike[fit]) & set(alike[test])
        tested += test
    assert (tested == 1).all()


def test_training_twice_gives_the_same_bytes(tiny_corpus: Corpus) -> None:
    assert model_bytes(train(tiny_corpus).model) == model_bytes(train(tiny_corpus).model)


def test_the_seed_and_the_order_of_the_corpus_move_no_score_noticeably(tiny_corpus: Corpus) -> None:
    first = train(tiny_corpus)
    seeded = train(tiny_corpus, seed=7)
    assert seeded.model.facts["seed"] == 7
    turned = train(Corpus(tiny_corpus.examples[::-1]))
    assert turned.model.facts["corpus_sha256"] != first.model.facts["corpus_sha256"]
    seen = prepare(tiny_corpus.cases)
    expected = first.model.probabilities(seen)
    np.testing.assert_array_equal(seeded.model.probabilities(seen), expected)  # the solver draws nothing
    np.testing.assert_allclose(turned.model.probabilities(seen), expected, rtol=0, atol=1e-4)


def test_a_model_says_how_it_was_made(trained: Trained, small_corpus: Corpus) -> None:
    facts = trained.model.facts
    assert facts["corpus_sha256"] == small_corpus.digest
    assert facts["posts"] == len(small_corpus)
    assert facts["by_label"] == dict(Counter(small_corpus.labels))
    assert facts["elections"] == sorted(set(small_corpus.elections))
    assert set(facts["versions"]) >= {"scikit-learn", "numpy", "PySastrawi"}


def test_held_out_scores_are_calibrated_probabilities(trained: Trained, small_corpus: Corpus) -> None:
    assert trained.held_out.shape == (len(small_corpus), 3)
    np.testing.assert_allclose(trained.held_out.sum(axis=1), 1.0)
    truth = np.array([LABELS.index(label) for label in small_corpus.labels])
    assert (trained.held_out.argmax(axis=1) == truth).mean() > 0.6


def test_no_personal_data_is_in_the_vocabulary(trained: Trained) -> None:
    features = [f for w in trained.model.weights for f in w.features]
    assert len(features) > 3_000
    assert not any(sum(c.isdigit() for c in f) > 6 or "@" in f or "://" in f for f in features)


@pytest.mark.parametrize("label", LABELS)
def test_too_few_posts_of_a_label_are_refused(label: str, tiny_corpus: Corpus) -> None:
    few = Corpus(tuple(e for e in tiny_corpus.examples if e.label != label))
    with pytest.raises(InputError, match=f'0 posts labelled "{label}"'):
        train(few)


def test_a_corpus_of_one_election_is_refused(corpus: Corpus) -> None:
    one = Corpus(tuple(e for e in corpus.examples if e.election == "kota-samudra-2024"))
    with pytest.raises(InputError, match="single election"):
        train(one)
