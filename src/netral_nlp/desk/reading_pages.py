"""Pages of the queue: one post at a time, decided by a key or a button; lists, undoing, and who a post is from."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import Response

from netral_nlp.desk.case import Case
from netral_nlp.desk.entering import At, Fields, Owning, Signed, onward, texts
from netral_nlp.desk.looking import roster_of, scorer_of
from netral_nlp.desk.progress import progress_of, remaining_of
from netral_nlp.desk.reading import BENEFIT, LISTED, Look
from netral_nlp.desk.reading import Shown as ShownPost
from netral_nlp.errors import UsageError
from netral_nlp.law.loading import load_rules
from netral_nlp.review.answers import checked_answer, names_of
from netral_nlp.review.cards import Cards
from netral_nlp.review.log import AUDIT, CHOICES, ORDERED, SEARCHED, LawReview, Shown
from netral_nlp.review.posts import shown_law
from netral_nlp.scoring.scored import BETWEEN

LONGEST_NOTE = 2_000
MOST_READERS = 3
FILTERS = ("status", "text", "pair", "label")
KEYS = {"dukung": "d", "netral": "n", "tolak": "t", "tidak jelas": "j", "lewati": "s"}


def reading_page(name: str, request: Request, desk: At, session: Signed) -> Response:
    """The next post for whoever asks, or the one that was asked for."""
    case, asked = desk.case(name), dict(request.query_params)
    if case.fact("skor") is None:
        raise UsageError("Unggahan di perkara ini belum dinilai.")
    reading, look = desk.reading(case), _look(case, session.reviewer, session.form, asked)
    key = asked.get("pos", "")
    shown = reading.at(key) if key else reading.next(look)
    settings = case.fact("setelan", {})
    blind = bool(settings.get("buta"))
    card, revealed = None, False
    rules = load_rules()
    if shown is not None:
        opinions = reading.opinions(shown.post.key)
        permit = _permit(case, session.reviewer, shown.post.key)
        revealed = bool(permit) and asked.get("identitas") == permit
        cards = Cards(roster_of(case), None if blind else scorer_of(desk, case), revealed)
        card = cards.card(shown.post, session.reviewer, opinions, blind=blind, open_book=look.status == "beda")
    return desk.pages.html(
        "tinjau.html", case.title, session, case=case, here="tinjau", owner=desk.owns(session), card=card,
        acts=names_of(rules, "perbuatan"), exceptions=names_of(rules, "pengecualian"), shown=shown,
        choices=[(one, KEYS[one]) for one in CHOICES], pairs=roster_of(case).ids,
        progress=progress_of(case, session.reviewer), remaining=remaining_of(case), look=look, query=_query(look),
        token=secrets.token_hex(12), settings=settings, revealed=revealed, blind=blind, most_readers=MOST_READERS,
        last=_last(case, asked.get("baru", ""), session.reviewer), undone=asked.get("batal"),
    )  # fmt: skip


def decide(name: str, request: Request, desk: At, session: Signed, form: Fields) -> Response:
    """Put one decision on the disk; the same form sent twice is one decision."""
    case, said = desk.case(name), texts(form)
    decision, token, pair = said.get("keputusan", ""), said.get("tanda", ""), said.get("paslon", "")
    reading, look = desk.reading(case), _look(case, session.reviewer, session.form, said)
    shown = reading.at(said.get("pos", ""))
    if decision not in CHOICES or not 8 <= len(token) <= 64:
        raise UsageError("Keputusan itu tidak dikenal.")
    if pair and pair not in roster_of(case).ids:
        raise UsageError("Paslon itu tidak dikenal.")
    if decision in ("dukung", "tolak") and not pair:
        raise UsageError("Pilih dulu paslonnya: unggahan ini tidak menyebut paslon mana pun.")
    route = said.get("jalur", SEARCHED)
    if route not in (ORDERED, AUDIT) or not look.plain or not _is_next(case, shown):
        route = SEARCHED
    post, skor = shown.post, case.fact("skor", {})
    seen = Shown(
        post.label, post.scores, post.evidence, str(skor.get("model", "")), str(skor.get("sha256", "")),
        bool(case.fact("setelan", {}).get("buta")), *shown_law(post),
    )  # fmt: skip
    rules = load_rules()
    law = None
    if said.get("diperiksa") == "1" and post.law is not None:
        answer = LawReview(BETWEEN.join(map(str, form.getlist("perbuatan"))), said.get("pengecualian", ""))
        law = checked_answer(answer, names_of(rules, "perbuatan"), names_of(rules, "pengecualian"))
    note = said.get("catatan", "")[:LONGEST_NOTE]
    made = case.record(
        post, session.reviewer, decision, shown=seen, route=route, pair=pair, note=note, token=token, law=law
    )
    reading.refresh()
    if made.route == ORDERED:
        reading.pass_by(look.order, post.key)
    reading.learn_beside(look.order)
    return onward(request, f"{desk.pages.to('perkara', name, 'tinjau')}?{_query(look, baru=str(made.number))}")


def undo(name: str, request: Request, desk: At, session: Signed, form: Fields) -> Response:
    """Take back one's latest decision, or the one named, and show its post again."""
    case, said = desk.case(name), texts(form)
    number, token = said.get("nomor", ""), said.get("tanda", "")
    if not 8 <= len(token) <= 64 or not (number == "" or (number.isascii() and number.isdigit() and len(number) < 16)):
        raise UsageError("Permintaan ini tidak dapat dibaca.")
    back = case.retract(session.reviewer, int(number) if number else None, token)
    desk.reading(case).refresh()
    if back is None:
        raise UsageError("Tidak ada keputusan yang dapat dibatalkan.")
    look = _look(case, session.reviewer, session.form, said)
    return onward(request, f"{desk.pages.to('perkara', name, 'tinjau')}?{_query(look, pos=back.key, batal='1')}")


