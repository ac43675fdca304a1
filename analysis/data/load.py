"""Files to a validated study: every failure at once, or data that keep every rule."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from analysis.data.answerable import unanswerable
from analysis.data.columns.described import INFERRED, described
from analysis.data.columns.mapping import mapped, with_sources
from analysis.data.cutoff import Cut, cut_off
from analysis.data.dates import whole_dates
from analysis.data.derive import derive
from analysis.data.files import read_table
from analysis.data.formats.table import SourceFile, TextTable
from analysis.data.sets import records_where
from analysis.data.texts import SPELLING, blank_failures, missing_words, text_failures
from analysis.data.validate import failures_within, missing_column, typed_cells
from sap.data.failures import Failure
from sap.data.rules import check, excepted, not_run
from sap.model.clause import conditions
from sap.model.datasets import variables, wanted
from sap.model.variables import Dataset
from sap.plan.plan import Plan
from sap.plan.uses import named_columns, named_values
from sap.reading.consistency import inconsistencies
from sap.text.files import within
from sap.text.problems import UserError


@dataclass(frozen=True)
class Study:
    """A plan and its data, validated."""

    plan: Plan
    data: Mapping[str, pd.DataFrame]
    """Datasets with typed cells (text, float64, datetime64); the index is the row of the file."""
    sources: tuple[SourceFile, ...]
    """The files that were read, in the plan's order."""
    warnings: tuple[Failure, ...] = ()
    """What a reader of the results should know about the data."""
    notes: tuple[Failure, ...] = ()
    """What was made of the data where the plan or a file is silent."""

    @cached_property
    def cut(self) -> tuple[Mapping[str, pd.DataFrame], tuple[Cut, ...]]:
        """The data as known at the cut-off, and what that left out of each dataset."""
        return cut_off(self.plan, self.data)

    @cached_property
    def derived(self) -> Mapping[str, pd.DataFrame]:
        """The data as known at the cut-off, and beside them the derived datasets."""
        return MappingProxyType(derive(self.plan, self.cut[0]))


_TOLD: Final = 10
"""Errors that a notebook shows above how many there are."""


class DataError(UserError):
    """The data cannot be analysed."""

    exit_code = 1

    def __init__(self, failures: list[Failure]) -> None:
        self.failures = tuple(failures)
        found = [f for f in failures if f.severity == "error" and not f.consequence]
        errors, by_dataset = len(found), Counter(f.dataset for f in found)
        where = ", ".join(f"{name} {count}" for name, count in by_dataset.items())
        super().__init__(f"The data have {errors} error{'s' * (errors != 1)} ({where}); nothing was analysed.")

    def _render_traceback_(self) -> list[str]:
        found = [f for f in self.failures if f.severity == "error" and not f.consequence]
        told = [f"{_place(f)}: {f.message} {f.fix}" for f in found[:_TOLD]]
        return [*told, *(["…"] if len(found) > _TOLD else []), *super()._render_traceback_()]


def _place(failure: Failure) -> str:
    row, value = f"row {failure.row}" if failure.row else "", f"'{failure.value}'" if failure.column else ""
    return " ".join(filter(None, (failure.dataset, row, failure.column, value)))


@dataclass(frozen=True)
class Validation:
    """What validation found."""

    study: Study | None
    """The study, when no failure is an error."""
    failures: tuple[Failure, ...]
    """Errors and warnings, in the plan's order of datasets, then by row and column."""
    notes: tuple[Failure, ...] = ()
    """What was made of the data where the plan or a file is silent: it asks for nothing."""

    @property
    def warnings(self) -> tuple[Failure, ...]:
        """Failures that do not stop the analysis."""
        return tuple(f for f in self.failures if f.severity == "warning")


@dataclass(frozen=True)
class DataFiles:
    """The datasets of a plan as they were read, before any rule."""

    plan: Plan
    """The plan, with the types and labels that only the data say."""
    tables: Mapping[str, TextTable]
    """Those that could be read."""
    texts: Mapping[str, pd.DataFrame]
    data: Mapping[str, pd.DataFrame]
    """Their cells, as texts and typed."""
    unread: tuple[Failure, ...]
    """Why the others could not be."""
    imputed: tuple[Failure, ...] = ()
    """Which dates were imputed, and which could not be."""
    notes: tuple[Failure, ...] = ()
    """What was told from the cells, where the plan does not say it."""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The columns of the files under other names than the plan's, by dataset and variable."""


def validate(plan: Plan, folder: Path) -> Validation:
    """Read and check the datasets of a plan."""
    read = read_data(plan, folder)
    return validation(read, check_data(read))


