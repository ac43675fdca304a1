"""How many subjects reached each stage of a trial, what became of them, and who is in each analysis set.

With S(0) the subjects of the analysis set and c(k) those who satisfy the clause of stage k, S(k) is the
intersection of S(k-1) and c(k). Those lost before stage k, S(k-1) without S(k), are counted by the first reason
that fits, in the order of the plan, and under "Other or not recorded" where none does; so n(k-1) = n(k) + the sum
over the reasons. The subjects of a stage are split alike into those in an analysis set and, by reason, those left
out of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.data.sample import Block, Sample, counts_and_shares
from analysis.data.sets import subjects_where
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.disposition import REST, Counted, Disposition, Stage

BY_FIRST: Final = "Subjects counted once, stage by stage, by the first reason that fits"
STAGE: Final = "stage"
LOST: Final = "lost"
LOST_BY_REASON: Final = "lost_by_reason"
OUTCOME: Final = "outcome"
IN_SET: Final = "in_set"
LEFT_OUT: Final = "left_out"
LEFT_OUT_BY_REASON: Final = "left_out_by_reason"

Subjects = frozenset[str]


@dataclass(frozen=True)
class Part:
    """Subjects who are counted under one name."""

    context: str
    """The part of the method."""
    level: str
    """The name; two parts of a disposition never share one."""
    subjects: Subjects
    """``USUBJID``."""
    warning: str = ""
    """What a reader must know of the count."""


def disposition(step: Disposition, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of every part of a disposition."""
    stats = []
    for part in parts(step, sample):
        about = Block("USUBJID", part.context, BY_FIRST)
        stats += counts_and_shares(about, {part.level: len(part.subjects)}, sample, part.warning)
    return stats


def parts(step: Disposition, sample: Sample) -> Iterator[Part]:
    """Yield who is counted under each name: stages with those lost before them, outcomes, sets with those left out."""
    reached: list[Subjects] = []
    before = frozenset(sample.subjects)
    for stage in step.stages:
        inside = before & subjects_where(sample.data, stage.where)
        yield from _lost(stage, before - inside, sample)
        yield Part(STAGE, stage.label, inside)
        reached.append(inside)
        before = inside
    if step.outcomes:
        yield from (Part(OUTCOME, name, who) for name, who in _by_first(step.outcomes, before, sample))
    everyone = frozenset(sample.subjects)
    for counted in step.sets:
        at = step.among(counted)
        chosen = everyone & subjects_where(sample.data, sample.plan.set_of(counted.analysis_set).where)
        elsewhere = len(chosen - reached[at])
        told = f"{elsewhere} of {len(chosen)} subjects of the set did not reach the stage '{step.stages[at].label}'"
        warning = f"{told} and are not counted here" if elsewhere else ""
        yield Part(IN_SET, counted.analysis_set, reached[at] & chosen, warning)
        missing = reached[at] - chosen
        if counted.left_out or missing:
            yield Part(LEFT_OUT, left_out(counted.analysis_set), missing)
            for name, who in _by_first(counted.left_out, missing, sample):
                yield Part(LEFT_OUT_BY_REASON, left_out(counted.analysis_set, name), who)


def lost(stage: str, reason: str = "") -> str:
    """Return what those are called who did not reach a stage, for a reason or for any."""
    return f"Lost before {stage}{f': {reason}' if reason else ''}"


def left_out(analysis_set: str, reason: str = "") -> str:
    """Return what those are called who are not in a set, for a reason or for any."""
    return f"Left out of {analysis_set}{f': {reason}' if reason else ''}"


def _lost(stage: Stage, missing: Subjects, sample: Sample) -> Iterator[Part]:
    if stage.lost or missing:
        yield Part(LOST, lost(stage.label), missing)
        for name, who in _by_first(stage.lost, missing, sample):
            yield Part(LOST_BY_REASON, lost(stage.label, name), who)


def _by_first(reasons: Iterable[Counted], among: Subjects, sample: Sample) -> Iterator[tuple[str, Subjects]]:
    """Yield subjects by the first clause they satisfy, and those who satisfy none when there are any."""
    rest = among
    for reason in reasons:
        fits = rest & subjects_where(sample.data, reason.where)
        yield reason.label, fits
        rest -= fits
    if rest:
        yield REST, rest


def _entered(step: Disposition, sample: Sample) -> Mapping[str, tuple[str, ...]]:
    return {p.level: tuple(s for s in sample.subjects if s in p.subjects) for p in parts(step, sample)}


METHOD: Final = Method(
    statistics=disposition,
    entered=_entered,
    data_contexts=(LOST, LOST_BY_REASON, OUTCOME, LEFT_OUT, LEFT_OUT_BY_REASON),
)
