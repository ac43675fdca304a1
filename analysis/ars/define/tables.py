"""The datasets of a study in Define-XML: source datasets as they were read, and derived ones with how they are made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.ars.define.elements import Element, described, element, leaf, text
from analysis.data.derived_files import csv_file, variables_of
from analysis.data.load import Study
from analysis.data.sample import cell_text
from sap.model.datasets import key, variables
from sap.model.variables import Parameter, Variable

SUBJECT_LEVEL: Final = "SUBJECT LEVEL ANALYSIS DATASET"
OCCURRENCE: Final = "OCCURRENCE DATA STRUCTURE"
BASIC: Final = "BASIC DATA STRUCTURE"
OTHER: Final = "ADAM OTHER"
STANDARD: Final = "STD.ADAM"


@dataclass(frozen=True)
class Table:
    """A dataset that is described."""

    name: str
    title: str
    file: str
    """Where it stands: below the folder of data, or of results."""
    frame: pd.DataFrame
    variables: tuple[Variable, ...]
    """Those of its columns, in their order."""
    keys: tuple[str, ...]
    structure: str
    kind: str
    """Its class, as CDISC calls it."""
    parameters: Mapping[str, Parameter]
    """Of a dataset of parameters."""
    method: str = ""
    """How it is derived, in words; empty where it was given."""

    @property
    def oid(self) -> str:
        """What other elements call it."""
        return f"IG.{self.name}"

    def item(self, variable: str) -> str:
        """Return what other elements call a variable."""
        return f"IT.{self.name}.{variable}"

    @property
    def values_of(self) -> tuple[str, ...]:
        """The variables whose meaning is that of their parameter."""
        if not self.parameters or "PARAMCD" not in self.frame:
            return ()
        return tuple(v.name for v in self.variables if v.name in {"AVAL", "AVALC"})


def tables(study: Study) -> list[Table]:
    """Return the datasets of a study: those of its files, then those that the plan derives."""
    return [*_sources(study), *_derived(study)]


def _sources(study: Study) -> Iterator[Table]:
    for name, dataset in study.plan.datasets.items():
        frame = study.data[name]
        known = {v.name: v for v in variables(name, dataset)}
        columns = tuple(known.get(c) or Variable(name=c, label=c) for c in map(str, frame.columns))
        keys = tuple(k for k in key(name, dataset) if k in frame)
        structure = "One record per subject" if keys == ("USUBJID",) else f"One record per {', '.join(keys)}"
        kind = SUBJECT_LEVEL if name == "ADSL" else BASIC if "PARAMCD" in frame else OCCURRENCE
        parameters = dataset.parameters
        yield Table(name, dataset.title, dataset.file, frame, columns, keys, structure, kind, parameters)


def _derived(study: Study) -> Iterator[Table]:
    for derivation in study.plan.derivations:
        frame = study.derived[derivation.id]
        columns, how = tuple(variables_of(derivation, frame)), _how(derivation.text, type(derivation).__doc__)
        made = (derivation.id, derivation.text, csv_file(derivation.id), frame, columns)
        yield Table(*made, ("USUBJID",), "One record per subject", OTHER, {}, how)


def _how(words: str, documented: str | None) -> str:
    return f"{words.rstrip('.')}. {(documented or '').partition(chr(10))[0]}".strip()


def group(table: Table, folder: str) -> Element:
    """Return a dataset."""
    at = f"LF.{table.name}"
    attributes = {
        "OID": table.oid,
        "Name": table.name,
        "SASDatasetName": table.name[:8],
        "Repeating": "No" if table.keys == ("USUBJID",) else "Yes",
        "IsReferenceData": "No",
        "Purpose": "Analysis",
        "def:Structure": table.structure,
        "def:StandardOID": STANDARD,
        "def:ArchiveLocationID": at,
    }
    refs = [
        element(
            "ItemRef",
            {
                "ItemOID": table.item(v.name),
                "OrderNumber": order,
                "Mandatory": "No" if _has_gaps(table.frame[v.name]) else "Yes",
                "KeySequence": table.keys.index(v.name) + 1 if v.name in table.keys else None,
                "MethodOID": f"MT.{table.name}" if table.method and v.name != "USUBJID" else None,
            },
        )
        for order, v in enumerate(table.variables, start=1)
    ]
    where = f"{folder}/{table.file}" if folder else table.file
    classed = element("def:Class", {"Name": table.kind})
    return element("ItemGroupDef", attributes, described(table.title), *refs, classed, leaf(at, where, table.file))


def items(table: Table) -> Iterator[Element]:
    """Yield the variables of a dataset, and what a variable is for each parameter."""
    for v in table.variables:
        values = f"VL.{table.name}.{v.name}" if v.name in table.values_of else None
        yield _item(table, v, table.frame[v.name], table.item(v.name), values=values)
    for variable, parameter, found in _of_parameters(table):
        named = Variable(
            name=variable.name, label=found.label, type=variable.type, codelist=found.codelist, unit=found.unit
        )
        cells = table.frame.loc[table.frame["PARAMCD"] == parameter, variable.name]
        yield _item(table, named, cells, f"{table.item(variable.name)}.{parameter}")


def _of_parameters(table: Table) -> Iterator[tuple[Variable, str, Parameter]]:
    for variable in table.variables:
        if variable.name in table.values_of:
            yield from ((variable, parameter, found) for parameter, found in table.parameters.items())


def _item(table: Table, variable: Variable, cells: pd.Series, oid: str, *, values: str | None = None) -> Element:
    kind, length, decimals = _measured(variable, cells)
    unit = variable.unit if variable.unit and variable.unit not in variable.called else ""
    attributes = {
        "OID": oid,
        "Name": variable.name,
        "SASFieldName": variable.name[:8],
        "DataType": kind,
        "Length": length,
        "SignificantDigits": decimals,
    }
    below = [described(f"{variable.called} ({unit})" if unit else variable.called)]
    if variable.codelist:
        below.append(element("CodeListRef", {"CodeListOID": codelist_oid(oid)}))
    origin = {"Type": "Derived", "Source": "Sponsor"} if _is_derived(table, variable) else {"Type": "Not Available"}
    below.append(element("def:Origin", origin))
    if values is not None:
        below.append(element("def:ValueListRef", {"ValueListOID": values}))
    return element("ItemDef", attributes, *below)


def _is_derived(table: Table, variable: Variable) -> bool:
    return bool(table.method) and variable.name != "USUBJID"


def _has_gaps(cells: pd.Series) -> bool:
    return bool((cells.isna() | (cells == "")).any())


def _measured(variable: Variable, cells: pd.Series) -> tuple[str, int | None, int | None]:
    """Return type, length and decimals of what stands in the cells."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "date", None, None
    texts = [cell_text(v) for v in cells.drop_duplicates()]
    longest = max([1, *map(len, texts)])
    if variable.kind == "text" or not pd.api.types.is_numeric_dtype(cells):
        return ("date" if variable.kind == "date" else "text"), None if variable.kind == "date" else longest, None
    decimals = max([0, *(len(t.partition(".")[2]) for t in texts)])
    return ("float", longest, decimals) if decimals else ("integer", longest, None)


