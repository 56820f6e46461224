"""Evaluation: nothing seen before it is judged, figures as promised, and a command that fails with a sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError, UsageError
from netral_nlp.evaluation.baselines import balance
from netral_nlp.evaluation.evaluation import Evaluation, cross_validate, evaluate, to_json
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus, Example, read_corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.learning.folds import held_out_logits, splits_of
from netral_nlp.learning.training import train
from netral_nlp.model.calibration import calibrated_by_others
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.model.thresholds import decided_by_others
from netral_nlp.pages.shell import asset
from netral_nlp.records import LABELS, UNSURE, Case
from netral_nlp.report.evaluation_page import evaluation_page
from netral_nlp.report.evaluation_text import evaluation_text
from netral_nlp.resources import data_dir
from netral_nlp.roster import load_roster, load_rosters
from running import run
from strategies import many

ELECTIONS = ("kab-kayan-2020", "kab-rinjani-2024", "kota-losari-2020", "prov-cendrawasih-2024")
EACH = 110  # posts of an election: enough to learn something, few enough to be quick
CONTRACT = {
    "schema", "n", "macro_f1", "accuracy", "support_auc", "support_tpr_at_fpr", "ece", "confusion", "by_election",
    "by_pair", "ci95",
}  # fmt: skip
FURTHER = {
    "average_precision", "tolak_auc", "reliability", "coverage", "fpr", "max_fpr", "by_platform", "by_length",
    "baselines", "bootstrap", "roc", "ece_by_chance", "method", "model", "notes",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    found = read_corpus([data_dir() / "corpus"], load_rosters(data_dir() / "rosters"))
    return Corpus(tuple(e for name in ELECTIONS for e in [x for x in found.examples if x.election == name][:EACH]))


@pytest.fixture(scope="module")
def crossed(corpus: Corpus) -> Evaluation:
    return cross_validate(corpus, max_fpr=0.1)


@pytest.fixture(scope="module")
def model(corpus: Corpus) -> Model:
    return train(Corpus(tuple(e for e in corpus.examples if e.election != ELECTIONS[0]))).model


@pytest.fixture(scope="module")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "small.npz"
    save_model(model, path)
    return path


@pytest.fixture
def held(corpus: Corpus) -> Corpus:
    """Posts of the election that ``model`` has not seen."""
    return Corpus(tuple(e for e in corpus.examples if e.election == ELECTIONS[0]))


def written(corpus: Corpus, path: Path, change: Callable[[int, Example], dict[str, str]] = lambda at, e: {}) -> Path:
    """The corpus as a JSON lines file, with some fields of some posts changed."""
    rows = [
        {"id": e.id, "election": e.election, "pair": e.case.pair, "label": e.label, "text": e.case.text,
         "platform": e.platform} | change(at, e)
        for at, e in enumerate(corpus.examples)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


# nothing is seen before it is judged


def jaccard(a: str, b: str) -> float:
    """The definition, naively."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[at : at + 3]) for at in range(max(len(words) - 2, 1))}

    return len(runs(a) & runs(b)) / len(runs(a) | runs(b))


words = st.sampled_from(["gas", "terus", "nomor", "dua", "menang", "pasti"])
chain = st.lists(words, min_size=1, max_size=14)


@st.composite
def copied(draw: st.DrawFn) -> list[str]:
    """Texts of which many are others with a word added, dropped or changed."""
    texts = [draw(chain)]
    for _ in range(draw(st.integers(0, 12))):
        text = list(draw(st.sampled_from(texts))) if draw(st.booleans()) else draw(chain)
        at = draw(st.integers(0, len(text) - 1))
        changed = [*text[:at], "x", *text[at + 1 :]]
        texts.append(draw(st.sampled_from([text, changed, [*text, "y"], text[:-1] or text])))
    return [" ".join(text) for text in texts]


@settings(max_examples=many(150), deadline=None)
@given(copied(), st.lists(st.sampled_from("abc"), min_size=13, max_size=13))
def test_near_duplicates_never_straddle_a_split(texts: list[str], elections: list[str]) -> None:
    groups, names = near_duplicates(texts), elections[: len(texts)]
    for fit, test in splits_of(names, [frozenset([name]) for name in sorted(set(names))], groups):
        assert not (fit & test).any()
        for a in np.flatnonzero(fit):
            assert all(jaccard(texts[a], texts[b]) <= 0.8 for b in np.flatnonzero(test))


