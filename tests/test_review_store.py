"""The reviews file: append-only, whole after a crash, shared by processes; and what is read out of it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.learning.corpus import read_corpus
from netral_nlp.resources import data_dir
from netral_nlp.review.export import corpus_from_reviews, export, labelled_posts
from netral_nlp.review.importing import import_labels
from netral_nlp.review.log import AUDIT, CHOICES, SKIP, Decision, Shown, Standing, agreements
from netral_nlp.review.posts import Post, key_of, read_scored
from netral_nlp.review.store import Store, open_reviews
from netral_nlp.roster import load_rosters
from netral_nlp.tables import read_records
from strategies import many

ELECTION, PAIR = "kota-samudra-2024", "Arman-Lestari"
SHOWN = Shown("ragu", (0.5, 0.3, 0.2), "gas +1.0", "m" * 64, "f" * 64, True)


def post(n: int, text: str = "", pair: str = PAIR) -> Post:
    text = text or f"unggahan {n}"
    return Post(
        key_of(ELECTION, pair, str(n), text, 0), n + 2, str(n), ELECTION, pair, text, "ragu", (0.5, 0.3, 0.2), ""
    )


def standing_of(store: Store) -> Standing:
    standing = Standing()
    standing.apply(store.lines())
    return standing


def test_a_decision_is_found_again_with_all_that_was_shown(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        made = store.record(post(1), "Sari", "dukung", shown=SHOWN, route=AUDIT, note="jelas sekali")
    with open_reviews(tmp_path / "r.sqlite") as store:
        assert store.lines() == [made]
        assert made.shown == SHOWN
        assert (made.reviewer, made.decision, made.route, made.note) == ("Sari", "dukung", AUDIT, "jelas sekali")
        assert made.at.startswith("20")
        assert store.posts() == {post(1).key: post(1)}


def test_no_statement_can_change_or_remove_a_line_of_the_log(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        store.record(post(1), "Sari", "dukung", shown=SHOWN)
    with sqlite3.connect(tmp_path / "r.sqlite") as db:
        for statement in ("UPDATE decisions SET decision = 'tolak'", "DELETE FROM decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)
    db.close()


def test_an_undo_is_a_line_more_and_brings_back_what_held_before(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        store.record(post(1), "Sari", "dukung", shown=SHOWN)
        second = store.record(post(1), "Sari", "tolak", shown=SHOWN)
        back = store.retract("Sari")
        assert back == second
        verdict = standing_of(store).verdicts[post(1).key]
        assert verdict.label == "dukung"
        assert len(store.lines()) == 3
        assert store.retract("Sari", second.number) is None  # once only
        assert store.retract("Budi") is None
        assert store.retract("Sari") is not None
        assert post(1).key not in standing_of(store).verdicts


def test_a_repeated_request_adds_no_line(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        lines = [store.record(post(1), "Sari", "dukung", shown=SHOWN, token="same-token") for _ in range(3)]
        backs = [store.retract("Sari", token="other-token") for _ in range(3)]
        assert len({line.number for line in lines}) == 1
        assert len({back.number for back in backs if back}) == 1
        assert len(store.lines()) == 2


moves = st.lists(
    st.tuples(st.sampled_from(["Sari", "Budi"]), st.integers(0, 3), st.sampled_from([*CHOICES, "batal"])), max_size=25
)


@settings(max_examples=many(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_reading_the_log_in_any_portions_gives_the_same_standing(tmp_path_factory: object, given_moves: list) -> None:  # type: ignore[type-arg]
    folder: Path = tmp_path_factory.mktemp("s")  # type: ignore[attr-defined]
    model: dict[tuple[str, str], list[str]] = {}
    order: dict[str, list[str]] = {"Sari": [], "Budi": []}
    in_portions = Standing()
    with Store(folder / "r.sqlite") as store:
        for who, n, what in given_moves:
            if what == "batal":
                back = store.retract(who)
                expected = order[who].pop() if order[who] else None
                assert (back.key if back else None) == expected
                if expected:
                    model[who, expected].pop()
            else:
                store.record(post(n), who, what, shown=SHOWN)
                order[who].append(post(n).key)
                model.setdefault((who, post(n).key), []).append(what)
            in_portions.apply(store.lines(in_portions.last))
        whole = standing_of(store)
    assert in_portions == whole
    for (who, key), stack in model.items():
        assert [d.decision for d in whole.live[key][who]] == stack
    labelled = {key for (_, key), stack in model.items() if stack and stack[-1] != SKIP}
    assert whole.verdicts.keys() == labelled
    assert whole.queued == sum(map(len, model.values()))


WRITER = """
import sys
from netral_nlp.review.log import Shown
from netral_nlp.review.posts import Post
from netral_nlp.review.store import Store
store = Store(sys.argv[1])
for n in range(int(sys.argv[3])):
    one = Post(f"{sys.argv[2]}{n}", n, "", "", "", "t", "", (0, 1, 0), "")
    made = store.record(one, sys.argv[2], "netral", shown=Shown())
    print(made.number, flush=True)
