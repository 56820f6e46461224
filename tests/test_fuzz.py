"""Any text may be a post: random Unicode, all planes, through the engine, the evidence and the pages' readers."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import sys
import unicodedata
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS
from netral_nlp.report.showing import find_marks, pieces_of, read_evidence
from netral_nlp.roster import Roster, parse_roster
from netral_nlp.roster.checking import check_roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.scorer import Scorer
from running import run
from strategies import FULL

PLACES = ((0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x200B, 0x2070), (0x20A0, 0x2BFF), (0xFE00, 0xFF00),
          (0x1D400, 0x1D800), (0x1F300, 0x1FAFF), (0xE000, 0xF900), (0x0, 0xD800), (0x10000, 0x110000))  # fmt: skip
FRAGMENTS = (
    "Hasan",
    "nomor 2",
    "#ArmanLestari",
    "@hasanbasrinur",
    "İ-İ",
    "Arman's",
    "http://a.b/",
    "paslon 02",
    "\r",
    "…",
)
POSTS = 50_000 if FULL else 1_500


def random_post(chance: random.Random) -> str:
    """Some characters of some ranges, with what a roster looks for in between."""
    parts = []
    for _ in range(chance.randint(1, 12)):
        first, end = chance.choice(PLACES)
        if chance.random() < 0.3:
            parts.append(chance.choice(FRAGMENTS))
        parts.append("".join(chr(chance.randrange(first, end)) for _ in range(chance.randint(1, 6))))
        parts.append(chance.choice(("", " ", "\u200d", "\n", "-", "")))
    return "".join(parts)


def test_no_post_ends_a_run_and_every_score_is_a_probability(model: Model, samudra: Roster) -> None:
    chance = random.Random(20241127)
    engine = Engine(model, samudra, 0.1)
    for start in range(0, POSTS, 500):
        texts = [random_post(chance) for _ in range(min(500, POSTS - start))]
        found = engine.score(texts, [chance.choice((None, *samudra.ids)) for _ in texts])
        assert found.post == list(range(len(texts)))
        for pair, scores, words, text in zip(found.pair, found.scores.tolist(), found.words, texts, strict=True):
            assert not pair or math.isclose(sum(scores), 1.0, abs_tol=1e-9)
            marks = find_marks(text, read_evidence(words))
            assert "".join(piece.text for piece in pieces_of(text, marks)) == text


def test_no_post_ends_an_explanation(model: Model, samudra: Roster) -> None:
    chance = random.Random(7)
    scorer = Scorer(model, samudra, 0.1)
    for _ in range(POSTS // 25):
        text = random_post(chance)
        for item in scorer.toward(text, samudra.ids[0]).evidence:
            assert text[item.start : item.end] == item.written
            assert all(math.isfinite(getattr(item, label)) for label in LABELS)


def test_random_posts_of_a_file_come_back_unchanged(tmp_path: Path, model: Model) -> None:
    chance = random.Random(sys.maxunicode)
    texts = [text for text in (random_post(chance).replace("\0", "") for _ in range(POSTS // 5)) if text.strip()]
    texts = [text for text in texts if text == text.encode("utf-8", "ignore").decode()]
    posts, out, judge = tmp_path / "a.csv", tmp_path / "o.csv", tmp_path / "m.npz"
    save_model(model, judge)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([("id", "teks"), *enumerate(texts)])
    posts.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    done = run("score", posts, "-r", "kota-samudra-2024", "-m", judge, "-o", out, "--max-fpr", 0.1)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode(), newline="")))
    assert [row["teks"] for row in rows] == texts


def characters() -> list[str]:
    """Every character of the basic plane, or a sample of them with all whose other cases or plain forms are longer."""
    every = list(map(chr, range(0x10000)))
    if FULL:
        return every
    grows = [c for c in every if len(c.lower()) > 1 or len(c.upper()) > 2 or len(unicodedata.normalize("NFKC", c)) > 8]
    return [*every[:0x250], *every[0x250::29], *grows]


def test_no_character_ends_a_run_wherever_it_stands(model: Model, samudra: Roster) -> None:
    engine, scorer = Engine(model, samudra, 0.1), Scorer(model, samudra, 0.1)
    every = characters()
    for start in range(0, len(every), 500):
        some = every[start : start + 500]
        texts = [f"{c}Hasan{c}Basri {c} me{c}nang #{c}Arman{c}Lestari{c} nomor{c}2 {c}-{c}" for c in some]
        found = engine.score(texts, [None] * len(texts))
        assert found.post == list(range(len(texts)))
        assert all(
            pair == "" or math.isclose(sum(s), 1.0) for pair, s in zip(found.pair, found.scores.tolist(), strict=True)
        )
    for c in every[:: 1 if FULL else 7]:
        text = f"{c}Hasan{c} me{c}nang"
        for item in scorer.toward(text, samudra.ids[1]).evidence:
            assert text[item.start : item.end] == item.written


def test_no_alias_ends_a_check_of_a_roster() -> None:
    chance = random.Random(3)
    every = characters() + [random_post(chance)[:30] for _ in range(POSTS // 25)]
    checked = 0
    for start in range(0, len(every), 12):
        some = every[start : start + 12]
        for one in (some, *([c] for c in some)):
            aliases = json.dumps([alias for c in one for alias in (f"Arm{c}n", f"{c}Lestari", c)])
            tags = json.dumps([f"#{c}Arman" for c in one])
            try:
                roster = parse_roster(ROSTER.format(aliases=aliases, tags=tags))
            except InputError:
                continue  # one of them is no alias: each is tried alone
            for finding in check_roster(roster):
                finding.message.encode("utf-8", "surrogatepass")
            checked += len(one)
            if one is some:
                break
    assert checked > 0.8 * len(every)


ROSTER = """[election]
id = "kota-uji-2024"
name = "Pemilihan Wali Kota Uji 2024"
office = "mayor"
[[pair]]
id = "Arman-Lestari"
number = 1
candidate = "Arman Hidayat"
running_mate = "Lestari Wulandari"
aliases = {aliases}
hashtags = {tags}
[[pair]]
id = "Hasan-Wulan"
number = 2
candidate = "Hasan Basri"
running_mate = "Wulan Sari"
"""