@settings(max_examples=many(150), deadline=None)
@given(copied())
def test_groups_are_the_chains_of_near_duplicates(texts: list[str]) -> None:
    linked = np.array([[jaccard(a, b) > 0.8 for b in texts] for a in texts])
    for _ in texts:
        linked = (linked @ linked) > 0
    groups = near_duplicates(texts)
    assert (groups[:, None] == groups[None, :]).tolist() == linked.tolist()


def test_links_case_and_punctuation_do_not_tell_copies_apart() -> None:
    texts = ["Gas terus, nomor dua! https://t.co/a", "gas terus nomor dua www.x.id", "gas terus nomor tiga"]
    assert near_duplicates([*texts, "🔥", "🔥🔥", " 🔥"]).tolist() == [0, 0, 1, 2, 3, 2]
    assert near_duplicates([]).tolist() == []


def test_each_fold_leaves_out_exactly_one_election(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[frozenset[str]] = []

    def watch(*args: object, folds: list[frozenset[str]], **rest: object) -> np.ndarray:
        seen.extend(folds)
        raise InterruptedError

    monkeypatch.setattr("netral_nlp.learning.folds.held_out_logits", watch)
    with pytest.raises(InterruptedError):
        cross_validate(corpus)
    assert seen == [frozenset([name]) for name in sorted(ELECTIONS)]


def test_the_label_of_a_near_duplicate_never_reaches_the_post(corpus: Corpus) -> None:
    left_out = frozenset([ELECTIONS[0]])
    source = next(e for e in corpus.examples if e.election == ELECTIONS[0] and len(e.case.text.split()) > 15)
    other = next(e for e in corpus.examples if e.election == ELECTIONS[1])
    small = tuple(e for at, e in enumerate(corpus.examples) if at % 2)

    def logits(label: str, grouped: bool = True) -> np.ndarray:
        copy = replace(other, case=replace(other.case, text=f"{source.case.text} ya"), label=label)
        both = Corpus((*small, source, copy))
        views = prepare(both.cases)
        groups = None if grouped else np.arange(len(both))
        return held_out_logits(both, views, folds=[left_out], groups=groups)[-2]

    first = logits("dukung")
    assert first.any()
    assert (first == logits("tolak")).all()
    assert (logits("dukung", False) != logits("tolak", False)).any()  # it would, if it were not left out


def test_labels_of_an_election_take_no_part_in_its_calibration_and_thresholds() -> None:
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(600, 3)) * 2
    labels = np.array([LABELS[k] for k in (raw + rng.gumbel(size=raw.shape)).argmax(axis=1)])
    elections = np.repeat(["a", "b", "c"], 200)
    changed = labels.copy()
    changed[:200] = rng.permutation(labels[:200])
    before = calibrated_by_others(raw, labels.tolist(), elections.tolist())
    after = calibrated_by_others(raw, changed.tolist(), elections.tolist())
    assert (before[:200] == after[:200]).all()
    assert (before[200:] != after[200:]).any()
    assert before.sum(axis=1) == pytest.approx(1.0)
    decided = decided_by_others(raw, labels.tolist(), elections.tolist(), 0.1)
    assert decided[:200] == decided_by_others(raw, changed.tolist(), elections.tolist(), 0.1)[:200]
    assert {*LABELS, UNSURE} == set(decided)


# figures


def test_the_document_has_every_key_of_the_contract(crossed: Evaluation, corpus: Corpus) -> None:
    found = json.loads(to_json(crossed.document()))
    assert set(found) >= CONTRACT | FURTHER
    assert found["schema"] == 1
    assert found["n"] == len(corpus) == sum(g["n"] for g in found["by_election"].values())
    assert set(found["support_tpr_at_fpr"]) == {"0.01", "0.05"}
    assert set(found["by_election"]) == set(ELECTIONS)
    for key in ("by_election", "by_pair", "by_platform", "by_length"):
        assert sum(g["n"] for g in found[key].values()) == len(corpus)
        assert all({"n", "macro_f1", "support_auc"} <= set(g) for g in found[key].values())
    for key in ("macro_f1", "support_auc"):
        low, high = found["ci95"][key]
        assert low < found[key] < high
    assert all(sum(found["confusion"][label].values()) == corpus.labels.count(label) for label in LABELS)
    assert sum(b["n"] for b in found["reliability"]) == len(corpus)
    assert found["bootstrap"] == {"unit": "election", "resamples": 2000, "seed": 0}


