"""What a quantity in records looks like, by groups within groups."""

from typing import Final

from analysis.data.decimals import Formats, formats
from analysis.data.groups.crossed import crossed, level_of
from analysis.data.sample import Block, Sample
from analysis.methods.values.description import Description as Described
from analysis.methods.values.description import describe
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.description import Description

CONTEXT: Final = "description"
HOW: Final = "Description of records"
NOTHING: Final = Described(0, 0, None, None, None, None, None, None, None, None, "sas5")
"""What no records look like."""


def description(step: Description, sample: Sample) -> list[Statistic]:
    """Return n, mean, SD, median, quartiles and extremes of each group within groups; context ``description``."""
    records = crossed(step, sample)
    own = records.frame["USUBJID"].isin(sample.subjects).to_numpy()
    values = records.frame[step.variable].to_numpy(dtype="float64")
    stats = []
    for labels in records.groups:
        of_group = records.of(labels)
        chosen, shown = values[own & of_group], formats(sample.plan, step.digits, values[of_group], quartiles=True)
        found = describe(chosen, "sas5") if len(chosen) else NOTHING
        stats += _described(Block(step.variable, CONTEXT, HOW, level_of(labels)), found, shown, sample.name)
    return stats


def _described(block: Block, found: Described, shown: Formats, name: str) -> list[Statistic]:
    nobody = f"there are no values in {name}"
    too_few = "it needs two values" if found.n else nobody
    return [
        block.stat("n", "Records with a value", found.n, "xx"),
        block.stat("n.missing", "Records without a value", found.n_missing, "xx"),
        block.stat("mean", "Mean", found.mean, shown.mean, reason=nobody),
        block.stat("sd", "Standard deviation", found.sd, shown.sd, reason=too_few),
        block.stat("median", "Median", found.median, shown.median, reason=nobody),
        block.stat("p25", "First quartile", found.q1, shown.median, reason=nobody),
        block.stat("p75", "Third quartile", found.q3, shown.median, reason=nobody),
        block.stat("min", "Minimum", found.minimum, shown.recorded, reason=nobody),
        block.stat("max", "Maximum", found.maximum, shown.recorded, reason=nobody),
    ]


METHOD: Final = Method(statistics=description, data_contexts=(CONTEXT,))
