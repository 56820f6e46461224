"""Laws of the wall around the review page: who gets in, who acts under which name, what is refused and how."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import socket
import stat
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("fastapi", reason="the extra [review] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from netral_nlp.errors import UsageError
from netral_nlp.review import server as server_module
from netral_nlp.review.posts import Post, ScoredFile, key_of
from netral_nlp.review.server import create_app
from netral_nlp.review.session import Desk
from netral_nlp.review.store import Store, open_reviews
from netral_nlp.serving import listening
from netral_nlp.serving.guard import LARGEST_REQUEST
from netral_nlp.serving.linkfile import LinkFile
from netral_nlp.serving.sessions import IDLE, LINK_LIFE, LONGEST, Sessions
from running import enter
from strategies import FULL
from tally import attempt

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

HOST = "127.0.0.1:8700"
ELECTION, PAIR = "kota-samudra-2024", "Arman-Lestari"


def file_of(count: int) -> ScoredFile:
    posts = tuple(
        Post(
            key_of(ELECTION, PAIR, str(n), f"teks {n}", 0),
            n + 2,
            str(n),
            ELECTION,
            PAIR,
            f"teks {n}",
            "dukung",
            (0.7, 0.2, 0.1),
            "teks +1.2",
        )
        for n in range(count)
    )
    return ScoredFile("hasil.csv", "f" * 64, posts, 0)


class Clock:
    """Time that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class House:
    """A page with its sessions, its clock and its store."""

    def __init__(self, store: Store) -> None:
        self.clock = Clock()
        self.sessions = Sessions(self.clock)
        self.room = f"/{self.sessions.room}"
        self.store = store
        self.desk = Desk(file_of(6), store, order="skor", audit_every=0)
        self.app = create_app(self.desk, sessions=self.sessions, hosts=(HOST,))

    def outside(self) -> TestClient:
        return TestClient(self.app, base_url=f"http://{HOST}", raise_server_exceptions=True)

    def inside(self) -> TestClient:
        client = self.outside()
        assert client.get(f"/masuk/{self.sessions.link()}").status_code == 200
        return client

    def ask(self, client: TestClient, name: str, **asked: Any) -> Any:
        return client.post(f"{self.room}/api/{name}", json={"reviewer": "Sari", "window": "w", **asked})

    def decide(self, client: TestClient, reviewer: str, n: int = 0) -> Any:
        key = self.desk.file.posts[n].key
        return self.ask(client, "decide", reviewer=reviewer, key=key, decision="netral", token=f"{reviewer}-{n:08}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Store(tmp_path / "r.sqlite") as store:
        yield House(store)


def test_a_link_opens_once_and_only_in_its_time(house: House) -> None:
    code = house.sessions.link()
    assert house.outside().get(f"/masuk/{code}").status_code == 200
    assert house.outside().get(f"/masuk/{code}").status_code == 404
    late = house.sessions.link()
    house.clock.now += LINK_LIFE + 1
    assert house.outside().get(f"/masuk/{late}").status_code == 404


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch"}, {"purpose": "prefetch"}])
def test_a_look_ahead_does_not_use_a_link_up(house: House, headers: dict[str, str]) -> None:
    code = house.sessions.link()
    assert house.outside().get(f"/masuk/{code}", headers=headers).status_code == 404
    assert house.outside().head(f"/masuk/{code}").status_code == 404
    assert house.outside().post(f"/masuk/{code}").status_code == 404
    assert house.outside().get(f"/masuk/{code}").status_code == 200


def test_the_way_in_leads_to_the_page_and_the_cookie_is_out_of_reach(house: House) -> None:
    client = house.outside()
    answer = client.get(f"/masuk/{house.sessions.link()}?peninjau=Budi%22%3E%3Cscript%3E")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and f"Path={house.room}/" in cookie
    assert "<script>" not in answer.text and f'href="{house.room}/?peninjau=Budi%22' in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
    secret = cookie.split("=")[1].split(";")[0]
    assert secret not in answer.text and secret not in client.get(f"{house.room}/").text
    assert client.get(f"{house.room}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/next", "/docs", "/openapi.json", "//", "/masuk", "/masuk/", "/masuk/x", ""]
)
def test_outside_the_room_there_is_nothing(house: House, path: str) -> None:
    for client in (house.outside(), house.inside()):
        for answer in (client.get(path), client.post(path, json={"reviewer": "x"})):
            assert answer.status_code == 404
            assert "hasil.csv" not in answer.text and house.sessions.room not in answer.text


