"""Whether objectives, sample size and analyses of a plan answer each other."""

from collections.abc import Iterator

from sap.methods.binomial import Binomial
from sap.model.design import PURPOSES
from sap.plan.plan import Plan
from sap.text.dangling import Dangling, one_of, repeated


def design_problems(plan: Plan) -> Iterator[Dangling]:
    """Yield what a plan asks and does not answer, or answers and does not ask."""
    yield from repeated("objectives", [o.id for o in plan.objectives])
    yield from repeated("changes_from_protocol", [c.id for c in plan.changes_from_protocol])
    yield from _objectives(plan)
    yield from _proportion(plan)


def _objectives(plan: Plan) -> Iterator[Dangling]:
    purposes = {o.id: o.purpose for o in plan.objectives}
    for i, a in enumerate(plan.analyses):
        path = ("analyses", i, "objective")
        if a.objective is None:
            if a.reason == "specified in SAP":
                known = ", ".join(purposes)
                yield Dangling(path, f"{a.id} answers no objective.", f"Name the one it answers: {known}.")
            continue
        yield from one_of("objective", a.objective, purposes, path)
        asked = purposes.get(a.objective, a.purpose)
        if PURPOSES.index(a.purpose) < PURPOSES.index(asked):
            what = f"{a.id} is {a.purpose}, and objective {a.objective} is only {asked}."
            yield Dangling(("analyses", i, "purpose"), what, "An analysis ranks no higher than its objective.")
    answered = {a.objective for a in plan.analyses}
    for i, o in enumerate(plan.objectives):
        if o.id not in answered:
            yield Dangling(("objectives", i), f"no analysis answers objective {o.id}.", "Name it in an analysis.")


def _proportion(plan: Plan) -> Iterator[Dangling]:
    planned = plan.sample_size.proportion
    if planned is None:
        return
    path = ("sample_size", "proportion")
    yield from one_of("analysis", planned.analysis, [a.id for a in plan.analyses], (*path, "analysis"))
    levels = [
        s.conf_level for a in plan.analyses if a.id == planned.analysis for s in a.steps if isinstance(s, Binomial)
    ]
    if not levels and any(a.id == planned.analysis for a in plan.analyses):
        what = f"{planned.analysis} has no step of method 'binomial', so it estimates no proportion."
        yield Dangling((*path, "analysis"), what, "Name the analysis that does.")
    if levels and planned.conf_level not in levels:
        what = f"{planned.analysis} has intervals of level {', '.join(map(str, levels))}, not {planned.conf_level}."
        yield Dangling((*path, "conf_level"), what, "Give both the same level.")
    if planned.stopping is not None and planned.stopping.looks[-1] > plan.study.planned_n:
        what = (
            f"the last look comes after {planned.stopping.looks[-1]} subjects, and {plan.study.planned_n} are planned."
        )
        yield Dangling((*path, "stopping", "looks"), what, "Look earlier, or plan more subjects.")
