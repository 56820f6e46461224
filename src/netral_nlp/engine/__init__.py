"""Many posts at once: the same judgements as ``scoring.Scorer``, from tables of distinct words and arrays of numbers."""

from __future__ import annotations

from netral_nlp.engine.engine import Engine, Judgements

__all__ = ["Engine", "Judgements"]
