"""A disposition by the second route: the course of each subject is written down, and what was written is counted."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.recompute.trial.sample import CountSample, Sample
from analysis.recompute.trial.world import Cohort, World
from sap.methods.disposition import Counted, Disposition
from sap.model.clause import WhereClause

_OTHER = "Other or not recorded"
Entry = tuple[str, str]
"""Context and level under which a subject is counted."""


def samples(cohort: Cohort, step: Disposition) -> Iterator[Sample]:
    """Yield how many subjects are counted under each name, those of the plan first."""
    found = Counter(entry for s in cohort.subjects for entry in _course(cohort.world, step, s))
    for context, level in dict.fromkeys((*_named(step), *found)):
        yield CountSample(cohort.on("USUBJID", level), context, found[context, level], len(cohort.subjects))


def _named(step: Disposition) -> Iterator[Entry]:
    for stage in step.stages:
        yield "stage", stage.label
        if stage.lost:
            yield "lost", f"Lost before {stage.label}"
            yield from (("lost_by_reason", f"Lost before {stage.label}: {r.label}") for r in stage.lost)
    yield from (("outcome", o.label) for o in step.outcomes)
    for s in step.sets:
        yield "in_set", s.analysis_set
        if s.left_out:
            yield "left_out", f"Left out of {s.analysis_set}"
            yield from (("left_out_by_reason", f"Left out of {s.analysis_set}: {r.label}") for r in s.left_out)


def _course(world: World, step: Disposition, subject: str) -> Iterator[Entry]:
    """Yield everything under which one subject is counted."""

    def is_one(clause: WhereClause) -> bool:
        return bool(world.members(clause, (subject,)))

    def why(reasons: Sequence[Counted]) -> str:
        return next((r.label for r in reasons if is_one(r.where)), _OTHER)

    passed: list[str] = []
    for stage in step.stages:
        if not is_one(stage.where):
            yield "lost", f"Lost before {stage.label}"
            yield "lost_by_reason", f"Lost before {stage.label}: {why(stage.lost)}"
            break
        passed.append(stage.label)
        yield "stage", stage.label
    else:
        if step.outcomes:
            yield "outcome", why(step.outcomes)
    for s in step.sets:
        if (s.among or step.stages[-1].label) not in passed:
            continue
        if is_one(world.plan.set_of(s.analysis_set).where):
            yield "in_set", s.analysis_set
        else:
            yield "left_out", f"Left out of {s.analysis_set}"
            yield "left_out_by_reason", f"Left out of {s.analysis_set}: {why(s.left_out)}"
