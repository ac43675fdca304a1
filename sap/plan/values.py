"""What a variable can hold, as far as the plan alone can say."""

from collections.abc import Mapping

from sap.model.datasets import variables
from sap.model.derivations import BestResponse
from sap.model.part import Reference
from sap.model.variables import VariableType
from sap.plan.plan import Plan

NOT_EVALUABLE = "NE"
"""Best response of a treated subject without an assessment that counts."""


def types(plan: Plan) -> Mapping[str, Mapping[str, VariableType]]:
    """Return the type of every variable of a plan, by dataset or derivation and by name."""
    found: dict[str, dict[str, VariableType]] = {
        name: {v.name: v.type for v in variables(name, dataset)} for name, dataset in plan.datasets.items()
    }
    for d in plan.derivations:
        found[d.id] = {"USUBJID": "text", **{name: v.type for name, v in d.provides.items()}}
    return found


def may_be_missing(plan: Plan, dataset: str, variable: str) -> bool:
    """Return whether the plan lets cells of a variable of a source dataset be empty."""
    return any(v.missing for v in variables(dataset, plan.datasets[dataset]) if v.name == variable)


def known_values(plan: Plan, reference: Reference) -> tuple[str, ...]:
    """Return the only values a variable can have."""
    for d in plan.derivations:
        if d.id != reference.dataset:
            continue
        if isinstance(d, BestResponse) and reference.variable == "BOR":
            return (*d.order, NOT_EVALUABLE)
        return d.provides[reference.variable].codelist if reference.variable in d.provides else ()
    dataset = plan.datasets[reference.dataset]
    if reference.variable == "PARAMCD":
        return tuple(dataset.parameters)
    found = next(v for v in variables(reference.dataset, dataset) if v.name == reference.variable)
    return found.codelist
