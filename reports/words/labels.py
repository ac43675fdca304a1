"""What a variable is called in a table, and parts of a plan as phrases: windows, days, conventions."""

import re
from collections.abc import Mapping
from typing import Final

from sap.model.datasets import variables
from sap.model.derivations import (
    AreaUnderCurve,
    BestResponse,
    Derivation,
    EventOccurrence,
    Peak,
    TimeToEvent,
    VisitValues,
)
from sap.model.part import Reference, Window
from sap.model.step import FIRST_TREATMENT
from sap.model.words import shown_values
from sap.plan.plan import Output, Plan

_POWER: Final = re.compile(r"(?<=\b10)\^(?P<power>-?\d+)|(?<=\bm)(?P<area>[23])\b")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_text(unit: str) -> str:
    """Return a unit as it is printed: 10^9/L is 10⁹/L, and mg/m2 is mg/m²."""
    return _POWER.sub(lambda found: (found["power"] or found["area"]).translate(_RAISED), unit)


_BEST: Final = {"BOR": "best value", "RSPDAY": "day of the best value (days since first treatment)"}
_READ: Final = {"ATOXGR": "Grade", "DTHFL": "Died"}
"""What a reader calls a variable whose standard label is a data manager's."""


def variable_label(plan: Plan, reference: Reference) -> str:
    """Return the label of a variable, source or derived."""
    for derivation in plan.derivations:
        if derivation.id == reference.dataset:
            return _derived(plan, derivation, reference.variable)
    dataset = plan.datasets[reference.dataset]
    found = next(v for v in variables(reference.dataset, dataset) if v.name == reference.variable)
    label = _READ.get(found.name, found.called)
    return f"{label} ({unit_text(found.unit)})" if found.unit else label


def _derived(plan: Plan, derivation: Derivation, variable: str) -> str:
    """Return the label of a derived variable: with its unit, and with the event where several kinds are derived."""
    label = derivation.provides[variable].called
    match derivation:
        case BestResponse():
            return _of_other(plan, derivation, variable) or label
        case EventOccurrence():
            return f"{derivation.text}: {label[0].lower()}{label[1:]}"
        case TimeToEvent() if variable == "AVAL" and (told := clock(plan, derivation.id)):
            return label.replace("(days)", f"(days; {told})")
        case Peak() if variable == "PEAK":
            return f"{label} ({unit})" if (unit := _unit(plan, derivation)) else label
        case VisitValues() if variable != "MISSED":
            return f"{parameter_label(plan, derivation.dataset, derivation.parameter)}: {label}"
        case AreaUnderCurve() if variable == "AUC":
            return f"Area under the curve ({unit} × days)" if (unit := _unit(plan, derivation)) else label
        case _:
            return label


def _unit(plan: Plan, derivation: Peak | AreaUnderCurve) -> str:
    return unit_text(plan.datasets[derivation.dataset].parameters[derivation.parameter].unit or "")


def _of_other(plan: Plan, derivation: BestResponse, variable: str) -> str:
    """Return the label of the best value of another parameter than that of the plan's first best response."""
    best = [d for d in plan.derivations if isinstance(d, BestResponse)]
    if derivation.parameter == best[0].parameter:
        return ""
    return f"{plan.datasets[derivation.dataset].parameters[derivation.parameter].label}, {_BEST[variable]}"


def clock(plan: Plan, derivation_id: str) -> str:
    """Return what day 1 of a time to event is, as "day 1 = first treatment"."""
    time = next((d for d in plan.derivations if d.id == derivation_id), None)
    if not isinstance(time, TimeToEvent) or plan.conventions.origin_day == 0:
        return ""
    return f"day {plan.conventions.origin_day} = {_start(plan, time)}"


def _start(plan: Plan, time: TimeToEvent) -> str:
    """Return what starts the clock of a time to event, in the plan's words."""
    origin = plan.datasets[time.dataset].parameters[time.parameter].origin
    if origin is None or Reference(dataset=origin.dataset, variable=origin.variable) == FIRST_TREATMENT:
        return "first treatment"
    if origin.parameter is None:
        return _within(variable_label(plan, Reference(dataset=origin.dataset, variable=origin.variable)))
    of = f" of {' or '.join(origin.values)}" if origin.values else ""
    return f"first {_within(plan.datasets[origin.dataset].parameters[origin.parameter].label)}{of}"


def _within(label: str) -> str:
    """Return a label within a sentence; one that begins with an abbreviation keeps its capital."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def days_axis(plan: Plan, output: Output, derivation_id: str, words: str = "Days") -> str:
    """Return the title of an axis of days: the plan's or the usual words, and what day 1 is where that is the start."""
    told = clock(plan, derivation_id)
    return f"{output.axis or 'Days'} ({told})" if told else output.axis or words


def since_treatment_axis(plan: Plan, output: Output) -> str:
    """Return the title of an axis of days since first treatment, which is on day 0 also where times start on day 1."""
    told = " (day 0 = first treatment)" if plan.conventions.origin_day else ""
    return f"{output.axis or 'Days since first treatment'}{told}"


def parameter_label(plan: Plan, dataset: str, parameter: str) -> str:
    """Return the label of a parameter of a dataset, with its unit in parentheses unless it says it."""
    found = plan.datasets[dataset].parameters[parameter]
    return f"{found.label} ({unit_text(found.unit)})" if found.unit and "(" not in found.label else found.label


def window_in_words(window: Window) -> str:
    """Return a span of time as a phrase, as "days 0 to 28 since first treatment"."""
    if window.start is not None and window.end is not None:
        return f"days {day(window.start)} to {day(window.end)} since first treatment"
    if window.start is not None:
        return f"from day {day(window.start)} since first treatment"
    return f"up to day {day(window.end)} since first treatment" if window.end is not None else "any time"


def day(number: int) -> str:
    """Return a day as it is printed, with a minus and not a hyphen."""
    return str(number).replace("-", "−")


def swapped(use: Mapping[str, str]) -> str:
    """Return which derivations take the place of others: "derivation NEW in place of OLD"."""
    return ", ".join(f"derivation {new} in place of {old}" for old, new in use.items())


def related_in_words(plan: Plan) -> str:
    """Return what called related means in a plan."""
    r = plan.conventions.relatedness
    return f"Called related means ADAE.AREL is {shown_values(r.values)}; a missing value counts as {r.missing}."