def read_data(plan: Plan, folder: Path) -> DataFiles:
    """Read the datasets of a plan."""
    failures: list[Failure] = []
    tables: dict[str, TextTable] = {}
    for name, dataset in plan.datasets.items():
        table = _table(name, folder, dataset)
        if isinstance(table, list):
            failures.extend(table)
        else:
            tables[name] = table
    as_meant = {name: mapped(name, plan.datasets[name], table) for name, table in tables.items()}
    texts = {name: found.table.frame for name, found in as_meant.items()}
    plan, notes = described(plan, texts, {name: found.table.labels for name, found in as_meant.items()})
    dated, imputed = whole_dates(plan, texts)
    data = {name: typed_cells(name, plan.datasets[name], text) for name, text in dated.items()}
    for name, frame in data.items():
        kept = chosen(plan.datasets[name], frame)
        if not kept.all():
            notes = (*notes, _left_out(name, kept))
            dated[name], data[name] = dated[name][kept], frame[kept]
    told = (*failures, *(f for found in as_meant.values() for f in found.told))
    sources = {name: found.sources for name, found in as_meant.items()}
    tables = {name: found.table for name, found in as_meant.items()}
    return DataFiles(plan, tables, dated, data, told, imputed, notes, sources)


def chosen(dataset: Dataset, frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return which records of a dataset are read."""
    clause = dataset.records
    if clause is None or any(c.variable not in frame.columns for c in conditions(clause)):
        return pd.Series(data=True, index=frame.index)
    return records_where(frame, clause)


def _left_out(name: str, kept: "pd.Series[bool]") -> Failure:
    """Return how many records the plan does not read."""
    out = int((~kept).sum())
    what = f"{out:,} of {len(kept):,} records are not read: those that the plan's records of {name} do not mean."
    return Failure(name, 0, "", "", "records", str(out), what, "Nothing need be done, where that is meant.", "note")


def check_data(read: DataFiles) -> tuple[Failure, ...]:
    """Return every failure of what was read, in the plan's order of datasets, then by row and column."""
    plan, data, failures = read.plan, read.data, [*read.unread, *read.imputed]
    of_plan, named = named_values(plan), _named(plan)
    for name, table in read.tables.items():
        dataset, text = plan.datasets[name], read.texts[name]
        words = missing_words(plan, name, text, of_plan)
        found = failures_within(name, dataset, text, data[name], words)
        told = {(f.column, f.value) for f in found}
        failures.extend(_stopping(f, dataset, named[name]) for f in found)
        failures.extend(f for f in text_failures(plan, name, text, words, of_plan) if (f.column, f.value) not in told)
        failures.extend(blank_failures(name, dataset, table.blanks))
        failures.extend(table.notes)
        failures.extend(_named_and_missing(plan, name, text, named[name]))
    failures.extend(_against_types(plan, read.notes))
    failures = [with_sources(excepted(plan, f), read.sources.get(f.dataset, {})) for f in failures]
    # A dataset without one of its columns is read by no rule; without subjects there is none to hold anything against.
    broken = {f.dataset for f in failures if f.rule in {"file", "column"}}
    whole = {name: frame for name, frame in data.items() if name not in broken}
    if "ADSL" in whole:
        across = [with_sources(f, read.sources.get(f.dataset, {})) for f in check(whole, plan, failures)]
        # Of a subject that is unknown, nothing more need be told of how it is spelt.
        strange = {(f.dataset, f.column, f.value) for f in across}
        failures = [f for f in failures if f.rule not in SPELLING or (f.dataset, f.column, f.value) not in strange]
        failures.extend(across)
        failures.extend(excepted(plan, f) for f in _planned_size(plan, whole["ADSL"], failures))
    if not broken:
        refused = {(f.dataset, f.row) for f in failures if f.severity == "error"}
        known: Mapping[str, pd.DataFrame] = data
        if not refused:
            known, cuts = cut_off(plan, data)
            failures.extend(_after_cutoff(plan, cuts))
        failures.extend(f for f in unanswerable(known, plan) if (f.dataset, f.row) not in refused)
    # ADSL stands first in a plan, and a wrong date there explains many failures elsewhere.
    position = {name: i for i, name in enumerate(plan.datasets)}
    return tuple(sorted(set(failures), key=lambda f: (position[f.dataset], f)))


def validation(read: DataFiles, failures: tuple[Failure, ...]) -> Validation:
    """Return the study that was read, unless a failure is an error."""
    unread = any(f.severity == "error" for f in read.unread)
    notes = read.notes if unread else (*read.notes, *_not_run(read.data, read.plan))
    if any(f.severity == "error" for f in failures):
        return Validation(None, failures, notes)
    sources = tuple(t.source for t in read.tables.values())
    return Validation(Study(read.plan, read.data, sources, failures, notes), failures, notes)


def _table(name: str, folder: Path, dataset: Dataset) -> TextTable | list[Failure]:
    """Return the table of a dataset; what lies outside the data folder is not its data."""
    try:
        return read_table(name, within(folder, dataset.file), wanted(name, dataset))
    except UserError as error:
        return [Failure(name, 0, "", "", "file", dataset.file, str(error), "")]


def _against_types(plan: Plan, notes: Iterable[Failure]) -> Iterator[Failure]:
    """Yield what the plan asks of variables that are not of the type for it, where only the cells say the type."""
    if not any(n.rule == INFERRED for n in notes):
        return
    for fault in inconsistencies(plan):
        name = next((n for n in plan.datasets if f"{n}." in fault.message), "ADSL")
        yield Failure(name, 0, "", "", INFERRED, "", fault.message, fault.fix)


def _named(plan: Plan) -> Mapping[str, Mapping[str, str]]:
    """Return the columns that a plan names, by dataset, each with what names it."""
    found: dict[str, dict[str, str]] = {name: {} for name in plan.datasets}
    for reference, by in named_columns(plan).items():
        found[reference.dataset][reference.variable] = by
    return found


def _stopping(failure: Failure, dataset: Dataset, named: Mapping[str, str]) -> Failure:
    """Return what is wrong with a cell: a warning, where the plan neither describes its column nor uses it."""
    used = failure.column in {"", "USUBJID", *named, *(v.name for v in dataset.variables)}
    if used or failure.severity != "error" or failure.rule in {"key", "character"}:
        return failure
    return replace(failure, severity="warning", fix=f"Nothing of the plan reads it. {failure.fix}")


def _not_run(data: Mapping[str, pd.DataFrame], plan: Plan) -> Iterator[Failure]:
    """Yield the columns for want of which rules across datasets were not held against the data."""
    for column, rules in not_run(data, plan).items():
        ids = ", ".join(r.id for r in rules)
        one = len(rules) == 1
        what = f"There is no {column}: the rule{'s' * (not one)} {ids} {'was' if one else 'were'} not held."
        fix = "Nothing need be done, unless the data have it under another name."
        yield Failure(column.dataset, 0, "", column.variable, "not_run", ids, what, fix, "note")


def _named_and_missing(plan: Plan, name: str, text: pd.DataFrame, by: Mapping[str, str]) -> list[Failure]:
    """Return the columns that a file may lack, and lacks although the plan names them."""
    return [
        missing_column(name, v, text, f", and {by[v.name]} needs it")
        for v in variables(name, plan.datasets[name])
        if not v.required and v.source is None and v.name in by and v.name not in text.columns
    ]


def _planned_size(plan: Plan, adsl: pd.DataFrame, failures: list[Failure]) -> list[Failure]:
    """Return a warning when not as many subjects were treated as the plan names, where that is known."""
    if any(f.dataset == "ADSL" and f.severity == "error" and f.column in {"TRTSDT", "USUBJID"} for f in failures):
        return []
    if "TRTSDT" not in adsl.columns:
        return []
    treated, planned = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"].nunique(), plan.study.planned_n
    if treated == planned:
        return []
    told = f"{treated} subjects were treated, the plan names {planned}."
    fix = "Check that the data are complete, or study.planned_n."
    return [Failure("ADSL", 0, "", "", "planned_n", str(treated), told, fix, "warning")]


def _after_cutoff(plan: Plan, cuts: Iterable[Cut]) -> list[Failure]:
    """Return a warning for each dataset of which the plan's cut-off leaves something out."""
    told = []
    for cut in cuts:
        if cut.left_out or cut.shortened:
            records = "1 record lies" if cut.left_out == 1 else f"{cut.left_out} records lie"
            others = "1 other tells" if cut.shortened == 1 else f"{cut.shortened} others tell"
            what = f"{records} after the data cut-off {plan.data_cutoff}; {others} of something later."
            fix = "The first are left out, the others are analysed as they were known on that day."
            told.append(Failure(cut.dataset, 0, "", "", "cutoff", str(plan.data_cutoff), what, fix, "warning"))
    return told


def load(plan: Plan, folder: Path) -> Study:
    """Return the validated study, or raise with every failure."""
    return whole(validate(plan, folder))


def whole(found: Validation) -> Study:
    """Return the study of data without an error, or raise with every failure."""
    if found.study is None:
        raise DataError(list(found.failures))
    return found.study
