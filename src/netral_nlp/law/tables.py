"""What each table of the law says: its columns, its codes, and where it owes exactly one answer on every day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netral_nlp.law.moments import WEEKDAYS
from netral_nlp.law.phases import OPEN_ALL_DAY, PHASES

SINCE, UNTIL, BASIS, SOURCE, SURENESS = TAIL = ("berlaku_dari", "berlaku_sampai", "dasar", "sumber", "kepastian")
UNVERIFIED = "belum diperiksa"
SURENESSES = ("naskah", "sekunder", "ingatan", "keputusan proyek", UNVERIFIED)
"""Text of the rule seen, seen at second hand, from memory, our own decision, not verified (its cell stays empty)."""

EVERY = "semua"
SINCE_DESIGNATION = "sejak penetapan"
UNKNOWN_PHASE = "tidak diketahui"
GROUPS = {EVERY: PHASES, SINCE_DESIGNATION: PHASES[1:]}
"""Cells of ``tahap`` that stand for several phases."""

ETHICS, DISCIPLINE = CLASSES = ("kode etik", "disiplin")
LEVELS = ("sedang", "berat", "pemberhentian")
"""From the mildest to the gravest."""

REGIMES = ("pemilihan", "pemilu")
CASES = ("laporan", "temuan")
STEPS = ("laporan", "kajian awal", "perbaikan", "penanganan", "penanganan tambahan")
CALENDAR, WORKING = UNITS = ("hari kalender", "hari kerja")
CLEARS, TO_PERSON, DISPUTED = EFFECTS = ("menahan", "ke pemeriksa", "diperselisihkan")
HOLIDAY, JOINT_LEAVE = HOLIDAYS = ("libur nasional", "cuti bersama")
OPENING_DAYS = (*WEEKDAYS[:5], *OPEN_ALL_DAY)
ACT_COLUMN = "perbuatan"
ACTS = "perbuatan.kode"
INSTRUMENTS = "instrumen.kode"
_PHASE_CELLS = (*PHASES, *GROUPS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its own columns, what may stand in them, and which of them single out one row.

    ``codes`` maps a column to its values, or to ``table.column`` where another table lists them. ``answers`` maps
    each column of the key to the values for which a row must hold on every day; ``None`` where several may hold at
    once. ``blank`` are columns whose cells may be empty although the row is verified, ``numbers`` hold whole numbers
    (days or ranks), ``hours`` hours of a day.
    """

    columns: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...] | str] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...] | str] | None = None
    blank: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()


