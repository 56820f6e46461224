"""Spoken word-building that confix stripping does not know: a short table, and a walk over it.

Every rule proposes; a proposal stands only if it leads to a known root. What no rule explains comes back as None, so
that names, typos and foreign words are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from typing import Final

from netral_nlp.text.affixes import ENCLITICS, NOTATION, PrefixRule

# Nasal prefixes without the me- of the written language, in the order of rules 10-18; speech also drops h (ngilang).
# Verbs that go against the order (nyari is cari, not sari; ngasih is kasih, not asih) are protected words.
NASAL_RULES: Final = (
    PrefixRule("nge", "nge", "AAA", ("", "ke")),  # nge-dukung, ke-royok
    PrefixRule("ng", "ng", "[aiuo]AA", ("", "k", "h")),  # ng-urus, k-irim, h-itung
    PrefixRule("ng", "ng", "eA", ("k",)),  # k-ena
    PrefixRule("ng", "ng", "[lr]", ("k",)),  # k-ritik
    PrefixRule("ny", "ny", "VAA", ("s", "c")),  # s-indir, c-oblos
    PrefixRule("n", "n", "VAAA", ("t",)),  # t-olak
    PrefixRule("n", "n", "[cdj]AAA", ("",)),  # n-dukung
    PrefixRule("m", "m", "VAAA", ("p",)),  # p-ilih
    PrefixRule("m", "m", "bAAA", ("",)),  # m-bantu
)

BENEFACTIVE: Final = "in"  # dukung-in, di-pilih-in: the spoken -kan and -i
SHORTEST: Final = 4  # letters before -in; robin is no rob

FINAL_E: Final = re.compile("e(?=[bcdfghjklmnpqrstvwxyz]+$)")  # bener-in: the spoken vowel of benar

# A hyphen before a borrowed word makes the prefix plain to see: di-bully, nge-share, se-indonesia.
HYPHENED: Final = re.compile(r"(?:di|ke|se|ter|ber|be|me|mem|men|meng|pe|per|pem|pen|peng|nge|ng)-([a-z]{3}.*)")
DOUBLED: Final = re.compile(r"([a-z]{2,})2(nya|ku|mu|lah|kah|an|kan|in|)")  # kata2, kata2nya, besar2an
COUNTED: Final = re.compile(r"[0-9]+([a-z]{4,})")  # 2periode

# After these a 2 is a ballot number, not a repetition: the word is left as it is.
BALLOT_WORDS: Final = frozenset(
    {"no", "nmr", "nomer", "nomor", "norut", "urut", "urutan", "paslon", "pasangan", "calon", "kandidat", "kubu", "tim"}
    | {"capres", "cawapres", "cagub", "cabup", "cawalkot", "kotak", "kolom", "salam", "jari", "tetap", "lanjut"}
    | {"pilih", "milih", "coblos", "nyoblos", "dukung", "menangkan"}
)


def colloquial_stemmer(stem_formal: Callable[[str], str], roots: Set[str]) -> Callable[[str], str | None]:
    """A function from a spoken word to its root, or None; ``stem_formal`` finds roots among ``roots``.

    >>> spoken = colloquial_stemmer(lambda word: word, {"pilih", "coblos", "kata"})
    >>> [spoken(word) for word in ("milihin", "nyoblos", "kata2", "milan")]
    ['pilih', 'coblos', 'kata', None]
    """
    rules = [(rule.head, re.compile(_spell_out(rule.follows)), rule.answers) for rule in NASAL_RULES]

    def known(word: str) -> str | None:
        root = stem_formal(word)
        return root if root in roots else None

    def denasalise(word: str) -> str | None:
        for head, follows, answers in rules:
            if word.startswith(head) and follows.match(word, len(head)):
                for answer in answers:
                    form = answer + word[len(head) :]
                    root = known(form)
                    if root and (form.startswith(root) or root not in form):  # no second prefix; else a protected word
                        return root
        return None

    def stem_verb(word: str) -> str | None:
        root = denasalise(word)
        if root is None and word.endswith(BENEFACTIVE) and len(word) >= SHORTEST + len(BENEFACTIVE):
            word = word.removesuffix(BENEFACTIVE)
            written = FINAL_E.sub("a", word)
            root = known(word) or known(written) or denasalise(word) or denasalise(written)
        return root

    def stem_marked(word: str) -> str | None:
        """Words with digits or hyphens."""
        if found := HYPHENED.fullmatch(word):
            rest = found[1]
            return known(rest) or stem_spoken(rest) or rest
        if (found := DOUBLED.fullmatch(word)) and found[1] not in BALLOT_WORDS:
            written = f"{found[1]}-{found[1]}{found[2]}"
            return known(written) or known(found[1]) or stem_spoken(found[1] + found[2])
        if found := COUNTED.fullmatch(word):
            return known(found[1])
        return None

    def stem_spoken(word: str) -> str | None:
        if not word.isalpha():
            return stem_marked(word)
        body = word
        for length in (3, 2):
            if word[-length:] in ENCLITICS:
                body = word[:-length]
                break
        if word[0] in "mn" or body[-2:] == BENEFACTIVE or word[-2:] == BENEFACTIVE:
            root = stem_verb(word) or (stem_verb(body) if body != word else None)
            if root:
                return root
        if word.endswith("nya") and len(body) >= SHORTEST:  # of a name or a borrowed word
            return known(body) or body
        return None

    return stem_spoken


def _spell_out(notation: str) -> str:
    return "".join(NOTATION.get(sign, sign) for sign in notation)
