"""Whether every posterior of a plan has what it is asked: a stopping rule for its event, or its own prior and rate."""

from collections.abc import Iterator

from sap.methods import Step
from sap.methods.posterior import Posterior
from sap.plan.plan import Plan
from sap.plan.stopping import question
from sap.text.dangling import Dangling

Path_ = tuple[str | int, ...]


def posterior_problems(plan: Plan) -> Iterator[Dangling]:
    """Yield posteriors that need a stopping rule and have none."""
    for step, path in _steps(plan):
        if not isinstance(step, Posterior) or question(plan, step) is not None:
            continue
        needed = [name for name in ("prior", "threshold") if getattr(step, name) is None]
        planned = plan.sample_size.proportion
        counted = f"{step.variable} = {' / '.join(step.event)}"
        if planned is None or planned.stopping is None:
            what = "the plan has no stopping rule (sample_size.proportion.stopping) to take it from"
        else:
            what = f"the stopping rule counts the events of {planned.analysis}, and {counted} is not one of its events"
        message = f"the posterior of {counted} has no {' and no '.join(needed)}: {what}."
        yield Dangling(path, message, f"State {' and '.join(needed)} in the step, as {_example(needed)}.")


def _example(needed: list[str]) -> str:
    examples = {"prior": "prior: {a: 1, b: 1}", "threshold": "threshold: 0.3"}
    return " and ".join(examples[name] for name in needed)


def _steps(plan: Plan) -> Iterator[tuple[Step, Path_]]:
    for i, a in enumerate(plan.analyses):
        for j, step in enumerate(a.steps):
            yield step, ("analyses", i, "steps", j)
        for j, s in enumerate(a.sensitivity):
            for k, step in enumerate(s.steps):
                yield step, ("analyses", i, "sensitivity", j, "steps", k)
