"""Laws of adapting to an election by its unlabelled posts: it learns no names, heeds a veto, and never drifts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netral_nlp.arrays import Floats
from netral_nlp.auditing.swaps import measure_swaps
from netral_nlp.errors import InputError, UsageError
from netral_nlp.features.reader import prepare
from netral_nlp.learning import adaptation
from netral_nlp.learning.adaptation import AGREEMENT, FEWEST, MARGIN, SHARE, adapt, views_of
from netral_nlp.learning.adapted import CONFIDENT, SEEN, TERMS, Adapted, agreement, without
from netral_nlp.learning.anonymity import HIDDEN, hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.training import train
from netral_nlp.model.file import load_model, model_bytes, save_model
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS, SUPPORT
from netral_nlp.roster import Roster
from netral_nlp.scoring.scorer import Scorer
from netral_nlp.statistics import auc
from running import Done, run, write

FIVE = ("pilpres-fiksi", "kab-kayan-2020", "prov-karang-2024", "kota-cakrawala-2024", "kota-ranah-2024")
NEW = "kota-samudra-2024"
Posts = list[tuple[str, str | None]]


@pytest.fixture(scope="module")
def written(corpus: Corpus) -> Corpus:
    """Every fifth post of five elections."""
    return Corpus(tuple(e for e in corpus.examples if e.election in FIVE)[::5])


@pytest.fixture(scope="module")
def left_out(corpus: Corpus) -> Corpus:
    """All posts of the new election; adaptation never sees their labels."""
    return Corpus(tuple(e for e in corpus.examples if e.election == NEW))


@pytest.fixture(scope="module")
def posts(left_out: Corpus) -> Posts:
    return [(case.text, case.pair) for case in left_out.cases]


@pytest.fixture(scope="module")
def parent(written: Corpus) -> Model:
    return train(written).model


@pytest.fixture(scope="module")
def adapted(parent: Model, written: Corpus, samudra: Roster, posts: Posts) -> Adapted:
    return adapt(parent, written, samudra, posts)


@pytest.fixture
def unchecked(parent: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skips the fits without an election: the parent's held-out scores stand for the child's."""
    held = parent.held_out
    assert held is not None
    logits = np.log(np.maximum(held.scores, 1e-6))
    monkeypatch.setattr(adaptation, "_held_out", lambda *given: logits)


def support(model: Model, labelled: Corpus) -> float:
    truth = np.array(labelled.labels) == SUPPORT
    return float(auc(truth, model.probabilities(prepare(labelled.cases))[:, 0]))


def test_an_election_left_out_is_judged_no_worse(adapted: Adapted, parent: Model, left_out: Corpus) -> None:
    before, after = support(parent, left_out), support(adapted.model, left_out)
    assert before > 0.8
    assert after >= before - 0.01
    assert adapted.auc_after >= adapted.auc_before - MARGIN
    assert adapted.agreement >= AGREEMENT


def test_no_feature_comes_from_the_new_posts(adapted: Adapted, parent: Model) -> None:
    assert [w.features for w in adapted.model.weights] == [w.features for w in parent.weights]
    assert [w.block for w in adapted.model.weights] == [w.block for w in parent.weights]
    assert all(not np.array_equal(a.coef, b.coef) for a, b in zip(adapted.model.weights, parent.weights, strict=True))


def test_too_few_views_are_refused(parent: Model, written: Corpus, samudra: Roster, posts: Posts) -> None:
    many, _ = views_of(posts, samudra)
    assert len(many) >= FEWEST
    for few in ([], posts[:100], [("hujan lagi di pasar", None)] * 1000, posts[:100] * 10):
        with pytest.raises(InputError, match="at least 300"):
            adapt(parent, written, samudra, few)


def test_another_corpus_is_refused(parent: Model, written: Corpus, samudra: Roster, posts: Posts) -> None:
    changed = replace(written.examples[0], label="netral" if written.examples[0].label != "netral" else "tolak")
    for other in (Corpus(written.examples[1:]), Corpus((changed, *written.examples[1:]))):
        with pytest.raises(InputError, match="not trained on this corpus"):
            adapt(parent, other, samudra, posts)


@pytest.mark.parametrize("fact", ["adapted", "recalibrated"])
def test_a_model_is_adapted_once(fact: str, parent: Model, written: Corpus, samudra: Roster, posts: Posts) -> None:
    with pytest.raises(InputError, match=f"{fact} already"):
        adapt(replace(parent, facts={**parent.facts, fact: {}}), written, samudra, posts)


