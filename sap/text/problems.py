"""What is wrong in a file that a person wrote, and how the person is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sap.text.usual_words import USUAL, meant


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file that a person wrote."""

    file: str
    """The file as the user named it."""
    line: int
    """Line in the file, from 1; 0 when the mistake has no line (a missing file)."""
    path: str
    """Where in the file, as keys and positions: ``analyses[2].analysis_set``."""
    message: str
    """What is wrong."""
    fix: str
    """What to do about it."""

    def __str__(self) -> str:
        """Return the problem as one readable line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f" at {self.path}" if self.path else ""
        return f"{place}{where}: {self.message} {self.fix}".rstrip()


class UserError(Exception):
    """A mistake the user can mend; shown without a traceback."""

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback."""
        return [str(self)]


class PlanError(UserError):
    """The plan cannot be used; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))


_LISTED = 30
"""Most words that are listed beside the nearest one."""


def suggest(word: str, known: Iterable[str], usual: Mapping[str, str] = USUAL) -> str:
    """Return a sentence that names the nearest known word, or lists what is known."""
    choices = sorted(set(known))
    if not choices:
        return "None is defined."
    near = meant(word, choices, usual)
    listed = f"Known: {', '.join(choices)}."
    if not near:
        return listed
    return f"Did you mean '{near}'?{f' {listed}' if len(choices) <= _LISTED else ''}"


Place = tuple[str | int, ...]
"""Where in a plan or a part of it, as keys and positions."""


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a plan: a name that does not exist, or two parts that do not fit."""

    path: Place
    message: str
    fix: str


def repeated(where: str, ids: Iterable[str]) -> Iterator[Fault]:
    """Yield each id that is given twice; ids that differ in capitals alone would share a file and a link."""
    given = tuple(ids)
    for name, count in Counter(i.lower() for i in given).items():
        if count > 1:
            first, *_ = spellings = tuple(dict.fromkeys(i for i in given if i.lower() == name))
            alike = "" if len(spellings) == 1 else f" (as {', '.join(spellings)})"
            yield Fault((where,), f"the id '{first}' is given {count} times{alike}.", "Ids must differ: rename one.")


def named_twice(names: Iterable[str], path: Place) -> Iterator[Fault]:
    """Yield what a list names more than once: it would be counted, or listed, twice."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Fault(path, f"'{name}' stands twice.", "Name it once.")


def one_of(what: str, name: str, known: Iterable[str], path: Place, otherwise: str = "") -> Iterator[Fault]:
    """Yield a name that is none of those that exist; `otherwise` says how the plan would make it one."""
    names = set(known)
    if name not in names:
        yield Fault(path, f"there is no {what} '{name}' in the plan.", f"{suggest(name, names)} {otherwise}".rstrip())
