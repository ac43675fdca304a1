"""Adverse events by the second route: the rows of each subject under each class and term."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analysis.recompute.trial.cells import Cell, Record, a_number, record_meets
from analysis.recompute.trial.derived import is_related
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, Promise, Sample, share
from analysis.recompute.trial.world import Cohort
from sap.methods.adverse_events import AdverseEvents
from sap.model.datasets import variables

NOT_CODED: Final = "Not coded"


@dataclass(frozen=True)
class EventsSample(Sample):
    """Who of a set had an event of a kind: subject by subject the grades seen, and whether one was called related."""

    grades: tuple[tuple[Fraction, ...], ...]
    related: tuple[bool, ...]
    size: int
    severe: int | None
    """The lowest severe grade; None where no grade is told."""
    judged: bool
    """Whether those with a related event are counted."""
    ungraded: bool
    """Whether those without any grade are counted for themselves."""

    def promises(self) -> Iterator[Promise]:
        """Yield the subjects of any, a severe and a related event, and those of each worst grade."""
        context = "adverse_events"
        if self.place.variable == "USUBJID":
            yield from self.give(context, {"N": self.size}, COUNTED)
        worst = [max(grades) for grades in self.grades if grades]
        counts = {"": len(self.grades)}
        if self.severe is not None:
            counts[".severe"] = sum(grade >= self.severe for grade in worst)
        if self.judged:
            counts[".related"] = sum(self.related)
        for name, count in counts.items():
            yield from self.give(context, {f"n{name}": count}, COUNTED)
            yield from self.give(context, {f"p{name}": share(count, self.size)}, FRACTIONS)
        if self.severe is None:
            return
        yield from self.give(context, {f"n.grade{g}": worst.count(Fraction(g)) for g in range(1, 6)}, COUNTED)
        if self.ungraded:
            yield from self.give(context, {"n.nograde": len(self.grades) - len(worst)}, COUNTED)


def samples(cohort: Cohort, step: AdverseEvents) -> Iterator[Sample]:
    """Yield who had any event, an event of each class, and of each term; in a group also of those only others had."""
    found: dict[tuple[str, str], dict[str, list[Record]]] = {("USUBJID", ""): {}}
    inside = frozenset(cohort.subjects)
    rows_of_all = [(s, r) for s in cohort.analysed for r in cohort.world.records(s, "ADAE")]
    counted = [
        (s, r)
        for s, r in rows_of_all
        if (not step.treatment_emergent or r.get("TRTEMFL") == "Y")
        and (step.where is None or record_meets(r, step.where))
    ]
    classes: dict[str, set[Cell]] = defaultdict(set)
    for _, row in counted:
        classes[_term(row)].add(row.get("AEBODSYS") or NOT_CODED)
    for subject, row in counted:
        term, soc = _term(row), str(row.get("AEBODSYS") or NOT_CODED)
        if None in {row.get("AEDECOD"), row.get("AEBODSYS")} and len(classes[term]) > 1:
            term = f"{term} ({soc})"
        for kind in (("USUBJID", ""), ("AEBODSYS", soc), ("AEDECOD", term)):
            had = found.setdefault(kind, {})
            if subject in inside:
                had.setdefault(subject, []).append(row)
    plan = cohort.world.plan
    ungraded = next(v.missing for v in variables("ADAE", plan.datasets["ADAE"]) if v.name == "ATOXGR")
    for (variable, level), rows in found.items():
        grades = tuple(_grades(of) if step.severe is not None else () for of in rows.values())
        related = tuple(any(is_related(r, plan.conventions.relatedness) for r in of) for of in rows.values())
        size, asked = len(cohort.subjects), (step.severe, step.related, ungraded)
        yield EventsSample(cohort.on(variable, level), grades, related, size, *asked)


def _grades(rows: list[Record]) -> tuple[Fraction, ...]:
    return tuple(grade for row in rows if (grade := a_number(row.get("ATOXGR"))) is not None)


def _term(row: Record) -> str:
    """Return what an event is called: its code, what was reported, or that it has none."""
    reported = row.get("AETERM")
    return str(row.get("AEDECOD") or (f"{reported} (not coded)" if reported else NOT_CODED))
