"""What a synthetic trial is to be like: its options, the defaults they have, and the values that the plan names."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sap.methods import Step
from sap.model.clause import Comparator, Condition, WhereClause, conditions
from sap.model.datasets import variables
from sap.model.derivations import BestResponse, DltStatus, TimeToEvent
from sap.model.part import Reference
from sap.plan.plan import Plan
from sap.text.problems import UserError, suggest

Place = tuple[str, str]
"""Dataset and variable."""
MOST_SUBJECTS: Final = 100_000
TOXICITY_RATE: Final = 0.2
RESPONSE_RATE: Final = 0.4
SHORTEST_FOLLOW_UP: Final = 60
LONGEST_FOLLOW_UP: Final = 365
LONGEST: Final = 36_525.0
MEDIAN_AT: Final = 0.75
"""Median survival, as a share of the longest follow-up, unless a hazard is given."""
OTHER_EVENTS: Final = 2.0
"""How many times the hazard of death that of another event is, unless it is given."""
_MADE: Final = ("ENRLFL", "SAFFL", "DTHFL")
"""Flags that follow from the course of a subject."""
_EQUALITY: Final = frozenset({Comparator.EQ, Comparator.NE, Comparator.IN, Comparator.NOTIN})


@dataclass(frozen=True)
class SyntheticOptions:
    """Options of a synthetic trial."""

    n: int
    """Subjects."""
    seed: int = 1
    """The same seed gives the same bytes."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """True rate of what the plan names, among the subjects who can be evaluated for it: a ``dlt`` or ``best_response``
    derivation, or a Y/N variable of ADSL."""
    hazards: Mapping[str, float] = field(default_factory=dict)
    """Events a day of a time-to-event parameter."""
    follow_up: tuple[int, int] | None = None
    """Shortest and longest follow-up of those alive, days since first treatment; uniform between them."""
    never_treated: float = 0.0
    """Share of subjects who were enrolled and not treated, where the plan lets the date of first treatment be missing.
    """
    missing: float = 0.05
    """Share of empty cells where a variable may be empty."""


@dataclass(frozen=True)
class Truth:
    """The options with every default filled in; what the trial is drawn from."""

    plan: Plan
    n: int
    seed: int
    asked: frozenset[str]
    """What a rate was given for."""
    toxicity: Mapping[str, float]
    """By ``dlt`` derivation."""
    response: Mapping[str, float]
    """By ``best_response`` derivation."""
    flags: Mapping[str, float]
    """By variable of ADSL."""
    death: float
    """Hazard of death a day."""
    hazards: Mapping[str, float]
    """By time-to-event parameter other than survival."""
    earliest: int
    """First day since first treatment on which something may end a time to event."""
    follow_up: tuple[int, int]
    never_treated: float
    missing: float
    named: Mapping[Place, tuple[str, ...]]
    """Values that a clause, a grouping or a step of the plan names, in order of first appearance."""
    grouped: Mapping[Place, tuple[str, ...]]
    """Values of groupings: every subject should be in a group, and every group should have subjects."""

    def stream(self, *names: str) -> np.random.Generator:
        """Return the random numbers of one part of the trial: what one part draws does not move another."""
        words = [self.seed, *(b for name in names for b in (0, *name.encode()))]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def truth(plan: Plan, options: SyntheticOptions) -> Truth:
    """Return the options, checked against the plan and completed from it."""
    _check_numbers(options)
    toxic = [d.id for d in plan.derivations if isinstance(d, DltStatus)]
    responses = {d.id: d.parameter for d in plan.derivations if isinstance(d, BestResponse)}
    flags = [v.name for v in variables("ADSL", plan.datasets["ADSL"]) if "Y" in v.codelist and v.name not in _MADE]
    _known("--rate", options.rates, (*toxic, *responses, *flags))
    survival = plan.conventions.survival_parameter
    times = _times(plan)
    _known("--hazard", options.hazards, times)
    earliest, latest = _bounds(plan, times)
    asked = options.follow_up or _follow_up(plan)
    follow_up = tuple(min(max(days, earliest), latest) for days in asked)
    death = options.hazards.get(survival or "", math.log(2) / (MEDIAN_AT * max(follow_up[1], 1)))
    return Truth(
        plan=plan,
        n=options.n,
        seed=options.seed,
        asked=frozenset(options.rates),
        toxicity=_chosen(options.rates, toxic) or dict.fromkeys(toxic[:1], _planned_rate(plan, toxic[:1])),
        response=_of_each_parameter(options.rates, responses),
        flags=_chosen(options.rates, flags),
        death=death,
        hazards={t: options.hazards.get(t, OTHER_EVENTS * death) for t in times if t != survival},
        earliest=max(1, earliest),
        follow_up=(follow_up[0], follow_up[1]),
        never_treated=options.never_treated,
        missing=options.missing,
        named=named_values(plan),
        grouped=_by_place(_groups(plan)),
    )


def _check_numbers(options: SyntheticOptions) -> None:
    if not 1 <= options.n <= MOST_SUBJECTS:
        raise UserError(f"--n is {options.n}; give a number of subjects from 1 to {MOST_SUBJECTS}.")
    if options.seed < 0:
        raise UserError(f"--seed is {options.seed}; give a whole number from 0.")
    for name, rate in options.rates.items():
        if not 0 <= rate <= 1:
            raise UserError(f"--rate {name}={rate:g} is not a rate; give a number from 0 to 1, as 0.3.")
    for name, hazard in options.hazards.items():
        if not 0 <= hazard <= 1:
            raise UserError(f"--hazard {name}={hazard:g} is not a hazard a day; give a number from 0 to 1, as 0.004.")
    if options.follow_up is not None and not 0 <= options.follow_up[0] <= options.follow_up[1]:
        low, high = options.follow_up
        raise UserError(f"Follow-up from {low} to {high} days is not a span; give the shorter one first, from 0.")
    for name, share in (("never treated", options.never_treated), ("missing", options.missing)):
        if not 0 <= share <= 1:
            raise UserError(f"The share {name} is {share:g}; give a number from 0 to 1.")


def _known(option: str, given: Iterable[str], known: Iterable[str]) -> None:
    names = tuple(known)
    for name in given:
        if name not in names:
            raise UserError(f"{option} {name}: the plan has nothing of that name to draw. {suggest(name, names)}")


def _times(plan: Plan) -> tuple[str, ...]:
    """Return the parameters of the datasets that hold times to events."""
    datasets = ["ADTTE", *(d.dataset for d in plan.derivations if isinstance(d, TimeToEvent))]
    return tuple(p for name in dict.fromkeys(datasets) if name in plan.datasets for p in plan.datasets[name].parameters)


def _bounds(plan: Plan, times: Iterable[str]) -> tuple[int, int]:
    """Return the first and last day since first treatment that the ranges of every time to event allow."""
    wanted = set(times)
    found = [p for d in plan.datasets.values() for name, p in d.parameters.items() if name in wanted]
    origin = plan.conventions.origin_day
    low = max([0.0, *(p.min - origin for p in found if p.min is not None)])
    high = min([LONGEST, *(p.max - origin for p in found if p.max is not None)])
    return math.ceil(low), max(math.ceil(low), math.floor(high))


def _chosen(rates: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    return {name: rates[name] for name in names if name in rates}


def _planned_rate(plan: Plan, toxic: list[str]) -> float:
    """Return the middle of the rates under which the design is described, when it is described by this event."""
    planned = plan.sample_size.proportion
    if planned is None:
        return TOXICITY_RATE
    analysed = next((a for a in plan.analyses if a.id == planned.analysis), None)
    if analysed is not None and any(of.dataset in toxic for of, _ in events_of(analysed.steps)):
        return planned.true_rates[len(planned.true_rates) // 2]
    return TOXICITY_RATE


def _of_each_parameter(rates: Mapping[str, float], responses: Mapping[str, str]) -> dict[str, float]:
    """Return one rate a parameter: that of the derivation it was given for, or of the first one."""
    found: dict[str, float] = {}
    for parameter in dict.fromkeys(responses.values()):
        own = [d for d, p in responses.items() if p == parameter]
        given = [d for d in own if d in rates]
        if len(given) > 1:
            told = f"{' and '.join(given)} are derived from the same assessments ({parameter})"
            raise UserError(f"--rate: {told}; give a rate for one of them.")
        found[(given or own)[0]] = rates[given[0]] if given else RESPONSE_RATE
    return found


def _follow_up(plan: Plan) -> tuple[int, int]:
    """Return a follow-up that reaches every day the plan looks at, and the end of every window of toxicity."""
    days = [day for step in _steps(plan) for day in step.named_days]
    windows = [(r.window_of(c).end or 0) + (c.min_duration_days or 1) for r in plan.dlt_rules for c in r.criteria]
    shortest = max([SHORTEST_FOLLOW_UP, *windows])
    return shortest, max(LONGEST_FOLLOW_UP, shortest, math.ceil(1.1 * max(days, default=0)))


def named_values(plan: Plan) -> dict[Place, tuple[str, ...]]:
    """Return the values a plan names, by dataset and variable: a synthetic trial should have them."""
    clauses = [
        *(c.event for r in plan.dlt_rules for c in r.criteria),
        *(s.where for s in plan.analysis_sets),
        *(a.data_subset for a in plan.analyses if a.data_subset is not None),
        *(where for s in _steps(plan) for _, where in s.clauses),
        *(x.where for x in plan.listings if x.where is not None),
    ]
    return _by_place(
        [
            *(((c.dataset, c.variable), c.value if c.comparator in _EQUALITY else ()) for c in _conditions(clauses)),
            *_groups(plan),
            *(((v.dataset, v.variable), values) for s in _steps(plan) for _, v, values in s.named_values),
        ]
    )


def _conditions(clauses: Iterable[WhereClause]) -> Iterator[Condition]:
    return (condition for clause in clauses for condition in conditions(clause))


def _groups(plan: Plan) -> Iterator[tuple[Place, tuple[str, ...]]]:
    return (((g.variable.dataset, g.variable.variable), one.values) for g in plan.groupings for one in g.levels)


def _by_place(found: Iterable[tuple[Place, tuple[str, ...]]]) -> dict[Place, tuple[str, ...]]:
    values: dict[Place, dict[str, None]] = {}
    for place, listed in found:
        values.setdefault(place, {}).update(dict.fromkeys(v for v in listed if v))
    return {place: tuple(v) for place, v in values.items()}


def events_of(steps: Iterable[Step]) -> Iterator[tuple[Reference, tuple[str, ...]]]:
    """Yield each variable whose proportion a step estimates, with the values that count as the event."""
    return ((variable, values) for s in steps for place, variable, values in s.named_values if place == ("event",))


def _steps(plan: Plan) -> Iterator[Step]:
    for a in plan.analyses:
        yield from a.steps
        for s in a.sensitivity:
            yield from s.steps
