"""Written cue lists: which stems and pairs of stems speak of support, attack, news, duty and the like."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from netral_nlp.resources import data_dir
from netral_nlp.text.slang import standardise
from netral_nlp.text.stemming import stemmer


@cache
def cue_classes() -> Mapping[str, tuple[str, ...]]:
    """Stem, or two stems with a blank between -> the classes of ``data/lexicon/cues.tsv`` it belongs to."""
    stem = stemmer("fast")
    found: dict[str, set[str]] = {}
    lines = (data_dir() / "lexicon" / "cues.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        if line.strip():
            cue, kind = line.split("\t")[:2]
            key = " ".join(stem(standardise(word)) for word in cue.split())
            found.setdefault(key, set()).add(kind)
    return MappingProxyType({cue: tuple(sorted(kinds)) for cue, kinds in found.items()})
