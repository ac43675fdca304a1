"""Dates that are not written as one date is: with a time, without a day, or in an order that nobody can know."""

import re
from collections.abc import Iterable, Mapping

from analysis.mapping.cells.columns import Column
from analysis.mapping.proposal import Said, Sure
from sap.text.dates import collected

_PARTS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})")


def said_of(place: str, column: Column) -> Said | None:
    """Return what is to be said of a column of dates; nothing of complete ones, and of what is no date."""
    n = sum(column.counts[t] for t in column.texts)
    match column.kind:
        case "datetime":
            return Said(place, "a date with a time: the date is taken", "certain", f"So all {n} cells are written.")
        case "partial date":
            short = [t for t in column.texts if (found := collected(t)) is not None and found.lacks is not None]
            if not short:
                return Said(place, "dates with the month by its name", "certain", f"As {column.texts[0]}.")
            some = sum(column.counts[t] for t in short)
            what = f"{some} dates without day or month: imputed as the {_end(place)} of what they may be"
            return Said(place, what, "guess", f"{some} of {n} cells, as {', '.join(short[:3])}; a person must say how.")
        case "other date":
            what, sure, why = _order(column.texts)
            return Said(place, what, sure, why)
        case _:
            return None


def rule_of(place: str, column: Column) -> Mapping[str, str] | None:
    """Return how dates of which a part is not known would be imputed: starts as early as may be, ends as late."""
    if column.kind != "partial date":
        return None
    return {"day": _end(place), "month": _end(place)}


def _end(place: str) -> str:
    return "last" if place.rpartition(".")[2] in {"AENDT", "TRTEDT", "LSTALVDT"} else "first"


def _order(texts: Iterable[str]) -> tuple[str, Sure, str]:
    parts = {t: m.groups() for t in texts if (m := _PARTS.fullmatch(t))}
    first = [t for t, p in parts.items() if int(p[0]) > 12]
    second = [t for t, p in parts.items() if int(p[1]) > 12]
    if first and second:
        return (
            "day and month are mixed: no date is read",
            "certain",
            f"{first[0]} begins with a day, {second[0]} with a month.",
        )
    if first or second:
        told = "day" if first else "month"
        return f"dates that begin with the {told}: write them as 2021-03-09", "likely", f"As {(first or second)[0]}."
    return (
        "day and month cannot be told apart: no date is read",
        "certain",
        f"As {next(iter(parts))}: no number is above 12.",
    )
