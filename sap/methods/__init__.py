"""The methods a plan may promise, each with the options it must state.

How they are computed is the business of ``analysis``; a test holds the two lists together.
"""

from typing import Annotated

from pydantic import Field

from sap.methods.counts import AdverseEvents, Binomial, Criteria, Disposition, Distribution, Posterior
from sap.methods.times import CompetingRisks, KaplanMeier, TimeDependent
from sap.methods.values import BySubject, Correlation, Profile, RankComparison, Records, Summary
from sap.model.step import VariableRef

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
