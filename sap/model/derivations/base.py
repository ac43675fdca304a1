"""What every derivation says of itself, and the windows in which it looks."""

from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator

from sap.model.part import DatasetName, Part, Text, Window
from sap.model.variables import Variable


def _from(first: int) -> AfterValidator:
    """Give a window without a first day this one: an end alone does not ask for what was before the treatment."""
    return AfterValidator(lambda w: w if w.start is not None else Window(start=first, end=w.end))


FromTreatment = Annotated[Window, _from(0)]
"""A window that opens on the day of first treatment unless it says otherwise."""
AfterTreatment = Annotated[Window, _from(1)]
"""A window that opens on the day after first treatment unless it says otherwise."""


def named(*variables: Variable) -> dict[str, Variable]:
    """Return variables by their names."""
    return {v.name: v for v in variables}


SINCE_TREATMENT: Final = frozenset({"DAY", "RSPDAY", "DLTDAY", "ONSET", "ENDDAY", "TPEAK"})
"""Variables of derivations that are days since first treatment."""


class OneDerivation(Part):
    """One derivation: a dataset of its own with one row a subject."""

    id: DatasetName
    text: Text

    provided: ClassVar[dict[str, Variable]]
    """Variables that every derived dataset of the kind has beside ``USUBJID``, by name."""
    columns: ClassVar[tuple[str, ...]] = ()
    """Variables of its records that every derivation of the kind reads."""

    @property
    def provides(self) -> dict[str, Variable]:
        """Variables the derived dataset has beside ``USUBJID``, by name."""
        return self.provided

    @property
    def reads(self) -> tuple[str, ...]:
        """Variables of its records that it reads, beside those the plan names."""
        return self.columns
