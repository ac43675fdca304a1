"""What every method of a plan has in common: one step of an analysis."""

from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from sap.model.clause import WhereClause
from sap.model.part import DatasetName, Identifier, Part, Reference, Text, Value


def _reference(value: object) -> object:
    if isinstance(value, dict | Reference):
        return value
    dataset, dot, variable = value.partition(".") if isinstance(value, str) else ("", "", "")
    if not dot:
        msg = f"a variable should stand here as DATASET.VARIABLE (ADSL.AGE), not '{value}'"
        raise ValueError(msg)
    return {"dataset": dataset, "variable": variable}


_Written = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}\.[A-Z][A-Z0-9_]{0,31}$")]
VariableRef = Annotated[Reference, BeforeValidator(_reference, json_schema_input_type=_Written | Reference)]
"""A variable of a dataset or derivation, as ``ADSL.AGE``."""

FIRST_TREATMENT: Final = Reference(dataset="ADSL", variable="TRTSDT")
"""The day from which days since first treatment are counted."""
Place = tuple[str | int, ...]
"""Where in a step, as keys and positions."""


class OneStep(Part):
    """One method applied to one variable; several make an analysis."""

    sentence: ClassVar[str]
    """What the method is, for the statistical methods section."""
    applied_to: ClassVar[frozenset[str]] = frozenset()
    """Options that say what the method is applied to, not how it computes; what it is grouped by is always one."""
    reads: ClassVar[tuple[Reference, ...]] = ()
    """Variables the method reads beside those it is about."""
    compares: ClassVar[bool] = False
    """Whether the method compares the groups; any other one looks at them one after another."""

    lists_values: ClassVar[bool] = False
    """Whether the method lists the values of each subject, each variable by itself; any other one gives statistics."""
    reads_records: ClassVar[bool] = False
    """Whether the method looks at all records of a subject; any other one at one value of each variable."""

    by: Identifier | None = None
    label: Text | None = None

    @property
    def in_words(self) -> str:
        """The sentence, without what the step's own options leave out."""
        return self.sentence

    @property
    def references(self) -> tuple[Reference, ...]:
        """The variables the method is about: those its options name, in their order; its results are of the first."""
        stated = (getattr(self, name) for name in type(self).model_fields)
        listed = (v for value in stated for v in (value if isinstance(value, tuple) else (value,)))
        return tuple(v for v in listed if isinstance(v, Reference))

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The variables without which a subject does not enter; none where the method counts or lists everybody."""
        return ()

    @property
    def quantified(self) -> tuple[DatasetName, Value, str] | None:
        """The parameter whose values below quantification the method reads, its dataset, and how they count."""
        return None

    @property
    def coded_events(self) -> Literal["all", "treatment-emergent"] | None:
        """Which adverse events the method counts by term within class: each term must have one."""
        return None

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """The where-clauses the step states, each with its place in the step."""
        return ()

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values the step names, each list with its place in the step and the variable that has them."""
        return ()

    @property
    def named_sets(self) -> tuple[tuple[Place, Identifier], ...]:
        """The analysis sets the step names, each with its place in the step."""
        return ()

    @property
    def named_days(self) -> tuple[int, ...]:
        """The days since the start of a time at which the step looks: follow-up should reach them."""
        return ()


def variables_of(dataset: str, names: Iterable[str]) -> tuple[Reference, ...]:
    """Return variables of one dataset or derivation."""
    return tuple(Reference(dataset=dataset, variable=name) for name in names)
