"""A facts file: what a paper states, statement by statement, typed so that it can be held against itself.

Whoever reads a paper writes one; `sap concordance` checks it. Nothing in it is evaluated as code.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Discriminator, Field

from sap.facts import values
from sap.facts.checks import DerivedVariable, InData, InResults
from sap.guidelines.report_items import unknown_item
from sap.model.part import Identifier, Part, Text, Value
from sap.reading.read import parsed, refuse
from sap.seal.code import FACTS
from sap.text.problems import Fault, PlanError, Problem, suggest
from sap.text.yaml_file import YamlFile

FILE: Final = FACTS
"""A facts file of this name in the data folder is held against every run."""


class Links(Part):
    """How a statement hangs together with others; each names facts by id."""

    part_of: Identifier | None = None
    """It counts some of those whom that fact counts."""
    parts: tuple[Identifier, ...] = ()
    """Facts that count disjoint parts of this one and together all of it."""
    same_denominator: Identifier | None = None
    """A fact out of the same number."""
    repeats: Identifier | None = None
    """A fact that says the same elsewhere in the paper."""
    about: Identifier | None = None
    """The fact that summarises what this limit is about."""
    requires: tuple[Identifier, ...] = ()
    """Facts each of which must be true of every subject counted here."""
    under: str = ""
    """The reading under which parts, requires or repeats hold, where the paper leaves it open."""


class _Fact(Part):
    id: Identifier
    statement: Text
    """The paper's words, or a close paraphrase."""
    where: Text
    """Where it stands; of several places, separated by semicolons, the first counts for the order."""
    basis: Literal["published", "read"] = "published"
    """Stated by the paper, or concluded from it."""
    links: Links = Links()
    results: tuple[InResults, ...] = ()
    """Numbers of the results it is compared with."""
    checks: tuple[InData, ...] = ()
    """Statistics of the data that must hold."""
    not_checked: str = ""
    """Why it is compared with nothing."""
    remark: str = ""
    consort: tuple[Value, ...] = ()
    """Items of the reporting checklist (sap/guidelines/report_items.py) that it answers, at least in part."""

    @property
    def place(self) -> str:
        """The first place where it stands."""
        return self.places[0]

    @property
    def places(self) -> tuple[str, ...]:
        """Every place where it stands."""
        return tuple(one.strip() for one in self.where.split(";"))


class CountFact(_Fact):
    """A count, with what it is out of."""

    kind: Literal["count", "proportion"]
    """A proportion estimates a rate (of response, of toxicity) and needs its interval; a count tells who was there."""
    value: values.Fraction


class MedianFact(_Fact):
    """A median with its range."""

    kind: Literal["median_range"]
    value: values.Median


class FollowUpFact(_Fact):
    """A median follow-up."""

    kind: Literal["follow_up"]
    value: values.FollowUp


class MeanFact(_Fact):
    """A mean with its standard deviation."""

    kind: Literal["mean_sd"]
    value: values.Mean


class RangeFact(_Fact):
    """A range."""

    kind: Literal["range"]
    value: values.Range


class LimitFact(_Fact):
    """A limit of something summarised elsewhere."""

    kind: Literal["limit"]
    value: values.Limit


class ComparisonFact(_Fact):
    """A comparison of groups."""

    kind: Literal["comparison"]
    value: values.Comparison


class EndpointFact(_Fact):
    """An endpoint that is named."""

    kind: Literal["endpoint"]
    value: values.Endpoint


class SubjectFact(_Fact):
    """Something about one subject."""

    kind: Literal["subject"]
    value: values.Subject


class SubjectsFact(_Fact):
    """Subjects who are named."""

    kind: Literal["subjects"]
    value: values.Subjects


class FigureFact(_Fact):
    """A figure."""

    kind: Literal["figure"]
    value: values.Figure


class StatedFact(_Fact):
    """Words without a number to check."""

    kind: Literal["statement", "dose", "background", "interpretation"]
    value: values.Stated = values.Stated()


Fact = Annotated[
    CountFact
    | MedianFact
    | FollowUpFact
    | MeanFact
    | RangeFact
    | LimitFact
    | ComparisonFact
    | EndpointFact
    | SubjectFact
    | SubjectsFact
    | FigureFact
    | StatedFact,
    Discriminator("kind"),
]


class Paper(Part):
    """The paper whose statements these are."""

    title: Text
    authors: str = ""
    journal: str = ""
    doi: str = ""
    sections: tuple[Text, ...] = ()
    """Its parts, in their order; statements are listed by the part they stand in."""


class Facts(Part):
    """What a paper states."""

    paper: Paper
    data: Literal["own", "reconstruction"] = "own"
    """The data that statements are compared with: the trial's own, or made so that the statements hold."""
    derived: tuple[DerivedVariable, ...] = ()
    facts: tuple[Fact, ...] = Field(min_length=1)

    def by_id(self) -> dict[str, Fact]:
        """Return the facts by their ids."""
        return {f.id: f for f in self.facts}

    def in_order(self) -> tuple[Fact, ...]:
        """Return the facts in the order of the paper; within a section, as they stand in the file."""
        position = {name: i for i, name in enumerate(self.paper.sections)}
        return tuple(sorted(self.facts, key=lambda f: position.get(f.place, len(position))))


def read_facts(path: Path) -> Facts:
    """Return the facts of a file."""
    if not path.is_file():
        raise PlanError([Problem(str(path), 0, "", "there is no such file.", "Name a facts file.")])
    source = YamlFile(path)
    found = parsed(source, Facts)
    refuse(source, _dangling(found))
    return found


def _dangling(found: Facts) -> Iterator[Fault]:
    ids = [f.id for f in found.facts]
    for i, fact in enumerate(found.facts):
        here = ("facts", i)
        if fact.id in ids[:i]:
            yield Fault((*here, "id"), f"the id '{fact.id}' is taken.", "Give each fact an id of its own.")
        if found.paper.sections and fact.place not in found.paper.sections:
            what = f"'{fact.place}' is not one of the paper's sections."
            yield Fault((*here, "where"), what, suggest(fact.place, found.paper.sections))
        for key, named in _named(fact):
            if named == fact.id:
                yield Fault((*here, *key), f"{fact.id} names itself.", "Name another fact.")
            elif named not in ids:
                yield Fault((*here, *key), f"there is no fact '{named}'.", suggest(named, ids))
        for n, item in enumerate(fact.consort):
            if wrong := unknown_item(item):
                yield Fault((*here, "consort", n), *wrong)
        linked = fact.links.parts or fact.links.requires or fact.links.repeats
        if fact.links.under and not linked:
            yield Fault((*here, "links", "under"), "nothing hangs on this reading.", "Name parts, requires or repeats.")


def _named(fact: Fact) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where a fact names another, and its id."""
    links = fact.links
    for key in ("part_of", "same_denominator", "repeats", "about"):
        if named := getattr(links, key):
            yield ("links", key), named
    for key in ("parts", "requires"):
        for i, named in enumerate(getattr(links, key)):
            yield ("links", key, i), named
    if isinstance(fact.value, values.Endpoint) and fact.value.result:
        yield ("value", "result"), fact.value.result
