"""Times to event of a synthetic trial: exponential, censored when the subject was seen last."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person
from sap.model.variables import Parameter
from sap.plan.plan import Plan
from sap.text.problems import UserError


@dataclass(frozen=True)
class Time:
    """Days since first treatment on which a time starts, and to its event or to censoring."""

    start: int
    day: int
    event: bool
    words: str
    """What the event or the censoring was."""


def times(
    plan: Plan, truth: Truth, people: Sequence[Person], place: tuple[str, str], starts: Mapping[str, int]
) -> Iterator[tuple[Person, Time]]:
    """Yield the time of each treated subject whose clock starts."""
    dataset, parameter = place
    treated = [p for p in people if p.first_treatment is not None and p.id in starts]
    if dataset == "ADTTE" and parameter == plan.conventions.survival_parameter:
        yield from ((p, _death(p, starts, "Death") if p.death is not None else _censored(p, starts)) for p in treated)
        return
    described = plan.datasets[dataset].parameters[parameter]
    words, dead = _words(described)
    hazard = truth.hazards[parameter]
    with_death = _ends_with_death(described)
    if with_death and hazard < truth.death:
        told = f"{parameter} ({described.label}) includes death, so it cannot be rarer than death"
        raise UserError(f"--hazard {parameter}={hazard:g}: {told} ({truth.death:g} a day). Raise it, or lower that.")
    own = hazard - truth.death if with_death else hazard
    drawn = stream(truth.seed, dataset, parameter).exponential(1.0, len(people))
    for person, waited in zip(people, drawn, strict=True):
        if person.first_treatment is None or person.id not in starts:
            continue
        start = starts[person.id]
        day = start + max(truth.earliest, math.ceil(waited / own)) if own > 0 else math.inf
        if day <= person.last:
            yield person, Time(start, int(day), event=True, words=words)
        elif with_death and person.death is not None:
            yield person, _death(person, starts, dead)
        else:
            yield person, _censored(person, starts)


def _ends_with_death(parameter: Parameter) -> bool:
    if parameter.events:
        return any(_about_death(event) for event in parameter.events)
    return any(word in parameter.label.lower() for word in ("survival", "death"))


def _about_death(words: str) -> bool:
    return "death" in words.lower()


def _words(parameter: Parameter) -> tuple[str, str]:
    """Return what the event of a time is called, and what a death that ends it is called."""
    own = [event for event in parameter.events if not _about_death(event)] or list(parameter.events)
    dead = [event for event in parameter.events if _about_death(event)]
    return (own or [parameter.label])[0], (dead or ["Death"])[0]


def _death(person: Person, starts: Mapping[str, int], words: str) -> Time:
    return Time(starts[person.id], person.last, event=True, words=words)


def _censored(person: Person, starts: Mapping[str, int]) -> Time:
    words = "Dead" if person.death is not None else "Last known alive"
    return Time(starts[person.id], person.last, event=False, words=words)
