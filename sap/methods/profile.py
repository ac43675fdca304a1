"""The course of a repeated measurement."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import DatasetName, Identifier, Reference, Value, VariableName, Window
from sap.model.step import FIRST_TREATMENT, OneStep, variables_of
from sap.text.problems import Fault, Place, one_of


class Profile(OneStep):
    """The course of a repeated measurement, of each subject and of all, by day since first treatment or by visit."""

    sentence: ClassVar[str] = (
        "A repeated measurement is shown by day since first treatment: the values of each subject, and for each day "
        "with a value n, mean, standard deviation and median (R type 7). Several values of a subject on one day are "
        "averaged. Only days measured are described, with the subjects measured. The "
        "highest and the lowest median are those of the days on which at least half of the subjects with "
        "a value were measured."
    )
    by_visit: ClassVar[str] = (
        "A repeated measurement is shown by visit: the values of each subject, and for each visit n, mean, standard "
        "deviation and median (R type 7). Several values of a subject at one visit are averaged. The highest and the "
        "lowest median are those of the visits at which at least half of the subjects with a value were measured."
    )
    if_missing: ClassVar[str] = "Nothing is imputed or carried forward."
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "parameter"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"profile_figure", "timeline_figure"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)
    option_words: ClassVar[Mapping[str, str]] = {
        "below_quantification": "a value below quantification counts as",
        "scale": "axis",
        "visit_variable": "visits named by",
        "where": "records described",
        "window": "days described",
    }
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "below_quantification": {"half": "half the limit", "lloq": "the limit itself"}
    }
    reads_records: ClassVar[bool] = True
    also_called: ClassVar[str] = "kinetics pk"

    method: Literal["profile"]
    dataset: DatasetName = "ADLB"
    parameter: Identifier
    """The parameter that is followed."""
    window: Window | None = None
    """The days that are described, where not all (days since first treatment)."""
    visits: tuple[Value, ...] = ()
    """The visits that are described, in their order, as the data name them; by day when left out."""
    visit_variable: VariableName | None = None
    """The variable that names the visit of a record; AVISIT when left out."""
    where: WhereClause | None = None
    """Which records are described, over the dataset, as those with ANL01FL = Y; all when left out."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""
    scale: Literal["linear", "log"] = "linear"
    """The axis on which a figure draws it; the statistics are those of the values themselves."""
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The values, and their dates or visits."""
        return variables_of(self.dataset, ("AVAL", self.visit_name if self.visits else "ADT"))

    @property
    def visit_name(self) -> str:
        """The variable that names the visit of a record."""
        return self.visit_variable or "AVISIT"

    @property
    def own_words(self) -> str:
        """The sentence, of days or of visits."""
        return self.by_visit if self.visits else self.sentence

    @property
    def drawn_by(self) -> frozenset[FigureName]:
        """The kinds of figure that draw its results: visits have no place on an axis of days."""
        return self.figures - {"timeline_figure"} if self.visits else self.figures

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records are described."""
        return ((("where",), self.where),) if self.where is not None else ()

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The visits."""
        return ((("visits",), self.references[1], self.visits),) if self.visits else ()

    @property
    def quantified(self) -> tuple[DatasetName, Identifier, str]:
        """The parameter that is followed."""
        return self.dataset, self.parameter, self.below_quantification

    @model_validator(mode="after")
    def _of_all(self) -> "Profile":
        if self.by is not None:
            msg = "a profile shows every subject together: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        if self.visits and self.window is not None:
            msg = "a profile is of days or of visits: leave out window, or visits"
            raise ValueError(msg)
        return self

    @property
    def named_parts(self) -> tuple[tuple[str, ...], ...]:
        """The parameter that is followed."""
        return (("datasets", self.dataset, "parameters", self.parameter),)

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a parameter that the dataset has not, and visits and records that it cannot have."""
        source = names.plan.datasets.get(self.dataset)
        known = source.parameters if source is not None else ()
        yield from super().wrong_uses(names, path)
        if self.where is not None:
            yield from names.of_one_dataset(self.where, self.dataset, "the analysis set", (*path, "where"))
        yield from one_of(f"{self.dataset} parameter", self.parameter, known, (*path, "parameter"))
