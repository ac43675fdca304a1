"""How many decimals the statistics of a quantity are shown with: as many as the data have, and more by a rule."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.data.sample import digits
from analysis.methods.common import Floats
from analysis.results.ard import HALVES, number_text
from sap.plan.plan import Plan

MOST: Final = 4
"""Decimals data are taken to have at most; more are those of a computation."""


@dataclass(frozen=True)
class Formats:
    """How the statistics of a quantity are shown."""

    mean: str
    sd: str
    median: str
    recorded: str
    """Least and greatest values."""


def formats(plan: Plan, stated: int | None, values: Floats, *, quartiles: bool = False) -> Formats:
    """Return the formats of statistics of values, all of them, so that those of each group are alike."""
    rule = plan.conventions.decimals
    if rule is not None:
        own = recorded(values) if stated is None else stated
        mean, sd, median = (digits(own + more) for more in (rule.mean, rule.sd, rule.median))
        return Formats(mean, sd, median, digits(own))
    own = stated or 0
    if quartiles:
        return Formats(digits(own + 1), digits(own + 1), digits(own + 1), digits(own))
    mean = digits(max(own, 1))
    return Formats(mean, mean, digits(own) if own else HALVES, digits(own))


def recorded(values: Floats) -> int:
    """Return the most decimals any of some values has; 0 of none."""
    texts = (number_text(float(value)) for value in set(values[np.isfinite(values)].tolist()))
    return min(max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0), MOST)
