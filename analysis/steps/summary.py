"""What a quantity looks like: n, mean, SD, median and range."""

from typing import Final

from analysis.data.sample import Block, Sample, digits
from analysis.methods.values.description import Description, describe
from analysis.results.ard import HALVES, Statistic
from analysis.steps import Method
from sap.methods.summary import Summary
from sap.model.part import Reference

NOBODY = Description(0, 0, None, None, None, None, None, None, None, None, "r7")
"""What a group without subjects looks like."""


def summary(step: Summary, sample: Sample) -> list[Statistic]:
    """Return the description of a variable in a sample; context ``summary``."""
    return described(Block(step.variable.variable, "summary", "Description"), sample, step.variable, step.digits)


def described(block: Block, sample: Sample, variable: Reference, places: int) -> list[Statistic]:
    """Return n, missing, mean, SD, median, minimum and maximum of a variable, and N, with and without a value."""
    values = sample.column(variable).to_numpy(dtype="float64")
    found = describe(values) if len(values) else NOBODY
    nobody = f"there are no values in {sample.name}"
    too_few = "it needs two values" if found.n else nobody
    return [
        block.stat("n", "Subjects with a value", found.n, "xx"),
        block.stat("n.missing", "Subjects without a value", found.n_missing, "xx"),
        block.stat("mean", "Mean", found.mean, digits(max(places, 1)), reason=nobody),
        block.stat("sd", "Standard deviation", found.sd, digits(max(places, 1)), reason=too_few),
        block.stat("median", "Median", found.median, digits(places) if places else HALVES, reason=nobody),
        block.stat("min", "Minimum", found.minimum, digits(places), reason=nobody),
        block.stat("max", "Maximum", found.maximum, digits(places), reason=nobody),
        block.stat("N", "Subjects", len(values), "xx"),
    ]


METHOD: Final = Method(statistics=summary)
