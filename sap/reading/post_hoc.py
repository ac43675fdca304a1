"""Analyses that nobody promised: in a file of their own, so that the plan holds promises alone.

What stands in ``post_hoc.yml`` beside the plan is run and traced as what is planned is, and labelled. It may use
anything the plan defines, and may change nothing of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sap.model.derivations import Derivation
from sap.model.part import Part, Text
from sap.model.sets import AnalysisSet, Grouping, Reason
from sap.plan.plan import Analysis, Listing, Output, Plan
from sap.reading.beside import FILE, post_hoc_file
from sap.reading.consistency import inconsistencies
from sap.reading.read import parsed, read_plan, refuse
from sap.text.problems import Fault, Place
from sap.text.yaml_file import YamlFile

POST_HOC: Final = "post hoc"
PREFIX: Final = "PH."
"""What the number of a post hoc table, figure or listing begins with."""


def _never_planned(value: object) -> object:
    if value != POST_HOC:
        msg = (
            f"what stands in {FILE} was not promised, so its reason is '{POST_HOC}'; leave the key out, "
            "or promise the analysis in the plan (a sealed plan changes by `sap amend`)"
        )
        raise ValueError(msg)
    return value


def _apart(number: str) -> str:
    digits = number.removeprefix(PREFIX)
    if not number.startswith(PREFIX) or not digits.isdecimal() or digits.startswith("0"):
        msg = f"post hoc tables, figures and listings are numbered apart from the planned ones: {PREFIX}1, {PREFIX}2, …"
        raise ValueError(msg)
    return number


PostHocNumber = Annotated[Text, AfterValidator(_apart)]


_NUMBERED: Final = re.compile(r"(table|figure|listing)\s*\d", re.IGNORECASE)


class PostHocAnalysis(Analysis):
    """An analysis that was not promised, and why it was made."""

    reason: Annotated[Literal["post hoc"], BeforeValidator(_never_planned)] = POST_HOC
    rationale: Text
    """Why it was made."""
    decided: Literal["before the data were seen", "after the data were seen"]
    """What was known when it was decided on: the weight of its result depends on it."""


class PostHocSet(AnalysisSet):
    """An analysis set that only post hoc analyses use."""

    reason: ClassVar[Reason] = POST_HOC


class PostHocOutput(Output):
    """A table or figure that was not promised; it may show planned analyses beside post hoc ones."""

    reason: ClassVar[Reason] = POST_HOC
    number: PostHocNumber


class PostHocListing(Listing):
    """A listing that was not promised."""

    reason: ClassVar[Reason] = POST_HOC
    number: PostHocNumber


class PostHoc(Part):
    """What ``post_hoc.yml`` may hold, in the grammar of the plan."""

    derivations: tuple[Derivation, ...] = ()
    analysis_sets: tuple[PostHocSet, ...] = ()
    groupings: tuple[Grouping, ...] = ()
    analyses: tuple[PostHocAnalysis, ...] = Field(min_length=1)
    outputs: tuple[PostHocOutput, ...] = ()
    listings: tuple[PostHocListing, ...] = ()


def read_whole_plan(plan_file: Path) -> Plan:
    """Return a plan with the post hoc analyses that stand beside it, where there are any."""
    return with_post_hoc(read_plan(plan_file), plan_file)


def with_post_hoc(plan: Plan, plan_file: Path) -> Plan:
    """Return a plan that was read with the post hoc analyses that stand beside it, where there are any."""
    file = post_hoc_file(plan_file)
    return read_post_hoc(plan, file) if file.exists() else plan


def read_post_hoc(plan: Plan, path: Path) -> Plan:
    """Return a plan with post hoc analyses added to it."""
    source = YamlFile(path)
    added = parsed(source, PostHoc)
    refuse(source, (*_taken(plan, added), *_misleading(plan, added)))
    whole = plan.model_copy(
        update={name: (*getattr(plan, name), *getattr(added, name)) for name in PostHoc.model_fields}
    )
    refuse(source, (_moved(plan, d) for d in inconsistencies(whole)))
    return whole


def _taken(plan: Plan, added: PostHoc) -> Iterator[Fault]:
    """Yield the ids that the plan has already; capitals make no difference, as in the address of a section."""
    analyses = [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
    shown = [*(o.id for o in plan.outputs), *(x.id for x in plan.listings)]
    taken = {
        "derivations": ("dataset or derivation", [*plan.datasets, *(d.id for d in plan.derivations)]),
        "analysis_sets": ("analysis set", [s.id for s in plan.analysis_sets]),
        "groupings": ("grouping", [g.id for g in plan.groupings]),
        "analyses": ("analysis", analyses),
        "outputs": ("table, figure or listing", shown),
        "listings": ("table, figure or listing", shown),
    }
    for where, (what, ids) in taken.items():
        yield from _repeats(what, ids, (where,), [part.id for part in getattr(added, where)])
    for i, a in enumerate(added.analyses):
        yield from _repeats("analysis", analyses, ("analyses", i, "sensitivity"), [s.id for s in a.sensitivity])


def _misleading(plan: Plan, added: PostHoc) -> Iterator[Fault]:
    """Yield titles under which a reader would take what is post hoc for something the plan has."""
    for where in ("outputs", "listings"):
        for i, shown in enumerate(getattr(added, where)):
            if _NUMBERED.match(shown.title):
                message = f"the title '{shown.title}' reads as a number of the plan."
                yield Fault((where, i, "title"), message, "Post hoc outputs are PH.n: leave the number out.")
    titles = {s.title.casefold() for s in plan.analysis_sets}
    for i, chosen in enumerate(added.analysis_sets):
        if chosen.title.casefold() in titles:
            message = f"the plan already has an analysis set called '{chosen.title}'."
            yield Fault(("analysis_sets", i, "title"), message, "Give this one another title.")


def _repeats(what: str, taken: Iterable[str], where: Place, given: Sequence[str]) -> Iterator[Fault]:
    known = {i.casefold(): i for i in taken}
    for i, name in enumerate(given):
        if name.casefold() in known:
            message = f"the plan already has the {what} '{known[name.casefold()]}'."
            yield Fault((*where, i, "id"), message, f"{FILE} adds to the plan and never changes it: give another id.")


def _moved(plan: Plan, found: Fault) -> Fault:
    """Return an inconsistency of the whole with its place in the file that was added."""
    match found.path:
        case (str() as name, int() as position, *rest) if name in PostHoc.model_fields:
            return Fault((name, position - len(getattr(plan, name)), *rest), found.message, found.fix)
    return found
