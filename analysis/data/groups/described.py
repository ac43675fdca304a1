"""What the values of a group look like: n, mean, SD, median and range."""

from analysis.data.sample import Block, Sample, digits
from analysis.methods.values.description import Description, describe
from analysis.results.ard import HALVES, Statistic
from sap.model.part import Reference

NOBODY = Description(0, 0, None, None, None, None, None, None, None, None, "r7")
"""What a group without subjects looks like."""


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