def test_a_model_without_held_out_scores_is_refused_at_once(
    parent: Model, written: Corpus, samudra: Roster, posts: Posts
) -> None:
    said: list[str] = []
    with pytest.raises(InputError, match="Train it again"):
        adapt(replace(parent, held_out=None), written, samudra, posts, say=said.append)
    assert said == []


def weight_of(model: Model, word: str) -> Floats:
    words = model.weights[0]
    return words.coef[words.index[word]]


@pytest.mark.usefixtures("unchecked")
def test_a_vetoed_word_learns_nothing(
    adapted: Adapted, parent: Model, written: Corpus, samudra: Roster, posts: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = next(t.word for t in adapted.terms if t.side == SUPPORT and t.posts >= 20)
    fit = adaptation._fit
    taught: list[Any] = []

    def spy(old: Any, labels: Any, new: Any, *rest: Any) -> Any:
        taught.append(new)
        return fit(old, labels, new, *rest)

    monkeypatch.setattr(adaptation, "_fit", spy)
    child = adapt(parent, written, samudra, posts, veto=[word])
    assert word not in {t.word for t in child.terms}
    assert len(child.terms) > TERMS
    assert child.model.facts["adapted"]["veto"] == [word]
    assert weight_of(child.model, word)[0] < weight_of(adapted.model, word)[0]
    index = parent.weights[0].index
    holding = [row for feature, row in index.items() if word in feature.replace("_", " ").split()]
    assert len(holding) > 1
    assert len(taught) == adaptation.ROUNDS
    assert all(not matrix[:, holding].nnz and matrix.nnz for matrix in taught)


def test_a_vetoed_word_is_hidden_in_every_block(parent: Model, samudra: Roster, posts: Posts) -> None:
    cases, views = views_of(posts, samudra)
    nameless = hide_names(cases, views)
    hidden = without(nameless, ["menang"], parent)
    changed = [(a, b) for a, b in zip(nameless, hidden, strict=True) if a != b]
    assert len(changed) > 10
    for before, after in changed:
        assert "menang" in [t.form for t in before.tokens] + [t.written for t in before.tokens]
        assert "menang" not in [t.form for t in after.tokens] + [t.written for t in after.tokens]
        gone = [x for x, y in zip(before.tokens, after.tokens, strict=True) if x != y]
        assert all("menang" in (t.form, t.written) for t in gone)
        assert sum(t.form == HIDDEN for t in after.tokens) >= len(gone)
    assert without(nameless, [" Menang "], parent) == hidden
    assert without(nameless, [], parent) is nameless


def test_a_veto_of_no_word_is_a_slip(parent: Model, written: Corpus, samudra: Roster, posts: Posts) -> None:
    with pytest.raises(UsageError, match='"xqzt"'):
        adapt(parent, written, samudra, posts, veto=["menang", "xqzt"])


def test_who_is_meant_never_moves_a_score(adapted: Adapted, left_out: Corpus) -> None:
    swaps = measure_swaps(adapted.model, left_out.examples[::6])
    assert swaps.failures == []
    assert len(swaps.roles.differences) > 150
    assert len(swaps.alike.differences) > 20


def test_the_order_of_the_ballot_never_moves_a_score(adapted: Adapted, samudra: Roster, posts: Posts) -> None:
    ours = Scorer(adapted.model, samudra, 0.05)
    theirs = Scorer(adapted.model, replace(samudra, pairs=samudra.pairs[::-1], digest="another"), 0.05)
    for text, pair in posts[::20]:
        assert pair is not None
        a, b = ours.toward(text, pair), theirs.toward(text, pair)
        assert (a.label, a.scores, a.support) == (b.label, b.scores, b.support[::-1])


@pytest.mark.usefixtures("unchecked")
def test_the_order_of_the_ballot_never_moves_what_is_learned(
    adapted: Adapted, parent: Model, written: Corpus, samudra: Roster, posts: Posts, left_out: Corpus
) -> None:
    turned = replace(samudra, pairs=samudra.pairs[::-1], digest="another")
    other = adapt(parent, written, turned, posts)
    assert set(other.support_by_pair) == set(adapted.support_by_pair) == set(samudra.ids)
    for pair, (before, _) in adapted.support_by_pair.items():
        assert other.support_by_pair[pair][0] == pytest.approx(before, abs=1e-9)
    a, b = (w.coef / np.abs(w.coef).max() for w in (adapted.model.weights[0], other.model.weights[0]))
    assert np.abs(a - b).max() < 0.02


@pytest.mark.usefixtures("unchecked")
def test_a_drifting_model_is_refused(
    parent: Model, written: Corpus, samudra: Roster, posts: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, views = views_of(posts, samudra)
    assert (parent.probabilities(views).max(axis=1) >= CONFIDENT).sum() > 20
    monkeypatch.setattr(adaptation, "SHARPNESS", -4.0)
    monkeypatch.setattr(adaptation, "SHARE", 30.0)
    monkeypatch.setattr(adaptation, "MOST_A_VIEW", 30.0)
    with pytest.raises(InputError, match="drifted"):
        adapt(parent, written, samudra, posts)


def test_a_model_that_forgets_the_written_elections_is_refused(
    parent: Model, written: Corpus, samudra: Roster, posts: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = parent.held_out
    assert held is not None
    noise = np.random.default_rng(0).normal(size=held.scores.shape)
    monkeypatch.setattr(adaptation, "_held_out", lambda *given: np.log(np.maximum(held.scores, 1e-3)) + 2 * noise)
    with pytest.raises(InputError, match="written elections left out"):
        adapt(parent, written, samudra, posts)


def test_the_guard_stands_where_it_says(adapted: Adapted) -> None:
    adaptation._guard(replace(adapted, agreement=AGREEMENT))
    adaptation._guard(replace(adapted, auc_before=0.8, auc_after=0.8 - MARGIN + 1e-9))
    for bad in ({"agreement": AGREEMENT - 1e-6}, {"auc_before": 0.8, "auc_after": 0.8 - MARGIN - 1e-6}):
        with pytest.raises(InputError, match="not kept"):
            adaptation._guard(replace(adapted, **bad))  # type: ignore[arg-type]


def test_agreement_counts_the_posts_that_the_parent_is_sure_of() -> None:
    sure, unsure = [0.95, 0.03, 0.02], [0.5, 0.3, 0.2]
    other = [0.1, 0.8, 0.1]
    before = np.array([sure, sure, unsure, sure, sure])
    assert agreement(before, np.array([sure, unsure, other, other, sure])) == 0.75
    assert agreement(before[2:3], np.array([other])) == 1.0


def test_few_posts_do_not_outweigh_the_written_ones(parent: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Floats] = []

    class Spy:
        named_steps: Mapping[str, Any] = {}

        def set_params(self, **options: Any) -> None:
            assert options == {"class_weight": None}

        def fit(self, matrix: Any, answers: Any, sample_weight: Floats) -> Spy:
            given.append(sample_weight[np.arange(len(sample_weight)) >= 90])
            self.shares = {label: sample_weight[90:][answers[90:] == label].sum() for label in LABELS}
            return self

    spy = Spy()
    spy.named_steps = {"logit": spy}
    monkeypatch.setattr(adaptation, "build_pipeline", lambda **options: spy)
    labels = np.repeat(LABELS, 30)
    target = np.array([0.5, 0.3, 0.2])
    for views, expected in ((10, 10.0), (1000, SHARE * 90)):
        beliefs = np.tile(np.eye(3) * 0.85 + 0.05, (views // 3 + 1, 1))[:views]
        old, new = (adaptation.csr_matrix(np.ones((n, 2))) for n in (90, views))
        adaptation._fit(old, labels, new, beliefs, target, parent)
        assert given[-1].sum() == pytest.approx(expected)
        assert [spy.shares[label] / expected for label in LABELS] == pytest.approx(list(target))
    doubtful = np.full((10, 3), 1 / 3)
    adaptation._fit(old, labels, adaptation.csr_matrix(np.ones((10, 2))), doubtful, target, parent)
    assert len(given[-1]) == 0


def test_a_view_is_a_distinct_post_and_pair(samudra: Roster) -> None:
    both = "Arman atau Hasan Basri, sama saja #ArmanLestari #HasanWulan"
    given: Posts = [(both, None), (both, "Bagas-Nadia"), (both, None)]
    given += [("gas terus", "Bagas-Nadia"), ("gas terus", None), ("", None)]
    cases, views = views_of(given, samudra)
    assert [(c.text, c.pair) for c in cases] == [
        (both, "Arman-Lestari"), (both, "Hasan-Wulan"), ("gas terus", "Bagas-Nadia"),
    ]  # fmt: skip
    assert [samudra.ids[v.pair] for v in views] == [c.pair for c in cases]
    assert views == prepare(cases)


def test_very_many_posts_are_sampled_by_seed(samudra: Roster, posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adaptation, "MOST", 50)
    first, again, other = (views_of(posts, samudra, seed) for seed in (1, 1, 2))
    assert len(first[0]) == len(first[1]) == 50
    assert first == again != other


def test_posts_are_read_with_the_models_stemmer(samudra: Roster) -> None:
    text = "Arman memenangkan mempertanggungjawabkan keberpihakannya"
    for stem in ("fast", "sastrawi"):
        cases, views = views_of([(text, None)], samudra, stem=stem)  # type: ignore[arg-type]
        assert views == prepare(cases, stem)  # type: ignore[arg-type]


def test_what_was_learned_is_told(adapted: Adapted, samudra: Roster, posts: Posts) -> None:
    cases, views = views_of(posts, samudra)
    assert adapted.views == len(views)
    assert set(adapted.support_by_pair) == {case.pair for case in cases}
    assert {t.side for t in adapted.terms} == set(LABELS)
    for side in LABELS:
        changes = [t.change for t in adapted.terms if t.side == side]
        assert len(changes) <= TERMS
        assert changes == sorted(changes, reverse=True)
        assert min(changes) > 0
    for term in adapted.terms:
        assert term.word.split() == [term.word]
        assert not set("<_") & set(term.word)
        assert term.posts >= SEEN
    assert {"arman", "lestari", "hasan", "wulan", "samudra"}.isdisjoint(t.word for t in adapted.terms)


def test_the_file_says_that_it_was_adapted(adapted: Adapted, parent: Model, tmp_path: Path) -> None:
    save_model(adapted.model, tmp_path / "a.npz")
    facts = load_model(tmp_path / "a.npz").facts
    assert facts["adapted"] == json.loads(json.dumps(adapted.facts())) | {"election": NEW, "veto": []}
    assert facts["corpus_sha256"] == parent.facts["corpus_sha256"]
    assert facts["calibration"] != parent.facts["calibration"]


# the command


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory, written: Corpus, posts: Posts, parent: Model
) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("adapt")
    header = ("id", "election", "pair", "label", "text", "batch", "source")
    rows = [(e.id, e.election, e.case.pair, e.label, e.case.text, e.batch, e.source) for e in written.examples]
    save_model(parent, folder / "parent.npz")
    (folder / "broken.npz").write_bytes((folder / "parent.npz").read_bytes()[:5000])
    yield {
        "corpus": str(write(folder / "corpus.csv", header, rows)),
        "other": str(write(folder / "other.csv", header, rows[:-1])),
        "posts": str(write(folder / "posts.csv", ("isi", "halaman"), [(t, p or "") for t, p in posts])),
        "few": str(write(folder / "few.csv", ("isi", "halaman"), [(t, p or "") for t, p in posts[:50]])),
        "parent": str(folder / "parent.npz"),
        "broken": str(folder / "broken.npz"),
        "out": str(folder / "new" / "adapted.npz"),
    }


def adapted_by_command(
    files: Mapping[str, str], *more: str, posts: str = "posts", model: str = "parent", corpus: str = "corpus"
) -> Done:
    given = ["adapt", files[posts], "--roster", NEW, "--model", files[model], "--corpus", files[corpus]]
    return run(*given, "--text-column", "isi", "--pair-column", "halaman", "--out", files["out"], *more)


def test_the_command_makes_the_same_bytes_again(files: dict[str, str], adapted: Adapted) -> None:
    shown = adapted_by_command(files, "--json", "-")
    assert shown.code == 0
    assert Path(files["out"]).read_bytes() == model_bytes(adapted.model)
    document = json.loads(shown.out)
    assert document == {"schema": 1} | json.loads(json.dumps(adapted.facts()))
    assert set(document) == {
        "schema", "views", "agreement", "support_auc_on_written_elections", "mean_support", "terms",
    }  # fmt: skip
    assert "--veto WORD" in shown.err
    for pair in adapted.support_by_pair:
        assert f"Mean support for {pair}" in shown.err


@pytest.mark.parametrize(
    ("changed", "more", "code", "said"),
    [
        ({"posts": "few"}, (), 3, "at least 300"),
        ({"corpus": "other"}, (), 3, "not trained on this corpus"),
        ({"model": "broken"}, (), 4, "damaged"),
        ({}, ("--veto", "xqzt"), 2, "xqzt"),
        ({}, ("--roster", "no-such-2024"), 3, "no shipped roster"),
        ({}, ("--pair-column", "nothing"), 3, "nothing"),
        ({}, ("--no-such-option",), 2, "No such option"),
    ],
)
def test_a_refusal_has_its_exit_code_and_writes_nothing(
    changed: dict[str, str],
    more: tuple[str, ...],
    code: int,
    said: str,
    files: dict[str, str],
    tmp_path: Path,
) -> None:
    target = tmp_path / "refused.npz"
    shown = adapted_by_command({**files, "out": str(target)}, *more, **changed)
    assert shown.code == code
    assert said in shown.err
    assert shown.out == ""
    assert not target.exists()
