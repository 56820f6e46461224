"""Spoken word-building that confix stripping does not know: a short table, and a walk over it.

Every rule proposes; a proposal stands only if it is a known root, or a known root with a formal suffix. What no rule
explains comes back as None, so that names, typos and foreign words are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from typing import Final

from netral_nlp.text.affixes import ENCLITICS, PrefixRule

# Nasal prefixes without the me- of the written language, in the order of rules 10-18; h is dropped in speech (ngilang).
# A few verbs go the other way (nyari is cari, not sari; ngasih is kasih, not asih): they are protected words.
NASAL_RULES: Final = (
    PrefixRule("nge", "nge", "AAA", ("", "ke")),  # nge-dukung, ke-jar
    PrefixRule("ng", "ng", "[aiuo]", ("", "k", "h")),  # ng-urus, k-irim, h-apus
    PrefixRule("ng", "ng", "e", ("ke",)),  # k-eroyok
    PrefixRule("ng", "ng", "[rl]", ("k",)),  # k-ritik
    PrefixRule("ny", "ny", "V", ("s", "c")),  # s-indir, c-oblos
    PrefixRule("n", "n", "V", ("t",)),  # t-olak
    PrefixRule("n", "n", "[cdj]", ("",)),  # n-dukung
    PrefixRule("m", "m", "V", ("p",)),  # p-ilih
    PrefixRule("m", "m", "b", ("",)),  # m-bela
)

BENEFACTIVE: Final = "in"  # dukung-in, di-pilih-in: the spoken -kan and -i

# A hyphen in front of a borrowed word makes the prefix plain to see: di-bully, nge-share, se-indonesia.
HYPHENED: Final = re.compile(
    r"(?:di|ke|se|ter|ber|be|me|mem|men|meng|pe|per|pem|pen|peng|nge|ng)-(?P<rest>[a-z].+)"
)

DOUBLED: Final = re.compile(r"(?P<base>[a-z]{2,})2(?P<tail>nya|ku|mu|lah|kah|an|kan|in)?")  # kata2nya
COUNTED: Final = re.compile(r"[0-9]+(?P<base>[a-z]{4,})")  # 2periode

# After these a 2 is a ballot number, not a repetition: the word is left as it is.
BALLOT_WORDS: Final = frozenset(
    "no nmr nmor nomer nomor norut urut urutan paslon pasangan pair kotak kolom pilih coblos nyoblos dukung menangkan "
    "gas salam jari jempol cukup tetap lanjut all tim kubu capres cagub cabup cawalkot calon01 calon02".split()
)


def colloquial_stemmer(stem_formal: Callable[[str], str], roots: Set[str]) -> Callable[[str], str | None]:
    """A function from a spoken word to its root, or None; ``stem_formal`` finds roots among ``roots``.

    >>> spoken = colloquial_stemmer(lambda word: word.removesuffix("kan"), {"pilih", "coblos"})
    >>> spoken("milihin"), spoken("nyoblos"), spoken("milan")
    ('pilih', 'coblos', None)
    """
    rules = [(rule, re.compile(f"(?={rule.follows})".replace("V", "[aiueo]").replace("A", "[a-z]"))) for rule in NASAL_RULES]

    def known(word: str) -> str | None:
        root = stem_formal(word)
        return root if root in roots else None

    def denasalise(word: str) -> str | None:
        for rule, follows in rules:
            if word.startswith(rule.head) and follows.match(word, len(rule.head)):
                rest = word[len(rule.head) :]
                for answer in rule.answers:
                    root = known(answer + rest)
                    if root and (answer + rest).startswith(root):  # a suffix may go as well, another prefix may not
                        return root
        return None

    def stem_spoken(word: str) -> str | None:
        return None

    return stem_spoken
