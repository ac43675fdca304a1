"""The usual variables of a dataset, held against the cells of a file: what a plan must say of them."""

from collections.abc import Iterator, Mapping
from typing import Final

from analysis.mapping.cells import dates, words
from analysis.mapping.cells.columns import Column, Table
from analysis.mapping.proposal import Entry, Said, Sure
from sap.model.datasets import CORE
from sap.model.variables import Variable
from sap.text.cells import same_code

_INSTEAD: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ADSL": {
        "LSTALVDT": ("LSTALVDTM", "EOSDT"),
        "RFICDT": ("RFICDTC",),
        "TRTSDT": ("TR01SDT",),
        "TRTEDT": ("TR01EDT",),
    },
    "ADAE": {
        "ATOXGR": ("ATOXGRN", "AETOXGR", "ASEVN", "AESEVN", "ASEV", "AESEV"),
        "AREL": ("ARELN", "AEREL", "AERELN"),
        "AEDECOD": ("AETERM",),
        "AEBODSYS": ("AESOC",),
        "ASTDT": ("AESTDT", "AESTDTC"),
        "AENDT": ("AEENDT", "AEENDTC"),
    },
    "ADTTE": {"STARTDT": (), "ADT": ()},
}
"""Where a variable may stand under another name, the likeliest first; a date may also stand as its date and time."""
NO_SOURCE: Final = frozenset({"STUDYID", "SUBJID", "PARAM", "VISIT"})


def described(table: Table) -> tuple[dict[str, Entry], tuple[Said, ...]]:
    """Return what a plan must say of the usual variables of a dataset, by their names, and what is to be said of it."""
    entries: dict[str, Entry] = {}
    said: list[Said] = []
    for variable in CORE.get(table.name, ()):
        column = source_of(table, variable)
        if column is None:
            continue
        found = list(_entry(table, variable, column))
        told = {k: v for entry, _ in found for k, v in entry.items()}
        source = column.source or (column.name if column.name != variable.name else "")
        if source:
            told = {"source": source, **told}
        if told and column.has_gaps:
            told["missing"] = True  # what a plan says of a variable stands in place of what is usual
        if told:
            entries[variable.name] = {"name": variable.name, **told}
        if column.name != variable.name:
            said.append(
                Said(f"{table.name}.{variable.name}", f"from {column.name}", "likely", f"There is no {variable.name}.")
            )
        said += [s for _, s in found if s is not None]
    return entries, tuple(said)


def source_of(table: Table, variable: Variable) -> Column | None:
    """Return the column that holds a usual variable, under its own name or under another."""
    column = table.columns.get(variable.name)
    if column is not None and (column.texts or variable.missing):
        return column
    others = _INSTEAD.get(table.name, {}).get(variable.name, ())
    if variable.type == "date" and variable.name not in NO_SOURCE:
        others = (f"{variable.name}M", f"{variable.name}C", *others)
    return table.first(*others) or column


def _entry(table: Table, variable: Variable, column: Column) -> Iterator[tuple[Entry, Said | None]]:
    place = f"{table.name}.{variable.name}"
    if not variable.missing and column.has_gaps:
        n = table.rows - column.records
        yield {"missing": True}, Said(place, "may be missing", "certain", f"{n} of {table.rows} cells are empty.")
    if not column.texts:
        return
    if variable.type == "date":
        told = dates.said_of(place, column)
        if told is not None:
            rule = dates.rule_of(place, column)
            yield ({"impute": dict(rule)} if rule else {}), told
    elif variable.codelist or variable.name in _RECODED:
        yield from _codes(place, variable, column)
    if variable.type in {"integer", "number"} and variable.name not in _RECODED:
        if column.kind == "number" and variable.type == "integer":
            yield {"type": "number"}, Said(place, "a number with decimals", "certain", f"As {_example(column)}.")
        elif column.kind == "text":
            yield (
                {"type": "text"},
                Said(place, "a text", "certain", f"Not every cell is a number, as {_example(column)}."),
            )


_RECODED: Final = frozenset({"ATOXGR"})


def _codes(place: str, variable: Variable, column: Column) -> Iterator[tuple[Entry, Said | None]]:
    listed = [t for t in column.texts if not any(same_code(t, c, number=False) for c in variable.codelist)]
    known = variable.codelist or tuple("12345")
    if all(any(same_code(t, c, number=False) for c in known) for t in column.texts):
        return
    recode = _recode(variable.name, column)
    if recode is None:
        codes = ", ".join(listed[:4])
        what = "a code list of its own" if variable.codelist else "not usable as it is"
        entry: Entry = {"codelist": list(column.texts)} if variable.codelist and len(column.texts) <= 12 else {}
        yield entry, Said(place, what, "guess", f"Nothing usual is meant by {codes}.")
        return
    sure: Sure = "certain"
    why = "Other words for the same codes."
    if variable.name == "ATOXGR":
        sure, why = "likely", "Severity as grade: mild 1, moderate 2, severe 3."
    if variable.name == "AREL":
        judged = [t for t in column.texts if t.lower() in words.JUDGED]
        sure, why = (
            ("guess", f"{', '.join(judged)}: a person must say whether that is related.") if judged else ("likely", why)
        )
    yield {"recode": dict(recode)}, Said(place, ", ".join(f"{k} -> {v}" for k, v in recode.items()), sure, why)


def _recode(name: str, column: Column) -> words.Recode | None:
    match name:
        case "SEX":
            return words.sex(column.texts)
        case "ATOXGR":
            return words.grade(column.texts)
        case "AREL":
            return words.causality(column.texts)
        case _:
            return words.flag(column.texts)


def _example(column: Column) -> str:
    return next((t for t in column.texts if not t.lstrip("-").isdigit()), column.texts[0])
