"""Laws of the desk's queue: the orders of ``netral review``, the same marks, and a price that does not grow."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import House
from netral_nlp.desk.benefit import Benefit
from netral_nlp.desk.case import Case
from netral_nlp.desk.folder import ENDING
from netral_nlp.desk.posts import SCORED_FILE
from netral_nlp.desk.progress import remaining_of
from netral_nlp.desk.reading import AUDIT_EVERY, Look, Reading
from netral_nlp.learning.orders import ORDERS, shuffle
from netral_nlp.learning.ranking import LEARNABLE
from netral_nlp.model.model import Model
from netral_nlp.report.showing import find_marks, pieces_of, read_evidence
from netral_nlp.review.log import ORDERED, SEARCHED, Decision, Shown, Standing
from netral_nlp.review.posts import Post, read_scored
from netral_nlp.review.queue import Filters, Queue
from netral_nlp.review.session import Desk
from netral_nlp.review.store import Store
from netral_nlp.roster import load_roster
from netral_nlp.scoring.scorer import Scorer
from test_desk import ROSTER, filled_case, posts, score
from test_desk import fill as fill_many
from test_review_learning import scored_posts


def fill(case: Case, made: Sequence[Post]) -> None:
    """A case whose posts were scored, as scoring leaves it."""
    rows = []
    for post in made:
        best = sorted(post.scores)
        rows.append((
            post.key, post.line, post.id, post.election, post.pair, post.text, post.label, *post.scores, post.evidence,
            *[""] * 4, json.dumps(None), -post.scores[0], best[2] - best[1], shuffle(case.seed, post.key),
        ))  # fmt: skip
    with case.writing() as db:
        db.executemany(
            "INSERT INTO scored(key, line, id, election, pair, text, label, dukung, netral, tolak, evidence, platform,"
            f" time, account, agency, law, skor, ragu, acak) VALUES ({', '.join('?' * 19)})",
            rows,
        )
        case.note_within(db, skor={"unggahan": len(made), "sha256": "0"}, diterapkan=0, antre=0)


@pytest.mark.parametrize("order", ORDERS)
def test_the_desk_shows_the_posts_that_netral_review_would_show(tmp_path: Path, order: str) -> None:
    made, answers = scored_posts(400, 0.25, 7, sharpness=0.4)
    labels = dict(zip([post.key for post in made], answers, strict=True))
    dice = random.Random(1)
    with Case(tmp_path / f"a{ENDING}") as case:
        fill(case, made)
        benefit, standing, numbers = Benefit(case), Standing(), count(1)
        reading, queue = Reading(case, benefit), Queue(made, case.seed, standing, AUDIT_EVERY)

        def decide(post: Post, route: str) -> None:
            case.record(post, "Sari", labels[post.key], shown=Shown(), route=route)
            reading.refresh()
            if route == ORDERED:
                reading.pass_by(order, post.key)
                queue.reached.add(queue.index[post.key])
            benefit.renew_beside()
            benefit.wait()
            standing.apply([Decision(next(numbers), "", "Sari", post.key, labels[post.key], "", "", route, Shown())])

        seen = []
        benefit.renew_beside()
        benefit.wait()
        for step in range(150):
            shown, pick = reading.next(Look("Sari", "w", order)), queue.next("Sari", order, Filters(), lambda key: True)
            assert shown is not None and pick is not None
            assert (shown.post.key, shown.route) == (made[pick.index].key, pick.route), step
            seen.append(shown.post.key)
            decide(shown.post, shown.route)
            if step % 15 == 8:  # somebody searches, and decides what the order will come past
                decide(dice.choice([post for post in made if post.key not in standing.verdicts]), SEARCHED)
            if step % 40 == 20:
                back = case.retract("Sari")
                assert back is not None
                reading.refresh()
                standing.apply(
                    [Decision(next(numbers), "", "Sari", back.key, "batal", "", "", back.route, Shown(), back.number)]
                )
        by_score = sorted(made, key=lambda post: (-post.scores[0], shuffle(case.seed, post.key)))
        assert order != "manfaat" or benefit.table
        assert order != "manfaat" or seen != [post.key for post in by_score[: len(seen)]]
        listed, _ = reading.listing(Look("Sari", "w", order, status="belum"))
        assert [one.post.key for one in listed] == [
            made[i].key for i in queue.search("Sari", order, Filters())
        ][: len(listed)]  # fmt: skip
        if order != "acak":  # there what the audit drew stays a sample, which tells more
            assert remaining_of(case) == queue.remaining()


class Marks(HTMLParser):
    """The marked stretches of the post on a page, each with whether it speaks for the label."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark":
            self._open = True
            self.found.append(("", ("class", "con") not in attrs))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "mark"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1] = (self.found[-1][0] + data, self.found[-1][1])