def list_page(name: str, request: Request, desk: At, session: Signed) -> Response:
    """The posts that fit the filters."""
    case, asked = desk.case(name), dict(request.query_params)
    written = asked.get("mulai", "0")
    offset = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
    look = _look(case, session.reviewer, session.form, {"status": "semua", **asked})
    found, more = desk.reading(case).listing(look, offset)
    settings = case.fact("setelan", {})
    cards = Cards(roster_of(case), None, False)
    rows = [cards.row(one.post, None, blind=bool(settings.get("buta"))) for one in found]
    return desk.pages.html(
        "daftar.html", case.title, session, case=case, here="tinjau", owner=desk.owns(session), rows=rows, look=look,
        offset=offset, step=LISTED, more=more, query=_query(look), pairs=roster_of(case).ids,
        blind=bool(settings.get("buta")),
    )  # fmt: skip


def reveal(name: str, request: Request, desk: At, session: Signed, form: Fields) -> Response:
    """Who a post is from: shown to the one who asks, once that stands in the log with the reason."""
    case, said = desk.case(name), texts(form)
    key, reason = said.get("pos", ""), " ".join(said.get("alasan", "").split())[:300]
    desk.reading(case).at(key)
    if len(reason) < 5:
        raise UsageError("Tulis dulu alasannya.")
    case.act(session.reviewer, "lihat identitas", key, {"alasan": reason})
    look = _look(case, session.reviewer, session.form, said)
    permit = _permit(case, session.reviewer, key)
    return onward(request, f"{desk.pages.to('perkara', name, 'tinjau')}?{_query(look, pos=key, identitas=permit)}")


def set_up(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """How this case is reviewed: blind or not, by how many."""
    case, said = desk.case(name), texts(form)
    readers = said.get("pembaca", "1")
    if readers not in {str(n) for n in range(1, MOST_READERS + 1)}:
        raise UsageError("Permintaan ini tidak dapat dibaca.")
    settings = {"buta": said.get("buta") == "1", "pembaca": int(readers)}
    case.act(session.reviewer, "setelan", "", settings, setelan=settings)
    return onward(request, desk.pages.to("perkara", name, "tinjau"))


def _look(case: Case, reviewer: str, window: str, asked: dict[str, str]) -> Look:
    settings = case.fact("setelan", {})
    wanted = {name: asked.get(name, "")[:200] for name in FILTERS}
    if settings.get("buta"):
        wanted["label"] = ""  # a blind reviewer cannot ask for the model's label
    return Look(reviewer, window, asked.get("urutan") or BENEFIT, int(settings.get("pembaca", 1)), **wanted)


def _query(look: Look, **more: str) -> str:
    """The address' end that keeps order and filters."""
    kept = {"urutan": look.order, **{name: getattr(look, name) for name in FILTERS}, **more}
    return urlencode({name: value for name, value in kept.items() if value and (name, value) != ("urutan", BENEFIT)})


def _is_next(case: Case, shown: ShownPost) -> bool:
    """Whether a post can have come by the queue: nobody has decided it yet."""
    row = case.one("SELECT settled FROM scored WHERE key = ?", (shown.post.key,))
    return row is not None and not row[0]


def _permit(case: Case, reviewer: str, key: str) -> str:
    """The number of the log's line by which this person may see this post's identities; unguessable without it."""
    row = case.one(
        "SELECT chain FROM actions WHERE who = ? AND what = 'lihat identitas' AND about = ?"
        " ORDER BY number DESC LIMIT 1",
        (reviewer, key),
    )
    return "" if row is None else str(row[0])[:32]


def _last(case: Case, number: str, reviewer: str) -> dict[str, Any] | None:
    """The decision that was made just now."""
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    found = case.lines_after(int(number) - 1, most=1)
    if not found or found[0].reviewer != reviewer or found[0].number != int(number):
        return None
    one = found[0]
    return {"number": one.number, "decision": one.decision, "pair": one.pair, "label": one.shown.label,
            "scores": one.shown.scores, "blind": one.shown.blind}  # fmt: skip


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/tinjau")(reading_page)
    app.post("/perkara/{name}/tinjau")(decide)
    app.post("/perkara/{name}/batal")(undo)
    app.get("/perkara/{name}/daftar")(list_page)
    app.post("/perkara/{name}/identitas")(reveal)
    app.post("/perkara/{name}/setelan")(set_up)
