"""Methods that describe or compare values, or show them as they are."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.part import DatasetName, Identifier, Level, Reference, VariableName, Window
from sap.model.step import FIRST_TREATMENT, OneStep, Place, VariableRef, variables_of


class Summary(OneStep):
    """Description of a quantity."""

    sentence: ClassVar[str] = (
        "Quantities are described by n, mean, standard deviation, median (R type 7), minimum and maximum."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})

    method: Literal["summary"]
    variable: VariableRef
    digits: int = Field(default=0, ge=0, le=4)
    """Decimals of the data; mean, median and standard deviation of whole numbers show one."""

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The quantity."""
        return self.references


class BySubject(OneStep):
    """The values of variables, subject by subject."""

    sentence: ClassVar[str] = "Individual values are listed."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variables"})

    method: Literal["by_subject"]
    variables: tuple[VariableRef, ...] = Field(min_length=1)
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of numbers; as they are in the data where it is left out, which computed values need."""


class Profile(OneStep):
    """The course of a repeated measurement, each subject's and that of all, by day since first treatment."""

    sentence: ClassVar[str] = (
        "A repeated measurement is shown by day since first treatment: the values of each subject, and for each day "
        "with a value n, mean, standard deviation and median (R type 7). Several values of a subject on one day are "
        "averaged. Only days measured are described, with the subjects measured; nothing is imputed or carried "
        "forward. The highest and the lowest median are those of the days on which at least half of the subjects with "
        "a value were measured."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "parameter"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)

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

    @model_validator(mode="after")
    def _of_all(self) -> "Profile":
        if self.by is not None:
            msg = "a profile shows every subject together: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self


class Records(OneStep):
    """The records of a dataset, subject by subject, each with the days it starts and ends."""

    sentence: ClassVar[str] = (
        "Records are listed subject by subject, in order of their first day: each stands alone, so that a change of "
        "grade is seen and no two records are merged. Days are days since first treatment. A record without an end is "
        "ongoing; its end is not imputed."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "end", "name", "start", "value", "where"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)

    method: Literal["records"]
    dataset: DatasetName
    where: WhereClause | None = None
    """Which records, where not all."""
    start: VariableName
    """The date on which a record starts, or its only date."""
    end: VariableName | None = None
    """The date on which it ends, where records last; a record without one is ongoing."""
    value: VariableName | None = None
    """Its grade or value, as ``ATOXGR`` or ``AVALC``."""
    name: VariableName | None = None
    """What it is called, as ``AEDECOD``."""

    @model_validator(mode="after")
    def _told_apart(self) -> "Records":
        if self.by is not None:
            msg = "records stand subject by subject: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        named = [v for v in (self.start, self.end, self.value, self.name) if v is not None]
        if len(set(named)) < len(named):
            msg = "start, end, value and name must be different variables"
            raise ValueError(msg)
        return self

    @property
    def references(self) -> tuple[Reference, ...]:
        """The variables of a record that are told."""
        return variables_of(self.dataset, self.told)

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records, where not all."""
        return () if self.where is None else ((("where",), self.where),)

    @property
    def about(self) -> VariableName:
        """The variable that says what a record is: its name, else its value, else its date."""
        return self.name or self.value or self.start

    @property
    def told(self) -> tuple[VariableName, ...]:
        """The variables of a record that are told, what it is about first."""
        named = (self.about, self.name, self.value, self.start, self.end)
        return tuple(v for v in dict.fromkeys(named) if v is not None)


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


class Correlation(OneStep):
    """Two quantities of each subject by a rank correlation with the exact permutation test."""

    sentence: ClassVar[str] = (
        "Whether two quantities go together is described by Spearman's rho on midranks or Kendall's tau-b, with "
        "approximate two-sided intervals by Fisher's z (standard errors of Bonett and Wright) and the p-value of the "
        "exact permutation distribution given the ties: the share of pairings in which the coefficient is at least as "
        "far from zero, with the smallest p these values allow. Where the pairings are too many (more than 14 pairs "
        "without ties, more with ties), p is approximate and says so: of rho by the t distribution with n - 2 degrees "
        "of freedom, of tau-b by the normal distribution with the variance given the ties, without a continuity "
        "correction. Subjects without both values are left out. A correlation shows no cause."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable", "with_variable"})

    method: Literal["correlation"]
    variable: VariableRef
    with_variable: VariableRef
    """The quantity that the first is held against."""
    coefficient: Literal["spearman", "kendall"]
    """Spearman's rho, or Kendall's tau-b."""
    conf_level: Level = 0.95
    digits: int = Field(default=2, ge=1, le=4)
    """Decimals of the coefficient."""

    @property
    def needed(self) -> tuple[Reference, ...]:
        """Both quantities."""
        return self.references

    @model_validator(mode="after")
    def _of_two(self) -> "Correlation":
        if self.variable == self.with_variable:
            msg = f"{self.variable} is held against itself: with_variable must be another variable"
            raise ValueError(msg)
        return self
