"""Two groups by the exact Wilcoxon–Mann–Whitney test."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import Identifier, Level, Reference
from sap.model.step import OneStep, VariableRef


class RankComparison(OneStep):
    """Two groups compared by the exact Wilcoxon–Mann–Whitney test."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the exact Wilcoxon–Mann–Whitney test on midranks (full permutation distribution), "
        "with the smallest p-value the group sizes and ties allow, the Hodges–Lehmann shift with the interval that "
        "inverts the same test, and the rank-biserial correlation and probability of superiority as effect sizes."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})
    compares: ClassVar[bool] = True

    method: Literal["rank_comparison"]
    variable: VariableRef
    by: Identifier
    two_sided: Literal["absolute_deviation", "twice_smaller_tail"] = "absolute_deviation"
    """Which results are as extreme as the one observed; with few subjects the choice can turn the verdict."""
    conf_level: Level = 0.95
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The quantity."""
        return self.references
