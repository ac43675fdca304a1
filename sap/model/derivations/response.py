"""The best response of a subject, by the rules of RECIST."""

from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.derivations.base import AfterTreatment, OneDerivation, named
from sap.model.part import DatasetName, Identifier, Value, VariableName, Window
from sap.model.variables import Variable

PROGRESSION: Final = frozenset(
    {
        *("PD", "PMD", "PROGRESSIVE DISEASE", "PROGRESSIVE METABOLIC DISEASE", "PROGRESSION", "DISEASE PROGRESSION"),
        *("RELAPSE", "RELAPSED DISEASE", "RELAPSE FROM CR", "PROGRESSIVE DISEASE OR RELAPSE"),
    }
)
"""What RECIST, Lugano, ELN and CDISC call progression, in capitals; a code that may mean another thing is not here."""
STABLE: Final = frozenset({"SD", "STABLE DISEASE", "NON-CR/NON-PD", "NMR", "NO METABOLIC RESPONSE"})
"""What they call neither response nor progression."""


class BestResponse(OneDerivation):
    """The best response assessed in a window up to and including the first progression.

    Before another therapy where the plan says so. Where it asks for confirmation, a response counts when an assessment
    as good or better follows at least so many days later with no worse one between, and as stable disease otherwise;
    stable disease counts from a day on, where the plan names one. These are the rules of RECIST 1.1, table 3.
    """

    kind: Literal["best_response"]
    dataset: DatasetName = "ADRS"
    parameter: Identifier
    order: tuple[str, ...] = Field(min_length=1)
    """Responses from best to worst."""
    window: AfterTreatment = Window(start=1)
    """When an assessment counts: the day of first treatment and what was before it do not, unless it says so."""
    before: VariableName | None = None
    """A date of ADSL: only what was assessed before it counts."""
    progression: tuple[Value, ...] | None = None
    """The values that are progression, after the first of which no assessment counts; none, ``[]``. Left out: those
    called PD, progressive disease or relapse in the usual words."""
    stable: tuple[Value, ...] | None = None
    """The values of ``order`` that are neither response nor progression. Left out: those called SD or stable disease in
    the usual words."""
    min_days: int | None = Field(default=None, ge=0)
    """Days since first treatment from which stable disease counts; from the first day when left out."""
    confirmation: int | None = Field(default=None, ge=1)
    """Days after which a response must have been seen again to count; no confirmation is asked when left out."""

    columns: ClassVar[tuple[str, ...]] = ("AVALC", "ADT")
    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="BOR", label="Best overall response"),
        Variable(name="RSPDAY", label="Day of best response (days since first treatment)", type="number"),
        Variable(name="NAFTER", label="Assessments after the first progression (not counted)", type="number"),
        Variable(name="NODATE", label="Assessments without a date (not counted)", type="number"),
    )

    def is_progression(self, value: str) -> bool:
        """Return whether an assessment with this value is progression."""
        return value.upper() in PROGRESSION if self.progression is None else value in self.progression

    @property
    def first_looked(self) -> int:
        """First day on which progression is looked for: after first treatment even where the window opens later."""
        return min(1, self.window.start or 0)

    @property
    def stable_values(self) -> tuple[str, ...]:
        """The values that are neither response nor progression, in the order of the plan."""
        return tuple(v for v in self.order if (v.upper() in STABLE if self.stable is None else v in self.stable))

    @property
    def responses(self) -> tuple[str, ...]:
        """The values that are a response: those before the first that is stable."""
        before = self.order[: self.order.index(self.stable_values[0])] if self.stable_values else ()
        return tuple(v for v in before if not self.is_progression(v))

    @model_validator(mode="after")
    def _values_of_the_order(self) -> "BestResponse":
        unknown = [v for v in self.stable or () if v not in self.order]
        if unknown:
            msg = f"stable names {', '.join(unknown)}, which the order has not: name values of the order"
            raise ValueError(msg)
        if not self.stable_values and not (self.min_days is None and self.confirmation is None):
            msg = "min_days and confirmation are about stable disease, and the order has none: name it, as stable: [SD]"
            raise ValueError(msg)
        return self
