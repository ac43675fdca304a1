"""Categorical assessments of a synthetic trial: the best response is a response as often as was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.synthetic.cells import LETTERS
from analysis.synthetic.hints import Hints, Place
from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person
from analysis.synthetic.visits import Visit, assessments, attended, inside
from sap.methods.binomial import Binomial
from sap.model.derivations import BestResponse
from sap.plan.plan import Plan

NEVER_ASSESSED: Final = 0.03
SOON: Final = 0.6
"""Probability at each visit that a response that is to come begins."""
KEPT: Final = 0.8
"""Probability at each later visit that a response goes on."""
AFTERWARDS: Final = 0.3
"""Share of later assessments, which the derivation does not count, that show a response."""


def responders(plan: Plan, derivation: BestResponse) -> tuple[str, ...]:
    """Return the values that are a response: the first event of the plan, or its first group, or the best value."""
    steps = [s for a in plan.analyses for s in a.steps if isinstance(s, Binomial)]
    asked = [s.event for s in steps if (s.variable.dataset, s.variable.variable) == (derivation.id, "BOR")]
    groups = [
        g.levels[0].values
        for g in plan.groupings
        if (g.variable.dataset, g.variable.variable) == (derivation.id, "BOR")
    ]
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


def assessed(
    plan: Plan, truth: Truth, people: Sequence[Person], place: Place, hints: Hints
) -> Iterator[tuple[Person, Visit, str]]:
    """Yield the assessments of a categorical parameter."""
    pattern = _pattern(plan, truth, place, hints)
    visits = assessments(plan, place[1])
    rng = stream(truth.seed, *place)
    for person in people:
        if person.first_treatment is None or rng.random() < NEVER_ASSESSED:
            continue
        came = attended(person, visits, rng)
        yield from (
            (person, visit, cell) for visit, cell in zip(came, _course(pattern, person, came, rng), strict=True)
        )


def _pattern(plan: Plan, truth: Truth, place: Place, hints: Hints) -> Pattern:
    dataset, parameter = place
    own = [d for d in plan.derivations if isinstance(d, BestResponse) and (d.dataset, d.parameter) == place]
    ordered = tuple(dict.fromkeys(v for d in own for v in d.order))
    listed = plan.datasets[dataset].parameters[parameter].codelist
    values = listed or ordered or hints.named.get((dataset, "AVALC"), ()) or LETTERS
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
