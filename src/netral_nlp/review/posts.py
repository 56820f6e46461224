"""A scored file as the review sees it: one value a row, with an identity that survives sorting and rescoring."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.tables import PLAIN, Layout, Rejected, open_table

NO_SCORES = (0.0, 0.0, 0.0)  # nobody judged the post: it came from elsewhere, or no pair was recognised in it


@dataclass(frozen=True, slots=True)
class Post:
    """One row of a scored file: ``scores`` are dukung, netral, tolak toward ``pair`` ("" where it names none)."""

    key: str
    line: int
    id: str
    election: str
    pair: str
    text: str
    label: str
    scores: tuple[float, float, float]
    evidence: str
    platform: str = ""
    time: str = ""
    account: str = ""
    agency: str = ""
    law: dict[str, str] | None = field(default=None, compare=False)  # the law columns; None: scoring was not asked


@dataclass(frozen=True)
class ScoredFile:
    """The posts of a file in its order; ``digest`` is the SHA-256 of its bytes, ``rejected`` counts unusable rows."""

    name: str
    digest: str
    posts: tuple[Post, ...]
    rejected: int

    @property
    def has_law(self) -> bool:
        """Whether scoring was asked for the law columns."""
        return self.posts[0].law is not None

    @property
    def pairs(self) -> tuple[str, ...]:
        """The pairs that posts are about, in order of appearance."""
        return tuple(dict.fromkeys(p.pair for p in self.posts if p.pair))


def shown_law(post: Post) -> tuple[str, str]:
    """The acts and the exception that scoring told of a post, as the log keeps them."""
    return ("", "") if post.law is None else (post.law["perbuatan"], post.law.get("pengecualian", ""))


def key_of(election: str, pair: str, id: str, text: str, occurrence: int) -> str:
    """The identity of a row: the same post toward the same pair keeps it when the file is sorted or scored again."""
    parts = "\x1f".join((election, pair, id, text, str(occurrence)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def read_scored(
    path: str | Path, *, election: str = "", text_column: str | None = None, id_column: str | None = None,
    layout: Layout = PLAIN,
) -> ScoredFile:  # fmt: skip
    """The posts of a file that ``netral score`` has written (CSV, XLSX, Parquet or JSON lines).

    Raises InputError when it has no scores, no text column, or no row that can be used.
    """
    from netral_nlp.scoring.inputs import Columns
    from netral_nlp.scoring.scored import Places  # it needs more than a reviews file that is only opened

    if str(path) == "-":
        raise InputError("The review needs a file, not standard input. Write the scores to one with -o scored.csv.")
    with open_table(path, layout) as table:
        places = Places(table, Columns(text=text_column, id=id_column))
        posts: list[Post] = []
        seen: Counter[str] = Counter()
        rejected = 0
        for row in table:
            scores = None if isinstance(row, Rejected) else places.scores(row)
            if isinstance(row, Rejected) or (scores is None and not places.is_silent(row)):
                rejected += 1
                continue
            id, pair, post = places.cell(row, places.id), places.cell(row, places.pair), row.cells[places.text]
            base = key_of(election, pair, id, post, 0)
            seen[base] += 1
            posts.append(
                Post(
                    key=base if seen[base] == 1 else key_of(election, pair, id, post, seen[base] - 1),
                    line=row.line,
                    id=id,
                    election=election,
                    pair=pair,
                    text=post,
                    label=places.cell(row, places.label),
                    scores=scores or NO_SCORES,
                    evidence=row.cells[places.evidence],
                    platform=places.cell(row, places.platform),
                    time=places.cell(row, places.time),
                    account=places.cell(row, places.account),
                    agency=places.cell(row, places.agency),
                    law=places.law(row),
                )
            )
        name = table.name
    if not posts:
        raise InputError(f"{name} has no scored post.", path=name)
    return ScoredFile(name, hashlib.sha256(Path(path).read_bytes()).hexdigest(), tuple(posts), rejected)


def election_of(pairs: Iterable[str], known: dict[str, tuple[str, ...]]) -> str:
    """The one election whose pairs include all those given, "" when there is none or more than one.

    >>> election_of(["A-B"], {"kota-x": ("A-B", "C-D"), "kota-y": ("E-F",)})
    'kota-x'
    """
    wanted = set(pairs)
    found = [election for election, ids in known.items() if wanted and wanted <= set(ids)]
    return found[0] if len(found) == 1 else ""
