"""The course of a repeated measurement."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import DatasetName, Identifier, Reference, Window
from sap.model.step import FIRST_TREATMENT, OneStep, variables_of
from sap.text.problems import Fault, Place, one_of


class Profile(OneStep):
    """The course of a repeated measurement, each subject's and that of all, by day since first treatment."""

    sentence: ClassVar[str] = (
        "A repeated measurement is shown by day since first treatment: the values of each subject, and for each day "
        "with a value n, mean, standard deviation and median (R type 7). Several values of a subject on one day are "
        "averaged. Only days measured are described, with the subjects measured. The "
        "highest and the lowest median are those of the days on which at least half of the subjects with "
        "a value were measured."
    )
    if_missing: ClassVar[str] = "Nothing is imputed or carried forward."
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "parameter"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"profile_figure", "timeline_figure"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)
    option_words: ClassVar[Mapping[str, str]] = {
        "below_quantification": "a value below quantification counts as",
        "scale": "axis",
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
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""
    scale: Literal["linear", "log"] = "linear"
    """The axis on which a figure draws it; the statistics are those of the values themselves."""
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The values and their dates."""
        return variables_of(self.dataset, ("AVAL", "ADT"))

    @property
    def quantified(self) -> tuple[DatasetName, Identifier, str]:
        """The parameter that is followed."""
        return self.dataset, self.parameter, self.below_quantification

    @model_validator(mode="after")
    def _of_all(self) -> "Profile":
        if self.by is not None:
            msg = "a profile shows every subject together: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self

    @property
    def named_parts(self) -> tuple[tuple[str, ...], ...]:
        """The parameter that is followed."""
        return (("datasets", self.dataset, "parameters", self.parameter),)

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a parameter that the dataset has not."""
        source = names.plan.datasets.get(self.dataset)
        known = source.parameters if source is not None else ()
        yield from one_of(f"{self.dataset} parameter", self.parameter, known, (*path, "parameter"))
