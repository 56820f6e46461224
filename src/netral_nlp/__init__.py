"""Stance of Indonesian social posts toward the candidate pairs of an election: indications for human review.

>>> import netral_nlp
>>> netral_nlp.load_roster("kota-samudra-2024").ids
('Arman-Lestari', 'Hasan-Wulan', 'Bagas-Nadia')
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as in typing, which takes longer to import than all that is here: Ctrl-C must soon be caught

if sys.version_info < (3, 11):  # noqa: UP036 - from a source tree nothing else refuses it
    sys.exit("netral-nlp needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info))

if TYPE_CHECKING:
    from typing import Any

    from netral_nlp.api import adapt as adapt
    from netral_nlp.api import assess as assess
    from netral_nlp.api import audit as audit
    from netral_nlp.api import calibrate as calibrate
    from netral_nlp.api import check_law as check_law
    from netral_nlp.api import check_roster as check_roster
    from netral_nlp.api import dossier as dossier
    from netral_nlp.api import evaluate as evaluate
    from netral_nlp.api import evaluate_law as evaluate_law
    from netral_nlp.api import explain as explain
    from netral_nlp.api import explain_law as explain_law
    from netral_nlp.api import load_model as load_model
    from netral_nlp.api import load_roster as load_roster
    from netral_nlp.api import load_rosters as load_rosters
    from netral_nlp.api import score as score
    from netral_nlp.api import score_file as score_file
    from netral_nlp.api import train as train
    from netral_nlp.errors import InputError as InputError
    from netral_nlp.errors import ModelError as ModelError
    from netral_nlp.errors import NetralError as NetralError
    from netral_nlp.errors import UsageError as UsageError
    from netral_nlp.learning.estimator import StanceClassifier as StanceClassifier
    from netral_nlp.resources import data_dir as data_dir

__version__ = "0.1.0"

_HOMES = {
    "api": (
        "adapt", "assess", "audit", "calibrate", "check_law", "check_roster", "dossier", "evaluate",
        "evaluate_law", "explain", "explain_law", "load_model", "load_roster", "load_rosters", "score",
        "score_file", "train",
    ),
    "errors": ("InputError", "ModelError", "NetralError", "UsageError"),
    "learning.estimator": ("StanceClassifier",),
    "resources": ("data_dir",),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = [*_HOME, "__version__", "distributed", "errors"]


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are first asked for: pandas and numpy take half a second."""
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(f"netral_nlp.{_HOME[name]}"), name)
    if name in __all__:
        return import_module(f"netral_nlp.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
