"""What to do about a cell or column that a plan does not allow: in the file, or in the plan, as it is written there."""

import re
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

import pandas as pd
import yaml

from sap.model.datasets import CORE, key
from sap.model.variables import Dataset, Parameter, Variable
from sap.text.cells import is_number
from sap.text.dates import collected
from sap.text.spellings import as_read, difference, nearest

Words = Mapping[str, tuple[str, ...]]
"""Words for a missing value of which the plan says nothing, by column."""
FEW: Final = 3
"""Most codes that are told one by one."""
ISO: Final = "Write it as 2021-03-09 (year-month-day)"
_EMPTY: Final = "leave the cell empty where it is not known (missing: true for the variable in the plan)"
_DATES: Final[tuple[tuple[str, str], ...]] = (
    (r"\d{1,2}-?[A-Za-z]{3}-?\d{2,4}", f"It is as SAS's DATE9 has it. {ISO}, in SAS with the format YYMMDD10."),
    (r".*\d[T: ]\d{1,2}:\d{2}.*", f"It has a time of day. {ISO}, or as 2021-03-09T10:30:00."),
    (r"\d{8}", f"{ISO}, with hyphens."),
    (r"-?\d{1,6}(\.0*)?", f"It is a count of days (SAS counts from 1960-01-01, a spreadsheet from 1899-12-30). {ISO}."),
    (r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}", f"{ISO}: of other orders nobody knows which part is the month."),
)
"""How a date may be written that is not complete and ISO 8601, and what to do."""


def of_cell(name: str, dataset: Dataset, variable: Variable, rule: str, cell: str) -> tuple[str, str]:
    """Return what is wrong with a cell and what to do about it."""
    label = variable.called
    match rule:
        case "present":
            if variable.name in {"USUBJID", *key(name, dataset)}:
                return f"{label} is missing.", "Fill the cell: it tells the record from others."
            may = in_plan(name, variable, missing=True)
            return f"{label} is missing.", f"Fill the cell, or where it may be empty, write in the plan {may}."
        case "number":
            return f"{label} should be a number.", "Write digits with a decimal point, no unit, no comparison sign."
        case "integer":
            also = f" Where decimals are possible, write in the plan {in_plan(name, variable, type='number')}."
            return f"{label} should be a whole number.", f"Write digits only.{also if is_number(cell) else ''}"
        case "date":
            return f"{label} should be a complete date.", _of_date(name, variable, cell)
        case _:
            codes = [*variable.codelist, cell]
            return f"{label} is not in its code list.", of_code(
                cell, variable.codelist, in_plan(name, variable, codelist=codes)
            )


def _of_date(name: str, variable: Variable, cell: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        far = not "1678" <= cell[:4] <= "2261"
        return f"It stands for no date: {_EMPTY}." if far else "There is no such day: correct it."
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ].*", cell):
        return "There is no such day, or no such time of day: correct it."
    partial = collected(cell)
    if partial is not None and partial.lacks is not None:
        lacking = {"D": "day", "M": "month", "Y": "year"}[partial.lacks]
        if variable.impute is not None:
            return (
                f"Its {lacking} is not known, and the plan does not impute it: say {lacking} under impute, or {_EMPTY}."
            )
        how = {"day": "first"} | ({"month": "first"} if partial.lacks != "D" else {})
        say = in_plan(name, variable, impute=how)
        return f"Its {lacking} is not known. Say in the plan how it is imputed, as {say}, or {_EMPTY}."
    return next((fix for pattern, fix in _DATES if re.fullmatch(pattern, cell)), f"{ISO}.")


def of_code(cell: str, codelist: tuple[str, ...], may: str) -> str:
    """Return what to do about a code that is not in a code list; `may` is how the plan would list it."""
    known = f"Use one of: {', '.join(codelist)}."
    return f"{did_you_mean(cell, codelist)}{known} If it is another code, write in the plan {may}."


def of_codes(name: str, variable: Variable, wrong: list[str]) -> str:
    """Return what to do about many codes of a column that are not in its code list: they are one fault."""
    shown = ", ".join(f"{code}: …" for code in wrong[:FEW])
    may = in_plan(name, variable, codelist=[*variable.codelist, *wrong[:FEW], "…"])
    return (
        f"It holds {len(wrong)} other codes. The plan knows {', '.join(variable.codelist)}: where these are others by "
        f"another name, say which is which in the plan, as recode: {{{shown}, …}}; where they are codes of their own, "
        f"list them: {may}."
    )


def did_you_mean(word: str, known: Iterable[str], *, share: float = 0.6) -> str:
    """Return the known word that is near to another one, as a question, and how the two differ; empty without one."""
    near = nearest([word], known, share=share).get(word)
    return "" if near is None else question(word, near)


