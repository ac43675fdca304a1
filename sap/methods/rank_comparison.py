"""Two groups by the exact Wilcoxon–Mann–Whitney test."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import Identifier, Level, VariableRef
from sap.model.step import OneStep
from sap.text.problems import Fault, Place


class RankComparison(OneStep):
    """Two groups compared by the exact Wilcoxon–Mann–Whitney test."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the exact Wilcoxon–Mann–Whitney test on midranks (full permutation distribution), "
        "with the smallest p-value the group sizes and ties allow, the Hodges–Lehmann shift with the interval that "
        "inverts the same test, and the rank-biserial correlation and probability of superiority as effect sizes."
    )
    if_missing: ClassVar[str] = "A subject without a value, or in no group, is left out."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})
    of_quantities: ClassVar[bool] = True
    figures: ClassVar[frozenset[FigureName]] = frozenset({"dot_figure"})
    compares: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {"two_sided": "as extreme as the observed result is"}
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "two_sided": {
            "absolute_deviation": "any that lies as far from what is expected (absolute deviation)",
            "twice_smaller_tail": "any in its tail, counted twice (twice the smaller tail)",
        }
    }
    also_called: ClassVar[str] = "wilcoxon mann_whitney rank_sum wilcoxon_rank_sum permutation"

    method: Literal["rank_comparison"]
    variable: VariableRef
    by: Identifier
    two_sided: Literal["absolute_deviation", "twice_smaller_tail"] = "absolute_deviation"
    """Which results are as extreme as the one observed; with few subjects the choice can turn the verdict."""
    conf_level: Level = 0.95
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and a grouping that has not two groups."""
        yield from super().problems(names, path)
        levels = next((len(g.levels) for g in names.plan.groupings if g.id == self.by), 2)
        if levels != 2:
            what = f"the number of groups of '{self.by}' is {levels}, and the test compares two."
            fix = "Name a grouping of two; of more groups, one for each comparison, or describe all with summary by."
            yield Fault((*path, "by"), what, fix)
