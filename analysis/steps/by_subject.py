"""The values of each subject, for listings and for figures that show every point."""

from typing import Final

import pandas as pd

from analysis.data.sample import Block, Sample, digits
from analysis.results.ard import Statistic
from analysis.results.entered_file import COUNTED, MOST_SUBJECTS
from analysis.steps import Method
from sap.methods.by_subject import BySubject
from sap.model.part import Reference


def by_subject(step: BySubject, sample: Sample) -> list[Statistic]:
    """Return one row a subject and variable: a number in ``stat``, anything else in ``stat_text``."""
    if len(sample.whole) > MOST_SUBJECTS:
        return [_counted(reference, sample) for reference in step.variables]
    fmt = "" if step.digits is None else digits(step.digits)
    stats = []
    for reference in step.variables:
        column = sample.column(reference)
        numeric = pd.api.types.is_numeric_dtype(column)
        for subject, value in zip(sample.subjects, column, strict=True):
            block = Block(reference.variable, "subject", "Individual value", subject, dataset=reference.dataset)
            if numeric:
                absent = pd.isna(value)
                number = None if absent else float(value)
                stats.append(block.stat("value", "Value", number, fmt, reason="the subject has no value"))
            else:
                stats.append(block.text("value", "Value", "" if pd.isna(value) else _shown(value)))
    return stats


def _counted(reference: Reference, sample: Sample) -> Statistic:
    """Return how many subjects have a value, where they are too many to list."""
    block = Block(reference.variable, "subject", f"Individual values, {COUNTED}", dataset=reference.dataset)
    there = int((sample.codes(reference) != "").sum())
    return block.stat("n", f"Subjects with a value, {COUNTED}", there, "xx")


def _shown(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


METHOD: Final = Method(statistics=by_subject, levels="subject", data_contexts=("subject",))
