"""The subjects a step looks at, and the one place where its statistics are made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sets import meant, subjects_where
from analysis.methods.common import Estimate, Floats
from analysis.results.ard import Statistic, number_text
from sap.model.clause import WhereClause
from sap.model.derivations import DltRule, DltStatus
from sap.model.part import Reference
from sap.model.sets import Grouping, GroupLevel
from sap.model.step import OneStep
from sap.model.times import at_risk_days
from sap.plan.plan import Plan
from sap.text.cells import is_number, same_code


@dataclass(frozen=True)
class Sample:
    """Subjects of an analysis set (or of one group of it) and the data about them.

    Attributes
    ----------
    subjects : tuple of str
        ``USUBJID`` in the order of ADSL.
    data : mapping of str to DataFrame
        Source and derived datasets.
    plan : Plan
        The plan, for labels and rules a step names.
    name : str
        How to name the sample in a sentence.
    use : mapping of str to str
        Derivations that stand in the place of others (a sensitivity analysis).
    analysed : tuple of str
        Of a group, the subjects of the sample it is a group of; of any other sample nothing.
    subset : WhereClause, optional
        The subset of the analysis: where a subject has several records, those it means are looked at.
    level : str
        Of a group, its label.
    """

    subjects: tuple[str, ...]
    data: Mapping[str, pd.DataFrame]
    plan: Plan
    name: str
    use: Mapping[str, str] = field(default_factory=dict)
    analysed: tuple[str, ...] = ()
    subset: WhereClause | None = None
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    """The records of each dataset among which that of a subject is looked up, chosen once for all groups."""
    level: str = ""
    _named: dict[str, pd.Index] = field(default_factory=dict, repr=False, compare=False)
    """The subjects of the records of each dataset, looked up once for all groups."""
    _found: dict[str, NDArray[np.intp] | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def whole(self) -> tuple[str, ...]:
        """All subjects of the analysis, whatever their group: some results of a group depend on what others have."""
        return self.analysed or self.subjects

    def rule(self, derivation_id: str) -> DltRule:
        """Return the DLT rule behind a derivation, or behind the one that stands in its place."""
        in_place = self.use.get(derivation_id, derivation_id)
        rules = {d.id: d.rule for d in self.plan.derivations if isinstance(d, DltStatus)}
        return self.plan.dlt_rule(rules[in_place])

    def column(self, reference: Reference) -> pd.Series:
        """Return a variable of the subjects, indexed by ``USUBJID``; missing where a subject has no record.

        Raises
        ------
        ValueError
            When a subject has several records: a step needs one value a subject.
        """
        frame, at = self._records(reference.dataset), self._positions(reference.dataset)
        if at is None:
            msg = (
                f"{reference.dataset} has several records a subject, and the method looks at one value each: choose "
                "one by data_subset (as those of a visit), or name the variable of a derivation (visits, "
                "best_response, adverse_event, peak, area, day or time_to_event), or of ADSL"
            )
            raise ValueError(msg)
        found = frame[reference.variable].reset_index(drop=True).reindex(at)
        found.index = self._index
        return found

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.subjects, name="USUBJID", dtype=object)

    def _records(self, dataset: str) -> pd.DataFrame:
        if dataset not in self._frames:
            frame = self.data[dataset]
            several = bool(frame["USUBJID"].duplicated().any())
            self._frames[dataset] = meant(frame, dataset, self.subset) if several else frame
        return self._frames[dataset]

    def _positions(self, dataset: str) -> NDArray[np.intp] | None:
        """Return where the record of each subject stands in a dataset, -1 for none; None where one has several."""
        if dataset not in self._found:
            named = self._named.get(dataset)
            if named is None:
                named = self._named[dataset] = pd.Index(self._records(dataset)["USUBJID"], dtype=object)
            if named.is_unique:
                self._found[dataset] = named.get_indexer(self._index)
            else:
                own = np.flatnonzero(named.isin(self._index))
                few = named[own]
                at = few.get_indexer(self._index) if few.is_unique else None
                self._found[dataset] = None if at is None else np.where(at < 0, -1, own[at]) if own.size else at
        return self._found[dataset]

    def codes(self, reference: Reference) -> "pd.Series[str]":
        """Return a variable as the plan writes its values: 3 for 3.0, an ISO date, empty where it is missing."""
        column = self.column(reference)
        codes, found = pd.factorize(column, use_na_sentinel=False)
        texts = np.array([cell_text(value) for value in found], dtype=object)
        return pd.Series(texts[codes], index=column.index, dtype=object)

    def has(self, reference: Reference, values: tuple[str, ...]) -> "pd.Series[bool]":
        """Return who has one of the values that the plan names; codes that are numbers are compared as numbers."""
        codes = self.codes(reference)
        number = pd.api.types.is_numeric_dtype(self.data[reference.dataset][reference.variable])
        return codes.isin([c for c in codes.unique() if any(same_code(c, v, number=number) for v in values)])

    def group(self, grouping: Grouping) -> dict[str, "Sample"]:
        """Return the samples of the groups, by label, in the plan's order."""
        groups = {}
        for level in grouping.levels or self._in_data(grouping):
            if level.where is None and self._positions(grouping.variable.dataset) is not None:
                inside = tuple(self._index[self.has(grouping.variable, level.values).to_numpy()])
            else:
                found = subjects_where(self.data, grouping.clause(level))
                inside = tuple(s for s in self.subjects if s in found)
            name = f"{self.name}, {level.label}"
            groups[level.label] = replace(self, subjects=inside, name=name, analysed=self.whole, level=level.label)
        return groups

    def _in_data(self, grouping: Grouping) -> tuple[GroupLevel, ...]:
        """Return a group for each value that the subjects of the whole analysis have."""
        frame = self.data[grouping.variable.dataset]
        values = frame.loc[frame["USUBJID"].isin(self.whole), grouping.variable.variable]
        return tuple(GroupLevel(label=v, values=(v,)) for v in in_order(cell_text(x) for x in values.unique()))


