"""What is measured and assessed in a synthetic trial, at the visits of the plan where it has any, else on own days."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.synthetic.cells import LETTERS, limits, narrowed, number_text
from analysis.synthetic.options import Place, Truth, events_of
from analysis.synthetic.people import Person
from sap.model.datasets import variables
from sap.model.derivations import AreaUnderCurve, BestResponse, LabGrade, Peak
from sap.model.part import Reference, Window
from sap.plan.plan import Plan

ASSESSED: Final = (28, 56, 84, 126, 168, 252, 336)
SAMPLED: Final = (-1, 0, 1, 3, 5, 7, 10, 14, 17, 21, 28, 42, 56, 84, 112, 168, 252, 336)
"""Days since first treatment."""
MISSED: Final = 0.04
"""Share of visits that were missed."""


QUANTIFIED_FROM: Final = 0.01
"""Limit of quantification, as a share of the range above its low end."""
PEAK_DAY: Final = (6.0, 16.0)
NOISE: Final = 0.2
"""Standard deviation of the logarithm of a measurement."""
NEVER_ASSESSED: Final = 0.03
SOON: Final = 0.6
"""Probability at each visit that a response that is to come begins."""
KEPT: Final = 0.8
"""Probability at each later visit that a response goes on."""
AFTERWARDS: Final = 0.3
"""Share of later assessments, which the derivation does not count, that show a response."""


@dataclass(frozen=True)
class Visit:
    """A day since first treatment, and what the visit is called."""

    day: int
    name: str


def assessments(plan: Plan, parameter: str) -> tuple[Visit, ...]:
    """Return the planned assessments of a categorical parameter after the first treatment."""
    planned = [Visit(w.day, w.name) for w in plan.conventions.visit_windows if w.day > 0]
    windows = [d.window for d in plan.derivations if isinstance(d, BestResponse) and d.parameter == parameter]
    return _reaching(planned or [_visit_on(plan, d) for d in ASSESSED], windows, plan)


def samples(plan: Plan, dataset: str, parameter: str, *, named_only: bool) -> tuple[Visit, ...]:
    """Return the planned samples of a measured parameter, one before first treatment among them."""
    own = [d for d in plan.derivations if isinstance(d, Peak | AreaUnderCurve | LabGrade)]
    windows = [w for d in own if (d.dataset, d.parameter) == (dataset, parameter) for w in _needed(d)]
    named = [Visit(w.day, w.name) for w in plan.conventions.visit_windows]
    days = [] if named and named_only else [_visit_on(plan, d) for d in SAMPLED]
    found = _reaching([*named, *(v for v in days if v.day not in {n.day for n in named})], windows, plan)
    return tuple(v for v in found if v.name or not named_only)


def _needed(d: Peak | AreaUnderCurve | LabGrade) -> tuple[Window, ...]:
    """Return the spans of days in each of which a derivation needs a sample: an area is spanned from end to end."""
    if isinstance(d, Peak | LabGrade):
        return (d.window,)
    return Window(start=min(0, d.first), end=d.first), Window(start=d.last)


def first_assessment(plan: Plan) -> int:
    """Return the day by which everyone seen so long was assessed for every best response of the plan."""
    wanted = [d for d in plan.derivations if isinstance(d, BestResponse)]
    days = [[v.day for v in assessments(plan, d.parameter) if inside(v.day, d.window)] for d in wanted]
    return max((min(found, default=0) for found in days), default=0)


def inside(day: int, window: Window) -> bool:
    """Return whether a day since first treatment lies in a window."""
    return (window.start is None or day >= window.start) and (window.end is None or day <= window.end)


def attended(person: Person, visits: Iterable[Visit], rng: np.random.Generator) -> list[Visit]:
    """Return the visits a subject came to while seen, a few of them missed."""
    earliest = (person.consent - person.day0).days
    return [v for v in visits if earliest <= v.day <= person.last and rng.random() >= MISSED]


def _visit_on(plan: Plan, day: int) -> Visit:
    """Return a day of the generator, with the name of the plan's visit it belongs to."""
    if not plan.conventions.visit_windows:
        return Visit(day, f"Day {day}")
    return Visit(day, next((w.name for w in plan.conventions.visit_windows if w.start <= day <= w.end), ""))


def _reaching(visits: Sequence[Visit], windows: Iterable[Window], plan: Plan) -> tuple[Visit, ...]:
    """Return visits by day, with one in each window that would have none."""
    found = {v.day: v for v in visits}
    for window in windows:
        if not any(inside(day, window) for day in found):
            day = window.start if window.start is not None else (window.end or 0)
            found[day] = _visit_on(plan, day)
    return tuple(found[day] for day in sorted(found))


