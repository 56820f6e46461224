"""Pieces of the commonest shapes, recognised many at once: those that cleaning leaves alone or masks as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Entities, e-mail addresses, links inside a word and numbers of nine digits or more fit none of the three.
_SHAPES = re.compile(
    r"""^(["'(]*)([A-Za-z]+)(?<![Ww][Ww][Ww])([)"',!?:;.]*)$"""  # a word in signs; www.. would be a link
    r"""|^(@(?![A-Za-z0-9_]*[0-9]{9})[A-Za-z0-9_]{1,61})([)"',!?:;]*\.?)$"""  # an account
    r"""|^(https?://[A-Za-z0-9_./?=%#~+:-]+)$"""  # a link
    r"""|^.+$""",
    re.MULTILINE,
)

Shape = tuple[str, str, str, str, str, str]  # signs, word, signs; account, signs; link


def shapes(pieces: Sequence[str]) -> list[Shape]:
    """The parts of each piece that has a common shape; six empty strings for one that has none.

    The words of such a piece are those of its parts, one after another. No piece may be empty or hold a line feed.

    >>> shapes(['"Menang!!"', "@kpu_ri,", "https://t.co/Ab1", "no.2"])[:2]
    [('"', 'Menang', '!!"', '', '', ''), ('', '', '', '@kpu_ri', ',', '')]
    """
    return _SHAPES.findall("\n".join(pieces))
