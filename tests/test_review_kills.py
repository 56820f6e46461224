"""While several people decide, the server is killed again and again: what was confirmed is there, once, and chained."""

from __future__ import annotations

import csv
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra [review] is not installed")

from netral_nlp.review.store import open_reviews
from running import enter, link_in
from strategies import FULL
from tally import attempt

KILLS = 200 if FULL else 2
PATIENCE = 60.0  # seconds for as many decisions as the next kill waits for
PEOPLE = ("Sari", "Budi", "Tono")
POSTS = 3_000


@dataclass
class Promises:
    """What the server has confirmed, and what it was asked for, by the token of the request."""

    confirmed: dict[str, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    wrong: list[object] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def scored(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        out = csv.writer(handle)
        out.writerow(["id", "teks", "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "bukti"])
        out.writerows([n, f"teks {n}", "Arman-Lestari", "ragu", "0.4", "0.4", "0.2", ""] for n in range(POSTS))


def start(folder: Path) -> tuple[subprocess.Popen[str], list[tuple[str, str, str]]]:
    """A server as people run it, and for each person host, room and cookie."""
    command = [sys.executable, "-m", "netral_nlp", "review", "hasil.csv", "-r", "kota-samudra-2024", "--order", "skor"]
    process = subprocess.Popen(
        [*command, "--audit", "0", "--no-browser"], stderr=subprocess.PIPE, text=True, cwd=folder
    )
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if found := re.search(r"open (\S+buka-halaman\.html)", line):
            return process, [enter(link_in(Path(found[1]))) for _ in PEOPLE]
    raise AssertionError(f"the server did not start: {said}")


def call(door: tuple[str, str, str], name: str, reviewer: str, **asked: Any) -> Any:
    host, room, cookie = door
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        body = json.dumps({"reviewer": reviewer, "window": reviewer, **asked})
        connection.request("POST", f"{room}api/{name}", body, {"content-type": "application/json", "cookie": cookie})
        answer = connection.getresponse()
        return {"status": answer.status, **json.loads(answer.read())}
    finally:
        connection.close()


def review(door: tuple[str, str, str], who: str, promises: Promises, again: list[tuple[str, str]]) -> None:
    """Decide until the server is gone; what it did not confirm the last time is asked for once more, first."""
    try:
        for key, token in again:
            decide(door, who, key, token, promises)
        shown = call(door, "next", who)["post"]
        while shown is not None:
            shown = decide(door, who, shown["key"], f"{who}-{random.randrange(2**60):x}", promises)
    except (OSError, http.client.HTTPException, ValueError):
        return  # killed


def decide(door: tuple[str, str, str], who: str, key: str, token: str, promises: Promises) -> Any:
    with promises.lock:
        promises.asked.add(f"{token} {key}")
    answer = call(door, "decide", who, key=key, decision="netral", token=token)
    with promises.lock:
        if answer["status"] != 200:
            promises.wrong.append(answer)
            raise ValueError("refused")
        if promises.confirmed.setdefault(token, answer["saved"]["number"]) != answer["saved"]["number"]:
            promises.wrong.append((token, answer))
    return answer["post"]


def test_no_kill_loses_or_doubles_a_decision(tmp_path: Path) -> None:
    scored(tmp_path / "hasil.csv")
    chance, promises = random.Random(5), Promises()
    tokens: dict[str, int] = {}
    for _ in range(KILLS):
        process, doors = start(tmp_path)
        open_ones = [one.split(" ") for one in sorted(promises.asked) if one.split(" ")[0] not in promises.confirmed]
        threads = [
            threading.Thread(
                target=review, args=(door, who, promises, [(k, t) for t, k in open_ones if t.startswith(who)])
            )
            for who, door in zip(PEOPLE, doors, strict=True)
        ]
        for thread in threads:
            thread.start()
        enough = len(promises.confirmed) + chance.randrange(1, 30)  # however slow the machine is
        until = time.monotonic() + PATIENCE
        while len(promises.confirmed) < enough and promises.wrong == [] and time.monotonic() < until:
            time.sleep(0.001)
        process.kill()
        process.communicate()
        for thread in threads:
            thread.join()
        with attempt("kills while three people review") as tally:
            tally.failed += 1
            assert promises.wrong == []
            with open_reviews(tmp_path / "reviews.sqlite") as store:  # the chain is whole, or this is refused
                rows = store._db.execute("SELECT token, number FROM decisions").fetchall()
            tokens = dict(rows)
            assert len(tokens) == len(rows)
            assert promises.confirmed.items() <= tokens.items()
            assert tokens.keys() <= {one.split(" ")[0] for one in promises.asked}
    assert len(tokens) >= KILLS  # they did have something to lose
