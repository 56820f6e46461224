"""Whether a detector of partisanship is itself neutral, and what it remembers of persons."""

from __future__ import annotations

from netral_nlp.auditing.verdict import Audit, audit

__all__ = ["Audit", "audit"]