def codelist_oid(oid: str) -> str:
    """Return what the codelist of an item is called."""
    return f"CL.{oid.removeprefix('IT.')}"


def codelists(table: Table) -> Iterator[Element]:
    """Yield the values that variables may have, where the plan lists them."""
    lists = [(table.item(v.name), v.called, v.codelist, v.kind) for v in table.variables]
    lists += [(f"{table.item(v.name)}.{p}", f.label, f.codelist, v.kind) for v, p, f in _of_parameters(table)]
    for oid, name, values, kind in lists:
        if values:
            entries = [element("EnumeratedItem", {"CodedValue": v}) for v in values]
            data_type = "text" if kind == "text" else "integer" if kind == "integer" else "float"
            attributes = {"OID": codelist_oid(oid), "Name": f"{name} ({oid.removeprefix('IT.')})"}
            yield element("CodeList", attributes | {"DataType": data_type, "def:IsNonStandard": "Yes"}, *entries)


def value_lists(table: Table) -> Iterator[Element]:
    """Yield what a variable is for each parameter."""
    for variable in table.values_of:
        refs = []
        for order, parameter in enumerate(table.parameters, start=1):
            oid = f"{table.item(variable)}.{parameter}"
            attributes: dict[str, str | int | None] = {"ItemOID": oid, "OrderNumber": order, "Mandatory": "No"}
            refs.append(
                element(
                    "ItemRef", attributes, element("def:WhereClauseRef", {"WhereClauseOID": _where(table, parameter)})
                )
            )
        yield element("def:ValueListDef", {"OID": f"VL.{table.name}.{variable}"}, *refs)


def where_clauses(table: Table) -> Iterator[Element]:
    """Yield how a parameter is told from others."""
    if table.values_of:
        for parameter in table.parameters:
            yield where_clause(_where(table, parameter), [(table.item("PARAMCD"), "EQ", (parameter,))])


def where_clause(oid: str, checks: list[tuple[str, str, tuple[str, ...]]]) -> Element:
    """Return a clause that holds where each comparison does: item, comparator and values."""
    made = [
        element(
            "RangeCheck",
            {"Comparator": comparator, "SoftHard": "Soft", "def:ItemOID": item},
            *(text("CheckValue", value) for value in values),
        )
        for item, comparator, values in checks
    ]
    return element("def:WhereClauseDef", {"OID": oid}, *made)


def methods(table: Table) -> Iterator[Element]:
    """Yield how a dataset is derived."""
    if table.method:
        attributes = {"OID": f"MT.{table.name}", "Name": f"Derivation of {table.name}", "Type": "Computation"}
        yield element("MethodDef", attributes, described(table.method))


def _where(table: Table, parameter: str) -> str:
    return f"WC.{table.name}.{parameter}"
