"""The review page's server: who may talk to it, what it shows, what it keeps."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fastapi", reason="the extra [review] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from netral_nlp.report.showing import Mark, find_marks, pieces_of, read_evidence
from netral_nlp.review.log import LawReview
from netral_nlp.review.posts import Post, ScoredFile, key_of
from netral_nlp.review.server import create_app
from netral_nlp.review.session import Desk
from netral_nlp.review.store import Store
from netral_nlp.roster import Roster
from netral_nlp.roster.identities import identities
from netral_nlp.serving.sessions import Sessions
from pagelaws import flaws
from strategies import noisy_posts

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

HOST = "127.0.0.1:8700"
HOSTILE = '<script>document.title="x"</script><img src=x onerror=alert(1)> {{ 7*7 }} &amp; "kutip" \u202e'
TEXTS = (
    HOSTILE,
    "gas terus Pak Arman, kata @budi_77 dan @armanhidayat_official",
    "WA 081234567890 dukung nomor 1",
    "biasa saja",
)
PAIRS = ("Arman-Lestari", "Arman-Lestari", "Arman-Lestari", "")


def file_of(texts: tuple[str, ...], pairs: tuple[str, ...]) -> ScoredFile:
    posts = tuple(
        Post(
            key_of("kota-samudra-2024", pair, str(n), text, 0), n + 2, str(n), "kota-samudra-2024", pair, text,
            "dukung" if pair else "netral", (0.7 - n / 10, 0.2 + n / 10, 0.1), "gas terus +1.2; Pak Arman -0.4", "X",
            "2024-10-01", "@budi_77", "Bappeda",
        )
        for n, (text, pair) in enumerate(zip(texts, pairs, strict=True))
    )  # fmt: skip
    return ScoredFile("hasil.csv", "f" * 64, posts, 0)


class Page:
    """A client that behaves like the page; each reviewer has a browser of their own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sessions = Sessions()
        self.room = self.sessions.room
        self.app = create_app(desk, sessions=self.sessions, hosts=(HOST,))
        self.clients: dict[str, TestClient] = {}

    def enter(self) -> TestClient:
        """Another browser, in by a link of its own."""
        client = TestClient(self.app, base_url=f"http://{HOST}", raise_server_exceptions=True)
        assert client.get(f"/masuk/{self.sessions.link()}").status_code == 200
        return client

    def of(self, reviewer: str) -> TestClient:
        if reviewer not in self.clients:
            self.clients[reviewer] = self.enter()
        return self.clients[reviewer]

    @property
    def client(self) -> TestClient:
        return self.of("Sari")

    def post(self, name: str, headers: dict[str, str] | None = None, **asked: Any) -> Any:
        body = {"reviewer": "Sari", "window": "w1", **asked}
        sent = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin", **(headers or {})}
        return self.of(body["reviewer"]).post(f"/{self.room}/api/{name}", json=body, headers=sent)

    def decide(self, key: str, decision: str, n: int = 0, **asked: Any) -> Any:
        return self.post("decide", key=key, decision=decision, token=f"token-{key}-{decision}-{n}", **asked)


@pytest.fixture
def page(tmp_path: Path, samudra: Roster) -> Iterator[Page]:
    with Store(tmp_path / "r.sqlite") as store:
        yield Page(Desk(file_of(TEXTS, PAIRS), store, roster=samudra, order="skor", audit_every=0))


