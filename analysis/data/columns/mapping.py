"""The columns of a file as the plan maps them: names, words for missing, codes, units, parameters.

A text table becomes another one with the names and codes of the plan; each column remembers which one of the file it is
made of, so that whoever reads a message finds the cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pandas as pd

from analysis.data.cures import did_you_mean
from analysis.data.formats.table import TextTable
from analysis.data.texts import without_missing_values
from sap.data.distinct import as_objects, distinct, rewritten, where
from sap.data.failures import Failure, Severity
from sap.model.datasets import variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.text.cells import is_number, plain

_Said = TypeVar("_Said")
EXACT = frozenset({2, 5})
"""Prime factors of the denominators of decimal numbers."""


@dataclass(frozen=True)
class Mapped:
    """A dataset as the plan means it, still as text."""

    table: TextTable
    sources: Mapping[str, str]
    """The column of the file that each column under another name is made of."""
    told: tuple[Failure, ...]
    """What is wrong with the mapping."""


def mapped(name: str, dataset: Dataset, table: TextTable) -> Mapped:
    """Return a table with the names, codes and units of the plan."""
    known = variables(name, dataset)
    sources = {v.name: v.source for v in known if v.source is not None}
    told = list(_absent(name, known, table))
    named = _named(table, sources)
    frame = without_missing_values(name, dataset, named.frame)
    for v in known:
        if v.name in frame.columns:
            told += _unused(name, v, frame[v.name], named.special.get(v.name, {}))
            cells = _special(recoded(frame[v.name], v.recode), v.recode, named.special.get(v.name, {}))
            if v.unit_factor is not None:
                cells = scaled(cells, v.unit_factor)
            if cells is not frame[v.name]:
                frame = frame.assign(**{v.name: cells})
    return Mapped(replace(named, frame=_parameters(dataset, frame)), sources, tuple(told))


def _named(table: TextTable, sources: Mapping[str, str]) -> TextTable:
    """Return a table whose columns have the names of the plan; the columns of the file stay beside them."""
    there = {new: old for new, old in sources.items() if old in table.frame.columns}
    # A name that the plan takes from another column is that one's, whatever the file has under it.
    gone = set(sources)
    columns = {c: table.frame[c] for c in table.frame.columns if c not in gone}
    columns |= {new: table.frame[old] for new, old in there.items()}

    def of(what: Mapping[str, _Said]) -> dict[str, _Said]:
        kept = {c: cells for c, cells in what.items() if c not in gone}
        return kept | {new: what[old] for new, old in there.items() if old in what}

    return replace(
        table,
        frame=pd.DataFrame(columns, index=table.frame.index, copy=False),
        blanks=of(table.blanks),
        labels=of(table.labels),
        types=of(table.types),
        special=of(table.special),
    )


def _absent(name: str, known: tuple[Variable, ...], table: TextTable) -> Iterator[Failure]:
    """Yield the columns of the file that the plan names and the file lacks, and those that are left for another."""
    there = [str(c) for c in table.frame.columns]
    for v in known:
        if v.source is None:
            continue
        if v.source not in there:
            what = f"The file has no column '{v.source}', from which the plan takes {v.name} (source)."
            fix = f"{did_you_mean(v.source, there)}Correct source of {v.name} in the plan, or take {v.name} out of it."
            severity: Severity = "error" if v.required else "warning"
            yield Failure(name, 0, "", v.name, "column" if v.required else "source", "", what, fix, severity)
        elif v.name in there and v.name != v.source:
            what = f"The file has a column {v.name} too, which is not read: the plan takes {v.name} from {v.source}."
            fix = "Nothing need be done where that is meant; else leave out source."
            yield Failure(name, 0, "", v.name, "source", v.source, what, fix, "warning")


def recoded(cells: "pd.Series[str]", recode: Mapping[str, str]) -> "pd.Series[str]":
    """Return cells in which each code stands as the plan writes it; a text 1.0 is 1, and other cells pass."""
    if not recode:
        return cells
    instead = {plain(old): new for old, new in recode.items()}
    return rewritten(cells, {c: instead[plain(c)] for c in distinct(cells)[1] if plain(c) in instead})


def _special(cells: "pd.Series[str]", recode: Mapping[str, str], special: Mapping[int, str]) -> "pd.Series[str]":
    """Return cells in which what is missing by a letter, as ``.A``, stands as the plan recodes it."""
    rows = {row: recode[letter] for row, letter in special.items() if letter in recode}
    if not rows:
        return cells
    return as_objects(cells).where(~cells.index.isin(list(rows)), pd.Series(rows, dtype=object))


def _unused(name: str, variable: Variable, cells: "pd.Series[str]", special: Mapping[int, str]) -> Iterator[Failure]:
    """Yield codes that a recode names and no cell has."""
    if not variable.recode or cells.empty:
        return
    there = {plain(c) for c in distinct(cells)[1]} | set(special.values())
    for code in variable.recode:
        if plain(code) not in there and code:
            what = (
                f"No cell of {variable.source or variable.name} is '{code}', which the recode of {variable.name} names."
            )
            fix = f"{did_you_mean(code, filter(None, there))}Correct it, or leave it where it is possible."
            yield Failure(name, 0, "", variable.name, "recode", code, what, fix, "warning")


def scaled(cells: "pd.Series[str]", factor: Fraction) -> "pd.Series[str]":
    """Return numbers times a factor, as exact decimals where they are; what is no number stays as it is."""
    return rewritten(cells, {c: times(c, factor) for c in distinct(cells)[1] if c and is_number(c)})


def times(cell: str, factor: Fraction) -> str:
    """Return a number times a factor as a decimal; as the nearest float where it has no end."""
    found = Fraction(cell) * factor
    rest = found.denominator
    for prime in EXACT:
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return repr(float(found))
    exact = Decimal(found.numerator) / Decimal(found.denominator)
    return f"{exact:f}" if found.denominator > 1 else str(found.numerator)


def _parameters(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Return records under the plan's codes of their parameters, with their values recoded and in its units."""
    if "PARAMCD" not in frame.columns:
        return frame
    sources = {p.source: code for code, p in dataset.parameters.items() if p.source is not None}
    if sources:
        frame = frame.assign(PARAMCD=recoded(frame["PARAMCD"], sources))
    for code, parameter in dataset.parameters.items():
        rows = where(frame["PARAMCD"], code.__eq__)
        for column, cells in _values(parameter, frame):
            changed = as_objects(frame[column]).to_numpy(copy=True)
            changed[rows] = as_objects(cells).to_numpy()[rows]
            frame = frame.assign(**{column: pd.Series(changed, index=frame.index, dtype=object)})
    return frame


def _values(parameter: Parameter, frame: pd.DataFrame) -> Iterator[tuple[str, "pd.Series[str]"]]:
    if parameter.recode and "AVALC" in frame.columns:
        yield "AVALC", recoded(frame["AVALC"], parameter.recode)
    if parameter.unit_factor is not None:
        for column in ("AVAL", "LLOQ"):
            if column in frame.columns:
                yield column, scaled(frame[column], parameter.unit_factor)


def with_sources(failure: Failure, sources: Mapping[str, str]) -> Failure:
    """Return a failure that names the column of the file, where the plan calls it otherwise."""
    source = sources.get(failure.column)
    if source is None or source == failure.column or source in failure.message:
        return failure
    return replace(failure, message=f"{failure.message} ({failure.column} is the column {source} of the file.)")