@dataclass(frozen=True)
class Measurement:
    """A value as it is written; ``limit`` is empty where the assay has no limit of quantification."""

    value: str
    limit: str
    below: bool


def measured(
    truth: Truth, people: Sequence[Person], dataset: str, parameter: str
) -> Iterator[tuple[Person, Visit, Measurement]]:
    """Yield the measurements of a parameter."""
    plan = truth.plan
    described = {v.name: v for v in variables(dataset, plan.datasets[dataset])}
    aval = described.get("AVAL")
    low, high = limits(*narrowed(aval, plan.datasets[dataset].parameters[parameter]))
    limit = low + QUANTIFIED_FROM * (high - low)
    quantified = {"LLOQ", "BLQFL"} <= described.keys() and 0 < limit < high
    limit_text = number_text(limit, low, high) if quantified else ""
    may_miss = aval is not None and aval.missing
    visit = described.get("VISIT")
    planned = samples(plan, dataset, parameter, named_only=visit is not None and not visit.missing)
    rng = truth.stream(dataset, parameter)
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


def responders(plan: Plan, derivation: BestResponse) -> tuple[str, ...]:
    """Return the values that are a response: the first event of the plan, or its first group, or the best value."""
    best = Reference(dataset=derivation.id, variable="BOR")
    asked = [event for a in plan.analyses for of, event in events_of(a.steps) if of == best]
    groups = [g.levels[0].values for g in plan.groupings if g.variable == best]
    first = next(iter([*asked, *groups]), derivation.order[:1])
    return tuple(v for v in first if v in derivation.order) or derivation.order[:1]


@dataclass(frozen=True)
class Pattern:
    """What the assessments of a parameter may be."""

    values: tuple[str, ...]
    good: tuple[str, ...] = ()
    """All values, and those that are a response; none without a derivation."""
    derivation: BestResponse | None = None
    """The best response whose rate is held."""
    rate: float = 0.0
    """Of that response, among subjects with an assessment that counts."""


def assessed(truth: Truth, people: Sequence[Person], place: Place) -> Iterator[tuple[Person, Visit, str]]:
    """Yield the assessments of a categorical parameter."""
    pattern = _pattern(truth, place)
    visits = assessments(truth.plan, place[1])
    rng = truth.stream(*place)
    for person in people:
        if person.first_treatment is None or rng.random() < NEVER_ASSESSED:
            continue
        came = attended(person, visits, rng)
        yield from (
            (person, visit, cell) for visit, cell in zip(came, _course(pattern, person, came, rng), strict=True)
        )


def _pattern(truth: Truth, place: Place) -> Pattern:
    plan, (dataset, parameter) = truth.plan, place
    own = [d for d in plan.derivations if isinstance(d, BestResponse) and (d.dataset, d.parameter) == place]
    ordered = tuple(dict.fromkeys(v for d in own for v in d.order))
    listed = plan.datasets[dataset].parameters[parameter].codelist
    values = listed or ordered or truth.named.get((dataset, "AVALC"), ()) or LETTERS
    derivation = next((d for d in own if d.id in truth.response), None)
    if derivation is None:
        return Pattern(values)
    return Pattern(values, responders(plan, derivation), derivation, truth.response[derivation.id])


def _course(pattern: Pattern, person: Person, came: Sequence[Visit], rng: np.random.Generator) -> list[str]:
    """Return what is seen at each visit: a response at one that counts, in a responder and in nobody else."""
    derivation = pattern.derivation
    if derivation is None:
        return [pattern.values[int(i)] for i in rng.integers(0, len(pattern.values), len(came))]
    other = [v for v in pattern.values if v not in pattern.good] or list(pattern.good)
    mild = [v for v in other if not derivation.is_progression(v)] or other
    stop = person.later.get(derivation.before or "", person.last + 1)
    counted = [i for i, v in enumerate(came) if inside(v.day, derivation.window) and v.day < stop]
    responds = rng.random() < pattern.rate
    first = counted[min(int(rng.geometric(SOON)) - 1, len(counted) - 1)] if counted and responds else None
    confirmed = derivation.confirmation is not None
    first = counted[0] if confirmed and first is not None else first
    seen: list[str] = []
    going_on = False
    for i in range(len(came)):
        going_on = i == first or (going_on and (confirmed or rng.random() < KEPT))
        well = going_on if i in counted else rng.random() < AFTERWARDS
        # No response follows a progression, and what is to respond does not progress first.
        ended = [v for v in seen if derivation.is_progression(v)]
        values = ended or (pattern.good if well else mild if first is not None and i < first else other)
        seen.append(seen[-1] if well and confirmed and i != first else values[int(rng.integers(len(values)))])
    return seen
