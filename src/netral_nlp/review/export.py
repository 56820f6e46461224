"""Reviews as files that others read: labelled posts for training, a workbook, doccano, or the whole log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.rows import FAULTS_SHOWN, Example, example_of
from netral_nlp.records import LABELS
from netral_nlp.review.log import NO_ACT, UNCLEAR, Decision, LawVerdict, Standing, Verdict, law_verdict_of
from netral_nlp.review.posts import Post, election_of
from netral_nlp.review.store import Store
from netral_nlp.roster import Roster
from netral_nlp.tables import Cell, open_writer, write_bytes_atomically

LABELLED_COLUMNS = (
    "id", "election", "pair", "label", "text", "platform", "time", "peninjau", "sepakat", "catatan", "label_model",
    "skor_dukung", "skor_netral", "skor_tolak", "kunci", "perbuatan", "pengecualian", "sepakat_hukum",
    "perbuatan_model", "pengecualian_model",
)  # fmt: skip
ACT_COLUMNS = (
    "id", "election", "text", "time", "account_type", "action", "expected_acts", "expected_phase", "expected_class",
    "expected_exception", "source",
)  # fmt: skip
LOG_COLUMNS = (
    "nomor", "waktu", "peninjau", "kunci", "keputusan", "paslon", "catatan", "jalur", "label_tampil", "skor_dukung",
    "skor_netral", "skor_tolak", "bukti", "model", "berkas", "buta", "membatalkan", "perbuatan",
    "pengecualian", "perbuatan_tampil", "pengecualian_tampil", "rantai",
)  # fmt: skip
BATCH = "tinjauan"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One reviewed post with the verdict on it; ``number`` is the last line of the log that speaks of it.

    ``law`` is the verdict on its acts, None where nobody said anything; ``shown`` are the acts and the exception that
    scoring told.
    """

    post: Post
    verdict: Verdict
    note: str
    number: int
    law: LawVerdict | None = None
    shown: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a file: ``written`` rows, and the reviewed posts that hold no label to train on, by reason."""

    written: int
    left_out: Mapping[str, int]


def labelled_posts(store: Store) -> list[Labelled]:
    """Every post that somebody decided, in the order of the first decision."""
    standing = Standing()
    standing.apply(store.lines())
    posts = store.posts()
    first = {key: at for at, key in enumerate(standing.live)}
    found = []
    for key, verdict in sorted(standing.verdicts.items(), key=lambda item: first[item[0]]):
        held = standing.labelled(key)
        note = " | ".join(d.note for d in held.values() if d.note)
        last = max(held.values(), key=lambda d: d.number)
        law = law_verdict_of(standing.opinions(key))
        shown = (last.shown.acts, last.shown.exception)
        found.append(Labelled(posts[key], verdict, note, last.number, law, shown))
    return found


def export_acts(store: Store, path: str | Path, *, election: str = "") -> Exported:
    """Write what reviewers said of acts as ``netral evaluate --law`` reads it.

    Posts on which they differ evenly are left out; phase and class stay empty: nobody was asked. Raises InputError when
    there is nothing to write.
    """
    standing = Standing()
    standing.apply(store.lines())
    posts, rows, left_out = store.posts(), [], Counter[str]()
    for key in standing.live:
        verdict = law_verdict_of(standing.opinions(key))
        if verdict is None:
            left_out["acts not reviewed"] += 1
        elif verdict.law is None:
            left_out["reviewers differ"] += 1
        else:
            p, said = posts[key], verdict.law
            rows.append((p.id or key, p.election or election, p.text, p.time, "", "", said.acts, "", "", said.exception,
                         BATCH))  # fmt: skip
    if not rows:
        raise InputError(f"{store.path} holds no post whose acts were reviewed.")
    with open_writer(path, ACT_COLUMNS, guarded=True) as writer:
        writer.write_rows(rows)
        writer.commit()
    return Exported(len(rows), left_out)


def fault_of(one: Labelled) -> str | None:
    """Why a reviewed post is no training row, None where it is one."""
    if not one.verdict.agreed and one.verdict.label == UNCLEAR:
        return "reviewers differ"
    if one.verdict.label not in LABELS:
        return "unclear"
    return None if one.verdict.pair else "no pair"


def export_labelled(store: Store, path: str | Path, *, election: str = "") -> Exported:
    """Write the labelled posts as CSV, XLSX, Parquet or JSON lines, as ``netral train`` and ``calibrate`` read them.

    ``election`` stands in where the review had no roster. Raises InputError when there is nothing to write.
    """
    kept, left_out = _split(store)
    with open_writer(path, LABELLED_COLUMNS, guarded=True) as writer:
        writer.write_rows(_row(one, election) for one in kept)
        writer.commit()
    return Exported(len(kept), left_out)


def _split(store: Store) -> tuple[list[Labelled], dict[str, int]]:
    kept: list[Labelled] = []
    left_out: dict[str, int] = {}
    for one in labelled_posts(store):
        fault = fault_of(one)
        if fault is None:
            kept.append(one)
        else:
            left_out[fault] = left_out.get(fault, 0) + 1
    if not kept:
        raise InputError(f"{store.path} holds no labelled post yet. Review some with: netral review SCORED.csv")
    return kept, left_out


def review_cells(one: Labelled) -> dict[str, str]:
    """What people said of a post, by the names of :data:`LABELLED_COLUMNS`."""
    v = one.verdict
    said = one.law.law if one.law is not None else None
    acts, exception = ("", "") if said is None else (said.acts or NO_ACT, said.exception)
    return {
        "label": v.label, "pair": v.pair, "peninjau": ", ".join(v.reviewers), "sepakat": "ya" if v.agreed else "tidak",
        "perbuatan": acts, "pengecualian": exception, "catatan": one.note,
        "sepakat_hukum": "" if one.law is None else "ya" if one.law.agreed else "tidak",
    }  # fmt: skip


def _row(one: Labelled, election: str) -> tuple[Cell, ...]:
    p, said = one.post, review_cells(one)
    return (
        p.id or p.key, p.election or election, said["pair"], said["label"], p.text, p.platform, p.time,
        said["peninjau"], said["sepakat"], said["catatan"], p.label, *p.scores, p.key, said["perbuatan"],
        said["pengecualian"], said["sepakat_hukum"], *one.shown,
    )  # fmt: skip


def export_doccano(store: Store, path: str | Path) -> Exported:
    """Write doccano's JSON lines for text classification: text, a list of labels, and the rest as meta data."""
    kept, left_out = _split(store)
    lines = [
        json.dumps(
            {
                "text": one.post.text, "label": [one.verdict.label], "netral_key": one.post.key,
                "netral_id": one.post.id, "election": one.post.election, "pair": one.verdict.pair, "catatan": one.note,
            },
            ensure_ascii=False,
        )
        for one in kept
    ]  # fmt: skip
    write_bytes_atomically(path, "".join(line + "\n" for line in lines).encode("utf-8", "replace"))
    return Exported(len(kept), left_out)


