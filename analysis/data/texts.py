"""What the texts of a dataset may hide: two spellings of one thing, blanks, a word for missing, a value nobody has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.data.cures import Words, question, say_missing
from sap.data.distinct import distinct, holding, replaced
from sap.data.failures import Failure, Severity, each
from sap.model.datasets import variables
from sap.model.variables import Dataset, Variable
from sap.plan.plan import Plan
from sap.plan.uses import Named, named_columns
from sap.text.cells import same_code
from sap.text.spellings import as_read, difference, nearest, stands_for_missing, unseen

SPELLING = frozenset({"alike", "unseen"})
"""Rules about how a text is spelt."""
DICTIONARY = ("DECOD", "BODSYS")
"""How variables end that hold terms of a dictionary: that an event occurred in nobody is a result."""
NEAR_TERM = 0.85
"""How much of a term must agree before it is taken for another one misspelt."""


def without_missing_values(name: str, dataset: Dataset, text: pd.DataFrame) -> pd.DataFrame:
    """Return a file in which every cell that the plan calls missing is empty; numbers are compared as numbers."""
    if not dataset.missing_values:
        return text
    numbers = {v.name for v in variables(name, dataset) if v.type in {"integer", "number"}}
    emptied = {
        column: replaced(
            text[column],
            [c for c in distinct(text[column])[1] if _is_one_of(c, dataset.missing_values, number=column in numbers)],
        )
        for column in text.columns
    }
    return pd.DataFrame(emptied, index=text.index)


def _is_one_of(cell: str, codes: Iterable[str], *, number: bool) -> bool:
    return any(same_code(cell, code, number=number) for code in codes)


def missing_words(plan: Plan, name: str, text: pd.DataFrame, of_plan: Sequence[Named]) -> dict[str, tuple[str, ...]]:
    """Return the words that stand for a missing value elsewhere, and of which the plan says nothing, by column."""
    dataset = plan.datasets[name]
    if dataset.missing_values == ():
        return {}
    of_parameters = {c for p in dataset.parameters.values() for c in p.codelist}
    named: dict[str, set[str]] = defaultdict(set, {"PARAMCD": set(dataset.parameters), "AVALC": of_parameters})
    for n in of_plan:
        if n.reference.dataset == name:
            named[n.reference.variable].update(n.values)
    found = {}
    for v in variables(name, dataset):
        if v.name in text.columns:
            values = {*v.codelist, *named[v.name]}
            found[v.name] = tuple(
                w for w in sorted(set(distinct(text[v.name])[1])) if stands_for_missing(w) and w not in values
            )
    return {column: words for column, words in found.items() if words}


def text_failures(
    plan: Plan, name: str, text: pd.DataFrame, words: Words, of_plan: Sequence[Named]
) -> Iterator[Failure]:
    """Yield what the texts of a dataset may hide, column by column."""
    dataset = plan.datasets[name]
    for v in variables(name, dataset):
        if v.type == "text" and v.name in text.columns:
            if v.name in words and not v.codelist:
                yield from _words_for_missing(plan, name, v, text, words)
            alike = tuple(_alike(name, v, text[v.name]))
            yield from alike
            yield from _unseen(name, v, text[v.name], frozenset(f.value for f in alike))
    if not text.empty:
        yield from _nobody(dataset, variables(name, dataset), text, of_plan, name)


def _words_for_missing(
    plan: Plan, name: str, variable: Variable, text: pd.DataFrame, words: Words
) -> Iterator[Failure]:
    rows = holding(text[variable.name], words[variable.name])
    listings = {x.id for x in plan.listings}
    by = {r.variable: by for r, by in named_columns(plan).items() if r.dataset == name and by not in listings}
    used = variable.name in by
    why = f" ({by[variable.name]} uses it)" if used else ""
    fix = (
        f"If it stands for a missing value, {say_missing(name, words)}. If it is a value, list it in the codelist of "
        f"{variable.name}, or write missing_values: [] where every such word is one."
    )
    severity: Severity = "error" if used else "warning"

    def tell(row: int) -> Failure:
        value = str(text.loc[row, variable.name])
        subject = str(text.loc[row, "USUBJID"]) if "USUBJID" in text.columns else ""
        told = f"{variable.called}{why} is '{value}': a word for a missing value, or a value."
        return Failure(name, row, subject, variable.name, "missing_word", value, told, fix, severity)

    yield from each(rows, tell)


def _alike(name: str, variable: Variable, cells: "pd.Series[str]") -> Iterator[Failure]:
    """Yield spellings that are read as another one is, the rarer ones."""
    codes, found = distinct(cells)
    read = pd.Series({c: as_read(c) for c in found if c}, dtype=object)
    several = read[read.duplicated(keep=False)]
    if several.empty:
        return
    counts = dict(zip(found, np.bincount(codes, minlength=len(found)).tolist(), strict=True))
    groups: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(several.index, key=lambda c: -counts[c]):
        groups[several[spelling]].append(spelling)
    for usual, *others in groups.values():
        for other in others:
            rows = holding(cells, [other])
            told = (
                f"'{other}' ({_records(counts[other])}: {_rows(rows)}) is read as '{usual}' ({_records(counts[usual])})"
                f" and counted apart: they differ {difference(other, usual)}."
            )
            fix = "Write them alike, if they are the same."
            yield Failure(name, int(rows[0]), "", variable.name, "alike", other, told, fix, "warning")


def _records(count: int) -> str:
    return f"{count} record{'s' * (count != 1)}"


def _rows(rows: "pd.Index[int]") -> str:
    shown = ", ".join(str(r) for r in rows[:5])
    return f"row{'s' * (len(rows) > 1)} {shown}{'' if len(rows) <= 5 else ' …'}"


def _unseen(name: str, variable: Variable, cells: "pd.Series[str]", told_of: frozenset[str]) -> Iterator[Failure]:
    for spelling in distinct(cells)[1]:
        if spelling.isascii() or spelling in told_of or not unseen(spelling):
            continue
        rows = holding(cells, [spelling])
        what = f"holds what a reader does not see, or takes for a blank: {', '.join(unseen(spelling))}."
        told, fix = f"'{spelling}' ({_rows(rows)}) {what}", "Write it again without."
        yield Failure(name, int(rows[0]), "", variable.name, "unseen", spelling, told, fix, "warning")


def blank_failures(name: str, dataset: Dataset, blanks: Mapping[str, tuple[int, ...]]) -> Iterator[Failure]:
    """Yield the texts that began or ended with blanks, which were left out, column by column."""
    for v in variables(name, dataset):
        rows = blanks.get(v.name, ())
        if v.type == "text" and rows:
            where = f"{v.called} ({_records(len(rows))}: {_rows(pd.Index(rows))})"
            told = f"There are blanks before or after {where}; they were left out."
            fix = "Nothing need be done, unless the blanks mean something."
            yield Failure(name, rows[0], "", v.name, "blanks", "", told, fix, "warning")


def _nobody(
    dataset: Dataset, known: Iterable[Variable], text: pd.DataFrame, named: Iterable[Named], name: str
) -> Iterator[Failure]:
    """Yield values that the plan names and no record has, unless its code list or limits say that they are possible."""
    described = {v.name: v for v in known}
    seen = set[tuple[str, str]]()
    for n in named:
        v = described.get(n.reference.variable)
        if (
            n.reference.dataset != name
            or v is None
            or v.name not in text.columns
            or v.type == "date"
            or v.name == "PARAMCD"
        ):
            continue
        number = v.type in {"integer", "number"}
        cells = [c for c in distinct(text[v.name])[1] if c]
        absent = [x for x in n.values if not any(same_code(c, x, number=number) for c in cells)]  # noqa: PD011 - the values a plan names
        likely = {} if number else nearest(absent, cells, share=NEAR_TERM)
        for value in absent:
            # A term of a dictionary that nobody has, and one of a list in a where-clause, are ordinary.
            told = n.level or (len(absent) == len(n.values) and not v.name.endswith(DICTIONARY))
            if not (told or value in likely) or _possible(dataset, v, value) or (v.name, value) in seen:
                continue
            seen.add((v.name, value))
            guess = question(value, likely[value]) if value in likely else ""
            fix = f"{guess}Correct it in the plan or the data, or expect 0; where it can be, list it in the codelist."
            message = f"No record has {v.name} '{value}', which {n.by} names."
            yield Failure(name, 0, "", v.name, "nobody", value, message, fix, "warning")


def _possible(dataset: Dataset, variable: Variable, value: str) -> bool:
    """Return whether the plan says by a code list or by both limits that a value can be."""
    number = variable.type in {"integer", "number"}
    of_parameters = [c for p in dataset.parameters.values() for c in p.codelist] if variable.name == "AVALC" else []
    if any(same_code(code, value, number=number) for code in (*variable.codelist, *of_parameters)):
        return True
    low, high = variable.min, variable.max
    return number and low is not None and high is not None and low <= float(value) <= high
