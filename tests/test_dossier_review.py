"""Laws of a dossier on a reviewed post: people's word stands first, the machine's behind it, and nothing is mixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netral_nlp.law.document import document_of
from netral_nlp.law.dossier import make_dossier
from netral_nlp.law.loading import load_rules
from netral_nlp.law.reviewed import Reviewed, when
from netral_nlp.report.dossier_folder import file_dossier
from netral_nlp.report.dossier_page import dossier_page
from netral_nlp.review.log import Decision, LawReview, Shown
from netral_nlp.review.told import reviewed_by
from netral_nlp.scoring.scored import Judged
from test_law_dossier import POST, ROSTER, RULES, Words, write_scored

AT = "2024-10-22T03:05:00.000+00:00"  # 10.05 in Jakarta
LAW = {"perbuatan": "AJAKAN; KTP", "tahap": "kampanye", "jenis": "disiplin", "pengecualian": "", "periksa": ""}


def decision(
    number: int, who: str, said: str, law: LawReview | None = None, note: str = "", retracts: int | None = None
) -> Decision:
    return Decision(number, AT, who, "k", said, "Arman-Lestari", note, "urut", Shown(), retracts, law)


def judged(line: int = 2) -> Judged:
    return Judged(
        line, "P1", "Arman-Lestari", "dukung", (0.9, 0.07, 0.03), "Ayo Pak Arman", "ayo +1.4", "", "2024-10-20 19:12",
        "@budi_misal", "", LAW, "0" * 64,
    )  # fmt: skip


def page_of(reviewed: Reviewed | None) -> str:
    return " ".join(
        "".join(Words(dossier_page(make_dossier(judged(), {}, ROSTER, RULES, reviewed=reviewed))).words).split()
    )


QUOTE = LawReview("AJAKAN", "KUTIPAN")


def test_the_review_stands_before_the_machine_and_says_who_when_and_what() -> None:
    said = reviewed_by([decision(1, "Sari", "dukung", QUOTE, "hanya mengutip, tanya 081234567890")], "k")
    page = page_of(said)
    at = page.index("Tinjauan orang")
    assert at < page.index("Isian formulir") < page.index("Menurut mesin")
    review = page[at : page.index("Isian formulir")]
    for told in ("Sari", "22 Oktober 2024 pukul 10.05", "dukung", "AJAKAN", "KUTIPAN", "hanya mengutip"):
        assert told in review, told
    assert "081234567890" not in page
    assert "label mesin" not in review and page.index("label mesin") > page.index("Menurut mesin")
    against = page[page.index("Yang melawan dugaan") :]
    first = against.index("Pengecualian KUTIPAN")
    assert first < against.index("Skor mesin bagi label lain")
    assert against[len("Yang melawan dugaan") :].startswith("Pengecualian KUTIPAN")


def test_the_acts_of_a_dossier_are_those_that_people_confirmed() -> None:
    rules = load_rules()
    cases = (
        ([decision(1, "Sari", "dukung", QUOTE)], ["AJAKAN"], "tinjauan orang (Sari)"),
        ([decision(1, "Sari", "netral", LawReview())], [], "tidak ada perbuatan yang dilarang"),
        ([decision(1, "Sari", "dukung")], ["AJAKAN", "KTP"], "bukan dari orang"),
        ([], ["AJAKAN", "KTP"], "bukan dari orang"),
        ([decision(1, "Sari", "dukung", QUOTE), decision(2, "Budi", "netral", LawReview())], [], "berbeda pendapat"),
        ([decision(1, "Sari", "dukung", QUOTE), decision(2, "Sari", "batal", retracts=1)], ["AJAKAN", "KTP"], "mesin"),
    )  # fmt: skip
    for lines, acts, told in cases:
        made = make_dossier(judged(), {}, ROSTER, rules, reviewed=reviewed_by(lines, "k"))
        assert sorted(act.code for act in made.assessment.acts) == acts
        assert any(told in note for note in made.assessment.notes), (told, made.assessment.notes)
    given = make_dossier(judged(), {"perbuatan": "TIM"}, ROSTER, rules, reviewed=reviewed_by(cases[0][0], "k"))
    assert [act.code for act in given.assessment.acts] == ["TIM"]


def test_what_reviewers_hold_against_it_is_told() -> None:
    lines = [decision(1, "Sari", "dukung", QUOTE), decision(2, "Budi", "netral", LawReview())]
    against = make_dossier(judged(), {}, ROSTER, RULES, reviewed=reviewed_by(lines, "k")).against
    assert against[0].startswith("Pengecualian KUTIPAN") and "Sari" in against[0]
    assert 'Keputusan peninjau Budi: "netral", bukan "dukung".' in against
    assert "Usulan mesin yang tidak dibenarkan peninjau: KTP." in against
    assert "Para peninjau berbeda pendapat tentang unggahan ini." in against


def test_without_a_review_the_page_says_so() -> None:
    assert "Tidak ada catatan tinjauan yang diserahkan" in page_of(None)
    assert "Unggahan ini belum ditinjau orang" in page_of(Reviewed())


def test_document_and_trail_hold_the_review(tmp_path: Path) -> None:
    scored = write_scored(tmp_path / "skor.csv", POST)
    said = reviewed_by([decision(1, "Sari", "dukung", QUOTE, "lihat @rina_x")], "k")
    for number, reviewed in enumerate((None, {2: said}, {7: said})):
        file_dossier(scored, tmp_path / str(number), RULES, id="P1", reviewed=reviewed)
    made = [json.loads((tmp_path / str(n) / "berkas.json").read_bytes())["tinjauan"] for n in range(3)]
    trails = [json.loads((tmp_path / str(n) / "jejak.json").read_bytes())["sha256"]["tinjauan"] for n in range(3)]
    assert made[0] is None and made[2]["peninjau"] == [] and made[2]["keputusan"] is None
    assert made[1]["keputusan"] == "dukung" and made[1]["perbuatan"] == "AJAKAN"
    assert made[1]["pengecualian"] == "KUTIPAN" and made[1]["peninjau"][0]["waktu"] == AT
    assert "rina_x" not in json.dumps(made)
    assert trails[0] is None and trails[1] == said.digest() != trails[2] == Reviewed().digest()


@pytest.mark.parametrize(
    "zone, hour", [("Asia/Jakarta", "10.05"), ("Asia/Makassar", "11.05"), ("Asia/Jayapura", "12.05")]
)
def test_a_decision_is_told_in_the_hour_of_the_election(zone: str, hour: str) -> None:
    assert when(AT, zone).endswith(f"22 Oktober 2024 pukul {hour}") and when("entah", zone) == "entah"


def test_the_document_is_made_of_the_dossier() -> None:
    said = reviewed_by([decision(1, "Sari", "dukung", QUOTE)], "k")
    assert document_of(make_dossier(judged(), {}, ROSTER, RULES, reviewed=said))["tinjauan"]["sepakat"] is True
