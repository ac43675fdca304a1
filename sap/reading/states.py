"""Whether the day on which a state is entered is counted from the start of the time that is analysed by it."""

from collections.abc import Iterator, Mapping

from sap.methods.time_dependent import TimeDependent
from sap.model.derivations import SINCE_TREATMENT, TimeToEvent
from sap.model.variables import Origin, VariableType
from sap.plan.plan import Plan
from sap.text.dangling import Dangling

_FIRST_TREATMENT = Origin(dataset="ADSL", variable="TRTSDT")


def state_problems(
    plan: Plan,
    known: Mapping[str, Mapping[str, VariableType]],
    step: TimeDependent,
    path: tuple[str | int, ...],
) -> Iterator[Dangling]:
    """Yield what is wrong with the exposure of a step, whose variable exists."""
    here = (*path, "exposure")
    exposure = step.exposure
    if known[exposure.dataset][exposure.variable] not in {"integer", "number"}:
        yield Dangling(here, f"{exposure} is not a number of days.", "Name the DAY of a derivation of kind day.")
        return
    derived = {d.id: d for d in plan.derivations}
    if exposure.dataset not in derived:
        return
    if exposure.variable not in SINCE_TREATMENT:
        what = f"{exposure} is not the day on which something began."
        yield Dangling(here, what, "Name the DAY of a derivation of kind day: missing where a subject never entered.")
        return
    time = derived.get(step.data)
    if not isinstance(time, TimeToEvent) or time.dataset not in plan.datasets:
        return
    parameter = plan.datasets[time.dataset].parameters.get(time.parameter)
    if parameter is not None and parameter.origin not in {None, _FIRST_TREATMENT}:
        what = (
            f"{exposure} counts days since first treatment, and {time.dataset} {time.parameter} starts at another day."
        )
        yield Dangling(here, what, "Analyse a time that starts at the first treatment.")
