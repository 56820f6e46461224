"""A draft of the impact assessment that UU 27/2022 art. 34 asks for, in Indonesian, with the model's own figures.

What only the organisation knows stays open and is marked; nothing about it is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from string import Template

import numpy as np

from netral_nlp.model.calibration import HeldOut
from netral_nlp.model.model import Model
from netral_nlp.model.promise import Promise, promise_of
from netral_nlp.model.worth import worth_of
from netral_nlp.records import LABELS
from netral_nlp.statistics import auc

UNFILLED = "[belum diisi]"
RATES = (0.01, 0.05)


def impact_assessment(model: Model, name: str, *, retention_days: int, prevalence: float = 0.02) -> str:
    """The draft as Markdown; the same model gives the same text.

    ``prevalence`` is the share of posts that deserve a flag, for which the figures say how often a flag is right.
    """
    draft = Template(files("netral_nlp.report").joinpath("impact.md").read_text(encoding="utf-8"))
    held = model.held_out
    errors = (
        _errors(model, held, prevalence) if held is not None else [f"Model ini tidak menyimpan angka uji: {UNFILLED}"]
    )
    return draft.substitute(tool=_tool(model, name), errors="\n\n".join(errors), days=retention_days)


def _tool(model: Model, name: str) -> str:
    facts = model.facts
    elections = facts.get("elections", [])
    rows = [
        ("model", f"`{_plain(name)}`"),
        ("SHA-256 model", f"`{facts.get('file_sha256', UNFILLED)}`"),
        ("dilatih dengan", f"{_count(facts.get('posts'))} unggahan berlabel dari {_count(len(elections))} pemilihan"),
        ("SHA-256 korpus", f"`{facts.get('corpus_sha256', UNFILLED)}`"),
        (
            "ciri yang ditimbang",
            f"{_count(sum(len(w.features) for w in model.weights))} (kata, potongan huruf, isyarat)",
        ),
        ("cara kerja", "regresi logistik multinomial; setiap skor adalah jumlah sumbangan kata dan dapat diurai"),
        ("data pribadi dalam model", "akun, tautan, surel, nomor telepon, NIP, dan NIK disamarkan sebelum pelatihan"),
    ]
    return _table(("hal", "isi"), rows)


def _errors(model: Model, held: HeldOut, prevalence: float) -> list[str]:
    support = held.labels == LABELS.index("dukung")
    answer = held.scores.argmax(axis=1)
    confused = [
        (true, *(_percent(float((answer[held.labels == t] == g).mean())) for g in range(len(LABELS))), _count(int(n)))
        for t, true in enumerate(LABELS)
        if (n := (held.labels == t).sum())
    ]
    rows = [_worth(rate, promise_of(model, rate), prevalence) for rate in RATES]
    share = _percent(prevalence)
    found = [
        f"Diukur pada {_count(len(held.labels))} unggahan dari pemilihan yang tidak ikut melatih. Luas di bawah kurva "
        f"ROC untuk dukungan: {_number(float(auc(support, held.scores[:, LABELS.index('dukung')])))}. Pada pemilihan "
        "sungguhan yang baru angkanya dapat lebih rendah; ukur sendiri dengan beberapa ratus unggahan berlabel "
        "(`netral evaluate`).",
        _table(("label sebenarnya", *(f"disebut {label}" for label in LABELS), "unggahan"), confused),
    ]
    header = ("pengaturan", "unggahan netral yang dituduh", "janji ditepati", "dukungan yang ditemukan",
              f"tanda yang benar pada {share}")  # fmt: skip
    found += [f"Pada pemilihan sungguhan; kolom terakhir bila {share} unggahan memang mendukung:", _table(header, rows)]
    return [
        *found,
        "Bila pelanggaran jarang, sebagian besar tanda dapat keliru. Karena itu tidak ada akibat bagi seseorang tanpa "
        "manusia yang membaca unggahan, utas, dan keadaannya.",
    ]


def _worth(rate: float, promise: Promise, prevalence: float) -> tuple[str, ...]:
    worth = worth_of(promise.tested, 0, 0, prevalence)
    accused, neutral = sum(r.accused for r in promise.tested), sum(r.neutral for r in promise.tested)
    kept = f"{promise.kept} dari {len(promise.tested)} pemilihan"
    right = f"{_percent(worth.precision[0])} ({_percent(worth.precision[1])} sampai {_percent(worth.precision[2])})"
    return f"`--max-fpr {rate:g}`", f"{accused} dari {neutral}", kept, _percent(worth.recall[0]), right


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def _count(n: object) -> str:
    return f"{n:,}".replace(",", ".") if isinstance(n, int) else UNFILLED


def _number(x: float) -> str:
    return f"{x:.3f}".replace(".", ",") if np.isfinite(x) else "–"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in "`|<>")
