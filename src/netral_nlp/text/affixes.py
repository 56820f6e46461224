"""The affixes of Indonesian as confix stripping knows them: tables to be read beside the published rules.

Sources, by the name used in the comments:

* *Adriani* — M. Adriani, J. Asian, B. Nazief, S. M. M. Tahaghoghi, H. E. Williams, "Stemming Indonesian: A
  Confix-Stripping Approach", ACM TALIP 6(4), 2007: the numbered prefix rules and the order of removal.
* *Asian* — J. Asian, "Effective Techniques for Indonesian Text Retrieval", PhD thesis, RMIT, 2007: suffixes
  (pp. 60-61), repeated words (pp. 76-77), precedence (pp. 78-79), widened rules 12 and 16.
* *ECS* — A. Z. Arifin, I. P. A. K. Mahendra, H. T. Ciptaningtyas, "Enhanced Confix Stripping Stemmer and Ants
  Algorithm for Classifying News Document in Indonesian Language", ICTS 2009: widened rules 19 and 29, putting
  suffixes back.
* *Sastrawi* — what the Sastrawi library adds: infixes, ``ku-`` and ``kau-``, foreign suffixes, widened rules 18,
  27 and 31.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VOWELS: Final = frozenset("aiueo")
CONSONANTS: Final = frozenset("bcdfghjklmnpqrstvwxyz")

# The letters of the published notation, as pattern classes.
NOTATION: Final = {"V": "[aiueo]", "C": "[bcdfghjklmnpqrstvwxyz]", "A": "[a-z]"}

# --- suffixes, in the order in which they go
PARTICLES: Final = frozenset({"lah", "kah", "tah", "pun"})  # Asian p. 60
POSSESSIVES: Final = frozenset({"ku", "mu", "nya"})  # Asian p. 60
DERIVATIONAL: Final = ("isasi", "isme", "kan", "is", "an", "i")  # Asian p. 61; is, isme, isasi: Sastrawi; longest first
ENCLITICS: Final = PARTICLES | POSSESSIVES  # what may follow a hyphen without making the word a repeated one

# --- prefixes
PLAIN_PREFIXES: Final = frozenset({"di", "ke", "se"})  # Asian p. 61: they go without a question
INFIXES: Final = frozenset({"er", "el", "em", "in"})  # rules 37-40: C{infix}V -> CV (Sastrawi, after the other rules)
ROUNDS: Final = 3  # a word carries at most three prefixes

# Words of these shapes lose the prefix before the suffix (Asian pp. 78-79).
PREFIX_FIRST: Final = (
    ("be", ("lah", "an")),
    ("me", ("i",)),
    ("di", ("i",)),
    ("pe", ("i",)),
    ("ter", ("i",)),
)


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """``head`` before ``follows`` gives way to an answer: the first that makes a dictionary word, else the last.

    ``follows`` is a pattern in which V is a vowel, C a consonant, A any letter; it is looked at, not taken away.
    """

    number: str
    head: str
    follows: str
    answers: tuple[str, ...]


# The first rule that fits decides, so the order is part of the table. Numbers 22 and 33 do not exist.
PREFIX_RULES: Final = (
    PrefixRule("1", "ber", "V", ("", "r")),  # ber-ikan, be-ramai
    PrefixRule("2", "ber", "CA(?!er)", ("",)),  # ber-main
    PrefixRule("3", "ber", "(?!r)CAerV", ("",)),  # ber-daerah
    PrefixRule("4", "bel", "ajar$", ("",)),
    PrefixRule("5", "be", "(?!r)CerC", ("",)),  # be-kerja
    PrefixRule("6", "ter", "V", ("", "r")),  # ter-asing, te-raup
    PrefixRule("7", "ter", "(?!r)CerV", ("",)),  # ter-gerak
    PrefixRule("8", "ter", "(?!r)C(?!er)", ("",)),  # ter-pukul
    PrefixRule("9", "te", "(?!r)CerC", ("",)),  # te-percaya
    PrefixRule("10", "me", "[lrwy]V", ("",)),  # me-lihat
    PrefixRule("11", "mem", "[bfv]", ("",)),  # mem-bangun
    PrefixRule("12", "mem", "pe", ("",)),  # mem-pengaruhi (Asian)
    PrefixRule("13", "mem", "V", ("m", "p")),  # me-minum, me-pilih
    PrefixRule("14", "men", "[cdjstz]", ("",)),  # men-coblos
    PrefixRule("15", "men", "V", ("n", "t")),  # me-nikah, me-tolak
    PrefixRule("16", "meng", "[ghqk]", ("",)),  # meng-gugat, meng-kritik (Asian)
    PrefixRule("17", "menge", "", ("e", "ke", "", "nge")),  # meng-elak, me-kenal, menge-cat
    PrefixRule("17", "meng", "[aiuo]", ("", "k", "ng")),  # meng-ajak, me-kawal, me-nganga
    PrefixRule("18", "meny", "V", ("ny", "s")),  # me-nyanyi, me-suap
    PrefixRule("19", "mem", "p(?![en])A", ("",)),  # mem-proteksi (ECS)
    PrefixRule("20", "pe", "[wy]V", ("",)),  # pe-waris
    PrefixRule("21", "per", "V", ("", "r")),  # per-adil, pe-rusak
    PrefixRule("23", "per", "CA(?!er)", ("",)),  # per-janji
    PrefixRule("24", "per", "(?!r)CAerV", ("",)),  # per-daerah
    PrefixRule("25", "pem", "[bfv]", ("",)),  # pem-bangun
    PrefixRule("26", "pem", "V", ("m", "p")),  # pe-minum, pe-pilih
    PrefixRule("27", "pen", "[cdjstz]", ("",)),  # pen-calon; s and t: Sastrawi
    PrefixRule("28", "pen", "V", ("n", "t")),  # pe-nikah, pe-tolak
    PrefixRule("29", "peng", "C", ("",)),  # peng-gugat (ECS)
    PrefixRule("30", "penge", "", ("e", "ke", "")),  # peng-ekor, pe-kenal, penge-bom
    PrefixRule("30", "peng", "[aiuo]", ("", "k", "ng")),  # peng-ajar, pe-kawal; else rule 34
    PrefixRule("31", "peny", "V", ("ny", "s")),  # pe-nyanyi, pe-suap
    PrefixRule("32", "pel", "ajar$", ("",)),
    PrefixRule("32", "pe", "lV", ("",)),  # pe-lari
    PrefixRule("34", "pe", "C(?!er)", ("",)),  # pe-tani; C is any consonant here, the narrower rules came before
    PrefixRule("35", "ter", "(?![rlmnwy])CerC", ("",)),  # ter-percaya (Asian)
    PrefixRule("36", "pe", "(?![rlmnwy])CerC", ("",)),  # pe-kerja (Asian)
    PrefixRule("41", "ku", "", ("",)),  # ku-pilih
    PrefixRule("42", "kau", "", ("",)),  # kau-dukung
)
