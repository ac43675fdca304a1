"""Datasets by parameter and visit of which no first analysis is made: what a person goes on from."""

import re
from typing import Final

from analysis.mapping.analyses.subjects import levels
from analysis.mapping.analyses.survival import label_of
from analysis.mapping.cells.columns import Table
from analysis.mapping.proposal import Entry, Said

_UNIT: Final = re.compile(r"\s*[(\[]([^()\[\]]{1,15})[)\]]\s*$")
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_MOST_VISITS: Final = 12
_MOST_PARAMETERS: Final = 6


def further(table: Table) -> tuple[dict[str, Entry], dict[str, Entry], list[Said]]:
    """Return the visits in their order, the parameters with their units, and what is to be said of them."""
    said: list[Said] = []
    entries: dict[str, Entry] = {}
    parameters: dict[str, Entry] = {}
    visits = table.columns.get("AVISIT")
    if visits is not None and 1 < len(visits.texts) <= _MOST_VISITS:
        order = levels(table, "AVISIT")
        entries["AVISIT"] = {"name": "AVISIT", "codelist": list(order)} | ({"missing": True} if visits.has_gaps else {})
        numbered = "AVISITN" in table.columns
        why = "AVISITN numbers them." if numbered else "No AVISITN numbers them: the commonest first."
        said.append(Said(f"{table.name}.AVISIT", " | ".join(order), "certain" if numbered else "guess", why))
    if "PARAMCD" in table.columns:
        codes = table.columns["PARAMCD"].texts
        for code in codes[:_MOST_PARAMETERS]:
            if _ID.fullmatch(code):
                parameters[code] = _parameter(table, code)
        more = f" and {len(codes) - _MOST_PARAMETERS} more" if len(codes) > _MOST_PARAMETERS else ""
        what = f"{', '.join(codes[:_MOST_PARAMETERS])}{more}"
        said.append(Said(f"{table.name} parameters", what, "certain", "They are the codes in PARAMCD."))
    return entries, parameters, said


def _parameter(table: Table, code: str) -> Entry:
    label = label_of(table, code)
    unit = _UNIT.search(label)
    return {"label": label[: unit.start()], "unit": unit[1]} if unit and unit.start() else {"label": label}
