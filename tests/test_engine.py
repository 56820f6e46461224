"""Laws of the engine: it judges every post exactly as the Scorer does, whatever stands beside it."""

from __future__ import annotations

import csv
import gc
import random
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cores import CORES, core
from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import BLOCKS
from netral_nlp.learning.corpus import Corpus
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Matcher
from netral_nlp.scoring import chunks
from netral_nlp.scoring import files as batch
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.engine.native import NativeEngine
from netral_nlp.scoring.engine.vocabulary import BLOCK_NAMES
from netral_nlp.scoring.files import Summary, score_file
from netral_nlp.scoring.inputs import Columns
from netral_nlp.scoring.judging import seldom_collecting
from netral_nlp.scoring.scorer import Cells, Scorer, cells
from netral_nlp.tables import Dialect
from netral_nlp.tables.parts import Texts
from netral_nlp.text.cleaning import STEPS
from netral_nlp.text.words import LONGEST_POST, analyse, analyse_piece, pieces
from running import steps, write
from strategies import BLANKS, FRAGMENTS, LONG, many, noisy_posts, noisy_words

few = settings(max_examples=many(60), deadline=None, suppress_health_check=list(HealthCheck))
POST = "Gas terus Pak Hasan! 🔥 jangan pilih Arman, bohong #TolakHasanWulan"


def some_posts(count: int, seed: int = 1) -> list[str]:
    """Posts of noisy fragments, the same every time."""
    chance = random.Random(seed)
    return [
        "".join(
            chance.choice(FRAGMENTS).replace("\0", "") + chance.choice(BLANKS) for _ in range(chance.randint(0, 14))
        )
        for _ in range(count)
    ]


def same(found: Sequence[Cells], wanted: Sequence[Cells]) -> None:
    """Equal words, and numbers equal to 1e-9."""
    assert len(found) == len(wanted)
    for got, want in zip(found, wanted, strict=True):
        assert (got[0], got[1], got[-1]) == (want[0], want[1], want[-1])
        assert [x == "" for x in got] == [x == "" for x in want]
        got_numbers, wanted_numbers = ([float(x or 0.0) for x in row[2:-1]] for row in (got, want))
        assert np.allclose(got_numbers, wanted_numbers, rtol=0, atol=1e-9)


@pytest.fixture(scope="module")
def scorer(model: Model, samudra: Roster) -> Scorer:
    return Scorer(model, samudra, 0.1)


@pytest.fixture(scope="module", params=CORES)
def engine(request: pytest.FixtureRequest, model: Model, samudra: Roster) -> Engine:
    with core(request.param):
        return Engine(model, samudra, 0.1, remembered=200)  # forgets all the time


abouts = st.sampled_from([None, None, "Arman-Lestari", "Bagas-Nadia"])


@few
@given(posts=st.lists(st.tuples(noisy_posts(), abouts), max_size=8), per_pair=st.booleans())
@example(posts=[("Arman", None), ("%", "Bagas-Nadia"), ("", "Bagas-Nadia"), ("#ArmanLestari", None)], per_pair=False)
@example(posts=[("Pak Arman vs Pak Arman, Pak\nArman", None), ("P I L I H hasan 0812 3456 7890", None)], per_pair=True)
@example(
    posts=[("hasan " + "x" * 999 + " arman " * 90, None), ("terima kasih bagas, makasih arma", None)], per_pair=True
)
@example(posts=[("Pak @arman menang", None), ("Bu@hasanwulan bohong", None), ("@arman & @arman", None)], per_pair=True)
@example(posts=[("Arman ß\xa0", None), ("Arman Ã\xa0 bagus", None), ("Arman â\x85\xa0ß\ue0a0", None)], per_pair=False)
def test_the_engine_judges_as_the_scorer(
    posts: list[tuple[str, str | None]], per_pair: bool, engine: Engine, scorer: Scorer
) -> None:
    found = engine.score([text for text, _ in posts], [about for _, about in posts], per_pair=per_pair)
    wanted = [cells(s) for text, about in posts
              for s in (scorer.score_each(text, about) if per_pair else [scorer.score(text, about)])]  # fmt: skip
    same(list(found.rows()), wanted)


ELECTIONS = ["kota-samudra-2024", "kab-kayan-2020", "pilpres-fiksi", "pilpres-nusantara-bakal"]


