"""What a user asks of the law layer, assembled once: tables, an act model, the columns beside scores."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from netral_nlp.law.checking import Fault
    from netral_nlp.law.columns import LawColumns
    from netral_nlp.law.indications import Indication
    from netral_nlp.law.posts import ActPost
    from netral_nlp.law.rules import Rules
    from netral_nlp.model.model import Model
    from netral_nlp.roster import Roster

Say = Callable[[str], None]
GivenLaw: TypeAlias = "bool | Rules | str | Path"
"""True: the shipped tables; else the tables themselves, or a folder of them. False: no law at all."""

_log = logging.getLogger("netral_nlp")


def load_rules(tables: GivenLaw = True) -> Rules:
    """The tables of the law: the shipped ones, or those of a folder. Raises InputError with every fault."""
    from netral_nlp.law.loading import load_rules as read_rules

    if isinstance(tables, bool | str | Path):
        return read_rules(None if isinstance(tables, bool) else tables)
    return tables


def with_acts(
    model: Model,
    posts: Sequence[str | Path] | None = None,
    rosters: Mapping[str, Roster] | None = None,
    *,
    seed: int = 0,
    say: Say = _log.info,
) -> Model:
    """The model with an act model learned from labelled posts, by default the shipped ones and their elections."""
    from netral_nlp.law.fitting import train_acts
    from netral_nlp.law.posts import read_act_posts, shipped_posts_folder
    from netral_nlp.roster.reading import read_rosters

    rules = load_rules()
    known = rosters if posts is not None and rosters is not None else read_rosters()
    found = read_act_posts(posts or [shipped_posts_folder()], known, rules)
    return replace(model, acts=train_acts(found, model, rules, seed=seed, say=say))


def law_columns(model: Model, roster: Roster, law: GivenLaw, max_false_acts: float) -> LawColumns | None:
    """What sets the law columns beside scores; None where nobody asked for them.

    Raises ModelError where the model knows no acts, or learned them with other cue lists.
    """
    if law is False:
        return None
    from netral_nlp.law.columns import LawColumns

    return LawColumns.of(model, roster, load_rules(law), max_false_acts=max_false_acts)


def assess(
    cases: str | Path | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    rosters: Mapping[str, Roster] | str | Path | None = None,
    *,
    law: GivenLaw = True,
) -> dict[str, Any]:
    """What is open in many cases, which deadlines run and whose rules hold: the document of ``netral dossier assess``.

    ``cases`` is a JSON file (``-``: standard input), or what one holds; ``rosters`` stand beside and before the shipped
    ones. Raises InputError for what holds no cases.
    """
    from netral_nlp.law.cases import assess_document, read_cases
    from netral_nlp.roster.reading import read_rosters

    known = {**read_rosters(), **rosters} if isinstance(rosters, Mapping) else read_rosters(rosters)
    if isinstance(cases, str | Path):
        name = "Standard input" if str(cases) == "-" else str(cases)
        return assess_document(read_cases(cases), known, load_rules(law), name)
    return assess_document(cases, known, load_rules(law))


def check_law(folder: str | Path | None = None) -> list[Fault]:
    """Gaps, overlaps, unknown codes and rows without a source in tables of the law: the shipped ones, or a folder's."""
    from netral_nlp.law.checking import faults_of
    from netral_nlp.law.loading import read_tables, shipped_folder

    return faults_of(read_tables(Path(folder) if folder is not None else shipped_folder()))


def labelled_acts(
    posts: Sequence[str | Path] | None = None, rosters: Mapping[str, Roster] | None = None
) -> tuple[ActPost, ...]:
    """Posts labelled with acts, by default the shipped ones."""
    from netral_nlp.law.posts import read_act_posts, shipped_posts_folder
    from netral_nlp.roster.reading import read_rosters

    return read_act_posts(posts or [shipped_posts_folder()], rosters or read_rosters(), load_rules())


def indicate(
    text: str,
    roster: Roster,
    model: Model,
    *,
    time: str = "",
    action: str = "",
    account_type: str = "",
    law: GivenLaw = True,
    max_false_acts: float | None = None,
) -> Indication:
    """What the law may call one post; `law.contributions.stretches` gives the words that indicate an act.

    ``time``, ``action`` and ``account_type`` are cells as files have them. Raises ModelError where the model knows no
    acts.
    """
    from netral_nlp.law.columns import LawColumns
    from netral_nlp.law.fitting import stance_of
    from netral_nlp.law.indications import MAX_FALSE_ACTS, LawPost
    from netral_nlp.law.metadata import account_of, action_of

    share = MAX_FALSE_ACTS if max_false_acts is None else max_false_acts
    advisor = LawColumns.of(model, roster, load_rules(law), max_false_acts=share).advisor
    stance = stance_of(text, advisor.reader.reader, model)
    return advisor.advise(LawPost(text, time, action_of(action), account_of(account_type), stance))
