"""Times to event of a synthetic trial: exponential, censored when the subject was seen last."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person
from sap.plan import Plan
from sap.problems import UserError
from sap.variables import Parameter


@dataclass(frozen=True)
class Time:
    """Days since infusion to an event or to censoring."""

    day: int
    event: bool
    words: str
    """What the event or the censoring was."""


def times(
    plan: Plan, truth: Truth, people: Sequence[Person], dataset: str, parameter: str
) -> Iterator[tuple[Person, Time]]:
    """Yield the time of each infused subject.

    Parameters
    ----------
    plan, truth : Plan, Truth
        The plan, and the hazards.
    people : sequence of Person
        The subjects with their final course.
    dataset, parameter : str
        Which time. Deaths are those of the subjects for overall survival; another parameter whose label speaks of
        survival or death ends with death too, and its hazard holds both.

    Yields
    ------
    (Person, Time)
        Subject and time.

    Raises
    ------
    UserError
        When an event that includes death is to be rarer than death.
    """
    treated = [p for p in people if p.infusion is not None]
    if dataset == "ADTTE" and parameter == plan.conventions.survival_parameter:
        yield from ((p, _death(p) if p.death is not None else _censored(p)) for p in treated)
        return
    described = plan.datasets[dataset].parameters[parameter]
    hazard = truth.hazards[parameter]
    with_death = _ends_with_death(described)
    if with_death and hazard < truth.death:
        told = f"{parameter} ({described.label}) includes death, so it cannot be rarer than death"
        raise UserError(f"--hazard {parameter}={hazard:g}: {told} ({truth.death:g} a day). Raise it, or lower that.")
    own = hazard - truth.death if with_death else hazard
    drawn = stream(truth.seed, dataset, parameter).exponential(1.0, len(people))
    for person, waited in zip(people, drawn, strict=True):
        if person.infusion is None:
            continue
        day = max(truth.earliest, math.ceil(waited / own)) if own > 0 else math.inf
        if day <= person.last:
            yield person, Time(int(day), event=True, words=described.label)
        elif with_death and person.death is not None:
            yield person, _death(person)
        else:
            yield person, _censored(person)


def _ends_with_death(parameter: Parameter) -> bool:
    return any(word in parameter.label.lower() for word in ("survival", "death"))


def _death(person: Person) -> Time:
    return Time(person.last, event=True, words="Death")


def _censored(person: Person) -> Time:
    return Time(person.last, event=False, words="Dead" if person.death is not None else "Last known alive")
