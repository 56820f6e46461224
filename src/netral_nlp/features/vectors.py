"""Short vectors of ordinary words, learned without labels from which words stand near which.

The file ``data/lexicon/vectors.npz`` holds figures about words and nothing of any post; ``data/lexicon/README.md`` says
how it was made.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.resources import data_dir
from netral_nlp.tables import limits

PARTS = ("words", "vectors", "scale", "idf", "posts")
LARGEST = 64 * 2**20  # bytes, unpacked
NEGATED = "\N{NOT SIGN}"  # before a word that stands behind a negation: its vector points the other way


@dataclass(frozen=True, eq=False)
class WordVectors:
    """A vector for each word: ``codes`` (words, dimensions) times ``scale`` (dimensions,); ``idf``, ``posts`` (words,).

    ``codes`` are whole numbers from -127 to 127, ``posts`` says in how many posts a word stood, ``idf`` how telling
    that makes it.
    """

    words: tuple[str, ...]
    codes: npt.NDArray[np.int8]
    scale: Floats
    idf: Floats
    posts: npt.NDArray[np.int64]

    def __repr__(self) -> str:
        return f"WordVectors({len(self.words):,} words, {self.codes.shape[1]} dimensions)"

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Each word, then each word behind a negation, in sorted order."""
        return tuple(sorted((*self.words, *(NEGATED + word for word in self.words))))

    @cached_property
    def places(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """For each of ``features`` the row of its word, and 1 or -1."""
        row = {word: i for i, word in enumerate(self.words)}
        rows = np.array([row[f.removeprefix(NEGATED)] for f in self.features], dtype=np.int64)
        return rows, np.array([-1.0 if f.startswith(NEGATED) else 1.0 for f in self.features])

    @cached_property
    def matrix(self) -> Floats:
        """The vector of each of ``features`` times its idf, shape (2 * words, dimensions)."""
        rows, sign = self.places
        return self.codes[rows] * self.scale * (self.idf[rows] * sign)[:, None]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the vectors say."""
        sha = hashlib.sha256("\n".join(self.words).encode())
        for array in (self.codes, self.scale, self.idf, self.posts):
            sha.update(np.ascontiguousarray(array).tobytes())
        return sha.hexdigest()


def vectors_of(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> WordVectors:
    """Checked vectors from the arrays of a file. Raises InputError for anything that cannot be word vectors."""
    if set(arrays) != set(PARTS):
        raise InputError(f"{name} holds no word vectors: it must have the arrays {', '.join(PARTS)}.", path=name)
    words, codes, scale, idf, posts = (arrays[part] for part in PARTS)
    n = len(words) if words.ndim == 1 else -1
    shapes = (
        codes.ndim == 2 and idf.shape == posts.shape == (n,) and codes.shape[0] == n and scale.size == codes.shape[1]
    )
    if not shapes or 0 in codes.shape:
        raise InputError(f"{name} holds no word vectors: the sizes of its arrays do not agree.", path=name)
    limits.check_vectors(n, codes.shape[1], words.dtype.itemsize // 4, name)
    kinds = words.dtype.kind == "U" and codes.dtype == np.int8 and posts.dtype.kind in "iu" and idf.dtype.kind == "f"
    sizes = np.asarray(scale.ravel(), dtype=np.float64) if scale.dtype.kind == "f" else np.zeros(1)
    told = tuple(words.tolist()) if kinds else ()
    fair = kinds and bool(np.isfinite(idf).all()) and bool((idf > 0).all()) and bool((idf < 1e3).all())
    plain = fair and all(w and w.isprintable() and w[0] != NEGATED and w.split() == [w] for w in told)
    if not plain or len(set(told)) != n or not ((sizes > 0) & (sizes < 1e3)).all() or bool((posts < 0).any()):
        raise InputError(f"{name} holds no word vectors: its words or numbers are out of range.", path=name)
    return WordVectors(told, codes, sizes, np.asarray(idf, dtype=np.float64), np.asarray(posts, dtype=np.int64))


def load_vectors(path: str | Path) -> WordVectors:
    """The word vectors in a file. Raises InputError for what is none; nothing in the file is ever executed."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"The word vectors {path} cannot be read: {error.strerror}.", path=str(path)) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > len(PARTS) or sum(entry.file_size for entry in entries) > LARGEST:
                raise InputError(f"{path} is larger than any word vectors of ours; it was not read.", path=str(path))
            arrays = {
                entry.filename.removesuffix(".npy"): np.lib.format.read_array(
                    io.BytesIO(archive.read(entry)), allow_pickle=False
                )
                for entry in entries
            }
    except InputError:
        raise
    except Exception as error:  # zlib.error, struct.error, BadZipFile and ValueError have no common base
        message = f"{path} holds no word vectors ({type(error).__name__}). Make some with: netral vectors POSTS -o FILE"
        raise InputError(message, path=str(path)) from None
    return vectors_of(arrays, str(path))


def vector_bytes(vectors: WordVectors) -> bytes:
    """The bytes of a file of word vectors; the same vectors always give the same bytes."""
    out = io.BytesIO()
    arrays = {
        "words": np.array(vectors.words),
        "vectors": vectors.codes,
        "scale": vectors.scale,
        "idf": vectors.idf,
        "posts": vectors.posts,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), member.getvalue())
    return out.getvalue()


@cache
def shipped_vectors() -> WordVectors:
    """The word vectors that come with the package."""
    return load_vectors(data_dir() / "lexicon" / "vectors.npz")
