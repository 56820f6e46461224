"""Laws of what the owner sees of agreement: every number is counted from the log, and names are only text."""

from __future__ import annotations

import html
import random
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import PIN, House
from netral_nlp.desk.agreeing import agreement_parts, crossings_of, decisions_of
from netral_nlp.desk.case import Case
from netral_nlp.desk.folder import ENDING
from netral_nlp.desk.pages import Pages
from netral_nlp.desk.progress import DIFFER, progress_of
from netral_nlp.desk.reading import Reading
from netral_nlp.pages.shell import Page, served_page
from netral_nlp.records import LABELS
from netral_nlp.review.log import CHOICES, UNCLEAR, Shown, Standing, agreements
from pagelaws import flaws
from test_desk import fill, posts, score

NAMES = ("Sari", "Budi <b>&", 'Citra "x"', "Dewi\u202e")


def decided(case: Case, seed: int) -> Standing:
    """A case that several people have read here and there, and its log folded."""
    dice = random.Random(seed)
    fill(case, 60)
    reading = Reading(case)
    for _ in range(120):
        post = reading.at(f"{dice.randrange(60):024x}").post
        case.record(post, dice.choice(NAMES), dice.choice(CHOICES), shown=Shown(), pair="A")
    reading.refresh()
    standing = Standing()
    standing.apply(case.lines())
    return standing


@pytest.mark.parametrize("seed", range(5))
def test_who_decided_what_is_counted_as_the_log_tells_it(tmp_path: Path, seed: int) -> None:
    with Case(tmp_path / f"a{ENDING}") as case:
        standing = decided(case, seed)
        each: Counter[tuple[str, str]] = Counter()
        both: Counter[tuple[str, str, str, str]] = Counter()
        for key in standing.live:
            held = {who: one.decision for who, one in standing.labelled(key).items()}
            each.update(held.items())
            both.update((a, b, held[a], held[b]) for a, b in combinations(sorted(held), 2))
        told = {(who, said): n for who, counts in decisions_of(case).items() for said, n in counts.items() if n}
        assert told == dict(each)
        found = crossings_of(case)
        assert {(c.first, c.second, a, b): n for c in found for (a, b), n in c.counts.items()} == dict(both)
        kappas = {tuple(one["reviewers"]): one["kappa"] for one in agreements(standing, standing.live)}
        assert {(c.first, c.second): c.kappa for c in found} == kappas
        drawn = str(agreement_parts(case, Pages("/x", "id")))
        assert flaws(served_page(Page("t", f"<h1>t</h1>{drawn}")), served=True) == []
        assert "<b>" not in drawn
        for one in found:
            (figure,) = [
                f for f in drawn.split("<figure>") if f"{html.escape(one.first)} × {html.escape(one.second)}" in f
            ]
            shown = [int(n) for n in re.findall(r'text-anchor="middle">(\d+)</text>', figure)]
            assert sum(shown) == one.n and f"{one.agreed} / {one.n}" in figure


def test_agreement_is_for_the_owner(house: House) -> None:
    owner = house.visit()
    name = score(house, owner, ("a.csv", posts(12)))
    case = house.case(name)
    house.folder.people.add("Budi", PIN)
    title = "Keputusan tiap peninjau"
    assert title not in owner.get(f"/perkara/{name}/ikhtisar")
    ((key,),) = case.many("SELECT key FROM scored LIMIT 1")
    for who, said in (("Sari", LABELS[0]), ("Budi", LABELS[1])):
        case.record(Reading(case).at(key).post, who, said, shown=Shown(), pair="Arman-Lestari")
    page = owner.get(f"/perkara/{name}/ikhtisar")
    assert title in page and "Budi × Sari" in page
    other = house.visit("Budi")
    page = other.get(f"/perkara/{name}/ikhtisar")
    assert other.answer.status_code == 200 and title not in page and "Sari" not in page


@pytest.mark.parametrize("seed", range(3))
def test_what_reviewers_differ_on_is_not_called_unclear(tmp_path: Path, seed: int) -> None:
    with Case(tmp_path / f"a{ENDING}") as case:
        standing = decided(case, seed)
        verdicts = [standing.verdicts[key] for key in standing.verdicts]
        split = sum(one.label == UNCLEAR and not one.agreed for one in verdicts)
        found = progress_of(case)
        assert found.labels[DIFFER] == split > 0
        assert found.labels[UNCLEAR] == sum(one.label == UNCLEAR and one.agreed for one in verdicts)
        assert sum(found.labels.values()) == found.decided == len(verdicts)
        held = [[d.decision for d in standing.labelled(key).values() if d.decision in LABELS] for key in standing.live]
        twice = [labels for labels in held if len(labels) > 1]
        assert (found.double, found.same) == (len(twice), sum(len(set(labels)) == 1 for labels in twice))
