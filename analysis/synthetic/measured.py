"""Measured parameters of a synthetic trial: a rise after first treatment and a fall, inside the parameter's range."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.synthetic.cells import limits, narrowed, number_text
from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person
from analysis.synthetic.visits import Visit, attended, samples
from sap.model.datasets import variables
from sap.plan.plan import Plan

QUANTIFIED_FROM: Final = 0.01
"""Limit of quantification, as a share of the range above its low end."""
PEAK_DAY: Final = (6.0, 16.0)
NOISE: Final = 0.2
"""Standard deviation of the logarithm of a measurement."""


@dataclass(frozen=True)
class Measurement:
    """A value as it is written; ``limit`` is empty where the assay has no limit of quantification."""

    value: str
    limit: str
    below: bool


def measured(
    plan: Plan, truth: Truth, people: Sequence[Person], dataset: str, parameter: str
) -> Iterator[tuple[Person, Visit, Measurement]]:
    """Yield the measurements of a parameter."""
    described = {v.name: v for v in variables(dataset, plan.datasets[dataset])}
    aval = described.get("AVAL")
    low, high = limits(*narrowed(aval, plan.datasets[dataset].parameters[parameter]))
    limit = low + QUANTIFIED_FROM * (high - low)
    quantified = {"LLOQ", "BLQFL"} <= described.keys() and 0 < limit < high
    limit_text = number_text(limit, low, high) if quantified else ""
    may_miss = aval is not None and aval.missing
    visit = described.get("VISIT")
    planned = samples(plan, dataset, parameter, named_only=visit is not None and not visit.missing)
    rng = stream(truth.seed, dataset, parameter)
    for person in people:
        if person.first_treatment is None:
            continue
        top = (high - low) * rng.beta(1.5, 3.0)
        base = (high - low) * (0.002 if quantified else 0.1) * rng.random()
        when = rng.uniform(*PEAK_DAY)
        for seen in attended(person, planned, rng):
            value = low + (base + top * _shape(seen.day / when)) * math.exp(NOISE * rng.standard_normal())
            text = number_text(min(max(value, low), high), low, high)
            lost, silent = rng.random() < truth.missing, rng.random() < 0.5
            below = quantified and float(text) < float(limit_text)
            if may_miss and (lost or (below and silent)):
                text = ""
            yield person, seen, Measurement(text, limit_text, below)


def _shape(time: float) -> float:
    """Return a course from 0 before first treatment to 1 at time 1 and slowly back to 0."""
    return time**2 * math.exp(2 * (1 - time)) if time > 0 else 0.0