@pytest.mark.parametrize("name", CORES)
@pytest.mark.parametrize("election", ELECTIONS)
def test_the_engine_judges_the_corpus_as_the_scorer(
    election: str, name: str, model: Model, corpus: Corpus, rosters: Mapping[str, Roster]
) -> None:
    own = [e.case.text for e in corpus.examples if e.election == election][:120]
    texts = own + [e.case.text for e in corpus.examples[::131]]
    scorer = Scorer(model, rosters[election], 0.1)
    for per_pair in (False, True):
        with core(name):
            found = list(Engine(model, rosters[election], 0.1).score(texts, per_pair=per_pair).rows())
        same(found, [cells(s) for t in texts for s in (scorer.score_each(t) if per_pair else [scorer.score(t)])])
        assert sum(row[0] != "" for row in found) > len(own) / 4


def test_the_engine_knows_every_block() -> None:
    assert {block.name for block in BLOCKS} <= set(BLOCK_NAMES)


def test_neighbours_order_and_a_forgetful_table_never_change_a_cell(model: Model, samudra: Roster) -> None:
    posts = some_posts(900)
    with core("native"):
        wanted = list(Engine(model, samudra, 0.1).score(posts).rows(as_text=True))
        forgetful = Engine(model, samudra, 0.1, remembered=150)
    found: list[Cells] = []
    at = 0
    while at < len(posts):
        step = 1 + at % 97
        found += forgetful.score(posts[at : at + step]).rows(as_text=True)
        at += step
    assert found == wanted
    assert isinstance(forgetful.core, NativeEngine)
    assert forgetful.core.generation > 3
    assert len(forgetful.core.table()) < 1500
    turned = list(Engine(model, samudra, 0.1).score(posts[::-1]).rows(as_text=True))
    assert turned[::-1] == wanted


plain_texts = noisy_posts().map(lambda text: text.replace("\0", "").encode("utf-8", "replace").decode())


@few
@given(
    posts=st.lists(st.tuples(plain_texts, abouts), min_size=1, max_size=8),
    per_pair=st.booleans(),
    delimiter=st.sampled_from(",;\t"),
)
@example(posts=[('Arman "hebat", kata; dia\tPak Hasan', None), ("kpu mnrt", None)], per_pair=True, delimiter=",")
def test_the_core_writes_the_ends_of_lines_as_judgements_are_written(
    posts: list[tuple[str, str | None]], per_pair: bool, delimiter: str, model: Model, samudra: Roster
) -> None:
    texts, about = [text for text, _ in posts], [about for _, about in posts]
    with core("native"):
        engine = Engine(model, samudra, 0.1)
    raw = [text.encode() for text in texts]
    packed = Texts(b"".join(raw), array("q", accumulate(map(len, raw), initial=0)))
    assert list(packed) == texts
    dialect = Dialect(delimiter)
    lines = engine.lines(packed, about, dialect, per_pair=per_pair)
    wanted = engine.score(texts, about, per_pair=per_pair)
    assert lines is not None and list(lines.tails) == wanted.tails(dialect)
    assert (lines.post, lines.label, lines.named) == (wanted.post, wanted.label, sum(map(bool, wanted.pair)))
    assert engine.lines(packed, about, Dialect(";", excel=True)) is None  # that takes Python


def test_an_unknown_pair_is_refused(engine: Engine) -> None:
    with pytest.raises(UsageError, match='no pair "Siapa"'):
        engine.score(["halo"], ["Siapa"])


def test_no_posts_give_no_judgements(engine: Engine) -> None:
    assert list(engine.score([]).rows()) == []


# --- the parts


@few
@given(text=noisy_posts(), rosters_of=st.sampled_from(["kota-samudra-2024", "pilpres-fiksi", "kab-kayan-2020"]))
def test_a_word_that_may_not_begin_a_mention_begins_none(
    text: str, rosters_of: str, rosters: Mapping[str, Roster]
) -> None:
    matcher = Matcher(rosters[rosters_of])
    words = analyse(text)
    begins = [at for at, word in enumerate(words) if matcher.may_begin(word)]
    assert matcher.find(words, begins) == matcher.find(words)


@few
@given(
    words=st.lists(st.one_of(noisy_words(), st.text(max_size=9)), max_size=6),
    name=st.sampled_from(["Arman ", "hasan: "]),
)
def test_words_of_any_letters_have_the_ngrams_that_slicing_finds(
    words: list[str], name: str, engine: Engine, scorer: Scorer
) -> None:
    texts = [name + " ".join(words), name + "-".join(words)]
    same(list(engine.score(texts).rows()), [cells(scorer.score(text)) for text in texts])


