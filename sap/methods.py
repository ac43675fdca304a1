"""The methods a plan may promise, each with the options it must state.

How they are computed is the business of ``analysis``; a test holds the two lists together.
"""

from typing import Annotated

from pydantic import Field

from sap.clause import conditions
from sap.methods_of_counts import AdverseEvents, Binomial, Criteria, Disposition, Distribution, Posterior
from sap.methods_of_times import CompetingRisks, KaplanMeier, TimeDependent
from sap.methods_of_values import BySubject, Correlation, Profile, RankComparison, Records, Summary
from sap.model import Reference
from sap.step import VariableRef

__all__ = [
    "AdverseEvents",
    "Binomial",
    "BySubject",
    "CompetingRisks",
    "Correlation",
    "Criteria",
    "Disposition",
    "Distribution",
    "KaplanMeier",
    "Posterior",
    "Profile",
    "RankComparison",
    "Records",
    "Step",
    "Summary",
    "TimeDependent",
    "VariableRef",
    "references",
]

Step = Annotated[
    Binomial
    | Posterior
    | Distribution
    | Criteria
    | AdverseEvents
    | Disposition
    | Summary
    | BySubject
    | Profile
    | Records
    | KaplanMeier
    | CompetingRisks
    | TimeDependent
    | RankComparison
    | Correlation,
    Field(discriminator="method"),
]


def references(step: Step) -> tuple[Reference, ...]:
    """Return the variables a step uses.

    Parameters
    ----------
    step : Step
        One method applied.

    Returns
    -------
    tuple of Reference
        In the order of the plan.
    """
    if isinstance(step, BySubject):
        return step.variables
    if isinstance(step, Criteria):
        return (Reference(dataset=step.data, variable="CRITERIA"),)
    if isinstance(step, AdverseEvents):
        names = ("AEBODSYS", "AEDECOD", "ATOXGR", "AREL")
        return tuple(Reference(dataset="ADAE", variable=name) for name in names)
    if isinstance(step, Disposition):
        compared = [c for _, clause in step.clauses for c in conditions(clause)]
        named = (Reference(dataset=c.dataset, variable=c.variable) for c in compared)
        return tuple(dict.fromkeys((Reference(dataset="ADSL", variable="USUBJID"), *named)))
    if isinstance(step, Profile | Records):
        used = ("AVAL", "ADT") if isinstance(step, Profile) else step.told
        return tuple(Reference(dataset=step.dataset, variable=name) for name in used)
    if isinstance(step, CompetingRisks):
        return tuple(Reference(dataset=step.data, variable=name) for name in ("AVAL", "CNSR", "EVNTDESC"))
    if isinstance(step, KaplanMeier | TimeDependent):
        entered = (step.exposure,) if isinstance(step, TimeDependent) else ()
        return (*(Reference(dataset=step.data, variable=name) for name in ("AVAL", "CNSR")), *entered)
    return (step.variable, step.with_variable) if isinstance(step, Correlation) else (step.variable,)
