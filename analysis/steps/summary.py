"""What a quantity looks like: n, mean, SD, median and range."""

from typing import Final

from analysis.data.groups.described import described
from analysis.data.sample import Block, Sample
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.summary import Summary


def summary(step: Summary, sample: Sample) -> list[Statistic]:
    """Return the description of a variable in a sample; context ``summary``."""
    return described(Block(step.variable.variable, "summary", "Description"), sample, step.variable, step.digits)


METHOD: Final = Method(statistics=summary)
