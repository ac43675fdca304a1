"""What is made of a parameter that is measured again and again: peaks, areas, grades."""

from collections import Counter
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.derivations.base import AfterTreatment, FromTreatment, OneDerivation, named
from sap.model.part import DatasetName, Identifier, Part, VariableName, Window
from sap.model.variables import Variable


class Peak(OneDerivation):
    """The highest value of a parameter in a window and its first day; before another therapy where the plan says so."""

    kind: Literal["peak"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: FromTreatment = Window(start=0)
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="PEAK", label="Peak value", type="number"),
        Variable(name="TPEAK", label="Time to peak (days since first treatment)", type="number"),
    )


class AreaUnderCurve(OneDerivation):
    """The area under the course of a parameter over a window, in the unit of the parameter times days.

    A subject whose measurements do not reach from the first to the last day of the window has none, and ``AUCREAS``
    says so: nothing is extrapolated. Of several values on one day the highest counts, as for the peak.
    """

    kind: Literal["area"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: Window
    """First and last day of the area, in days since first treatment; where no value was measured on an end of it, the
    value there is interpolated by the rule."""
    rule: Literal["linear-up/log-down", "linear"] = "linear-up/log-down"
    """How a value becomes the next: always on a straight line, or falling ones on a logarithmic scale."""
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    days: Literal["ADT", "ADY"] = "ADT"
    """What tells the day of a measurement: its date, or its study day where the data have no dates."""

    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="AUC", label="Area under the curve (unit of the parameter × days)", type="number"),
        Variable(name="AUCREAS", label="Why there is no area"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The value and what tells its day."""
        return ("AVAL", self.days)

    @property
    def first(self) -> int:
        """First day of the window."""
        return self.window.start or 0

    @property
    def last(self) -> int:
        """Last day of the window."""
        return self.window.end or 0

    @model_validator(mode="after")
    def _closed(self) -> "AreaUnderCurve":
        if self.window.start is None or self.window.end is None or self.window.start == self.window.end:
            msg = "an area needs a window with a first and a later last day, as {start: 0, end: 28}"
            raise ValueError(msg)
        return self


GRADES: Final = ("0", "1", "2", "3", "4", "5")


class GradeBound(Part):
    """Beyond which value a laboratory value has a grade."""

    grade: int = Field(ge=1, le=5)
    """The grade beyond the bound."""
    below: float | None = None
    """A value under it has the grade, or a worse one."""
    above: float | None = None
    """A value over it has the grade, or a worse one."""

    @model_validator(mode="after")
    def _one_bound(self) -> "GradeBound":
        if (self.below is None) == (self.above is None):
            msg = "a grade has one bound: give below, where low values are worse, or above, where high ones are"
            raise ValueError(msg)
        return self

    def holds(self, value: float) -> bool:
        """Return whether a value is beyond the bound."""
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


class LabGrade(OneDerivation):
    """The grade of a laboratory value before first treatment, and the worst one after it, by bounds of the values.

    A value has the highest grade beyond whose bound it lies, and 0 beyond none: a grade that the bounds leave out, as
    one that asks for a laboratory's own limit, is not told from 0. The last day before first treatment with a value is
    the baseline; of several values on it the worst counts. A subject without a value has no grade.
    """

    kind: Literal["lab_grade"]
    dataset: DatasetName = "ADLB"
    parameter: Identifier
    grades: tuple[GradeBound, ...] = Field(min_length=1)
    """The bounds, in the unit of the parameter."""
    window: AfterTreatment = Window(start=1)
    """When a value after first treatment counts."""
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="BASEGR", label="Grade before first treatment", codelist=GRADES),
        Variable(name="WORSTGR", label="Worst grade after first treatment", codelist=GRADES),
    )

    @model_validator(mode="after")
    def _each_grade_once(self) -> "LabGrade":
        for (grade, low), n in Counter((b.grade, b.below is None) for b in self.grades).items():
            if n > 1:
                msg = f"grade {grade} has two bounds {'above' if low else 'below'}: keep one"
                raise ValueError(msg)
        return self
