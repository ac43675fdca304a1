"""Groups of subjects that are compared: their strata, and their times with what the comparison reads beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.data.sample import Sample, in_order
from analysis.methods.common import Flags, Floats, Ints
from sap.model.comparison import Comparison, Stratified, TwoGroups
from sap.model.part import Reference
from sap.model.step import AND_WITHIN


def two_groups(step: TwoGroups, sample: Sample) -> dict[str, Sample]:
    """Return the samples of the two groups by label, the reference last."""
    groups = sample.group(sample.plan.grouping(step.by))
    return {label: groups[label] for label in step.compared(sample.plan)}


def strata_of(step: Stratified, sample: Sample) -> dict[str, str]:
    """Return the stratum of each subject that has one: of each grouping its first group, one empty name without any.

    A subject in no group of one of the groupings has no stratum, and no place in a stratified comparison.
    """
    found = dict.fromkeys(sample.subjects, "")
    for i, named in enumerate(step.strata):
        own: dict[str, str] = {}
        for label, group in sample.group(sample.plan.grouping(named)).items():
            own |= {s: label for s in group.subjects if s not in own}
        found = {s: f"{before}{AND_WITHIN if i else ''}{own[s]}" for s, before in found.items() if s in own}
    return found


@dataclass(frozen=True, eq=False)
class Compared:
    """The subjects that a comparison takes: those with all it reads, one a position of each array."""

    groups: tuple[str, ...]
    positions: Ints
    """Of each subject's group among those compared."""
    strata: tuple[str, ...]
    columns: tuple[Floats, ...]
    """Covariates as numbers: a text by an indicator of each value but the first."""
    left_out: str
    """How many subjects are left out; nothing where none is."""


@dataclass(frozen=True, eq=False)
class Times(Compared):
    """Subjects with their times and whether these ended in the event."""

    times: Floats
    events: Flags


def times_compared(
    step: Comparison, sample: Sample, groups: Mapping[str, Sample], covariates: Sequence[Reference] = ()
) -> Times:
    """Return the subjects of some groups who have a time, a stratum and every covariate."""
    time, censored = (sample.column(reference) for reference in step.references[:2])
    group = {s: label for label in reversed(list(groups)) for s in groups[label].subjects}
    stratum = strata_of(step, sample) if isinstance(step, Stratified) else dict.fromkeys(sample.subjects, "")
    frame = pd.DataFrame({"time": time, "censored": censored})
    frame["group"], frame["stratum"] = frame.index.map(group.get), frame.index.map(stratum.get)
    values = [sample.column(covariate) for covariate in covariates]
    there = frame.notna().all(axis=1).to_numpy() & np.all([v.notna() for v in values], axis=0)
    # Where two of several groups are compared, nobody misses those of the others.
    asked = frame["group"].notna().to_numpy() | (getattr(step, "between", None) is None)
    frame, absent, of = frame[there], int((asked & ~there).sum()), int(asked.sum())
    told = (
        f"{absent} of {of} subjects lack a time or what the comparison reads beside it, and are left out"
        if absent
        else ""
    )
    order = {label: i for i, label in enumerate(groups)}
    return Times(
        groups=tuple(frame["group"]),
        positions=frame["group"].map(order).to_numpy(dtype=np.int64),
        strata=tuple(frame["stratum"]),
        columns=tuple(
            column
            for reference, v in zip(covariates, values, strict=True)
            for column in _coded(sample, reference, v[there])
        ),
        left_out=told,
        times=frame["time"].to_numpy(dtype=np.float64),
        events=(frame["censored"] == 0).to_numpy(dtype=np.bool_),
    )


def _coded(sample: Sample, reference: Reference, values: pd.Series) -> list[Floats]:
    """Return a number as it is, and of a text an indicator of each value but the first."""
    if pd.api.types.is_numeric_dtype(sample.data[reference.dataset][reference.variable]):
        return [values.to_numpy(dtype=np.float64)]
    return [np.asarray(values == level, dtype=np.float64) for level in in_order({str(v) for v in values})[1:]]
