"""Kinds of event by the second route: each record of each subject asked what it is, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analysis.recompute.trial.cells import Record, a_date, record_meets
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, NOTED, Promise, Sample, share
from analysis.recompute.trial.world import Cohort
from sap.methods.event_overview import NOT_RECORDED, EventOverview, Kind
from sap.model.part import Reference

CONTEXT: Final = "event_overview"


@dataclass(frozen=True)
class KindSample(Sample):
    """How many records of a kind each subject has."""

    kind: Kind
    records: tuple[int, ...]

    def promises(self) -> Iterator[Promise]:
        """Yield who has one, of how many, and all of them together; of what is not recorded, that it is not."""
        if self.kind.not_recorded is not None:
            yield from self.give(CONTEXT, {"recorded": NOT_RECORDED}, NOTED)
            return
        having, size = sum(n > 0 for n in self.records), len(self.records)
        yield from self.give(CONTEXT, {"n": having, "N": size, "records": sum(self.records)}, COUNTED)
        yield from self.give(CONTEXT, {"p": share(having, size)}, FRACTIONS)


def samples(cohort: Cohort, step: EventOverview) -> Iterator[Sample]:
    """Yield the records of each kind that every subject has."""
    own = [[r for r in cohort.world.records(s, step.dataset) if _counts(cohort, step, s, r)] for s in cohort.subjects]
    for kind in step.kinds:
        found = tuple(sum(kind.where is None or record_meets(r, kind.where) for r in rows) for rows in own)
        yield KindSample(cohort.on("USUBJID", kind.label), kind, found)


def _counts(cohort: Cohort, step: EventOverview, subject: str, row: Record) -> bool:
    """Return whether a record counts: it meets the clause of the step, and starts when the step asks."""
    if step.where is not None and not record_meets(row, step.where):
        return False
    if step.date is None:
        return True
    date = a_date(cohort.world.value(subject, Reference(dataset="ADSL", variable=step.date)))
    start, end = a_date(row.get("ASTDT")), a_date(row.get("AENDT"))
    if date is None:
        return step.when == "before"
    if start is None:
        return False
    late = start >= date
    return late if step.when == "since" else not late and (step.when == "before" or end is None or end >= date)