def test_evidence_is_marked_where_netral_review_marks_it(house: House, model: Model, tmp_path: Path) -> None:
    visitor = house.visit()
    name = score(house, visitor, ("unggahan.csv", posts(24)))
    case = house.case(name)
    path = case.put_out(SCORED_FILE, tmp_path / "skor.csv")
    roster, exact = load_roster(ROSTER), 0
    with Store(tmp_path / "r.sqlite") as store:
        review = Desk(read_scored(path), store, roster=roster, scorer=Scorer(model, roster, 0.5))
        by_line = {post.line: post for post in review.file.posts}
        for key, line in case.many("SELECT key, line FROM scored WHERE line < 12"):
            card = review.open(by_line[line].key, review.viewer("Sari", "w"))
            wanted = [(words, value > 0) for words, value, _ in card["pieces"] if value is not None]
            assert Marks(visitor.get(f"/perkara/{name}/tinjau?pos={key}")).found == wanted
            post = by_line[line]
            cell = pieces_of(post.text, find_marks(post.text, read_evidence(post.evidence)))
            exact += [(piece.text, piece.value > 0) for piece in cell if piece.value is not None] != wanted
    assert exact  # elsewhere than where words of the column happen to stand


def test_deciding_on_the_page_teaches_the_order(house: House) -> None:
    visitor = house.visit()
    name = filled_case(house, 120)
    visitor.get(f"/perkara/{name}/tinjau")
    benefit = house.desk.benefits.of(name, lambda: pytest.fail("the page has no order of its own"))
    for step in range(40):
        assert visitor.form(f"/{name}/tinjau").fields["urutan"] == "manfaat"
        visitor.submit(f"/{name}/tinjau", keputusan=("dukung", "netral")[step % 2], paslon="Arman-Lestari")
        benefit.wait()
    assert benefit.table
    house.case(name).note(skor={"unggahan": 120, "sha256": "scored again"})
    visitor.get(f"/perkara/{name}/tinjau")
    assert not benefit.table


def test_the_next_post_by_benefit_costs_the_same_in_a_hundred_thousand(tmp_path: Path) -> None:
    costs = {}
    for size in (1_000, 100_000):
        with Case(tmp_path / f"n{size}{ENDING}") as case:
            fill_many(case, size)
            benefit = Benefit(case)
            reading = Reading(case, benefit)
            keys = [key for (key,) in case.many("SELECT key FROM scored ORDER BY skor LIMIT ?", (LEARNABLE,))]
            with case.writing() as db:  # the first are decided already
                db.executemany("UPDATE scored SET settled = 1 WHERE key = ?", [(key,) for key in keys[-400:]])
            benefit._write(keys[::-1])
            steps = [0]

            def count_step(steps: list[int] = steps) -> int:
                steps[0] += 1
                return 0

            case._db.set_progress_handler(count_step, 10)
            shown = reading.next(Look("Sari", "a"))
            case._db.set_progress_handler(None, 0)
            assert shown is not None and shown.post.key == keys[-401]
            costs[size] = steps[0]
    assert costs[100_000] <= 1.5 * costs[1_000] + 50
