"""Ids and labels of a reporting event as a plan can have them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PLACEHOLDER: Final = re.compile(r"\(?\s*N\s*=\s*[Xx]+\s*\)?|\bn\s*\(%\)(?:\s*$)|\{[^}]*\}")


@dataclass
class Ids:
    """Ids that a plan has in the place of those it cannot have; one part has one id."""

    written: dict[str, str] = field(default_factory=dict)
    """By id of the event and kind of part."""
    taken: set[str] = field(default_factory=set)
    instead: dict[str, str] = field(default_factory=dict)
    """The id of the event by that of the plan, where they differ."""

    def of(self, kind: str, name: str) -> str:
        """Return the plan's id of a part."""
        key = f"{kind}\0{name}"
        if key not in self.written:
            self.written[key] = self._free(name, kind)
        return self.written[key]

    def _free(self, name: str, kind: str) -> str:
        found = name if _ID.fullmatch(name) else re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")
        found = found if _ID.fullmatch(found) else f"{kind}-{found}".rstrip("-")
        # The sizes of sets stand under SETS in the results.
        tries = (found, *(f"{found}-{i}" for i in range(2, len(self.taken) + 3)))
        chosen = next(t for t in tries if t.casefold() not in {*self.taken, "sets"})
        self.taken.add(chosen.casefold())
        if chosen != name:
            self.instead[chosen] = name
        return chosen


def heading(text: str) -> str:
    """Return a title without what only holds a place for a number: ``(N=XX)``, ``n (%)``, ``{order}``."""
    return " ".join(_PLACEHOLDER.sub(" ", text).split()).strip(" ,;")


def told_apart(labels: Iterable[str]) -> list[str]:
    """Return labels of which each is another one: those that stand again are numbered."""
    found: list[str] = []
    for label in labels:
        again = (f"{label} ({i})" for i in range(2, 10_000))
        found.append(label if label not in found else next(x for x in again if x not in found))
    return found
