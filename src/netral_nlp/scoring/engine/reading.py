"""What the engine has read, for layers that read further."""

from __future__ import annotations

from netral_nlp.scoring.engine.encoding import Posts
from netral_nlp.scoring.engine.mentions import Mentions
from netral_nlp.scoring.engine.pieces import PieceTable
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.scoring.reading import ReadPosts


def read_posts(posts: Posts, mentions: Mentions, table: PieceTable, first: int) -> ReadPosts:
    """The words and mentions of a chunk whose first post has the number ``first``."""
    left = posts.begin + table.row_start.values.take(posts.row)
    right = posts.begin + table.row_end.values.take(posts.row)
    return ReadPosts(
        first, posts.joined, posts.text_begin, posts.start, posts.word, left, right, table.distinct.words,
        mentions.first, mentions.last, mentions.pair, mentions.kind, KINDS,
    )  # fmt: skip
