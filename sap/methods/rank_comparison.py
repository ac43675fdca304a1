"""Two groups by the exact Wilcoxon–Mann–Whitney test."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import TwoGroups
from sap.model.figures import FigureName
from sap.model.part import Level, VariableRef


class RankComparison(TwoGroups):
    """Two groups compared by the exact Wilcoxon–Mann–Whitney test."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the exact Wilcoxon–Mann–Whitney test on midranks (full permutation distribution), "
        "with the smallest p-value the group sizes and ties allow, the Hodges–Lehmann shift with the interval that "
        "inverts the same test, and the rank-biserial correlation and probability of superiority as effect sizes."
    )
    if_missing: ClassVar[str] = "A subject without a value, or in no group, is left out."
    applied_to: ClassVar[frozenset[str]] = TwoGroups.applied_to | {"variable"}
    of_quantities: ClassVar[bool] = True
    figures: ClassVar[frozenset[FigureName]] = frozenset({"dot_figure"})
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
    two_sided: Literal["absolute_deviation", "twice_smaller_tail"] = "absolute_deviation"
    """Which results are as extreme as the one observed; with few subjects the choice can turn the verdict."""
    conf_level: Level = 0.95
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""