def question(word: str, near: str) -> str:
    """Return whether a word was meant to be another one, as a question that a text goes on after."""
    alike = f" (they differ {difference(word, near)})" if as_read(word) == as_read(near) else ""
    return f"Did you mean '{near}'{alike}? "


def of_key(name: str, dataset: Dataset, text: pd.DataFrame) -> str:
    """Return what to do about records that a key does not tell apart."""
    own = list(key(name, dataset))
    if name == "ADSL":
        return "Remove the repeated row, or correct USUBJID: ADSL has one row a subject."
    fix = "Remove the repeated row, or correct what identifies it."
    more = _telling_apart(own, text)
    if not more:
        return f"{fix} If more variables tell records apart, name them in the plan as datasets: {name}: key."
    tell = "tells" if len(more) == 1 else "tell"
    written = f"datasets: {name}: key: [{', '.join([*own, *more])}]"
    return f"{fix} If {' and '.join(more)} {tell} them apart, write in the plan {written}."


_ORDERING: Final = re.compile(r"AVISITN?|VISIT(NUM)?|ATPTN?|DTYPE|ADTM|ASEQ|\w{2}SEQ")
"""Columns that tell records of a subject and parameter apart by their kind: visits, time points, numbers."""


def _telling_apart(own: list[str], text: pd.DataFrame) -> tuple[str, ...]:
    """Return one column, or two of those that order records, with which a key is a record's own; none where none is."""
    twins = text[text.duplicated(own, keep=False)]
    others = sorted((c for c in text.columns if c not in own), key=lambda c: _ORDERING.fullmatch(c) is None)
    usual = [c for c in others if _ORDERING.fullmatch(c)]
    tried = [*((c,) for c in others), *combinations(usual, 2)]
    return next((more for more in tried if not twins.duplicated([*own, *more]).any()), ())


def of_range(place: str) -> str:
    """Return what to do about a value outside its limits; `place` is what has the limits."""
    return f"Correct the value, or where it is possible, min and max of {place} in the plan."


def in_plan(name: str, variable: Variable, **said: object) -> str:
    """Return the line by which a plan says something more of a variable."""
    known = variable.model_dump(mode="json", exclude_defaults=True)
    if known.get("type") == "text":
        del known["type"]
    if variable.name in {v.name for v in CORE.get(name, ())}:
        known.pop("required", None)
    return f"datasets: {name}: variables: - {_flow(known | said)}"


def parameter_in_plan(name: str, code: str, parameter: Parameter, **said: object) -> str:
    """Return the line by which a plan says something more of a parameter."""
    whole = parameter.model_dump(mode="json", exclude_defaults=True) | said
    return f"datasets: {name}: parameters: {code}: {_flow(whole)}"


def _flow(value: Mapping[str, object]) -> str:
    written = {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in value.items()}
    dumped = yaml.safe_dump(written, default_flow_style=True, sort_keys=False, width=100_000, allow_unicode=True)
    return dumped.strip()


_DO_WITHOUT: Final = {
    "ATOXGR": " A step of method adverse_events tells no grades with severe: null.",
    "AREL": " A step of method adverse_events reads no relatedness with related: false.",
    "TRTEMFL": " A step of method adverse_events counts every event with treatment_emergent: false.",
    "TRTSDT": " Without a first treatment there are no days since it, and nothing that is counted in them.",
}
"""What may be asked of data without a column that many plans use."""


def of_column(name: str, variable: Variable, likely: str | None, why: str) -> str:
    """Return what to do about a column that a file lacks; `likely` is one of the same name in other letters."""
    if likely is not None:
        return f"The file has '{likely}': write names in capital letters."
    if why:
        return f"Add it, or take it out of the plan.{_DO_WITHOUT.get(variable.name, '')}"
    return f"Add it, or where the file may lack it, write in the plan {in_plan(name, variable, required=False)}."


def say_missing(name: str, words: Words) -> str:
    """Return how a plan says which words stand for a missing value in a dataset."""
    found = ", ".join(f'"{w}"' for w in sorted({w for here in words.values() for w in here}))
    return f"write in the plan datasets: {name}: missing_values: [{found}]"


def of_word(name: str, variable: Variable, words: Words) -> str:
    """Return what to do about a word for a missing value in a cell that it cannot stand in."""
    also = "" if variable.missing else f", and that one may be missing: {in_plan(name, variable, missing=True)}"
    listed = f" If it is a value, add it to the codelist of {variable.name}." if variable.codelist else ""
    return f"If it stands for a missing value, {say_missing(name, words)}{also}.{listed}"