def cell_text(value: str | float | pd.Timestamp | None) -> str:
    """Return a cell as the plan writes values: a number without a trailing zero, an ISO date, empty where missing."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return number_text(value) if isinstance(value, float) else str(value)


def in_order(values: Iterable[str]) -> list[str]:
    """Return values that are not missing in their order: numbers as numbers, before texts."""
    return sorted({v for v in values if v}, key=lambda v: (0, float(v), v) if is_number(v) else (1, 0.0, v))


def with_values(step: OneStep, sample: Sample) -> tuple[str, ...]:
    """Return the subjects with a value of all that a step needs; everybody, where it needs nothing."""
    there = [sample.column(reference).notna().to_numpy() for reference in step.needed]
    return tuple(compress(sample.subjects, np.all(there, axis=0))) if there else sample.subjects


def risk_days(asked: tuple[int, ...], time: Reference, sample: Sample, start: int = 0) -> tuple[int, ...]:
    """Return the days on which subjects at risk of a time are counted: they are those of the whole analysis."""
    times = numbers(replace(sample, subjects=sample.whole).column(time))
    first = max(sample.plan.conventions.origin_day, start)
    return at_risk_days(asked, first, float(times.max(initial=0)))


def how_counted(what: str, found: "pd.Series", how: str) -> str:
    """Return how many records of how many subjects are counted in a way of their own; nothing where there are none."""
    records, subjects = int(found.sum()), int((found > 0).sum())
    if records == 0:
        return ""
    return f"{records} {what}{'s' * (records != 1)} of {subjects} subject{'s' * (subjects != 1)} {how}"


def without_value(variable: Reference, event: Sequence[str], codes: "pd.Series[str]") -> str:
    """Return how many subjects have no value, where that is not itself the event: they count as without it.

    A flag of ADaM (its name ends in FL) is Y or empty: there, an empty cell says no.
    """
    missing = 0 if "" in event or variable.variable.endswith("FL") else int((codes == "").sum())
    return f"{missing} of {len(codes)} subjects without a value, counted as without the event" if missing else ""


def without_time(sample: Sample, times: Floats) -> str:
    """Return how many subjects have no time; nothing where all have one."""
    absent = len(sample.subjects) - len(times)
    return f"{absent} of {len(sample.subjects)} subjects have no time and are left out" if absent else ""


def numbers(column: pd.Series) -> Floats:
    """Return the values that are not missing, as floats."""
    return np.asarray(column.dropna(), dtype=np.float64)


@dataclass(frozen=True)
class Block:
    """What the statistics of one part of a method have in common."""

    variable: str
    context: str
    method: str
    variable_level: str = ""
    group1_level: str = ""
    dataset: str = ""

    def stat(
        self, name: str, label: str, value: float | None, fmt: str, *, reason: str | None = None, warning: str = ""
    ) -> Statistic:
        """Return a statistic; a value of None needs the reason why."""
        if value is None and not reason:
            msg = f"{self.context} {name}: say why there is no value"
            raise ValueError(msg)
        error = "" if value is not None else f"not estimable: {reason}"
        number = None if value is None else float(value)
        return self._row(name, label, stat=number, fmt=fmt, warning=warning, error=error)

    def estimate(self, label: str, found: Estimate, fmt: str, warning: str = "") -> list[Statistic]:
        """Return an estimate and its limits."""
        low, high = found.conf_low_reason or found.reason, found.conf_high_reason or found.reason
        return [
            self.stat("estimate", label, found.estimate, fmt, reason=found.reason, warning=warning),
            self.stat("conf.low", "Lower limit", found.conf_low, fmt, reason=low),
            self.stat("conf.high", "Upper limit", found.conf_high, fmt, reason=high),
        ]

    def text(self, name: str, label: str, value: str) -> Statistic:
        """Return a statistic that is text."""
        return self._row(name, label, stat_text=value)

    def _row(self, name: str, label: str, **more: Any) -> Statistic:
        return Statistic(
            stat_name=name, stat_label=label, **{f.name: getattr(self, f.name) for f in fields(self)}, **more
        )


def counts_and_shares(about: Block, counts: Mapping[str, int], sample: Sample, warning: str = "") -> list[Statistic]:
    """Return n, N and percentage of the subjects of each level."""
    total = len(sample.subjects)
    reason = nobody_in(sample)
    stats = []
    for level, n in counts.items():
        block = replace(about, variable_level=level)
        stats += [
            block.stat("n", "Subjects", n, "xx", warning=warning),
            block.stat("N", "Subjects in the set", total, "xx"),
            block.stat("p", "Percentage", n / total if total else None, "xx.x%", reason=reason),
        ]
    return stats


def nobody_in(sample: Sample) -> str | None:
    """Return why a share of nobody has no value; nothing where somebody is there."""
    return None if sample.subjects else f"there are no subjects in {sample.name}"


def digits(places: int) -> str:
    """Return the format of a number with that many decimals: ``xx``, ``xx.x``, ``xx.xx``."""
    return "xx" if places == 0 else f"xx.{'x' * places}"
