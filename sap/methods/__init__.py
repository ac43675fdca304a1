"""The methods a plan may promise, one a file, each with the options it must state.

How they are computed is the business of ``analysis``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, get_args

from pydantic import Field

from sap.methods.adverse_events import AdverseEvents
from sap.methods.binomial import Binomial
from sap.methods.by_subject import BySubject
from sap.methods.competing_risks import CompetingRisks
from sap.methods.correlation import Correlation
from sap.methods.criteria import Criteria
from sap.methods.disposition import Disposition
from sap.methods.distribution import Distribution
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.methods.rank_comparison import RankComparison
from sap.methods.records import Records
from sap.methods.summary import Summary
from sap.methods.time_dependent import TimeDependent
from sap.model.step import OneStep

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

METHODS: Final[Mapping[str, type[OneStep]]] = MappingProxyType(
    {method.method_name(): method for method in get_args(get_args(Step)[0])}
)
"""The class of each method, by the name a plan has for it."""
