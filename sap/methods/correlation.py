"""A rank correlation of two quantities."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.figures import FigureName
from sap.model.names import NUMBERS, Names
from sap.model.part import Level, VariableRef
from sap.model.step import OneStep
from sap.text.problems import Fault, Place


class Correlation(OneStep):
    """Two quantities of each subject by a rank correlation with the exact permutation test."""

    sentence: ClassVar[str] = (
        "Whether two quantities go together is described by Spearman's rho on midranks or Kendall's tau-b, with "
        "approximate two-sided intervals by Fisher's z (standard errors of Bonett and Wright) and the p-value of the "
        "exact permutation distribution given the ties: the share of pairings in which the coefficient is at least as "
        "far from zero, with the smallest p these values allow. Where the pairings are too many (more than 14 pairs "
        "without ties, more with ties), p is approximate and says so: of rho by the t distribution with n - 2 degrees "
        "of freedom, of tau-b by the normal distribution with the variance given the ties, without a continuity "
        "correction. A correlation shows no cause."
    )
    if_missing: ClassVar[str] = "Subjects without both values are left out."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable", "with_variable"})
    of_quantities: ClassVar[bool] = True
    said_by_lines: ClassVar[frozenset[str]] = frozenset({"coefficient", "conf_level"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"scatter_figure"})
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "coefficient": {"kendall": "Kendall's tau-b", "spearman": "Spearman's rho"}
    }
    also_called: ClassVar[str] = "spearman pearson kendall"

    method: Literal["correlation"]
    variable: VariableRef
    with_variable: VariableRef
    """The quantity that the first is held against."""
    coefficient: Literal["spearman", "kendall"]
    """Spearman's rho, or Kendall's tau-b."""
    conf_level: Level = 0.95
    digits: int = Field(default=2, ge=1, le=4)
    """Decimals of the coefficient."""

    @model_validator(mode="after")
    def _of_two(self) -> "Correlation":
        if self.variable == self.with_variable:
            msg = f"{self.variable} is held against itself: with_variable must be another variable"
            raise ValueError(msg)
        return self

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield variables that are no numbers."""
        for name, ref in (("variable", self.variable), ("with_variable", self.with_variable)):
            if not names.may_be(ref, NUMBERS):
                yield Fault((*path, name), f"{ref} is not a number, and a correlation is of two.", "Name a number.")
