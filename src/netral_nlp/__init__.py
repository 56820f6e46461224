"""Stance of Indonesian social posts toward the candidate pairs of an election: indications for human review.

>>> import netral_nlp
>>> netral_nlp.load_roster("kota-samudra-2024").ids
('Arman-Lestari', 'Hasan-Wulan', 'Bagas-Nadia')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netral_nlp.estimator import StanceClassifier
    from netral_nlp.frames import adapt, evaluate, explain, load_model, load_roster, load_rosters, score, train

__version__ = "0.1.0"
__all__ = [
    "StanceClassifier",
    "__version__",
    "adapt",
    "evaluate",
    "explain",
    "load_model",
    "load_roster",
    "load_rosters",
    "score",
    "train",
]


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are first asked for: pandas and numpy take half a second."""
    if name in __all__:
        module = "estimator" if name == "StanceClassifier" else "frames"
        return getattr(import_module(f"netral_nlp.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
