"""What stands around a name or a number and decides whether it is a candidate's: titles, places, electoral words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from netral_nlp.text.words import NUMBER, WORD, Word


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _listed(
    "pak bapak bapa bu ibu mas mbak mba mbah bang abang bg kang gus cak teh teteh ning neng nyai abah abi koh "
    "ko cik ci uda da uni ajo tuan guru tgh ust ustad ustadz ustaz kiai kyai kh ki prof dr drs h hj haji "
    "hajah habib lalu baiq daeng dg andi bung om tante pakde bude paman tok datuk datu raden gubernur bupati "
    "walikota presiden wapres capres cawapres cagub cawagub cabup cawabup cawalkot jenderal jendral letjen "
    "brigjen kapten eyang opung lae ito"
)
DOUBTFUL_TITLES = _listed("lalu dr dg uda da ko ki h ito")  # also words, or short for some
OFFICES = _listed(
    "gubernur bupati walikota presiden wapres capres cawapres cagub cawagub cabup cawabup cawalkot guru tuan"
)
ADDRESSES = TITLES - OFFICES  # after an office often comes a place: Bupati Tirtamaya
NUMERALS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6,
    "siji": 1, "loro": 2, "telu": 3, "hiji": 1, "tilu": 3,
}  # fmt: skip
SURE = _listed("paslon pasangan urut capres cawapres cagub cabup cawalkot calon coblos nyoblos kubu coblosin bapaslon")
NUMBER_WORDS = _listed("no nomor nomer nmr urut paslon pasangan calon bapaslon")
LIKELY = _listed("no nomor nomer nmr nmer pilih milih dukung pendukung tim relawan salam timses kampanye menangkan")
BALLOT = _listed("paslon bapaslon urut kubu")  # what a number after them counts is always a pair
FINGERS = _listed("jari jempol")
PLACES = _listed(
    "jl jalan jln gang gg blok rt rw tps hp wa telp telpon kamar rumah bus pasal ayat kavling antrian juara"
)
COUNTED = _listed(
    "juta ribu miliar triliun persen kali tahun periode putaran suara hati jiwa komando indonesia barisan "
    "orang hari bulan jam menit detik minggu anak ekor buah lembar porsi kilo kg km rb jt"
)
PRAYERS = _listed("amin amien")
OPENERS = _listed("lalu")  # words that open many sentences
ELECTORAL = _listed(
    "pilih milih pilihan memilih coblos nyoblos mencoblos paslon capres cawapres cagub cawagub cabup cawabup "
    "cawalkot calon pilpres pilkada pilgub pilbup pilwalkot pilwali pemilu kampanye debat dukung mendukung "
    "dukungan pendukung menang menangkan kalah kpu bawaslu relawan survei survey elektabilitas gas gaspol "
    "presiden gubernur bupati walikota timses suara putaran lanjutkan tps dicoblos kandidat baliho periode "
    "perubahan rakyat presidenku"
)
AND = _listed("dan & - / bersama")
FREQUENT_NAMES = _listed(  # borne by so many that the name alone says little
    "muhammad mohammad mohamad muhamad ahmad achmad abdul abdullah siti nur noor sri dewi putri agus andi "
    "indah hadi budi ali umar hasan sari putra lestari wahyu dian bayu"
)
# what is called after people, and who is surely not on the ballot: "Masjid Hasan Nur", "kurir Arman", "Bagas drummer"
BEFORE_NAMESAKES = _listed(
    "jalan jl jln gang gg masjid mushola musala langgar nabi qs toko warung warteg bengkel salon "
    "kedai kafe cafe resto restoran depot kios apotek klinik kos kost kontrakan laundry katering catering "
    "martabak bakso sate kopi kerudung hijab dokter bidan kurir penyanyi drumer gitaris vokalis kiper kakek "
    "nenek"
)
AFTER_NAMESAKES = _listed(
    "drumer gitaris vokalis kiper kurir teknisi masinis kasir satpam tutor bakery hijab collection cell "
    "motor elektronik laundry catering"
)
RALLY = _listed("tetap tetep ttp pasti yakin salam jaya harga aja saja wae always forever solid menuju yes oke")
PRAISE = _listed(
    "mantap gas gaspol gaskeun menang jaya joss jos juara oke yes top terbaik hebat keren harga mantul pasti"
)
SENTENCE_ENDS = frozenset('.!?:;\n\r"•…|~>*')
FORMS = _listed("formulir isi isilah isikan mengisi diisi tabel excel soal jawaban")  # with empty boxes of their own
SPORTS = _listed("klasemen skor gol liga peringkat ranking juara kiper pertandingan stadion")


class Surroundings:
    """What a whole post says about its names and numbers; each fact is found once.

    ``between`` tells what is written between a word and the one before it.
    """

    def __init__(self, words: Sequence[Word], between: Callable[[int], str] | None = None) -> None:
        self.words = words
        self._between = between

    @cached_property
    def surfaces(self) -> frozenset[str]:
        """All words as compared."""
        return frozenset(w.surface for w in self.words)

    @cached_property
    def electoral(self) -> bool:
        """Whether any word speaks of elections."""
        return not ELECTORAL.isdisjoint(self.surfaces)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The small numbers that are said, in words or digits; none in a post about sports."""
        if not SPORTS.isdisjoint(self.surfaces):
            return frozenset()
        return frozenset(n for n in map(small_number, self.surfaces) if n is not None)

    @cached_property
    def capitals(self) -> tuple[int, int, int]:
        """How many words of two letters or more there are, how many with a capital first, how many in capitals."""
        cased = [w.case for w in self.words if w.kind == WORD and w.surface.isalpha() and len(w.surface) > 1]
        return len(cased), len(cased) - cased.count(""), cased.count("U")

    def shouts(self, at: int) -> bool:
        """Whether word ``at`` stands in capitals in a post that does not."""
        count, _, upper = self.capitals
        return self.words[at].case == "U" and (2 * upper <= count or count == 1)

    def between(self, at: int) -> str:
        """What is written between word ``at`` and the one before it."""
        if self._between is not None:
            return self._between(at)
        return "" if self.words[at - 1].end == self.words[at].start else " "

    def opens(self, at: int) -> bool:
        """Whether a capital is due at word ``at``: it is the first, or what is written before it ends a sentence."""
        return (
            at == 0 or self.words[at - 1].kind not in (WORD, NUMBER) or not SENTENCE_ENDS.isdisjoint(self.between(at))
        )

    def namesake(self, start: int, end: int) -> bool:
        """Whether the name ``start:end`` is that of a street, a shop, or somebody whose trade is told."""
        at = start - 1
        if at >= 0 and self.words[at].surface in TITLES:
            at -= 1
        if at >= 0 and self.words[at].surface in BEFORE_NAMESAKES:
            return True
        return end < len(self.words) and self.words[end].surface in AFTER_NAMESAKES


def is_title(word: Word, name: Word) -> bool:
    """Whether a word is a title of the name after it; one that is doubtful needs a name with a capital."""
    return word.surface in TITLES and (bool(name.case) or word.surface not in DOUBTFUL_TITLES)


def is_padded(surface: str) -> bool:
    """Whether a number is written with a zero before it, as on ballots; the letter o passes for one.

    >>> is_padded("02"), is_padded("o2"), is_padded("2"), is_padded("00")
    (True, True, False, True)
    """
    return len(surface) == 2 and surface[0] in "0o" and surface[1].isdigit() and surface.isascii()


def small_number(surface: str) -> int | None:
    """The value of a numeral, or of at most two digits.

    >>> small_number("dua"), small_number("02"), small_number("o2"), small_number("2024")
    (2, 2, 2, None)
    """
    if is_padded(surface):
        return int(surface[1])
    if surface.isdigit() and len(surface) <= 2 and surface.isascii():
        return int(surface)
    return NUMERALS.get(surface)
