"""Two groups compared by the ratio of their hazards."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from sap.model.comparison import Stratified, TwoGroups
from sap.model.derivations import TimeToEvent
from sap.model.names import Names
from sap.model.part import DatasetName, Level, Reference, VariableRef
from sap.model.step import variables_of
from sap.text.problems import Fault, Place


class HazardRatio(TwoGroups, Stratified):
    """Two groups compared by the hazard ratio of Cox's proportional hazards model."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the hazard ratio of Cox's proportional hazards model, with a baseline hazard of "
        "its own in each stratum and tied events counted as the plan says; p-values are those of Wald and of the "
        "likelihood ratio. Proportional hazards are checked by the score test of a ratio that changes with the fall of "
        "the pooled Kaplan–Meier curve. Where the likelihood has no maximum, as without events in one group, there is "
        "no estimate."
    )
    if_missing: ClassVar[str] = "A subject without a time, a covariate or a stratum, or in neither group, is left out."
    applied_to: ClassVar[frozenset[str]] = TwoGroups.applied_to | Stratified.applied_to | {"data", "covariates"}
    of_time: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {
        "covariates": "adjusted for",
        "limits": "limits by",
        "strata": "stratified by",
        "ties": "tied events by",
    }
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "ties": {"efron": "Efron", "breslow": "Breslow"},
        "limits": {"wald": "Wald", "profile": "the profile likelihood"},
    }
    also_called: ClassVar[str] = "cox coxph phreg proportional_hazards cox_regression"

    method: Literal["hazard_ratio"]
    data: DatasetName
    """The time to event."""
    covariates: tuple[VariableRef, ...] = ()
    """Variables the ratio is adjusted for: a number as it is, a text by an indicator of each value but the first."""
    ties: Literal["efron", "breslow"] = "efron"
    """How events at the same time are counted; software packages differ in their default."""
    limits: Literal["wald", "profile"] = "wald"
    """How the interval is made."""
    conf_level: Level = 0.95

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, whether it is censored, and what the ratio is adjusted for."""
        return (*variables_of(self.data, ("AVAL", "CNSR")), *self.covariates)

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive, and covariates that it has not."""
        yield from names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))
        for i, covariate in enumerate(self.covariates):
            yield from names.variable(covariate, (*path, "covariates", i))

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a covariate that is a date."""
        yield from super().wrong_uses(names, path)
        for i, covariate in enumerate(self.covariates):
            if names.type_of(covariate) == "date":
                what = f"{covariate} is a date, and a ratio is adjusted for numbers or categories."
                yield Fault(
                    (*path, "covariates", i), what, "Derive a number from it, as the days since first treatment."
                )
