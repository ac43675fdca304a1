"""Dates that are not written as one date is: with a time, without a day, or in an order that nobody can know."""

import re
from collections.abc import Iterable

from analysis.mapping.cells.columns import Column
from analysis.mapping.proposal import Said, Sure

_PARTS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})")


def said_of(place: str, column: Column) -> Said | None:
    """Return what is to be said of a column of dates; nothing of complete ones, and of what is no date."""
    n = sum(column.counts[t] for t in column.texts)
    match column.kind:
        case "datetime":
            return Said(place, "a date with a time: the date is taken", "certain", f"So all {n} cells are written.")
        case "partial date":
            short = [t for t in column.texts if len(t) < 10 or not t[8:10].isdigit()]
            some = sum(column.counts[t] for t in short)
            what = "dates without day or month"
            return Said(place, what, "certain", f"{some} of {n} cells, as {', '.join(short[:3])}.")
        case "other date":
            what, sure, why = _order(column.texts)
            return Said(place, what, sure, why)
        case _:
            return None


def _order(texts: Iterable[str]) -> tuple[str, Sure, str]:
    parts = {t: m.groups() for t in texts if (m := _PARTS.fullmatch(t))}
    if not parts:
        return "dates with the month as a word: write them as 2021-03-09", "certain", f"As {next(iter(texts))}."
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