def test_the_room_alone_lets_nobody_in(house: House) -> None:
    client = house.outside()
    for cookie in ("", "netral=", "netral=x", f"netral={house.sessions.room}", "netral=\xff", "other=1; netral=y"):
        headers = {"cookie": cookie.encode("latin-1")} if cookie else {}
        for path in (f"{house.room}/", f"{house.room}/static/page.js", f"{house.room}/api/next"):
            assert client.get(path, headers=headers).status_code == 401  # type: ignore[arg-type]
            assert client.post(path, json={}, headers=headers).status_code == 401  # type: ignore[arg-type]
    assert client.get(house.sessions.room).status_code == 404  # and without its slash it is no room


def test_sessions_end_by_rest_by_age_and_by_leaving(house: House) -> None:
    rested, aged, left = house.inside(), house.inside(), house.inside()
    assert house.ask(left, "leave").status_code == 200
    assert house.ask(left, "next").status_code == 401
    house.clock.now += IDLE - 1
    assert house.ask(aged, "next").status_code == 200
    house.clock.now += 2
    assert house.ask(rested, "next").status_code == 401
    for _ in range(int(LONGEST / IDLE)):
        house.ask(aged, "next")
        house.clock.now += IDLE - 1
    assert house.ask(aged, "next").status_code == 401


@pytest.mark.parametrize("name", ["Sari", "sari", " SARI ", "Sa\u200bri", "\uff33ari", "Sari\u0000"])
def test_nobody_acts_under_the_name_of_another_window(house: House, name: str) -> None:
    first, second = house.inside(), house.inside()
    assert house.decide(first, "Sari").status_code == 200
    for asked in ("next", "list"):
        assert house.ask(second, asked, reviewer=name).status_code == 400
    answer = house.decide(second, name, 1)
    assert answer.status_code == 400 and "jendela lain" in answer.json()["error"]
    number = house.store.lines()[0].number
    assert house.ask(second, "undo", reviewer=name, number=number, token="t" * 9).status_code == 400
    assert [line.reviewer for line in house.store.lines()] == ["Sari"]
    house.clock.now += IDLE + 1  # she has gone home: the name is free
    assert house.decide(house.inside(), "Sari", 2).status_code == 200


def test_a_window_that_has_acted_keeps_its_name(house: House) -> None:
    client = house.inside()
    assert house.ask(client, "next", reviewer="Sar").status_code == 200  # a slip of the pen
    assert house.decide(client, "Sari").status_code == 200
    for other in ("Budi", "", "sari"):
        assert house.decide(client, other, 1).status_code == 400
    assert house.decide(house.inside(), "Budi", 1).status_code == 200
    assert {line.reviewer for line in house.store.lines()} == {"Sari", "Budi"}


def test_without_a_name_nothing_is_kept(house: House) -> None:
    for empty in ("", "  ", "\u200b", "\u0007"):
        answer = house.decide(house.inside(), empty)
        assert answer.status_code == 400 and "nama" in answer.json()["error"]
    assert house.store.lines() == []


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["Sari", "sari", "Budi", ""]), st.booleans()), max_size=20)
)
def test_no_name_is_ever_spoken_for_by_two_sessions(moves: list[tuple[int, str, bool]]) -> None:
    sessions = Sessions(Clock())
    secrets = [sessions.enter(sessions.link()) for _ in range(3)]
    living = [found for secret in secrets if secret and (found := sessions.find(secret)) is not None]
    acted: dict[int, str] = {}
    for at, name, acting in moves:
        try:
            given_name = sessions.speak(living[at], name, acting=acting)
        except UsageError:
            continue
        assert acted.get(at, given_name) == given_name
        if acting:
            acted[at] = given_name
        names = [s.reviewer.casefold() for s in living if s.reviewer]
        assert len(names) == len(set(names))


