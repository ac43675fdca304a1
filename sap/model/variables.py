"""How a dataset is described: variables, parameters and files, as define.xml would say it."""

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.imputation import Imputation
from sap.model.part import DatasetName, Identifier, Part, Text, Value, VariableName
from sap.text.units import DAYS, factor

FILE_NAME: Final = r'^[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*$'
FileName = Annotated[str, Field(pattern=FILE_NAME)]
"""A file in the data folder: no other folder, no drive, nothing hidden."""

VariableType = Literal["text", "integer", "number", "date"]


def _unit_factor(of: "Variable | Parameter") -> Fraction | None:
    """Return by what the values of a file are multiplied; None where they stay as they are."""
    if of.factor is not None:
        return Fraction(repr(of.factor))
    return None if of.source_unit is None else factor(of.source_unit, of.unit or "")


def _units_known(of: "Variable | Parameter", name: str) -> None:
    if of.source_unit is None:
        return
    if of.factor is not None:
        msg = f"{name} has both source_unit and factor: keep one of them"
        raise ValueError(msg)
    if of.unit is None:
        msg = f"{name} has source_unit and no unit: write the unit that it is to have"
        raise ValueError(msg)
    if _unit_factor(of) is None:
        msg = (
            f"nothing is known of how many {of.unit} one of {of.source_unit} is (known: {', '.join(DAYS)}): give it as "
            "factor, by which the values of the file are multiplied, in place of source_unit"
        )
        raise ValueError(msg)


class Variable(Part):
    """A column: name, label, type and what its cells may hold.

    ``required`` is about the column (must the file have it?), ``missing`` about its cells (may one be empty?).
    """

    name: VariableName
    """Name of the column."""
    label: Text | None = None
    """What it is called in tables; left out, the core or the file says it, or it is called by its name."""
    type: VariableType | None = None
    """What its cells are; left out, the core says it, or it is told from the cells and reported."""
    unit: str | None = None
    codelist: tuple[Value, ...] = ()
    min: float | None = None
    max: float | None = None
    required: bool = True
    """Whether the file must have the column."""
    missing: bool = False
    """Whether a cell of it may be empty; left out, the core says it, and no where it does not."""
    source: Text | None = None
    """The column of the file that it is, where the file calls it otherwise: ``TRTSDTM``."""
    recode: dict[Value, Value] = Field(default_factory=dict)
    """What stands for which cell: ``{MILD: 1, MODERATE: 2}``. Others pass; ``.A`` is a special missing value of SAS."""
    source_unit: Text | None = None
    """The unit of the file, where it is another unit of time: minutes, hours, days, weeks, months or years."""
    factor: float | None = Field(default=None, gt=0)
    """By what the values of the file are multiplied, where they are to have another unit."""
    impute: Imputation | None = None
    """How a date of which a part is not known becomes a whole one; left out, the data check refuses it."""

    @property
    def unit_factor(self) -> Fraction | None:
        """By what the values of the file are multiplied; None where they stay as they are."""
        return _unit_factor(self)

    @property
    def kind(self) -> VariableType:
        """The type; text where neither the plan nor the data say it."""
        return self.type or "text"

    @property
    def called(self) -> str:
        """The label, or the name where there is none."""
        return self.label or self.name

    @model_validator(mode="after")
    def _limits_in_order(self) -> "Variable":
        _in_order(self.min, self.max)
        _units_known(self, self.name)
        kind = self.type or ("text" if self.codelist else "number")
        if kind in {"text", "date"} and (self.min is not None or self.max is not None):
            msg = f"{self.name} has limits, so its type must be integer or number"
            raise ValueError(msg)
        if self.impute is not None and self.type not in {None, "date"}:
            msg = f"{self.name} is imputed as a date, so its type must be date"
            raise ValueError(msg)
        return self

    @property
    def flag(self) -> str:
        """Name of the variable that says which part of the date was imputed, as ``ASTDTF`` of ``ASTDT``."""
        return f"{self.name}F"


def _in_order(low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        msg = f"min {low:g} is greater than max {high:g}"
        raise ValueError(msg)


class Origin(Part):
    """What starts the clock of a time to event: a date of a subject, or the first of certain records."""

    dataset: DatasetName
    variable: VariableName = "ADT"
    """The date; of several records of a subject the earliest counts."""
    parameter: Identifier | None = None
    """PARAMCD of the records, where the dataset has several."""
    values: tuple[Text, ...] = ()
    """Values of AVALC that start the clock; any when left out."""

    @model_validator(mode="after")
    def _values_of_a_parameter(self) -> "Origin":
        if self.values and self.parameter is None:
            msg = "values are those of a parameter, so name the parameter"
            raise ValueError(msg)
        return self


class Parameter(Part):
    """One ``PARAMCD`` of a dataset: what it measures, in what unit, and what its values may be."""

    label: Text
    unit: str | None = None
    codelist: tuple[Value, ...] = ()
    min: float | None = None
    max: float | None = None
    source: Value | None = None
    """PARAMCD of the file, where it is another one."""
    recode: dict[Value, Value] = Field(default_factory=dict)
    """Which AVALC of the file stands for which: ``{CMR: CR}``. Others pass."""
    source_unit: Text | None = None
    """The unit of the file, where it is another unit of time: minutes, hours, days, weeks, months or years."""
    factor: float | None = Field(default=None, gt=0)
    """By what AVAL of the file is multiplied, where it is to have another unit."""
    origin: Origin | None = None
    """What starts the clock of a time to event; the first treatment or another day, unchecked, when left out."""
    events: tuple[Text, ...] = ()
    """What may end a time to event: values of EVNTDESC where CNSR is 0; any when left out."""

    @model_validator(mode="after")
    def _limits_in_order(self) -> "Parameter":
        _in_order(self.min, self.max)
        _units_known(self, self.label)
        return self

    @property
    def unit_factor(self) -> Fraction | None:
        """By what AVAL of the file is multiplied; None where it stays as it is."""
        return _unit_factor(self)


class Dataset(Part):
    """A source dataset of this trial: its file, and what it has beyond the core of its kind."""

    file: FileName
    """Its file in the data folder, as adsl.csv or adsl.xpt: the content says of which format it is."""
    title: Text
    key: tuple[VariableName, ...] = ()
    """Variables that together tell one record from another."""
    variables: tuple[Variable, ...] = ()
    """Columns beyond the core that every dataset of this name has."""
    parameters: dict[Identifier, Parameter] = Field(default_factory=dict)
    """What PARAMCD may be, each with its label."""
    records: WhereClause | None = None
    """Which records are read, where not all, by the variables as the plan has them; others are counted and told."""
    missing_values: tuple[Value, ...] | None = None
    """What stands for a missing value in its cells, beside an empty cell: ``["NA", "."]``. An empty list says that
    nothing does, and that such words are values."""
