"""What the values of a group look like: n, mean, SD, median and range."""

from dataclasses import replace

from analysis.data.decimals import formats
from analysis.data.sample import Block, Sample
from analysis.methods.values.description import Description, describe
from analysis.results.ard import Statistic
from sap.model.part import Reference

NOBODY = Description(0, 0, None, None, None, None, None, None, None, None, "r7")
"""What a group without subjects looks like."""


def described(block: Block, sample: Sample, variable: Reference, places: int | None) -> list[Statistic]:
    """Return n, missing, mean, SD, median, minimum and maximum of a variable, and N, with and without a value."""
    values = sample.column(variable).to_numpy(dtype="float64")
    found = describe(values) if len(values) else NOBODY
    every = replace(sample, subjects=sample.whole).column(variable).to_numpy(dtype="float64")
    shown = formats(sample.plan, places, every)
    nobody = f"there are no values in {sample.name}"
    too_few = "it needs two values" if found.n else nobody
    return [
        block.stat("n", "Subjects with a value", found.n, "xx"),
        block.stat("n.missing", "Subjects without a value", found.n_missing, "xx"),
        block.stat("mean", "Mean", found.mean, shown.mean, reason=nobody),
        block.stat("sd", "Standard deviation", found.sd, shown.sd, reason=too_few),
        block.stat("median", "Median", found.median, shown.median, reason=nobody),
        block.stat("min", "Minimum", found.minimum, shown.recorded, reason=nobody),
        block.stat("max", "Maximum", found.maximum, shown.recorded, reason=nobody),
        block.stat("N", "Subjects", len(values), "xx"),
    ]