@few
@given(text=st.one_of(noisy_posts(), noisy_words()))
def test_pieces_that_skip_the_cleaning_need_none(text: str) -> None:
    for _, piece in pieces(text):
        cleaned = piece
        for step in STEPS:
            cleaned = step(cleaned)
        if cleaned == piece:
            assert [w.start for w in analyse_piece(piece)] == [w.start for w in analyse_piece(piece + "\u2060")]
            assert [w.form for w in analyse_piece(piece)] == [w.form for w in analyse_piece(piece + "\u2060")]


@few
@given(
    posts=st.lists(st.lists(st.sampled_from(["menang", "arman", "bohong 🔥", "#TolakHasan", "1 2", "."])), max_size=4),
    per_pair=st.booleans(),
)
def test_many_repetitions_are_judged_as_the_scorer_judges_them(
    posts: list[list[str]], per_pair: bool, engine: Engine, scorer: Scorer
) -> None:
    texts = ["hasan " + " ".join(post * 5) for post in posts]
    found = list(engine.score(texts, per_pair=per_pair).rows())
    same(found, [cells(s) for t in texts for s in (scorer.score_each(t) if per_pair else [scorer.score(t)])])


# --- posts that are no posts

MEGABYTE = {
    "no blanks": "a", "digits": "1234567890", "points": "1.", "tags": "#", "tag starts": "#a", "handles": "@",
    "hyphens": "-", "hyphened": "a-", "emoji": "🔥", "entities": "&amp;", "nested": "&amp;amp;amp;", "blanks": " ",
    "accents": "a\u0301", "zalgo": "\u0301", "laughter": "wkk" * 60 + "'x ", "numbers": "1 2 3 ", "letters": "a b c d ",
    "links": "http://a", "domains": "a.b", "names": "Pak Hasan ",
}  # fmt: skip