def test_accuracy_coverage_and_alarms_agree_with_the_scores(crossed: Evaluation, corpus: Corpus) -> None:
    figures = crossed.figures
    truth = np.array(corpus.labels)
    guessed = np.array(LABELS)[crossed.scores.argmax(axis=1)]
    assert figures["accuracy"] == pytest.approx((truth == guessed).mean(), abs=1e-6)
    surest = np.argsort(-crossed.scores.max(axis=1), kind="stable")[: int(np.ceil(0.6 * len(truth)))]
    assert figures["coverage"]["accuracy_at"]["0.6"] == pytest.approx((truth == guessed)[surest].mean(), abs=1e-6)
    assert figures["coverage"]["curve"][-1] == {"coverage": 1.0, "accuracy": figures["accuracy"]}
    assert crossed.decisions is not None
    decided = np.array(crossed.decisions)
    for label in ("dukung", "tolak"):
        alarm = figures["fpr"][label]
        assert alarm["n"] == (truth != label).sum()
        assert alarm["errors"] == ((decided == label) & (truth != label)).sum()
        assert alarm["ci95"][0] <= alarm["rate"] <= alarm["ci95"][1]
    assert figures["coverage"]["decided"]["coverage"] == pytest.approx((decided != UNSURE).mean(), abs=1e-6)


def test_even_a_small_corpus_beats_its_baselines(crossed: Evaluation) -> None:
    found = crossed.figures["baselines"]
    assert set(found) == {"majority", "keyword rule", "bag of words"}
    assert found["majority"]["support_auc"] == 0.5
    for name, baseline in found.items():
        lead = baseline["difference"]["support_auc"]
        assert lead["estimate"] == pytest.approx(crossed.figures["support_auc"] - baseline["support_auc"], abs=2e-6)
        assert lead["ci95"][0] <= lead["estimate"] <= lead["ci95"][1]
        if name != "bag of words":  # too few posts here to tell that one apart
            assert lead["estimate"] > 0.1
            assert lead["p"] == 0.125  # four elections cannot show more


def test_cross_validating_twice_gives_the_same_document(corpus: Corpus) -> None:
    small = Corpus(tuple(e for e in corpus.examples if e.election in ELECTIONS[:2]))
    first, second = (cross_validate(small, max_fpr=0.2, seed=3, baselines=False) for _ in range(2))
    assert to_json(first.document(5)) == to_json(second.document(5))
    assert first.figures["bootstrap"]["unit"] == "post"  # two elections only
    assert "baselines" not in first.figures


def test_a_rate_that_the_posts_cannot_support_is_no_figure_and_says_so(corpus: Corpus) -> None:
    small = Corpus(tuple(e for e in corpus.examples if e.election in ELECTIONS[:2]))
    found = cross_validate(small, max_fpr=0.001, baselines=False)
    assert found.figures["fpr"] is None
    assert found.decisions is None
    assert "needs at least 2,995" in found.figures["notes"][0]
    assert "false-positive rate of 0.001" in evaluation_text(found.figures)


def test_an_election_alone_cannot_be_left_out(corpus: Corpus, held: Corpus) -> None:
    with pytest.raises(InputError, match="needs at least two"):
        cross_validate(held)
    one_sided = [e for e in corpus.examples if e.election == ELECTIONS[1] and e.label == "netral"]
    with pytest.raises(InputError, match='Without kab-kayan-2020 no post labelled "dukung"'):
        cross_validate(Corpus((*held.examples, *one_sided)))
    with pytest.raises(InputError, match="no labelled posts"):
        cross_validate(Corpus(()))
    with pytest.raises(UsageError, match="lies between 0 and 1"):
        cross_validate(corpus, max_fpr=1.0)


@pytest.mark.parametrize("label", LABELS)
def test_figures_that_posts_of_one_label_cannot_have_are_null(model: Model, held: Corpus, label: str) -> None:
    found = evaluate(model, Corpus(tuple(e for e in held.examples if e.label == label)), max_fpr=0.1)
    figures = json.loads(to_json(found.document(3)))
    assert figures["support_auc"] is None
    assert figures["ci95"]["support_auc"] is None
    assert figures["support_tpr_at_fpr"] == {"0.01": None, "0.05": None}
    assert figures["roc"] is None
    assert figures["macro_f1"] is not None
    assert "support AUC" in evaluation_text(figures)
    assert "</html>" in evaluation_page(figures)


def test_one_post_is_enough(model: Model, held: Corpus) -> None:
    found = evaluate(model, Corpus(held.examples[:1]), max_fpr=0.1)
    assert found.figures["n"] == 1
    assert evaluation_page(found.document(1)).count("<svg") == 2  # no ROC, no AUC by election


def test_a_model_judges_posts_as_it_scores_them(model: Model, held: Corpus) -> None:
    found = evaluate(model, held, max_fpr=0.1)
    assert found.scores == pytest.approx(model.probabilities(prepare(held.cases, "fast")))
    (note,) = found.figures["notes"]
    assert note.startswith("At --max-fpr 0.1 ")  # what is promised, and on what evidence