def test_the_page_is_there_and_brings_nothing_from_elsewhere(page: Page) -> None:
    answer = page.client.get(f"/{page.room}/")
    assert answer.status_code == 200
    assert 'lang="id"' in answer.text
    assert "http://" not in answer.text.replace("http://www.w3.org", "") and "https://" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    guide = page.client.get(f"/{page.room}/panduan")
    assert flaws(answer.text, served=True) == flaws(guide.text, served=True) == []
    assert 'href="panduan"' in answer.text and 'id="pelabelan"' in guide.text
    loaded = set(re.findall(r'"static/([^"]+)"', answer.text + guide.text))
    assert {"page.js", "page.css", "style.css", "tables.js", "icon.svg", "laporan.webp"} <= loaded
    for name in loaded:
        assert page.client.get(f"/{page.room}/static/{name}").status_code == 200
    for name in ("../page.html", "..%2fserver.py", "x"):
        assert page.client.get(f"/{page.room}/static/{name}").status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8700", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example"]
)
def test_another_host_name_is_refused(page: Page, host: str) -> None:
    assert page.client.get(f"/{page.room}/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8700"},
        {"origin": "http://127.0.0.1:8701"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_origins_request_is_refused_and_changes_nothing(page: Page, headers: dict[str, str]) -> None:
    key = page.desk.file.posts[0].key
    answer = page.post("decide", headers, key=key, decision="dukung", token="t" * 10)
    assert answer.status_code == 403
    assert page.desk.store.lines() == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_plain_form_can_send_is_refused(page: Page, kind: str) -> None:
    answer = page.client.post(f"/{page.room}/api/next", content=b'{"reviewer": "x"}', headers={"content-type": kind})
    assert answer.status_code == 415


def test_a_hostile_post_is_sent_as_data_and_never_as_markup(page: Page) -> None:
    shown = page.post("next").json()["post"]
    assert "".join(piece[0] for piece in shown["pieces"]) == HOSTILE
    assert page.post("next").headers["content-type"] == "application/json"
    assert "<script>document" not in page.client.get(f"/{page.room}/").text


def test_names_of_files_and_reviewers_are_escaped_on_the_page(tmp_path: Path, samudra: Roster) -> None:
    file = file_of(TEXTS, PAIRS)
    hostile = ScoredFile("<script>a</script>.csv", file.digest, file.posts, 0)
    with Store(tmp_path / "r.sqlite") as store:
        page = Page(Desk(hostile, store, roster=samudra, reviewer='"><script>b</script>'))
        text = page.client.get(f"/{page.room}/").text
    assert "<script>a" not in text and "<script>b" not in text
    assert "&lt;script&gt;a" in text


def test_a_decision_is_on_the_disk_when_the_answer_comes(page: Page) -> None:
    first = page.post("next").json()["post"]
    answer = page.decide(first["key"], "dukung", note="jelas").json()
    with Store(page.desk.store.path) as other:
        (line,) = other.lines()
    assert (line.decision, line.note, line.reviewer, line.route) == ("dukung", "jelas", "Sari", "urut")
    assert line.shown.label == "dukung" and line.shown.file == "f" * 64 and not line.shown.blind
    assert answer["saved"]["number"] == line.number
    assert answer["post"]["key"] != first["key"]
    assert answer["progress"]["decided"] == 1


def test_a_blind_reviewer_learns_the_scores_only_after_the_decision(page: Page) -> None:
    asked = {"blind": True}
    shown = page.post("next", **asked).json()["post"]
    assert shown["blind"] and not {"label", "scores", "evidence"} & shown.keys()
    assert all(piece[1] is None for piece in shown["pieces"])
    rows = page.post("list", label="dukung", status="semua", **asked).json()["rows"]
    assert len(rows) == len(TEXTS)  # asking for a label would tell it
    assert not any({"label", "support"} & row.keys() for row in rows)
    saved = page.decide(shown["key"], "tolak", **asked).json()["saved"]
    assert saved["blind"] and saved["label"] == "dukung"
    page.post("undo", token="undo-token", **asked)
    assert not page.decide(shown["key"], "dukung", 1, **asked).json()["saved"]["blind"]  # by now it has been seen


def test_a_desk_that_is_blind_cannot_be_asked_to_see(tmp_path: Path, samudra: Roster) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        page = Page(Desk(file_of(TEXTS, PAIRS), store, roster=samudra, blind=True))
        assert "scores" not in page.post("next", blind=False).json()["post"]


def test_undo_shows_the_post_again_with_its_note(page: Page) -> None:
    first = page.post("next").json()["post"]
    number = page.decide(first["key"], "dukung", note="salah ketik").json()["saved"]["number"]
    back = page.post("undo", number=number, token="undo-token").json()["post"]
    assert (back["key"], back["note"], back["undone"]) == (first["key"], "salah ketik", "dukung")
    assert page.post("undo", token="undo-token-2").json()["post"] is None
    assert page.post("next").json()["post"]["key"] == first["key"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"decision": "hapus"}, 400),
        ({"key": "x"}, 400),
        ({"chosen": "Orang-Lain"}, 400),
        ({"chosen": ""}, 400),
        ({"reviewer": " "}, 400),
        ({"order": "x"}, 400),
        ({"status": "x"}, 400),
        ({"token": ""}, 422),
        ({"unknown": 1}, 422),
        ({"note": "x" * 5_000}, 422),
        ({"note": "x" * 70_000}, 413),
    ],
)
def test_a_request_without_sense_is_refused_and_keeps_nothing(page: Page, asked: dict[str, Any], status: int) -> None:
    sent = {"key": page.desk.file.posts[0].key, "decision": "dukung", "token": "t" * 10, **asked}
    assert page.post("decide", **sent).status_code == status
    assert page.desk.store.lines() == []


