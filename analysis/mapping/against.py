"""A plan held against a folder: what it asks for and these data cannot give, each with the nearest thing in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.data.load import DataFiles, read_data
from analysis.data.sets import subjects_where
from analysis.mapping.cells.columns import Table
from analysis.mapping.core import source_of
from analysis.mapping.folder import Folder
from analysis.mapping.proposal import Missing
from sap.data.distinct import distinct
from sap.model.clause import conditions
from sap.model.datasets import variables
from sap.model.part import Reference
from sap.plan.plan import Plan
from sap.plan.uses import named_columns, named_values
from sap.text.cells import same_code
from sap.text.spellings import nearest

_DICTIONARY = ("DECOD", "BODSYS")
"""How variables end that hold terms of a dictionary: that an event occurred in nobody is a result."""


def against(plan: Plan, folder: Folder) -> tuple[Missing, ...]:
    """Return what a plan asks for and the data of a folder cannot give."""
    read = read_data(plan, folder.path)
    there = _There(plan, folder, read)
    found = [*_files(there), *_columns(there), *_parameters(there), *_values(there), *_sets(there)]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _There:
    plan: Plan
    folder: Folder
    read: DataFiles

    def table(self, name: str) -> Table | None:
        """Return a dataset as the folder has it, whatever the plan calls its file."""
        return self.folder.tables.get(name)

    def texts(self, name: str) -> pd.DataFrame | None:
        """Return the cells of a dataset as the plan maps them; None where it could not be read."""
        return self.read.texts.get(name)


def _files(there: _There) -> Iterator[Missing]:
    used: dict[str, str] = {}
    for reference, by in named_columns(there.plan).items():
        used.setdefault(reference.dataset, by)
    for name, dataset in there.plan.datasets.items():
        if there.texts(name) is None:
            other = there.table(name)
            why = next((f.message for f in there.read.unread if f.dataset == name), f"{dataset.file} cannot be read.")
            yield Missing(name, why, used.get(name, "datasets"), other.file if other is not None else "")


def _columns(there: _There) -> Iterator[Missing]:
    plan = there.plan
    asked = dict(named_columns(plan))
    for name, dataset in plan.datasets.items():
        for variable in variables(name, dataset):
            if variable.required:
                asked.setdefault(Reference(dataset=name, variable=variable.name), "datasets")
        for part in dataset.key:
            asked.setdefault(Reference(dataset=name, variable=part), f"key of {name}")
    for reference, by in asked.items():
        texts = there.texts(reference.dataset)
        if texts is None or reference.variable in texts.columns:
            continue
        yield Missing(str(reference), "no such column", by, _near_column(there, reference))


def _near_column(there: _There, reference: Reference) -> str:
    table = there.table(reference.dataset)
    if table is None:
        return ""
    described = {v.name: v for v in variables(reference.dataset, there.plan.datasets[reference.dataset])}
    variable = described.get(reference.variable)
    meant = source_of(table, variable) if variable is not None else None
    return meant.name if meant is not None else nearest([reference.variable], table.columns).get(reference.variable, "")


def _parameters(there: _There) -> Iterator[Missing]:
    for name, dataset in there.plan.datasets.items():
        texts = there.texts(name)
        if texts is None or "PARAMCD" not in texts.columns:
            continue
        codes = distinct(texts["PARAMCD"])[1]
        for code in dataset.parameters:
            if code not in codes:
                by = next((d.id for d in there.plan.derivations if getattr(d, "parameter", None) == code), "datasets")
                near = nearest([code], [c for c in codes if c]).get(code, "")
                yield Missing(f"{name} {code}", "no record of this parameter", by, near or _listed(codes))


def _listed(texts: Iterable[str]) -> str:
    found = [t for t in texts if t]
    return f"there are {', '.join(found[:5])}{' …' * (len(found) > 5)}" if found else ""


def _values(there: _There) -> Iterator[Missing]:
    plan = there.plan
    known = {n: {v.name: v for v in variables(n, d)} for n, d in plan.datasets.items()}
    for named in named_values(plan):
        name, column = named.reference.dataset, named.reference.variable
        texts = there.texts(name)
        variable = known[name].get(column)
        if texts is None or column not in texts.columns or column == "PARAMCD" or column.endswith(_DICTIONARY):
            continue
        cells = [c for c in distinct(texts[column])[1] if c]
        allowed = [*(variable.codelist if variable is not None else ())]
        allowed += [c for p in plan.datasets[name].parameters.values() for c in p.codelist] if column == "AVALC" else []
        if variable is not None and (variable.min is not None or variable.max is not None):
            continue
        # That a code of the plan occurs in nobody is a result, unless the data have codes that the plan does not know.
        excused = allowed if all(_among(c, allowed) for c in cells) else []
        absent = [v for v in named.values if not _among(v, cells) and not _among(v, excused)]  # noqa: PD011 - of a plan
        if absent and (named.level or len(absent) == len(named.values)):
            near = nearest(absent, cells)
            for value in absent:
                yield Missing(
                    f"{named.reference} = {value}",
                    "no record has this value",
                    named.by,
                    near.get(value, "") or _listed(cells),
                )


def _among(value: str, cells: Iterable[str]) -> bool:
    return any(same_code(c, value, number=True) for c in cells)


def _sets(there: _There) -> Iterator[Missing]:
    data: Mapping[str, pd.DataFrame] = there.read.data
    for s in there.plan.analysis_sets:
        named = list(conditions(s.where))
        known = "ADSL" in data and all(c.dataset in data and c.variable in data[c.dataset].columns for c in named)
        if known and not subjects_where(data, s.where):
            yield Missing(f"set {s.id}", "nobody is in it", s.id, "")