def export_log(store: Store, path: str | Path) -> Exported:
    """Write every line of the log, retractions and skips included."""
    lines, chain = store.lines(), store.chain()
    with open_writer(path, LOG_COLUMNS, guarded=True) as writer:
        writer.write_rows((*_log_row(line), chain[line.number]) for line in lines)
        writer.commit()
    return Exported(len(lines), {})


def _log_row(d: Decision) -> tuple[Cell, ...]:
    s = d.shown
    scores: Sequence[Cell] = s.scores or ("", "", "")
    return (
        d.number, d.at, d.reviewer, d.key, d.decision, d.pair, d.note, d.route, s.label, *scores, s.evidence, s.model,
        s.file, "ya" if s.blind else "tidak", "" if d.retracts is None else d.retracts,
        *(("", "") if d.law is None else (d.law.acts or NO_ACT, d.law.exception)), s.acts, s.exception,
    )  # fmt: skip


def corpus_from_reviews(store: Store, rosters: Mapping[str, Roster]) -> Corpus:
    """The reviewed posts as labelled posts to learn from; unclear ones and those on which reviewers differ stay out.

    The election is the roster of the review, else the one roster that has all pairs. Raises InputError when there is
    no labelled post, or when an election or pair is in none of ``rosters``.
    """
    kept, _ = _split(store)
    nameless = [one.verdict.pair for one in kept if not one.post.election]
    guessed = election_of(nameless, {name: roster.ids for name, roster in rosters.items()})
    faults: list[str] = []
    examples: list[Example] = []
    for one in kept:
        cells = {
            "id": one.post.id or one.post.key, "election": one.post.election or guessed, "pair": one.verdict.pair,
            "label": one.verdict.label, "text": one.post.text, "platform": one.post.platform, "batch": BATCH,
        }  # fmt: skip
        found = example_of(cells, rosters, file=str(store.path), line=one.number)
        if isinstance(found, Example):
            examples.append(found)
        else:
            faults += found
    if faults:
        shown = "; ".join(dict.fromkeys(faults[:FAULTS_SHOWN]))
        raise InputError(f"{store.path} was not used: {shown}. Give the roster's folder with --rosters.")
    return Corpus(tuple(examples))


def export(store: Store, path: str | Path, kind: str, *, election: str = "") -> Exported:
    """Write reviews as ``labels`` (CSV, XLSX or Parquet by the extension), ``acts``, ``doccano`` or ``log``."""
    if kind == "acts":
        return export_acts(store, path, election=election)
    if kind == "doccano":
        return export_doccano(store, path)
    if kind == "log":
        return export_log(store, path)
    if kind != "labels":
        raise UsageError(f'There is no export "{kind}".')
    return export_labelled(store, path, election=election)
