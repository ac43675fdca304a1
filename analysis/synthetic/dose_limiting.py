"""Dose-limiting toxicities of a synthetic trial: as often as was asked, under each definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

import numpy as np

from analysis.synthetic.hints import Hints
from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person
from analysis.synthetic.terms import named_first
from analysis.synthetic.toxicity import Candidate, Event, candidates, choices, rules
from sap.plan.plan import Plan

LONGER: Final = 6.0
"""Mean number of days, from 1, that an event lasts; beyond what its criterion asks where it has one."""


@dataclass(frozen=True)
class Toxicities:
    """What the dose-limiting toxicities are, before the other events are drawn."""

    people: tuple[Person, ...]
    events: Mapping[str, tuple[Event, ...]]
    """Dose-limiting events by subject."""
    targets: Mapping[str, frozenset[str]]
    """Derivations under which each subject has one."""
    rates: Mapping[str, float]
    """Of the derivations that were drawn on purpose."""


def toxicities(plan: Plan, truth: Truth, found: tuple[Person, ...], hints: Hints) -> Toxicities:
    """Draw the dose-limiting toxicities of everyone who is seen to the end of the window.

    A subject who dies before that is not evaluable without one, so that the rate is that of evaluable subjects.
    """
    if not truth.toxicity or "ADAE" not in plan.datasets:
        return Toxicities(found, {}, {}, {})
    known = candidates(plan, *named_first(plan, hints))
    possible = frozenset(d for c in known for d in c.derivations)
    rates = {d: p for d, p in truth.toxicity.items() if d in possible or d in truth.asked}
    shares = choices(known, rates)
    whole = max((rules(plan)[d].window.end or 0 for d in rates), default=0)
    rng = stream(truth.seed, "toxicity")
    people, events, targets = [], {}, {}
    for person in found:
        u = rng.random()
        chosen = next((alternatives for share, alternatives in shares if u < share), ())
        if person.first_treatment is None or person.last < whole:
            people.append(person)
            continue
        seen, own_events = _dose_limiting(person, chosen, rng, exact=len(rates) > 1)
        people.append(seen)
        events[person.id] = own_events
        targets[person.id] = frozenset(d for d, p in rates.items() if u < p)
    return Toxicities(tuple(people), events, targets, rates)


def _dose_limiting(
    person: Person, chosen: Sequence[tuple[Candidate, ...]], rng: np.random.Generator, *, exact: bool
) -> tuple[Person, tuple[Event, ...]]:
    """Return a subject with one event of each group of alternatives, seen long enough for it."""
    seen, events = person, []
    for alternatives in chosen:
        lasting = [c for c in alternatives if not c.event.fatal] or list(alternatives)
        until = attrgetter("event.end" if exact else "last")
        fitting = [c for c in lasting if until(c) <= seen.last] or [min(lasting, key=until)]
        ids = list(dict.fromkeys(c.criterion.id for c in fitting))
        one = ids[int(rng.integers(len(ids)))]
        pool = [c for c in fitting if c.criterion.id == one]
        candidate = pool[int(rng.integers(len(pool)))]
        seen = _seen_to(seen, until(candidate))
        # Definitions may differ in their windows: an event moved within one may leave the other.
        event = candidate.event if exact else _placed(candidate, seen.last, rng)
        if event.fatal:
            seen = replace(seen, death=event.end, later={n: d for n, d in seen.later.items() if d < (event.end or 0)})
        events.append(event)
    return seen, tuple(events)


def _seen_to(person: Person, day: int) -> Person:
    if person.last >= day:
        return person
    death = None if person.death is None else day
    return replace(person, follow=max(person.follow, day), death=death)


def _placed(candidate: Candidate, last: int, rng: np.random.Generator) -> Event:
    """Return the event of a candidate at a day of its window, for as long as its criterion asks or longer."""
    event, length = candidate.event, candidate.criterion.min_duration_days or 1
    earliest = candidate.window[0]
    latest = max(earliest, min(candidate.window[1], last - length + 1))
    start = int(rng.integers(earliest, latest + 1))
    longer = 0 if event.fatal else int(rng.geometric(1 / LONGER)) - 1
    return replace(event, start=start, end=min(start + length - 1 + longer, last))
