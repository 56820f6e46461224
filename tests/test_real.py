"""What the model reaches on real posts, where they are at hand; they are no part of the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import read_corpus
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS
from netral_nlp.roster import load_rosters

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real posts are not at hand")


def test_the_shipped_corpus_teaches_what_holds_on_real_posts(full_model: Model) -> None:
    posts = read_corpus([REAL / "posts.csv"], load_rosters(REAL / "rosters"))
    scores = full_model.probabilities(prepare(posts.cases))
    truth = np.array(posts.labels)
    auc = roc_auc_score(truth == "dukung", scores[:, 0])
    macro = f1_score(truth, np.array(LABELS)[scores.argmax(axis=1)], average="macro")
    assert auc >= 0.86, f"support AUC {auc:.4f}"
    assert macro >= 0.62, f"macro-F1 {macro:.4f}"