SHEETS: Mapping[str, Sheet] = {
    "instrumen": Sheet(("kode", "nama", "tentang")),
    "perbuatan": Sheet(("kode", "nama", "uraian"), answers={"kode": ACTS}),
    "butir": Sheet(
        (ACT_COLUMN, "tahap", "butir", "instrumen", "bunyi"),
        {ACT_COLUMN: ACTS, "tahap": _PHASE_CELLS, "instrumen": INSTRUMENTS},
    ),
    "jenis": Sheet(
        (ACT_COLUMN, "tahap", "jenis"),
        {ACT_COLUMN: ACTS, "tahap": (*_PHASE_CELLS, UNKNOWN_PHASE), "jenis": CLASSES},
        answers={ACT_COLUMN: ACTS, "tahap": PHASES},
    ),
    "tingkat": Sheet(
        (ACT_COLUMN, "tahap", "tingkat", "catatan"),
        {ACT_COLUMN: ACTS, "tahap": _PHASE_CELLS, "tingkat": LEVELS},
        answers={ACT_COLUMN: ACTS, "tahap": PHASES},
        blank=("tingkat", "catatan"),
    ),
    "sanksi": Sheet(
        ("instrumen", "tingkat", "urutan", "sanksi"),
        {"instrumen": INSTRUMENTS, "tingkat": (*LEVELS, "etik")},
        numbers=("urutan",),
    ),
    "aturan_disiplin": Sheet(("aturan",), {"aturan": INSTRUMENTS}, answers={}),
    "pengecualian": Sheet(
        ("kode", "nama", "akibat", "urutan", "syarat"),
        {"akibat": EFFECTS},
        answers={"kode": "pengecualian.kode"},
        numbers=("urutan",),
    ),
    "syarat_pengecualian": Sheet(
        ("pengecualian", "syarat", "bila_tidak_disebut"),
        {"pengecualian": "pengecualian.kode", "bila_tidak_disebut": ("tidak berlaku", "periksa")},
    ),
    "perselisihan": Sheet(("tentang", "periksa", "uraian")),
    "isyarat": Sheet(("kelas", "bahasa", "kata")),
    "kerangka": Sheet(
        ("perbuatan", "kerangka", "unsur", "lingkup", "paslon", "penghalang"),
        {ACT_COLUMN: ACTS, "lingkup": ("klausa", "unggahan"), "paslon": ("ya", "tidak")},
        blank=("penghalang",),
    ),
    "gerbang": Sheet(
        ("perbuatan", "paslon", "dukungan", "kaitan"),
        {ACT_COLUMN: ACTS, "paslon": ("ya", "tidak"), "dukungan": ("ya", "tidak")},
        answers={ACT_COLUMN: ACTS},
        blank=("kaitan",),
    ),
    "isyarat_syarat": Sheet(
        ("pengecualian", "syarat", "isyarat", "gugur_oleh"),
        {"pengecualian": "pengecualian.kode"},
        blank=("isyarat", "gugur_oleh"),
    ),
    "rezim": Sheet(
        ("jabatan", "rezim"),
        {"jabatan": ("president", "governor", "regent", "mayor", "legislature"), "rezim": REGIMES},
        answers={"jabatan": "rezim.jabatan"},
    ),
    "tenggat": Sheet(
        ("rezim", "perkara", "langkah", "jumlah", "satuan", "dihitung_dari"),
        {
            "rezim": (*REGIMES, EVERY), "perkara": (*CASES, EVERY), "langkah": STEPS, "satuan": UNITS,
            "dihitung_dari": ("diketahui", "diterima", "diberitahukan", "diregistrasi"),
        },
        answers={"rezim": REGIMES, "perkara": CASES, "langkah": STEPS},
        numbers=("jumlah",),
    ),
    "jam_kerja": Sheet(
        ("rezim", "hari", "buka", "tutup"),
        {"rezim": (*REGIMES, EVERY), "hari": OPENING_DAYS},
        answers={"rezim": REGIMES, "hari": OPENING_DAYS},
        hours=("buka", "tutup"),
    ),
    "formulir": Sheet(("perkara", "formulir", "nama"), {"perkara": CASES}, answers={"perkara": CASES}),
    "syarat": Sheet(
        ("formulir", "kelompok", "urutan", "bidang", "nama", "wajib"),
        {"formulir": "formulir.formulir", "kelompok": ("formal", "materiel", "isian"), "wajib": ("ya", "tidak")},
        numbers=("urutan",),
    ),
    "kedudukan": Sheet(
        ("rezim", "kedudukan", "memenuhi", "kata"), {"rezim": (*REGIMES, EVERY), "memenuhi": ("ya", "tidak")}
    ),
    "golongan": Sheet(("golongan", "diteruskan_ke", "uraian")),
    "pidana": Sheet(
        ("rezim", "pasal", "sasaran", "uraian", "ancaman"), {"rezim": (*REGIMES, EVERY)}, blank=("ancaman",)
    ),
    "pengawas": Sheet(("pengawas", "nama"), answers={}),
    "saluran": Sheet(
        ("pengawas", "urutan", "langkah", "jumlah", "satuan", "uraian"),
        {"pengawas": "pengawas.pengawas", "satuan": (*UNITS, "hari")},
        blank=("jumlah", "satuan", "uraian"),
        numbers=("urutan", "jumlah"),
    ),
    "libur": Sheet(("nama", "macam"), {"macam": HOLIDAYS}),
}  # fmt: skip
