"""A trained model on the disk with its card beside it; the two appear together."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from netral_nlp.tables import write_bytes_atomically
from netral_nlp.tables.guard import MODEL, PIPELINE, Beside, Output
from netral_nlp.tables.together import write_together

if TYPE_CHECKING:
    from netral_nlp.learning.corpus import Corpus
    from netral_nlp.learning.training import Trained
    from netral_nlp.model.model import Model


def card_of(model: str | Path) -> Path:
    """Where the card of a model file stands."""
    return Path(model).with_name(f"{Path(model).name.removesuffix('.npz')}.md")


def trained_outputs(out: str | Path | None, pipeline: str | Path | None) -> tuple[Output, ...]:
    """What training writes, for the guard of outputs."""
    beside = () if out is None else (Beside(card_of(out), (b"# Model card",)),)
    return Output(out, MODEL, beside), Output(pipeline, PIPELINE)


def save_pipeline(trained: Trained, path: str | Path) -> None:
    """Save the scikit-learn Pipeline that a model came from, with joblib."""
    import joblib

    joblib.dump(trained.pipeline, packed := BytesIO())
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(path, packed.getvalue())


def save_trained(model: Model, corpus: Corpus, out: str | Path, *, seed: int) -> Path:
    """Save a model and its card, their folder made where it is missing; where the card is."""
    from netral_nlp.model.file import model_bytes
    from netral_nlp.report.model_card import model_card

    Path(out).parent.mkdir(parents=True, exist_ok=True)
    card = card_of(out)
    page = model_card(model, corpus, Path(out).name, seed=seed).encode()
    write_together({card: page, Path(out): model_bytes(model)})
    return card