def test_the_link_file_is_its_owners_alone_always_fresh_and_gone_at_the_end() -> None:
    sessions = Sessions()
    with LinkFile(sessions, "http://127.0.0.1:1") as file:
        path = file.path
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        codes = []
        for _ in range(3):
            (code,) = re.findall(r'href="http://127\.0\.0\.1:1/masuk/([^"]+)"', path.read_text(encoding="utf-8"))
            assert sessions.enter(code) is not None
            assert sessions.enter(code) is None
            codes.append(code)
        assert len(set(codes)) == 3
    assert not path.parent.exists()


def test_a_browser_is_given_the_files_name_and_never_the_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import webbrowser

    from netral_nlp.cli import entrance

    opened: list[str] = []
    said: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(entrance, "say", said.append)
    monkeypatch.setattr(entrance, "on_terminal", lambda: False)
    file = tmp_path / "buka.html"
    entrance.show_entrance("http://127.0.0.1:1/masuk/geheim", file, True)
    assert opened == [file.as_uri()]
    assert "geheim" not in " ".join(said)


# What cannot be sent by a well-behaved client is sent through the application's own door, or a socket.


def asked_raw(app: Any, scope: dict[str, Any], chunks: list[bytes] | None = None) -> tuple[int, bytes]:
    """Status and body of an application's answer to a scope and a body in chunks."""
    whole = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "raw_path": b"",
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8700),
        **scope,
    }
    waiting = list(chunks or [b""])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(whole, receive, send))
    (start,) = [m for m in sent if m["type"] == "http.response.start"]
    return start["status"], b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")


def cookie_of(client: TestClient) -> bytes:
    return "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar).encode()


def json_scope(house: House, name: str) -> dict[str, Any]:
    headers = [(b"host", HOST.encode()), (b"content-type", b"application/json"), (b"cookie", cookie_of(house.inside()))]
    return {"method": "POST", "path": f"{house.room}/api/{name}", "headers": headers}


@pytest.mark.parametrize(
    "sizes", [[LARGEST_REQUEST + 1], [1] * 3 + [LARGEST_REQUEST], [40_000, 40_000, 1], [60_000] * 9]
)
def test_a_body_in_chunks_is_no_way_around_the_limit(house: House, sizes: list[int]) -> None:
    scope = json_scope(house, "decide")
    status, body = asked_raw(house.app, scope, [b" " * size for size in sizes])
    assert (status, json.loads(body)["error"]) == (413, "Permintaan terlalu besar.")
    assert house.store.lines() == []


def test_a_body_in_chunks_within_the_limit_is_heard(house: House) -> None:
    body = json.dumps(
        {"reviewer": "Sari", "window": "w", "token": "t" * 9, "decision": "tolak", "key": house.desk.file.posts[0].key}
    ).encode()
    status, _ = asked_raw(house.app, json_scope(house, "decide"), [body[:10], body[10:11], b"", body[11:]])
    assert status == 200
    assert [line.decision for line in house.store.lines()] == ["tolak"]


BODIES = (
    b'{"reviewer": "\\ud800"}',
    b'{"note": NaN}',
    b'{"number": NaN}',
    b'{"number": 1e999}',
    b'{"number": Infinity}',
    b'{"number": ' + b"9" * 400 + b"}",
    b'{"number": ' + b"9" * 5_000 + b"}",
    b'{"number": -1}',
    b'{"number": 99999999999999999999}',
    b'{"offset": -Infinity}',
    b"[" * 30_000,
    b'{"a":' * 9_000,
    b"\xff\xfe",
    b"",
    b"null",
    b"0",
    b'"x"',
    b"{}",
    b'{"reviewer": null}',
    b'{"reviewer": {"a": NaN}}',
    b'{"x\\ud800": 1}',
    b'{"text": "\\u0000"}',
    b'{"status": "\\udfff"}',
    b'{"key": "\\ud83d"}',
    b"\xef\xbb\xbf{}",
    '{"reviewer": "\U0001f600"}'.encode("utf-16"),
)