"""


def test_two_processes_at_once_lose_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who, "60"], stdout=subprocess.DEVNULL)
        for who in ("Sari", "Budi")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    with open_reviews(path) as store:
        who = [line.reviewer for line in store.lines()]
        assert (who.count("Sari"), who.count("Budi")) == (60, 60)
        assert [line.number for line in store.lines()] == list(range(1, 121))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_what_was_confirmed_before_a_kill_is_there_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "Sari", "100000"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    confirmed = [int(process.stdout.readline()) for _ in range(25)]
    os.kill(process.pid, signal.SIGKILL)
    rest = process.communicate()[0].split("\n")
    confirmed += [int(line) for line in rest[:-1]]
    with open_reviews(path) as store:
        assert {line.number for line in store.lines()} >= set(confirmed)
        store.record(post(1), "Budi", "tolak", shown=SHOWN)


def test_a_post_on_one_screen_is_not_offered_to_another(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        assert store.lease("a", "Sari")
        assert not store.lease("a", "Budi")
        assert store.lease("a", "Sari")
        assert store.lease("b", "Sari")  # she went on: the first is free again
        assert store.lease("a", "Budi")
        assert store.lease("c", "Tono", seconds=0.0)
        time.sleep(0.01)
        assert store.lease("c", "Budi")


@pytest.mark.parametrize("content", [b"", b"not a database at all, rather a text" * 50])
def test_another_file_is_refused_or_made_anew_but_never_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(content)
    if content:
        with pytest.raises(InputError, match="reviews file"):
            Store(path)
        assert path.read_bytes() == content
    else:
        with Store(path) as store:
            assert store.lines() == []


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "x.sqlite")
    db.execute("CREATE TABLE t(a)")
    db.commit()
    db.close()
    before = (tmp_path / "x.sqlite").read_bytes()
    with pytest.raises(InputError, match="another program"):
        Store(tmp_path / "x.sqlite")
    assert (tmp_path / "x.sqlite").read_bytes() == before


def test_the_majority_decides_and_a_tie_is_unclear(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        for who, what in (("a", "dukung"), ("b", "tolak")):
            store.record(post(1), who, what, shown=SHOWN)
        tie = standing_of(store).verdicts[post(1).key]
        assert (tie.label, tie.agreed) == ("tidak jelas", False)
        store.record(post(1), "c", "tolak", shown=SHOWN)
        most = standing_of(store).verdicts[post(1).key]
        assert (most.label, most.agreed, most.reviewers) == ("tolak", False, ("a", "b", "c"))


def test_agreement_counts_posts_that_two_people_decided() -> None:
    standing = Standing()
    first = ["dukung", "netral", "tolak", "dukung", "tidak jelas", "netral"]
    second = ["dukung", "netral", "tolak", "netral", "dukung", "lewati"]
    for who, labels in (("Sari", first), ("Budi", second)):
        standing.apply(
            Decision(standing.last + 1, "", who, f"k{n}", label, PAIR, "", "urut", SHOWN)
            for n, label in enumerate(labels)
        )
    (found,) = agreements(standing, standing.live)
    assert (found["reviewers"], found["n"], found["agreed"], found["unclear"]) == (["Budi", "Sari"], 4, 3, 1)
    assert found["kappa"] == pytest.approx(0.75 * 4 / 3 - 1 / 3, abs=0.2)


def reviewed(path: Path) -> Store:
    store = Store(path)
    labels = ["dukung", "tolak", "netral", "tidak jelas", "lewati"]
    for n, label in enumerate(labels):
        store.record(
            post(n, f'teks {n}, "kutip"\nbaris dua =1+1'), "Sari", label, shown=SHOWN, note="c" if n == 0 else ""
        )
    store.record(post(9, "tanpa paslon", pair=""), "Sari", "netral", shown=SHOWN)
    store.record(post(8), "Sari", "dukung", shown=SHOWN)
    store.record(post(8), "Budi", "tolak", shown=SHOWN)
    return store


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_exported_labels_are_a_corpus_that_training_reads(tmp_path: Path, suffix: str) -> None:
    rosters = load_rosters(data_dir() / "rosters")
    with reviewed(tmp_path / "r.sqlite") as store:
        done = export(store, tmp_path / f"labelled{suffix}", "labels")
        corpus = corpus_from_reviews(store, rosters)
    assert (done.written, dict(done.left_out)) == (3, {"unclear": 1, "no pair": 1, "reviewers differ": 1})
    read = read_corpus([tmp_path / f"labelled{suffix}"], rosters)
    assert read.labels == corpus.labels == ["dukung", "tolak", "netral"]
    assert read.digest == corpus.digest
    assert [e.id for e in corpus.examples] == ["0", "1", "2"]


def test_an_unknown_pair_or_election_is_named(tmp_path: Path) -> None:
    with reviewed(tmp_path / "r.sqlite") as store:
        with pytest.raises(InputError, match="unknown election"):
            corpus_from_reviews(store, {})
        store.record(post(20, pair="Siapa-Itu"), "Sari", "dukung", shown=SHOWN)
        with pytest.raises(InputError, match='unknown pair "Siapa-Itu"'):
            corpus_from_reviews(store, load_rosters(data_dir() / "rosters"))


def test_doccano_labels_go_out_and_come_back_the_same(tmp_path: Path) -> None:
    with reviewed(tmp_path / "r.sqlite") as store:
        export(store, tmp_path / "d.jsonl", "doccano")
        out = [(one.post.text, one.verdict.label, one.verdict.pair) for one in labelled_posts(store)]
    with Store(tmp_path / "other.sqlite") as other:
        assert import_labels(other, tmp_path / "d.jsonl", reviewer="doccano").added == 3
        again = import_labels(other, tmp_path / "d.jsonl", reviewer="doccano")
        assert (again.added, again.known) == (0, 3)
        back = [(one.post.text, one.verdict.label, one.verdict.pair) for one in labelled_posts(other)]
    assert back == out[:3]


def test_label_studio_tasks_become_decisions_and_faults_are_named(tmp_path: Path) -> None:
    def task(label: str, **more: object) -> dict[str, object]:
        result = [{"type": "choices", "value": {"choices": [label]}}]
        annotation = {
            "completed_by": {"email": "sari@example.com"},
            "result": result,
            "created_at": "2024-10-01T00:00:00Z",
        }
        return {"id": 1, "data": {"text": f"teks {label}", "pair": PAIR, **more}, "annotations": [annotation]}

    tasks = [
        task("Dukung"),
        task("tidak jelas"),
        task("positif"),
        task("tolak", pair=""),
        {"data": {"text": "x"}, "annotations": []},
        {"text": "singkat", "stance": "netral", "annotator": 7},
        "?",
    ]
    (tmp_path / "ls.json").write_text(json.dumps(tasks), encoding="utf-8")
    with Store(tmp_path / "r.sqlite") as store:
        done = import_labels(store, tmp_path / "ls.json", reviewer="impor")
        lines = store.lines()
    assert [(d.reviewer, d.decision) for d in lines] == [
        ("sari@example.com", "dukung"), ("sari@example.com", "tidak jelas"), ("7", "netral"),
    ]  # fmt: skip
    assert [place for place, _ in done.rejected] == [3, 4, 5, 7]
    assert lines[0].at == "2024-10-01T00:00:00Z"


@pytest.mark.parametrize("text", ["[", "{}}", "nur text"])
def test_a_file_of_another_kind_is_no_import(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with Store(tmp_path / "r.sqlite") as store, pytest.raises(InputError, match="neither doccano"):
        import_labels(store, tmp_path / "x.json", reviewer="impor")


HEADER = "id,isi,label,paslon,label_hasil,skor_dukung,skor_netral,skor_tolak,bukti\n"


def test_a_scored_file_is_read_with_its_own_label_column_left_alone(tmp_path: Path) -> None:
    rows = '1,"a, b",manual,A-B,ragu,0.5,0.3,0.2,a +0.3\n2,c,,,netral,0,1,0,\n'
    rows += '3,d,x,A-B,tolak,,,,\n3,e,x,A-B,tolak,"0,1",0,"0,9",\n'
    (tmp_path / "s.csv").write_text(HEADER + rows, encoding="utf-8")
    file = read_scored(tmp_path / "s.csv")
    assert [(p.id, p.text, p.label, p.pair, p.scores) for p in file.posts] == [
        ("1", "a, b", "ragu", "A-B", (0.5, 0.3, 0.2)),
        ("2", "c", "netral", "", (0.0, 1.0, 0.0)),
        ("3", "e", "tolak", "A-B", (0.1, 0.0, 0.9)),
    ]
    assert file.rejected == 1
    (tmp_path / "u.csv").write_text("id,isi\n1,a\n", encoding="utf-8")
    with pytest.raises(InputError, match="netral score"):
        read_scored(tmp_path / "u.csv")


def test_a_row_keeps_its_identity_when_the_file_is_sorted_and_copies_have_their_own(tmp_path: Path) -> None:
    rows = [f"{n % 3},teks {n % 3},,A-B,ragu,0.5,0.3,0.2,\n" for n in range(6)]
    keys = []
    for order in (rows, rows[::-1]):
        (tmp_path / "s.csv").write_text(HEADER + "".join(order), encoding="utf-8")
        keys.append([p.key for p in read_scored(tmp_path / "s.csv").posts])
    assert len(set(keys[0])) == 6
    assert set(keys[0]) == set(keys[1])


def test_the_log_export_holds_every_line(tmp_path: Path) -> None:
    with reviewed(tmp_path / "r.sqlite") as store:
        store.retract("Sari")
        export(store, tmp_path / "log.csv", "log")
        lines = store.lines()
    rows = read_records(tmp_path / "log.csv")
    assert [row["keputusan"] for row in rows] == [line.decision for line in lines]
    assert rows[-1]["membatalkan"] == str(lines[-1].retracts)
