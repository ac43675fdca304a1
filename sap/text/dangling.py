"""Names in a plan that lead nowhere, or to two things."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sap.text.problems import suggest

Place = tuple[str | int, ...]
"""Where in a plan or a part of it, as keys and positions."""


@dataclass(frozen=True)
class Dangling:
    """A name that does not exist, or exists twice."""

    path: Place
    message: str
    fix: str


def repeated(where: str, ids: Iterable[str]) -> Iterator[Dangling]:
    """Yield each id that is given twice; ids that differ in capitals alone would share a file and a link."""
    given = tuple(ids)
    for name, count in Counter(i.lower() for i in given).items():
        if count > 1:
            first, *_ = spellings = tuple(dict.fromkeys(i for i in given if i.lower() == name))
            alike = "" if len(spellings) == 1 else f" (as {', '.join(spellings)})"
            yield Dangling((where,), f"the id '{first}' is given {count} times{alike}.", "Ids must differ: rename one.")


def named_twice(names: Iterable[str], path: Place) -> Iterator[Dangling]:
    """Yield what a list names more than once: it would be counted, or listed, twice."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Dangling(path, f"'{name}' stands twice.", "Name it once.")


def one_of(what: str, name: str, known: Iterable[str], path: Place, otherwise: str = "") -> Iterator[Dangling]:
    """Yield a name that is none of those that exist; `otherwise` says how the plan would make it one."""
    names = set(known)
    if name not in names:
        yield Dangling(
            path, f"there is no {what} '{name}' in the plan.", f"{suggest(name, names)} {otherwise}".rstrip()
        )