def test_two_windows_get_different_posts(page: Page) -> None:
    keys = [
        page.post("next", window=w, reviewer=r).json()["post"]["key"] for w, r in (("1", "A"), ("2", "B"), ("3", "A"))
    ]
    assert len(set(keys)) == 3


def test_what_only_other_windows_hold_is_not_called_finished(page: Page) -> None:
    for n in range(len(TEXTS)):
        page.post("next", window=f"closed{n}")
    assert page.post("next", window="new", reviewer="Budi").json()["post"] is not None


def test_a_second_reviewer_is_not_told_the_first_ones_opinion_before_they_differ(page: Page) -> None:
    key = page.post("next").json()["post"]["key"]
    page.decide(key, "dukung")
    second = page.post("next", reviewer="Budi", window="w2", status="kedua").json()["post"]
    assert second["key"] == key and second["others"] == [] and second["own"] == ""
    answer = page.decide(key, "netral", reviewer="Budi", window="w2", status="kedua").json()
    assert answer["progress"]["differ"] == 1
    assert answer["progress"]["agreement"][0]["n"] == 1
    differing = page.post("next", status="beda").json()["post"]
    assert [o["decision"] for o in differing["others"]] == ["netral"]


def test_identities_are_masked_unless_they_are_wanted(page: Page, tmp_path: Path, samudra: Roster) -> None:
    rows = page.post("list", status="semua").json()["rows"]
    texts = " ".join(row["text"] for row in rows)
    assert "budi_77" not in texts and "081234567890" not in texts
    assert "@armanhidayat_official" in texts  # a candidate's own account is public
    shown = page.post("open", key=page.desk.file.posts[1].key).json()["post"]
    assert shown["account"] == "b•••"
    assert "budi_77" not in str(shown)
    with Store(tmp_path / "i.sqlite") as store:
        seen = Page(Desk(file_of(TEXTS, PAIRS), store, roster=samudra, show_identities=True))
        assert "budi_77" in str(seen.post("open", key=seen.desk.file.posts[1].key).json())


@given(noisy_posts(), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30), st.floats(-3, 3)), max_size=8))
def test_the_pieces_of_a_post_are_the_post(text: str, given_marks: list[tuple[int, int, float]]) -> None:
    marks = [Mark(min(a, len(text)), min(a + n, len(text)), v) for a, n, v in given_marks]
    assert "".join(p.text for p in pieces_of(text, marks)) == text


@given(noisy_posts())
def test_masking_keeps_all_but_the_identities(text: str) -> None:
    masks = identities(text, None)
    pieces = pieces_of(text, [], masks)
    at, kept = 0, []
    for start, end, instead in sorted(masks):
        kept += [text[at:start], instead]
        at = end
    assert "".join(p.text for p in pieces) == "".join(kept) + text[at:]
    assert [p.text for p in pieces if p.masked] == [instead for _, _, instead in sorted(masks)]


def test_evidence_words_are_found_whole_and_everywhere() -> None:
    text = "Gas  terus, gas terus! bukan gasoline"
    marks = find_marks(text, read_evidence("gas terus +1.2; gas -0.5; ✌ +2.0"))
    assert [text[m.start : m.end] for m in marks] == ["gas terus", "gas"]


def test_acts_come_with_a_decision_and_unknown_codes_are_refused(page: Page) -> None:
    key = page.desk.file.posts[0].key
    saved = page.decide(key, "netral", acts=["TIM", "SPANDUK"], exception="TUGAS").json()["saved"]
    assert saved["acts"] == ["SPANDUK", "TIM"]
    assert page.desk.store.lines()[-1].law == LawReview("SPANDUK; TIM", "TUGAS")
    assert page.decide(key, "netral", 2, acts=[]).json()["saved"]["acts"] == []
    assert page.desk.store.lines()[-1].law == LawReview()
    assert page.decide(key, "netral", 3).json()["saved"]["acts"] is None
    assert page.desk.store.lines()[-1].law is None
    lines = len(page.desk.store.lines())
    for n, asked in enumerate(({"acts": ["NYAPRES"]}, {"acts": [], "exception": "IZIN"}, {"acts": ["T"] * 41}), 4):
        assert page.decide(key, "netral", n, **asked).status_code >= 400
    assert len(page.desk.store.lines()) == lines
