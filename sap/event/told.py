"""A reporting event as JSON that anybody may have written, and what is told of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sap.text.problems import UserError

Json = Mapping[str, Any]
Kind = Literal["left out", "changed", "note"]


@dataclass(frozen=True)
class Told:
    """Something of a reporting event that a reader of the plan must know."""

    place: str
    """Where it stands, as ``analyses[3].methodId``."""
    id: str
    """Id of the part it is about."""
    what: str
    kind: Kind


_EXAMPLES: Final = 3


def in_lines(told: Iterable[Told]) -> list[tuple[Kind, str]]:
    """Return what is told, each cause once with its places: the first three, and how many there are."""
    places: dict[tuple[Kind, str], list[str]] = {}
    for t in told:
        listed = places.setdefault((t.kind, t.what), [])
        where = f"{t.place}{f' ({t.id})' if t.id else ''}"
        if where not in listed:
            listed.append(where)
    found = []
    for (kind, what), listed in places.items():
        more = f" and {len(listed) - _EXAMPLES} more" if len(listed) > _EXAMPLES else ""
        found.append((kind, f"{', '.join(listed[:_EXAMPLES])}{more}: {what}"))
    return found


@dataclass
class Teller:
    """Collects what is told."""

    told: list[Told] = field(default_factory=list)

    def left_out(self, place: str, name: str, what: str) -> None:
        """Tell of a part that the plan has not."""
        self.told.append(Told(place, name, what, "left out"))

    def changed(self, place: str, name: str, what: str) -> None:
        """Tell of a part that the plan has otherwise."""
        self.told.append(Told(place, name, what, "changed"))

    def note(self, place: str, name: str, what: str) -> None:
        """Tell of a part that the plan has as it is, and that a reader should look at."""
        self.told.append(Told(place, name, what, "note"))


def read_event(text: str, name: str) -> Json:
    """Return the reporting event of a JSON text.

    Raises
    ------
    UserError
        Where the text is no JSON, or the JSON is no reporting event.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        msg = f"{name} is no JSON{where}. Name the JSON file of a CDISC ARS reporting event."
        raise UserError(msg) from error
    if isinstance(found, dict) and isinstance(found.get("reportingEvent"), dict):
        found = found["reportingEvent"]
    parts = ("analyses", "methods", "mainListOfContents")
    if not isinstance(found, dict) or not any(part in found for part in parts):
        msg = f"{name} is JSON and no reporting event: it has none of {', '.join(parts)} at its top."
        raise UserError(f"{msg} Name the JSON file of a CDISC ARS reporting event.")
    return found


def parts(of: Json, key: str, place: str, tell: Teller) -> Iterator[tuple[str, Json]]:
    """Yield the parts of a list, each with its place; what is no part is told."""
    listed = of.get(key)
    where = f"{place}.{key}" if place else key
    if listed is None:
        return
    if not isinstance(listed, list):
        tell.left_out(where, "", "it is no list.")
        return
    for i, part in enumerate(listed):
        if isinstance(part, dict):
            yield f"{where}[{i}]", part
        else:
            tell.left_out(f"{where}[{i}]", "", "it is no object.")


def text_of(of: Json, *keys: str) -> str:
    """Return the first text of several keys that is there, on one line; empty without one."""
    for key in keys:
        value = of.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def order_of(of: Json) -> float:
    """Return the order of a part; those without one come last."""
    value = of.get("order")
    return float(value) if isinstance(value, int | float) else float("inf")