@pytest.mark.parametrize("unit", MEGABYTE.values(), ids=MEGABYTE.keys())
def test_a_megabyte_of_anything_takes_no_more_steps_than_the_longest_post(unit: str, engine: Engine) -> None:
    text = "hasan " + unit * (1_000_000 // len(unit))
    posts = ([text], [text[:LONGEST_POST]])
    for post in posts:  # what is made once is made
        engine.score(post)
    # the lesser of two: what is remembered may be cleared away within one of them, after many other posts
    whole, longest = (min(steps(engine.score, post) for _ in range(2)) for post in posts)
    assert whole <= 1.1 * longest


@pytest.mark.parametrize("unit", ["a", "kata ", "1 2 ", "🔥", "#a"])
def test_long_posts_are_judged_as_the_scorer_judges_them(unit: str, engine: Engine, scorer: Scorer) -> None:
    text = "menang hasan " + unit * 700
    same(list(engine.score([text]).rows()), [cells(scorer.score(text))])


def test_what_no_platform_takes_is_not_read(engine: Engine, scorer: Scorer) -> None:
    facebook = "kata " * 12_640  # 63,200 characters
    assert len(facebook) < LONGEST_POST
    read, unread = facebook + "arman", "kata " * 14_000 + "arman"
    begun = "kata " * 1_900 + "arman " + "kata " * 14_000
    for text, pair in ((read, "Arman-Lestari"), (unread, ""), (begun, "Arman-Lestari")):
        row = next(engine.score([text]).rows())
        assert row[0] == pair
    same(list(engine.score([unread]).rows()), [cells(scorer.score(unread))])


# --- files


def write_csv(path: Path, texts: Sequence[str]) -> Path:
    rows = ([i, text, ("Arman-Lestari", "", "")[i % 3]] for i, text in enumerate(texts))
    return write(path, ["id", "teks", "tentang"], rows)


@pytest.fixture(scope="module")
def run(model: Model, samudra: Roster, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    folder = tmp_path_factory.mktemp("scored")
    posts = write_csv(folder / "posts.csv", [*some_posts(700), "x" * 5000, " ", *LONG])

    def score(**options: object) -> bytes:
        score_file(posts, folder / "out.csv", model, samudra, max_fpr=0.1, **options)  # type: ignore[arg-type]
        assert sorted(p.name for p in folder.iterdir()) == ["out.csv", "out.csv.rejected.csv", "posts.csv"]
        return (folder / "out.csv").read_bytes() + (folder / "out.csv.rejected.csv").read_bytes()

    return score


def test_chunks_and_workers_never_change_a_byte(run: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run()
    assert whole.count(b"\n") > 700
    monkeypatch.setattr(chunks, "CHUNK", 37)
    monkeypatch.setattr(chunks, "CHUNK_CHARACTERS", 3000)
    assert run() == whole
    assert run(workers=2) == whole


@pytest.mark.parametrize("usual", [(700, 10, 10), (0, 10, 10), (90_000, 5, 5)])
def test_the_cycle_collector_is_left_as_it_was(usual: tuple[int, int, int]) -> None:
    before = gc.get_threshold()
    gc.set_threshold(*usual)
    try:
        with pytest.raises(UsageError), seldom_collecting():
            assert (gc.get_threshold()[0] == 0) == (usual[0] == 0) and gc.get_threshold()[0] >= usual[0]
            raise UsageError("a fault")
        assert gc.get_threshold() == usual
    finally:
        gc.set_threshold(*before)


def test_numbers_are_written_alike_by_engine_and_writer(model: Model, samudra: Roster, tmp_path: Path) -> None:
    posts = write_csv(tmp_path / "posts.csv", [*some_posts(60), POST])
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.xlsx"):
        score_file(posts, tmp_path / name, model, samudra, max_fpr=0.1, columns=Columns(pair="tentang"))
    score_file(posts, tmp_path / "excel.csv", model, samudra, max_fpr=0.1, columns=Columns(pair="tentang"), excel=True)
    tables = {}
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.xlsx", "excel.csv"):
        with batch.open_table(tmp_path / name) as table:
            at = table.columns.index("skor_dukung")
            rows = [row.cells for row in table if isinstance(row, chunks.Row)]
        tables[name] = [round(float(cells[at].replace(",", ".") or -1), 6) for cells in rows]
    assert len(tables["a.csv"]) > 40
    assert all(found == tables["a.csv"] for found in tables.values())


@pytest.fixture(scope="module")
def score(model: Model, samudra: Roster) -> Callable[..., Summary]:
    def score(posts: Path, output: Path, per_pair: bool) -> Summary:
        columns = Columns(pair="tentang")
        return score_file(posts, output, model, samudra, max_fpr=0.1, columns=columns, per_pair=per_pair)

    return score


@settings(max_examples=many(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(st.tuples(st.one_of(noisy_posts(), st.text(max_size=9)), abouts, st.text(max_size=4)), max_size=9),
    per_pair=st.booleans(),
    chunk=st.sampled_from((1, 2, 2000)),
    end=st.sampled_from(("\n", "\r\n")),
)
def test_a_file_holds_its_rows_and_behind_each_what_the_engine_says(
    engine: Engine, score: Callable[..., Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    posts: list[tuple[str, str | None, str]], per_pair: bool, chunk: int, end: str,
) -> None:  # fmt: skip
    """Composed the slow way: one post, one row, the csv module and one number at a time."""
    posts = [(text.replace("\0", ""), about, more.replace("\0", "")) for text, about, more in posts]
    with (tmp_path / "posts.csv").open("w", encoding="utf-8", newline="", errors="replace") as file:
        csv.writer(file, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
            [("lain", "teks", "tentang"), *((more, text, about or "") for text, about, more in posts)]
        )
    monkeypatch.setattr(chunks, "CHUNK", chunk)
    monkeypatch.setattr(chunks, "CHUNK_CHARACTERS", 40 * chunk)
    summary = score(tmp_path / "posts.csv", tmp_path / "out.csv", per_pair)
    wanted: list[str] = []
    write = csv.writer(SimpleNamespace(write=wanted.append), lineterminator="\r\n").writerow
    for text, about, more in posts:
        if text.strip():
            for judged in engine.score([text], [about], per_pair=per_pair).rows():
                write([more, text, about or "", *(f"{x:.6f}" if isinstance(x, float) else x for x in judged)])
    assert (summary.rows, summary.written) == (len(posts), len(wanted))
    lines = (tmp_path / "out.csv").read_bytes().decode().partition("\n")[2]
    assert lines == "".join(record.removesuffix("\r\n") + "\n" for record in wanted)


def test_each_row_is_judged_as_the_scorer_judges_it(model: Model, samudra: Roster, tmp_path: Path) -> None:
    posts = write_csv(tmp_path / "posts.csv", some_posts(80, seed=7))
    score_file(posts, tmp_path / "out.csv", model, samudra, max_fpr=0.1, columns=Columns(pair="tentang"))
    scorer = Scorer(model, samudra, 0.1)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 60
    for row in rows:
        judged = scorer.score(row["teks"], row["tentang"] or None)
        assert (row["paslon"], row["label"], row["bukti"]) == (judged.pair, judged.label, judged.words)
        assert row["skor_tolak"] == (f"{judged.scores[2]:.6f}" if judged.scores else "")