@pytest.mark.parametrize("name", ["next", "open", "list", "decide", "undo", "leave"])
def test_half_letters_and_numbers_that_are_none_are_refused_in_one_sentence(house: House, name: str) -> None:
    for body in BODIES:
        status, answer = asked_raw(house.app, json_scope(house, name), [body])
        assert status in (200, 400, 401, 422), (status, body[:60])
        if status != 200:
            assert isinstance(json.loads(answer), dict), body[:60]
            assert b"Traceback" not in answer and answer.count(b"\n") <= 1
    assert house.store.lines() == []


tangled: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["Sari", "netral", "semua", "beda", "manfaat", "t" * 9]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "reviewer",
    "window",
    "order",
    "blind",
    "status",
    "text",
    "pair",
    "label",
    "platform",
    "key",
    "decision",
    "chosen",
    "note",
    "token",
    "number",
    "offset",
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.sampled_from(["next", "open", "list", "decide", "undo"]),
    st.dictionaries(st.sampled_from(FIELDS), tangled, max_size=8),
    st.booleans(),
)
def test_no_json_makes_the_server_fail(house: House, name: str, asked: dict[str, Any], known: bool) -> None:
    if known:  # else hardly anything gets past the first look
        first = {"reviewer": "Sari", "key": house.desk.file.posts[0].key, "decision": "netral", "token": "t" * 9}
        fields = {"open": ["reviewer", "key"], "decide": list(first), "undo": ["reviewer", "token"]}
        asked = {**{field: first[field] for field in fields.get(name, ["reviewer"])}, **asked}
    body = json.dumps(asked, ensure_ascii=True).encode()
    status, answer = asked_raw(house.app, json_scope(house, name), [body])
    assert status in (200, 400, 422)
    json.loads(answer)


headers_of = st.lists(
    st.tuples(
        st.sampled_from([b"host", b"origin", b"cookie", b"content-type", b"content-length", b"sec-fetch-site", b"x"]),
        st.binary(max_size=30)
        | st.sampled_from([HOST.encode(), b"http://" + HOST.encode(), b"application/json", b"-1"]),
    ),
    max_size=6,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE", "CONNECT", "get", "X"]),
    st.text(st.characters(codec="utf-8"), max_size=30)
    | st.sampled_from(["*", "foo", "", "/", "//", "/masuk/", "?", "%"]),
    headers_of,
)
def test_no_stranger_gets_more_than_a_refusal(
    house: House, method: str, path: str, headers: list[tuple[bytes, bytes]]
) -> None:
    for start in ("", house.room, house.room + "/"):
        scope = {"method": method, "path": start + path, "headers": headers}
        status, answer = asked_raw(house.app, scope, [b"{}"])
        assert status in (400, 401, 403, 404, 405, 413, 415, 421)
        assert b"hasil.csv" not in answer and house.sessions.room.encode() not in answer


def test_what_is_said_twice_is_refused(house: House) -> None:
    for name in (b"host", b"origin", b"content-length", b"content-type", b"cookie", b"sec-fetch-site"):
        scope = json_scope(house, "next")
        again = [(name, value) for n, value in scope["headers"] if n == name]
        scope["headers"] += again or [(name, b"1"), (name, b"1")]
        assert asked_raw(house.app, scope, [b"{}"])[0] == 400


@contextmanager
def running(path: Path, posts: int) -> Iterator[tuple[Callable[[], str], str]]:
    """The real server in a thread: gives a maker of one-time links, and the host."""
    found: list[str] = []
    up = threading.Event()
    made: list[Any] = []
    kept = listening._Server

    class Seen(kept):  # type: ignore[misc, valid-type]
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

        def install_signal_handlers(self) -> None:
            pass

    def ready(link: str, file: Path) -> None:
        found.append(str(file))
        up.set()

    def run() -> None:
        with Store(path) as store:
            server_module.serve(Desk(file_of(posts), store, order="skor", audit_every=0), ready=ready)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "_Server", Seen)
        thread = threading.Thread(target=run)
        thread.start()
        assert up.wait(30)

        def link() -> str:
            text = Path(found[0]).read_text(encoding="utf-8")
            return re.findall(r'href="([^"]+)"', text)[0]

        try:
            yield link, urlsplit(link()).netloc
        finally:
            made[0].should_exit = True
            thread.join(30)
    assert not Path(found[0]).exists()


