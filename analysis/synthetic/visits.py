"""When subjects are assessed: at the plan's visits where it has any, else on the generator's own days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.synthetic.people import Person
from sap.model.derivations import AreaUnderCurve, BestResponse, Peak
from sap.model.part import Window
from sap.plan.plan import Plan

ASSESSED: Final = (28, 56, 84, 126, 168, 252, 336)
SAMPLED: Final = (-1, 0, 1, 3, 5, 7, 10, 14, 17, 21, 28, 42, 56, 84, 112, 168, 252, 336)
"""Days since first treatment."""
MISSED: Final = 0.04
"""Share of visits that were missed."""


@dataclass(frozen=True)
class Visit:
    """A day since first treatment, and what the visit is called."""

    day: int
    name: str


def assessments(plan: Plan, parameter: str) -> tuple[Visit, ...]:
    """Return the planned assessments of a categorical parameter after the first treatment."""
    planned = [Visit(w.day, w.name) for w in plan.conventions.visit_windows if w.day > 0]
    windows = [d.window for d in plan.derivations if isinstance(d, BestResponse) and d.parameter == parameter]
    return _reaching(planned or [_own(plan, d) for d in ASSESSED], windows, plan)


def samples(plan: Plan, dataset: str, parameter: str, *, named_only: bool) -> tuple[Visit, ...]:
    """Return the planned samples of a measured parameter, one before first treatment among them."""
    own = [d for d in plan.derivations if isinstance(d, Peak | AreaUnderCurve)]
    windows = [w for d in own if (d.dataset, d.parameter) == (dataset, parameter) for w in _needed(d)]
    named = [Visit(w.day, w.name) for w in plan.conventions.visit_windows]
    days = [] if named and named_only else [_own(plan, d) for d in SAMPLED]
    found = _reaching([*named, *(v for v in days if v.day not in {n.day for n in named})], windows, plan)
    return tuple(v for v in found if v.name or not named_only)


def _needed(d: Peak | AreaUnderCurve) -> tuple[Window, ...]:
    """Return the spans of days in each of which a derivation needs a sample: an area is spanned from end to end."""
    if isinstance(d, Peak):
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


def _own(plan: Plan, day: int) -> Visit:
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
            found[day] = _own(plan, day)
    return tuple(found[day] for day in sorted(found))
