"""How something was posted, and by what kind of account: cells, and likes or shares that stand in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netral_nlp.roster import Pair, Roster
from netral_nlp.roster.matcher import SYMBOL, Matcher
from netral_nlp.text.words import analyse

POST, COMMENT, LIKE, SHARE, FOLLOW, PHOTO = ACTIONS = ("post", "komentar", "suka", "bagikan", "ikuti", "foto")
ASN, OTHER = ACCOUNTS = ("asn", "other")

_ACTION_WORDS = {
    POST: "post posting postingan unggahan unggah status tweet cuitan kicauan twit caption teks text original quote",
    COMMENT: "komentar komen comment reply balasan balas tanggapan commented",
    LIKE: "suka like likes liked menyukai love favorit favorite reaksi reaction",
    SHARE: "bagikan share shared membagikan repost retweet rt reshare teruskan forward",
    FOLLOW: "ikuti follow followed mengikuti gabung join bergabung subscribe",
    PHOTO: "foto photo gambar image video reels reel story picture swafoto",
}
_ACTION_OF = {word: action for action, words in _ACTION_WORDS.items() for word in words.split()}
_ACCOUNT_WORDS = {
    ASN: "asn pns p3k pppk cpns pegawai_negeri aparatur civil_servant ya yes",
    OTHER: "other bukan_asn non_asn nonasn lain lainnya umum swasta warga masyarakat publik relawan partai tidak no",
}
_ACCOUNT_OF = {word: account for account, words in _ACCOUNT_WORDS.items() for word in words.split()}

_BRACKET = re.compile(
    r"\[\s*(?P<verb>menyukai|membagikan(?: ulang)?|mengikuti|bergabung (?:dengan|ke|di)|mengomentari|liked|shared"
    r"|followed)"
    r"\s+(?P<target>[^\]:\"“]*)(?:\s*:\s*)?(?P<quoted>[^\]]*)\]",
    re.IGNORECASE,
)
_VERBS = {
    "menyukai": LIKE, "liked": LIKE, "membagikan": SHARE, "shared": SHARE, "mengikuti": FOLLOW, "followed": FOLLOW,
    "bergabung": FOLLOW, "mengomentari": COMMENT,
}  # fmt: skip
_NEWS = re.compile(r"\b(?:berita|artikel|liputan|siaran pers|tautan berita|infografis)\b", re.IGNORECASE)
_ORGANISER = re.compile(r"\b(?:@?kpu|@?bawaslu|@?panwas\w*|@?panwascam|@?kpps|@?ppk|@?dkpp)(?:\b|_|\d)", re.IGNORECASE)
_TEAM = re.compile(r"relawan|timses|pemenangan|pendukung|pembela|pejuang|sahabat|barisan|laskar|menangkan|center")
_LETTERS = re.compile(r"[^a-z]+")

PAIRS_PAGE, ORGANISERS_PAGE, NEWS, OTHER_PAGE = "halaman paslon", "halaman penyelenggara", "berita", "halaman lain"


@dataclass(frozen=True, slots=True)
class Interaction:
    """A like, share or follow: whose page it is about (one of the four kinds), and the words of one's own beside it."""

    action: str
    page: str
    own: str


def action_of(cell: str) -> str:
    """One of :data:`ACTIONS`, empty where a cell says none.

    >>> action_of("Retweet"), action_of("?")
    ('bagikan', '')
    """
    return next((_ACTION_OF[word] for word in re.split(r"\W+", cell.casefold()) if word in _ACTION_OF), "")


def account_of(cell: str) -> str:
    """``asn``, ``other``, or empty where nobody knows.

    >>> account_of("PNS"), account_of("bukan ASN"), account_of("")
    ('asn', 'other', '')
    """
    return _ACCOUNT_OF.get(re.sub(r"[\s-]+", "_", cell.strip().casefold()), "")


class Pages:
    """Tells whose page a handle, a group or a link is, for one roster."""

    def __init__(self, roster: Roster, matcher: Matcher) -> None:
        self._matcher = matcher
        self._short = frozenset(name for pair in roster.pairs for name in _short_names(pair))
        self._initials = frozenset(_initials(pair.id) for pair in roster.pairs) - {""}

    def interaction(self, text: str, action: str) -> Interaction | None:
        """The interaction that a post is, None where it is a post, a photo or a comment in words of its own."""
        found = _BRACKET.search(text)
        if found is None:
            if action not in (LIKE, FOLLOW):
                return None
            return Interaction(action, self.page(text), "")
        verb = _VERBS[found["verb"].split()[0].casefold()]
        own = f"{text[: found.start()]} {text[found.end() :]}".strip()
        return Interaction(action if action in (LIKE, SHARE, FOLLOW) else verb, self.page(found["target"]), own)

    def page(self, target: str) -> str:
        """Whose page a target names."""
        if _ORGANISER.search(target):
            return ORGANISERS_PAGE
        if _NEWS.search(target):
            return NEWS
        if any(mention.kind != SYMBOL for mention in self._matcher.find(analyse(target))):
            return PAIRS_PAGE
        handle = _LETTERS.sub("", target.casefold().rpartition("@")[2])
        if any(name in handle for name in self._short):
            return PAIRS_PAGE
        parts = set(_LETTERS.sub(" ", target.casefold()).split())
        if _TEAM.search(target.casefold()) and not parts.isdisjoint(self._initials):
            return PAIRS_PAGE
        return OTHER_PAGE


def _short_names(pair: Pair) -> set[str]:
    names = {pair.id, pair.candidate.split(",")[0], *pair.aliases, *(h.lstrip("@") for h in pair.handles)}
    joined = {_LETTERS.sub("", name.casefold()) for name in names}
    return {name for name in joined if len(name) >= 5}


def _initials(pair: str) -> str:
    parts = [part for part in re.split(r"\W+", pair.casefold()) if part]
    return "".join(part[0] for part in parts) if len(parts) > 1 else ""