def test_odd_lines_on_a_socket_are_refused_without_a_word_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path / "r.sqlite", 3) as (link, host):
        _, room, cookie = enter(link())
        name, port = host.split(":")
        good = f"Host: {host}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        lines = [
            f"OPTIONS * HTTP/1.1\r\n{good}\r\n",
            f"GET foo HTTP/1.1\r\n{good}\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "x\r\n\r\n",
            f"GET http://{host}{room} HTTP/1.1\r\n{good}\r\n",
            f"GET {room} HTTP/9.9\r\n{good}\r\n",
            "\0" * 50 + "\r\n\r\n",
            f"POST {room}api/next HTTP/1.1\r\n{good}Transfer-Encoding: chunked\r\n\r\n"
            + f"{70_000:x}\r\n{' ' * 70_000}\r\n0\r\n\r\n",
            f"POST {room}api/next HTTP/1.1\r\n{good}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            f"POST {room}api/next HTTP/1.1\r\n{good}Content-Length: -5\r\n\r\n",
            "GET / HTTP/1.1\r\n" + "a: b\r\n" * 9_000,
            f"CONNECT {host} HTTP/1.1\r\n{good}\r\n",
            f"GET {room}%ff%00%2e%2e HTTP/1.1\r\n{good}\r\n",
        ]
        statuses = []
        for line in lines:
            with socket.create_connection((name, int(port)), timeout=20) as door:
                door.sendall(line.encode("latin-1"))
                try:
                    answer = door.recv(65536)
                except ConnectionResetError:  # part of what was sent was not read any more
                    answer = b"HTTP/1.1 413 "
                statuses.append(int(answer.split()[1]))
        assert statuses[:4] == [405, 404, 400, 400]
        assert max(statuses) < 500 and 413 in statuses
        assert json.loads(call(host, room, cookie, "next", "Sari")[1])["post"] is not None  # and it still serves
    assert capfd.readouterr().err == ""


def call(host: str, room: str, cookie: str, name: str, reviewer: str, **asked: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, timeout=60)
    body = json.dumps({"reviewer": reviewer, "window": reviewer, **asked})
    headers = {"content-type": "application/json", "cookie": cookie, "origin": f"http://{host}"}
    connection.request("POST", f"{room}api/{name}", body=body, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def review_at_once(path: Path, clients: int, each: int) -> None:
    """So many browsers decide so many posts each at the same time; none of the decisions is lost."""
    confirmed: list[tuple[str, int]] = []
    wrong: list[object] = []
    with running(path, clients * each + 5) as (link, host):
        doors = [enter(link())[1:] for _ in range(clients)]

        def work(at: int) -> None:
            who, (room, cookie) = f"Peninjau {at}", doors[at]
            shown = json.loads(call(host, room, cookie, "next", who)[1])["post"]
            for n in range(each):
                asked = {"key": shown["key"], "decision": "netral", "token": f"{at:04}-{n:06}"}
                status, answer = call(host, room, cookie, "decide", who, **asked)
                if status != 200:
                    wrong.append((who, status, answer))
                    return
                data = json.loads(answer)
                confirmed.append((who, data["saved"]["number"]))
                shown = data["post"]

        threads = [threading.Thread(target=work, args=(at,)) for at in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with attempt(f"decisions of {clients} clients at once", clients * each):
        assert wrong == []
        with open_reviews(path) as store:  # which checks the whole chain
            lines = store.lines()
        assert len(lines) == clients * each
        assert sorted(confirmed) == sorted((line.reviewer, line.number) for line in lines)


def test_many_clients_at_once_lose_no_decision(tmp_path: Path) -> None:
    review_at_once(tmp_path / "r.sqlite", *((20, 200) if FULL else (6, 5)))