def test_a_model_that_has_seen_the_election_is_flagged(model: Model, corpus: Corpus) -> None:
    assert "trained on posts of kab-rinjani-2024" in evaluate(model, corpus, max_fpr=0.1).figures["notes"][0]


def test_copies_of_what_the_model_learned_from_are_counted(model: Model, corpus: Corpus, held: Corpus) -> None:
    source = Corpus(tuple(e for e in corpus.examples if e.election != ELECTIONS[0]))
    pairs = zip(held.examples[:7], source.examples, strict=False)
    copies = [replace(e, case=replace(e.case, text=f"{other.case.text}!")) for e, other in pairs]
    found = evaluate(model, Corpus((*held.examples, *copies)), max_fpr=0.1, learn_from=source)
    assert [note for note in found.figures["notes"] if note.startswith("7 of these posts are near-duplicates")]
    assert set(found.figures["baselines"]) == {"majority", "keyword rule", "bag of words"}


def test_a_model_against_itself_differs_by_nothing(model: Model, held: Corpus) -> None:
    found = evaluate(model, held, max_fpr=0.1, against=("twin.npz", model)).figures["against"]
    assert found["name"] == "twin.npz"
    assert found["difference"]["support_auc"] == {"estimate": 0.0, "ci95": [0.0, 0.0], "p": 1.0}
    whole = evaluate(model, held, max_fpr=0.1).figures
    assert found["tolak_auc_difference"]["estimate"] == 0.0
    assert {key: found[key] for key in ("tolak_auc", "tolak", "promise")} == {
        key: whole[key] for key in ("tolak_auc", "tolak", "promise")
    }


def test_the_promise_counts_neutral_posts_that_are_accused(model: Model, held: Corpus) -> None:
    found = evaluate(model, held, max_fpr=0.1)
    told = found.figures["promise"]["0.1"]
    neutral = [d for d, e in zip(found.decisions or (), held.examples, strict=True) if e.label == "netral"]
    assert told["n"] == len(neutral) == sum(g["n"] for g in told["by_election"].values())
    assert told["accused"] == sum(d in ("dukung", "tolak") for d in neutral)
    rows = [line.split(",") for line in found.promise_table.splitlines()]
    assert {row[1] for row in rows[1:]} == {f"nyata-{n}" for n in range(1, len(told["by_election"]) + 1)}
    assert not any(e.election in found.promise_table for e in held.examples)
    groups = found.figures["by_mentions"]
    assert sum(g["n"] for g in groups.values()) == len(held)


def test_the_worst_errors_come_first_and_only_when_asked(crossed: Evaluation) -> None:
    assert "errors" not in crossed.document()
    errors = crossed.document(12)["errors"]
    given_to_truth = [e[f"skor_{e['label']}"] for e in errors]
    assert len(errors) == 12
    assert given_to_truth == sorted(given_to_truth)
    assert all(max(LABELS, key=lambda label, e=e: e[f"skor_{label}"]) != e["label"] for e in errors)


@pytest.mark.parametrize(
    ("text", "pair", "expected"),
    [
        ("Dukung Arman, lanjutkan!", "Arman-Lestari", 2),
        ("Dukung Arman, lanjutkan!", "Hasan-Wulan", 0),  # names somebody else
        ("Pak Hasan bohong", "Hasan-Wulan", -1),
        ("Ikut rapat Pak Hasan di kelurahan", "Hasan-Wulan", 0),
        ("dukung", "Hasan-Wulan", 0),  # names nobody
    ],
)
def test_the_keyword_rule_counts_cues_in_posts_that_name_the_pair(text: str, pair: str, expected: int) -> None:
    roster = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
    assert balance(prepare([Case(text, pair, roster)])[0]) == expected


# the page


