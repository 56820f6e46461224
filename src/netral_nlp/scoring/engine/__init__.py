"""Many posts at once: the same judgements as ``scoring.Scorer``, from a table of distinct words and arrays."""

from __future__ import annotations

from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judgements import Judgements

__all__ = ["Engine", "Judgements"]
