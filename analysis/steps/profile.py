"""The course of a repeated measurement: the values of each subject by day, and what all have in common on a day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from analysis.data.derive import measured
from analysis.data.dlt import within
from analysis.data.groups.described import NOBODY
from analysis.data.sample import Block, Sample, digits
from analysis.data.sets import records_where
from analysis.methods.values.description import describe
from analysis.results.ard import Statistic, number_text
from analysis.results.entered_file import COUNTED, MOST_SUBJECTS
from analysis.steps import Method
from sap.methods.profile import Profile
from sap.model.clause import Comparator, Condition
from sap.model.days import days_between

BY_DAY = "Described by day since first treatment"
BY_VISIT = "Described by visit"
VALUE = "Value of a subject on a day"
AT_VISIT = "Value of a subject at a visit"


def profile(step: Profile, sample: Sample) -> list[Statistic]:
    """Return the course of a parameter by day since first treatment (0 is its day), or by visit in the plan's order."""
    records = _records(step, sample)
    averaged = records.groupby(["USUBJID", "DAY"], sort=False)["VALUE"].mean()
    wide = averaged.unstack("DAY").reindex([s for s in sample.subjects if s in set(records["USUBJID"])])  # noqa: PD010 (one value each)
    wide = wide[sorted(wide.columns)] if not step.visits else wide.reindex(columns=range(1, len(step.visits) + 1))
    whole = _whole(step, sample, wide, records)
    if len(sample.whole) > MOST_SUBJECTS:
        told = f"the values of {len(sample.whole)} subjects are {COUNTED}"
        return [*(replace(s, warning=told if s.stat_name == "n.values" else "") for s in whole), *_days(step, wide)]
    return [*whole, *_days(step, wide), *_subjects(step, wide)]


def _entered(step: Profile, sample: Sample) -> Mapping[str, tuple[str, ...]]:
    """Return the subjects who have a course."""
    followed = set(_records(step, sample)["USUBJID"])
    return {"": tuple(s for s in sample.subjects if s in followed)}


def _records(step: Profile, sample: Sample) -> pd.DataFrame:
    """Return the measured values in the window with ``DAY`` and ``VALUE``."""
    adsl = sample.data["ADSL"].set_index("USUBJID")
    rows = sample.data[step.dataset]
    rows = rows[rows["USUBJID"].isin(sample.subjects) & (rows["PARAMCD"] == step.parameter)]
    if step.where is not None:
        rows = rows[records_where(rows, step.where)]
    if step.visits:
        return _at_visits(step, rows)
    days = days_between(pd.to_datetime(rows["USUBJID"].map(adsl["TRTSDT"])), rows["ADT"])
    rows = rows.assign(DAY=days, VALUE=measured(rows, step.below_quantification)).dropna(subset=["DAY", "VALUE"])
    if step.window is None:
        return rows
    return rows[within(rows["DAY"], step.window)]


def _at_visits(step: Profile, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the measured values at the visits of the plan; ``DAY`` is the position of the visit, from 1."""
    position = pd.Series(float("nan"), rows.index)
    for i, visit in enumerate(step.visits, start=1):
        named = Condition(dataset=step.dataset, variable=step.visit_name, comparator=Comparator.EQ, value=(visit,))
        position = position.mask(records_where(rows, named), float(i))
    return rows.assign(DAY=position, VALUE=measured(rows, step.below_quantification)).dropna(subset=["DAY", "VALUE"])


def _described(step: Profile) -> str:
    return BY_VISIT if step.visits else BY_DAY


def _called(step: Profile, day: object) -> str:
    """Return what a day is called, or the visit at a position."""
    return step.visits[int(float(str(day))) - 1] if step.visits else number_text(float(str(day)))


def _whole(step: Profile, sample: Sample, wide: pd.DataFrame, records: pd.DataFrame) -> list[Statistic]:
    block = Block(step.parameter, "profile", _described(step))
    within_days = " on the days described" if step.window is not None else " at the visits" if step.visits else ""
    nobody = f"there are no values in {sample.name}{within_days}"
    if len(wide):
        when = "visit at" if step.visits else "day on"
        nobody = f"there is no {when} which at least half of the subjects have a value"
    measured_in = wide.notna().sum()
    common = wide.loc[:, (measured_in * 2 >= len(wide)) & (measured_in > 0)]
    # A middle of two decimals has noise in its last digit: two days with the same median must tie.
    medians = common.median().map(lambda median: float(number_text(median)))
    ends = [
        (None, None) if medians.empty else (float(m), float(medians.index[medians == m][0])) for m in _ends(medians)
    ]
    (highest, first), (lowest, low_day) = ends
    shown = digits(max(step.digits, 1))
    stats = [
        block.stat("N", "Subjects with a value", len(wide), "xx"),
        block.stat("n.values", "Values", int(wide.notna().sum().sum()), "xx"),
        block.stat("median.max", "Highest median", highest, shown, reason=nobody),
        _when(step, block, "max", first, nobody),
        block.stat("median.min", "Lowest median", lowest, shown, reason=nobody),
        _when(step, block, "min", low_day, nobody),
    ]
    if "LLOQ" in records.columns:
        limits = records["LLOQ"].dropna()
        limit = float(limits.max()) if len(limits) else None
        stats.append(
            block.stat("lloq", "Lower limit of quantification", limit, digits(step.digits), reason="no limit is given")
        )
    return stats


def _when(step: Profile, block: Block, end: str, first: float | None, nobody: str) -> Statistic:
    """Return the first day, or visit, of the highest or lowest median."""
    label = f"First {'visit' if step.visits else 'day'} of the {'highest' if end == 'max' else 'lowest'} median"
    if step.visits and first is not None:
        return block.text(f"median.{end}.visit", label, _called(step, first))
    return block.stat(f"median.{end}.{'visit' if step.visits else 'day'}", label, first, "xx", reason=nobody)


def _ends(medians: "pd.Series[float]") -> tuple[float, float]:
    return float(medians.max()), float(medians.min())


def _days(step: Profile, wide: pd.DataFrame) -> list[Statistic]:
    stats = []
    shown = digits(max(step.digits, 1))
    for day in wide.columns:
        found = describe(wide[day].to_numpy()) if len(wide) else NOBODY
        block = Block(step.parameter, "profile", _described(step), _called(step, day))
        stats += [
            block.stat("n", "Subjects with a value", found.n, "xx"),
            block.stat("mean", "Mean", found.mean, shown, reason="there is no value"),
            block.stat("sd", "Standard deviation", found.sd, shown, reason="it needs two values"),
            block.stat("median", "Median", found.median, shown, reason="there is no value"),
        ]
    return stats


def _subjects(step: Profile, wide: pd.DataFrame) -> list[Statistic]:
    stats = []
    for subject, course in wide.iterrows():
        block = Block(step.parameter, "profile_subject", AT_VISIT if step.visits else VALUE, str(subject))
        for day, value in course.dropna().items():
            at, label = number_text(float(str(day))), _called(step, day)
            name, label = (f"visit.{at}", label) if step.visits else (f"day.{at}", f"Day {label}")
            stats.append(block.stat(name, label, float(value), digits(step.digits)))
    return stats


METHOD: Final = Method(
    statistics=profile,
    entered=_entered,
    levels="subject",
    statistic_contexts=("profile",),
    data_contexts=("profile", "profile_subject"),
)
