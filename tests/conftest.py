"""What the tests share: rosters, the shipped corpus, a small and a full model trained once a run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # for strategies.py, running.py and tally.py

from netral_nlp.law.fitting import train_acts
from netral_nlp.law.loading import load_rules
from netral_nlp.law.posts import read_act_posts
from netral_nlp.learning.corpus import Corpus, read_corpus
from netral_nlp.learning.training import Trained, train
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster, load_rosters
from strategies import FULL
from tally import add, counts, table

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.register_profile("long", settings.get_profile("local"), max_examples=2_000)  # with strategies.many
settings.load_profile("long" if FULL else "ci" if os.environ.get("CI") else "local")

Item = TypeVar("Item")


def sampled(items: Sequence[Item], count: int) -> Sequence[Item]:
    """So many of the items, spread over them; all of them in a long run."""
    if FULL or len(items) <= count:
        return items
    return [items[round(at * (len(items) - 1) / (count - 1))] for at in range(count)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes runs only where it is asked for."""
    for item in items:
        if item.get_closest_marker("long") is not None and not FULL:
            item.add_marker(pytest.mark.skip(reason="long: set NETRAL_LONG=1"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where several processes run tests, each hands over what its tests have counted."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["tally"] = counts()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What one of those processes handed over; nothing where it died."""
    add(getattr(node, "workeroutput", {}).get("tally", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests of faults have counted."""
    if lines := table():
        terminalreporter.section("faults: tried, failed, lost")
        for line in lines:
            terminalreporter.write_line(line)


ROOT = Path(__file__).resolve().parents[1]
SMALL = ("kota-samudra-2024", "pilpres-fiksi", "kab-kayan-2020", "prov-karang-2024")


# Where the tests were started in the background, programs that they start would ignore Ctrl-C, too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def rosters() -> Mapping[str, Roster]:
    """The shipped rosters by election id."""
    return load_rosters(ROOT / "data" / "rosters")


@pytest.fixture(scope="session")
def samudra(rosters: Mapping[str, Roster]) -> Roster:
    """A city election with three pairs."""
    return rosters["kota-samudra-2024"]


@pytest.fixture(scope="session")
def corpus(rosters: Mapping[str, Roster]) -> Corpus:
    """The whole shipped corpus."""
    return read_corpus([ROOT / "data" / "corpus"], rosters)


@pytest.fixture(scope="session")
def small_corpus(corpus: Corpus) -> Corpus:
    """Every second post of four elections."""
    return Corpus(tuple(e for e in corpus.examples if e.election in SMALL)[::2])


@pytest.fixture(scope="session")
def trained(small_corpus: Corpus) -> Trained:
    """Model and Pipeline from the small corpus."""
    return train(small_corpus)


@pytest.fixture(scope="session")
def model(trained: Trained) -> Model:
    """The model from the small corpus."""
    return trained.model


@pytest.fixture(scope="session")
def lawful_model(model: Model, rosters: Mapping[str, Roster]) -> Model:
    """The model from the small corpus, with acts learned from every third of the shipped posts for them."""
    rules = load_rules()
    posts = read_act_posts([ROOT / "data" / "corpus-law"], rosters, rules)
    return replace(model, acts=train_acts(posts[::3], model, rules))


@pytest.fixture(scope="session")
def full_model(corpus: Corpus) -> Model:
    """The model that ``netral train`` makes from the shipped corpus."""
    return train(corpus).model


@pytest.fixture(scope="session")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model as a file."""
    path = tmp_path_factory.mktemp("model") / "netral.npz"
    save_model(model, path)
    return path


@pytest.fixture
def house(tmp_path: Path, model_file: Path) -> Iterator[Any]:
    """A desk of its own, without a port."""
    from desks import House  # needs the extra [desk]

    made = House(tmp_path / "meja", model_file)
    yield made
    made.close()
