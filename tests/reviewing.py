"""What tests of the reviews file share: posts, a log with everything in it, all that a file tells, an old file."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from netral_nlp.review.log import CHOICES, ROUTES, SEARCHED, Decision, Shown
from netral_nlp.review.migrating import FIRST_SCHEMA
from netral_nlp.review.posts import Post, key_of
from netral_nlp.review.schema import APPLICATION, statements_of
from netral_nlp.review.store import Store, open_reviews

ELECTION, PAIR = "kota-samudra-2024", "Arman-Lestari"
SHOWN = Shown("ragu", (0.5, 0.3, 0.2), "gas +1.0", "m" * 64, "f" * 64, True)


def post(n: int) -> Post:
    text = f"unggahan {n}: Pak Arman \U0001f44d\nbaris dua \u0000 habis"
    return Post(
        key_of(ELECTION, PAIR, str(n), text, 0), n + 2, str(n), ELECTION, PAIR, text, "ragu", (0.5, 0.3, 0.2), ""
    )


def fill(store: Store, lines: int = 40) -> None:
    for n in range(lines):
        who = ("Sari", "Budi")[n % 2]
        store.record(
            post(n * 7 % 25), who, CHOICES[n % 5], shown=SHOWN, route=ROUTES[n % 4], note="c" * (n % 9), token=f"t-{n}"
        )
        if n % 6 == 5:
            store.retract(who, token=f"b-{n}")
    store.reach([post(n).key for n in range(20, 25)])


def said(path: Path) -> tuple[list[Decision], dict[str, Post], str, str, tuple[list[str], int]]:
    """All that a reviews file tells."""
    with open_reviews(path) as store:
        return store.lines(), store.posts(), store.seed, store.head, store.reached()


def old_file(path: Path, lines: list[Decision], posts: dict[str, Post], seed: str) -> None:
    """A file as the first format had it, with the same content."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for statement in statements_of(FIRST_SCHEMA):
            db.execute(statement)
        db.execute("INSERT INTO settings VALUES ('seed', ?)", (seed,))
        for p in posts.values():
            row = (p.key, p.line, p.id, p.election, p.pair, p.text, p.label, *p.scores, p.evidence, "", "", "", "")
            db.execute(f"INSERT INTO posts VALUES ({', '.join('?' * 15)})", row)
        for d in lines:
            s, scores = d.shown, d.shown.scores or (None, None, None)
            db.execute(
                f"INSERT INTO decisions VALUES ({', '.join('?' * 18)})",
                (
                    d.number, f"token-{d.number}", d.at, d.reviewer, d.key, d.decision, d.pair, d.note, d.route,
                    s.label, *scores, s.evidence, s.model, s.file, int(s.blind), d.retracts,
                ),
            )  # fmt: skip
            if d.route != SEARCHED:
                db.execute("INSERT OR IGNORE INTO reached(key) VALUES (?)", (d.key,))
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute("PRAGMA user_version = 1")
