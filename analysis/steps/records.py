"""The records of a dataset, subject by subject, with the days they start and end."""

from dataclasses import replace
from typing import Final

import pandas as pd

from analysis.data.sample import Block, Sample, cell_text
from analysis.data.sets import records_where
from analysis.results.ard import ONGOING, RECORD, Statistic, record_level
from analysis.results.entered_file import COUNTED, MOST_SUBJECTS
from analysis.steps import Method
from sap.methods.records import Records
from sap.model.days import days_between

WORDS = "Records, subject by subject"
NO_TREATMENT = "the subject has no date of first treatment"


def records(step: Records, sample: Sample) -> list[Statistic]:
    """Return the records of each subject; days are days since first treatment, 0 is the day of first treatment."""
    rows = _rows(step, sample)
    if len(sample.whole) > MOST_SUBJECTS:
        told = f"the records of {len(sample.whole)} subjects are {COUNTED}"
        return [replace(s, warning=told if s.stat_name == "n.records" else "") for s in _counts(step, sample, rows)]
    return [*_counts(step, sample, rows), *_each(step, sample, rows)]


def _rows(step: Records, sample: Sample) -> pd.DataFrame:
    """Return the records that count, sorted within subject, with ``START`` and ``END`` in days."""
    frame = sample.data[step.dataset]
    kept = frame[frame["USUBJID"].isin(sample.subjects)]
    if step.where is not None:
        kept = kept[records_where(kept, step.where)]
    named = [v for v in (step.end, step.value, step.name) if v is not None]
    kept = kept[["USUBJID", step.start, *named]].replace("", pd.NA)
    order = [v for v in (step.start, step.name, step.end, step.value) if v is not None]
    for variable in reversed(order):
        kept = kept.sort_values(variable, kind="stable", na_position="last")
    first_treatment = pd.to_datetime(kept["USUBJID"].map(sample.data["ADSL"].set_index("USUBJID")["TRTSDT"]))
    days = {"START": step.start, "END": step.end}
    return kept.assign(**{k: days_between(first_treatment, kept[v]) for k, v in days.items() if v is not None})


def _counts(step: Records, sample: Sample, rows: pd.DataFrame) -> list[Statistic]:
    block = Block(step.about, "records", WORDS)
    started = rows["START"].dropna()
    first, last = (float(started.min()), float(started.max())) if len(started) else (None, None)
    nobody = f"there is no record with a day in {sample.name}"
    stats = [
        block.stat("N", "Subjects", len(sample.subjects), "xx"),
        block.stat("n", "Subjects with a record", rows["USUBJID"].nunique(), "xx"),
        block.stat("n.records", "Records", len(rows), "xx"),
    ]
    if step.end is not None:
        stats.append(block.stat("n.ongoing", "Records without an end", int(rows[step.end].isna().sum()), "xx"))
    return [
        *stats,
        block.stat("start.min", "First day on which one starts", first, "xx", reason=nobody),
        block.stat("start.max", "Last day on which one starts", last, "xx", reason=nobody),
    ]


def _each(step: Records, sample: Sample, rows: pd.DataFrame) -> list[Statistic]:
    own = dict(iter(rows.groupby("USUBJID", sort=False)))
    stats = []
    for subject in (s for s in sample.subjects if s in own):
        for number, (_, row) in enumerate(own[subject].iterrows(), start=1):
            stats += _one(step, row, Block(step.about, RECORD, WORDS, record_level(subject, number)))
    return stats


def _one(step: Records, row: "pd.Series", block: Block) -> list[Statistic]:
    no_start, no_end = (NO_TREATMENT if pd.notna(row[v]) else why for v, why in _dates(step))
    start = None if pd.isna(row["START"]) else float(row["START"])
    stats = [block.stat("start.day", "First day" if step.end else "Day", start, "xx", reason=no_start)]
    if step.end is not None:
        end = None if pd.isna(row["END"]) else float(row["END"])
        stats.append(block.stat("end.day", "Last day", end, "xx", reason=no_end))
    for name, label, variable in (("value", "Value", step.value), ("name", "Name", step.name)):
        if variable is not None:
            stats.append(_value(block, name, label, row[variable]))
    return stats


def _dates(step: Records) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the dates of a record, and what it means when one is missing."""
    return (step.start, "the record has no date"), (step.end or step.start, ONGOING)


def _value(block: Block, name: str, label: str, value: str | float | pd.Timestamp | None) -> Statistic:
    """Return a value as a number, or as the text of anything else."""
    if value is None or pd.isna(value):
        return block.stat(name, label, None, "", reason=f"the record has no {name}")
    if isinstance(value, int | float):
        return block.stat(name, label, float(value), "")
    return block.text(name, label, cell_text(value))


METHOD: Final = Method(statistics=records, levels="record", data_contexts=(RECORD,))