class Outline(HTMLParser):
    """Open tags, and what a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href", "onload", "style")]
        self.fetched += [tag] * (tag in ("link", "iframe", "img", "object"))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_fetches_nothing_and_escapes_everything(crossed: Evaluation, corpus: Corpus) -> None:
    nasty = '<script>alert("1")</script><img src=x onerror=y>&'
    document = crossed.document(1)
    document["errors"] = [{**document["errors"][0], "id": nasty, "text": nasty, "pair": nasty}]
    document["notes"] = [nasty]
    document["method"] = nasty
    document["by_pair"] = {nasty: document["by_pair"][next(iter(document["by_pair"]))]}
    document["by_election"] = {nasty: document["by_election"][ELECTIONS[0]]}
    document["against"] = {**document["baselines"]["majority"], "name": nasty}
    page = evaluation_page(document)
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert outline.open == []
    assert re.findall(r"<script>(.*?)</script>", page, re.DOTALL) == [asset("tables.js")]
    assert outline.fetched == []
    assert "url(" not in page
    assert "http:" not in page and "https:" not in page
    assert page.count("<svg") == 4
    assert page.count("alert(&quot;1&quot;)") >= 8
    assert "prefers-color-scheme:dark" in page
    assert page == evaluation_page(json.loads(to_json(document)))  # from the JSON alone


# the command


def test_evaluate_prints_figures_and_writes_json_and_page(model_file: Path, held: Corpus, tmp_path: Path) -> None:
    data = written(held, tmp_path / "held.jsonl")
    out, page = tmp_path / "new" / "figures.json", tmp_path / "new" / "page.html"
    shown = run("evaluate", data, "--model", model_file, "--json", out, "--report", page, "--no-baselines",
               "--against", model_file, "--max-fpr", 0.1, "--errors", 2)  # fmt: skip
    assert shown.code == 0
    assert "macro-F1" in shown.out
    assert "kab-kayan-2020" in shown.out
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["n"] == len(held)
    assert figures["against"]["difference"]["macro_f1"]["estimate"] == 0.0
    assert len(figures["errors"]) == 2
    assert page.read_text(encoding="utf-8") == evaluation_page(figures)


def test_json_to_standard_output_is_alone_there(model_file: Path, held: Corpus, tmp_path: Path) -> None:
    data = written(held, tmp_path / "held.jsonl")
    shown = run("evaluate", data, "--model", model_file, "--json", "-", "--no-baselines")
    assert shown.code == 0
    assert set(json.loads(shown.out)) >= CONTRACT


def test_own_elections_can_be_cross_validated(corpus: Corpus, tmp_path: Path) -> None:
    small = Corpus(tuple(e for e in corpus.examples if e.election in ELECTIONS[:2]))
    data = written(small, tmp_path / "own.jsonl")
    shown = run("evaluate", data, "--cross-validate", "--json", "-", "--no-baselines", "--max-fpr", 0.1)
    assert shown.code == 0
    figures = json.loads(shown.out)
    assert figures["method"].startswith("cross-validation")
    assert figures["n"] == len(small)


def test_unknown_labels_elections_and_pairs_are_refused_with_their_lines(
    model_file: Path, held: Corpus, tmp_path: Path
) -> None:
    for field, wrong in (("label", "suka"), ("election", "kota-lain"), ("pair", "Siapa-Saja")):
        change = {2: {field: wrong}, 5: {field: wrong}}
        data = written(held, tmp_path / f"{field}.jsonl", lambda at, e, change=change: change.get(at, {}))
        shown = run("evaluate", data, "--model", model_file, "--json", "-")
        assert shown.code == 3
        assert shown.out == ""
        assert f'line 3: unknown {field} "{wrong}"' in shown.err
        assert f'line 6: unknown {field} "{wrong}"' in shown.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["evaluate", "--model", "m.npz"], 2, "--model needs DATA"),
        (["evaluate", "--against", "m.npz"], 2, "--against needs DATA"),
        (["evaluate", "--errors", "-1"], 2, "--errors"),
        (["evaluate", "no-such-file.csv", "--model", "MODEL"], 3, "no-such-file.csv"),
        (["evaluate", "DATA", "--model", "DATA"], 4, "DATA"),
        (["evaluate", "DATA", "--model", "MODEL", "--max-fpr", "2"], 2, "between 0 and 1"),
        (["evaluate", "DATA", "--cross-validate"], 3, "at least two"),
    ],
)
def test_a_mistake_gets_one_sentence_and_its_exit_code(
    arguments: list[str], code: int, said: str, model_file: Path, held: Corpus, tmp_path: Path,
) -> None:  # fmt: skip
    places = {"DATA": str(written(held, tmp_path / "held.jsonl")), "MODEL": str(model_file)}
    shown = run(*(places.get(a, a) for a in arguments))
    assert shown.code == code
    assert shown.out == ""
    assert places.get(said, said) in shown.err


def test_judging_with_a_model_needs_no_scikit_learn(model_file: Path, held: Corpus, tmp_path: Path) -> None:
    data = written(held, tmp_path / "held.jsonl")
    arguments = ["evaluate", str(data), "--model", str(model_file), "--no-baselines", "--json", "-"]
    code = (
        "import sys\nfrom netral_nlp.cli import main\n"
        f"try:\n    main({arguments!r})\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted(m for m in sys.modules if m in ('sklearn', 'pandas')), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["n"] == len(held)
    assert done.stderr.strip().endswith("[]")
