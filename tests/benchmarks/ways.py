"""The ways from one CSV of posts to another that ``bench_scoring.py`` measures, each in a process of its own.

A way gets the posts, a folder for models and output, the number of workers and the roster; it imports, loads and fits,
and returns what is then measured.
"""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Result = dict[str, Any]
Go = Callable[[], Result]
SCORES = ["skor_dukung", "skor_netral", "skor_tolak"]


def measure(way: str, posts: Path, folder: Path, workers: int, roster: Path) -> Result:
    """CPU and wall seconds of one way, those before it began, and the megabytes of its largest resident set."""
    go = WAYS[way](posts, folder, workers, roster)
    start, wall = cpu_seconds(), time.perf_counter()
    extra = go()
    spent = {"cpu": cpu_seconds() - start, "wall": time.perf_counter() - wall, "start": start}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**spent, "memory": memory / 1024, **extra}


def cpu_seconds() -> float:
    """Of this process and of all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def floor(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    def go() -> Result:
        with posts.open(encoding="utf-8", newline="") as file, (folder / "floor.csv").open("w", newline="") as out:
            csv.writer(out).writerows(csv.reader(file))
        return {}

    return go


def netral(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    import netral_nlp.scoring.engine.native as core
    import netral_nlp.scoring.engine.table as table
    from netral_nlp.model.file import load_model
    from netral_nlp.roster import load_roster
    from netral_nlp.scoring import files as batch

    model, election = load_model(folder / "netral.npz"), load_roster(roster)
    spent: dict[str, float] = {}

    def clocked(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return call(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.process_time() - start

        return timed

    if workers == 1:  # the stages of an engine in this thread; a few clock readings for two thousand posts
        engine = core.NativeEngine
        engine._cut = clocked("cutting", engine._cut)  # type: ignore[method-assign]
        table.Table.learn = clocked("new words", table.Table.learn)  # type: ignore[method-assign]
        engine._find_mentions = clocked("mentions", engine._find_mentions)  # type: ignore[method-assign]
        engine._judge = clocked("features, evidence", engine._judge)  # type: ignore[method-assign]

    def go() -> Result:
        start = time.process_time()
        batch.score_file(posts, folder / "netral.csv", model, election, workers=workers)
        total = time.process_time() - start
        stages = {name: seconds / total for name, seconds in spent.items()}
        return {"stages": {**stages, "reading, writing, rest": 1.0 - sum(stages.values())}}

    return go


def plain(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    from netral_nlp import native

    go = netral(posts, folder, workers, roster)

    def without_core() -> Result:
        with native.without():
            return go()

    return without_core


def corpus() -> Any:
    import pandas as pd

    from netral_nlp.resources import data_dir

    return pd.concat([pd.read_csv(path) for path in sorted((data_dir() / "corpus").glob("*.csv"))])


def one_stance_a_post(posts: Path, output: Path, predict: Callable[[Any], Any], labels: Sequence[str]) -> Go:
    """pandas in, pandas out; ``predict`` gives one row of probabilities a text."""
    import pandas as pd

    def go() -> Result:
        frame = pd.read_csv(posts)
        scores = predict(frame["teks"])
        frame["label"] = [labels[i] for i in scores.argmax(axis=1)]
        frame[SCORES] = scores
        frame.to_csv(output, index=False)
        return {}

    return go


def tutorial(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    known = corpus()
    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    model = LogisticRegression(max_iter=300).fit(vectorizer.fit_transform(known["text"]), known["label"])
    stem = StemmerFactory().create_stemmer().stem

    def predict(texts: Any) -> Any:
        return model.predict_proba(vectorizer.transform(texts.apply(stem)))

    return one_stance_a_post(posts, folder / "tutorial.csv", predict, model.classes_)


def hashing(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    known = corpus()
    vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=1 << 18)
    model = LogisticRegression(max_iter=300).fit(vectorizer.transform(known["text"]), known["label"])

    def predict(texts: Any) -> Any:
        return model.predict_proba(vectorizer.transform(texts))

    return one_stance_a_post(posts, folder / "hashing.csv", predict, model.classes_)


def fasttext(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    import fasttext as library
    import numpy as np

    def line(text: str) -> str:
        return " ".join(text.lower().split())

    known = corpus()
    lines = [f"__label__{label} {line(text)}" for label, text in zip(known["label"], known["text"], strict=True)]
    (folder / "fasttext.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = library.train_supervised(
        str(folder / "fasttext.txt"), epoch=25, lr=0.5, dim=50, wordNgrams=2, bucket=200_000, thread=1, verbose=0
    )
    labels = sorted(model.labels)
    column = {label: i for i, label in enumerate(labels)}

    def predict(texts: Any) -> Any:
        found, likely = model.predict([line(text) for text in texts], k=len(labels))
        scores = np.empty((len(found), len(labels)))
        for row, (names, values) in enumerate(zip(found, likely, strict=True)):
            scores[row, [column[name] for name in names]] = values
        return scores

    bare = [label.removeprefix("__label__") for label in labels]
    return one_stance_a_post(posts, folder / "fasttext.csv", predict, bare)


def pipeline(posts: Path, folder: Path, workers: int, roster: Path) -> Go:
    import joblib
    import numpy as np
    import pandas as pd

    from netral_nlp.features.reader import Reader
    from netral_nlp.features.vectors import shipped_vectors
    from netral_nlp.roster import load_roster
    from netral_nlp.text.stemming import reference_stem

    fitted = joblib.load(folder / "netral.joblib")
    dimensions = shipped_vectors().codes.shape[1]
    election = load_roster(roster)
    stems: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in stems:
            stems[word] = reference_stem(word)
        return stems[word]

    reader = Reader(election, stem)
    union, logit = fitted.named_steps["features"], fitted.named_steps["logit"]
    names: list[str] = []
    for block, step in union.transformer_list:
        named = hasattr(step, "get_feature_names_out")  # the dimensions of word vectors have no names
        names += list(step.get_feature_names_out() if named else (f"{block} {at}" for at in range(dimensions)))

    def words(row: Any, label: int) -> str:
        push = row.data * (logit.coef_[label] - logit.coef_.mean(axis=0))[row.indices]
        best = np.argsort(-np.abs(push))[:6]
        return "; ".join(f"{names[row.indices[i]]} {push[i]:+.1f}" for i in best)

    def go() -> Result:
        frame = pd.read_csv(posts, dtype=str, keep_default_na=False)
        found = []
        for begin in range(0, len(frame), 2_000):
            readings = [reader.read(text) for text in frame["teks"].iloc[begin : begin + 2_000]]
            named = [i for i, reading in enumerate(readings) if reading.pairs]
            views = [reader.view(readings[i], pair) for i in named for pair in range(len(election.pairs))]
            rows: list[list[Any]] = [["", "netral", 0.0, 1.0, 0.0, ""] for _ in readings]
            if views:
                matrix = union.transform(views).tocsr()
                scores = logit.predict_proba(matrix).reshape(len(named), len(election.pairs), 3)
                for at, i in enumerate(named):
                    pair = max(readings[i].pairs, key=lambda p: 1.0 - scores[at, p, 1])
                    label = int(scores[at, pair].argmax())
                    told = words(matrix[at * len(election.pairs) + pair], label)
                    rows[i] = [election.pairs[pair].id, logit.classes_[label], *scores[at, pair], told]
            found += rows
        columns = ["paslon", "label", *SCORES, "bukti"]
        pd.concat([frame, pd.DataFrame(found, columns=columns)], axis=1).to_csv(folder / "pipeline.csv", index=False)
        return {}

    return go


WAYS: dict[str, Callable[[Path, Path, int, Path], Go]] = {
    "floor": floor,
    "netral": netral,
    "plain": plain,
    "tutorial": tutorial,
    "pipeline": pipeline,
    "hashing": hashing,
    "fasttext": fasttext,
}
