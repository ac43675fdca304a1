"""CDISC Dataset-JSON (1.0, 1.1, and a record a line), with its own words for what a column holds."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from analysis.recompute.files.sas_formats import counts, number
from analysis.recompute.files.sheet import Asked, Sheet, UnreadError, number_text

_COUNTS: Final = {"date": "days", "datetime": "seconds", "time": "clock"}
_SEQUENCE: Final = "ITEMGROUPDATASEQ"


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of a dataset."""
    text = content.decode("utf-8-sig")
    try:
        columns, rows = _parts(json.loads(text), asked.names)
    except json.JSONDecodeError:
        first, *lines = (json.loads(line) for line in text.splitlines() if line.strip())
        columns, rows = first["columns"], lines
    found = {}
    for i, column in enumerate(columns):
        name = str(column["name"]).strip()
        if name != _SEQUENCE and asked.columns(name):
            kind = str(column.get("dataType") or column.get("type") or "string")
            counted = counts(str(column.get("displayFormat") or "")) or _COUNTS.get(kind, "")
            found[name] = [_text(row[i], kind, counted if kind != "string" else "") for row in rows]
    return Sheet(found, range(2, len(rows) + 2))


def _parts(whole: Any, names: Sequence[str]) -> tuple[Sequence[Mapping[str, Any]], Sequence[Sequence[Any]]]:
    if "columns" in whole:
        return whole["columns"], whole.get("rows", [])
    for kind in ("clinicalData", "referenceData"):
        groups = list(whole.get(kind, {}).get("itemGroupData", {}).values())
        if groups:
            group = next((g for g in groups if g.get("name") in names), groups[0])
            return group["items"], group.get("itemData", [])
    raise UnreadError("it is no Dataset-JSON")


def _text(cell: Any, kind: str, counted: str) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return number(float(cell), counted)
        case str() if kind == "decimal":
            with suppress(ValueError):
                return number_text(float(cell))
    return str(cell).strip()
