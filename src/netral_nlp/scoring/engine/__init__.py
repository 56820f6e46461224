"""Many posts at once: the same judgements as ``scoring.Scorer``, by a core in C, or where there is none one by one."""

from __future__ import annotations

from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judgements import Judgements

__all__ = ["Engine", "Judgements"]
