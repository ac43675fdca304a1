"""What is wrong with a plan, and how a person is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


class PlanError(UserError):
    """The plan cannot be used; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known word, or lists what is known."""
    choices = sorted(set(known))
    if not choices:
        return "None is defined."
    lower = {c.lower(): c for c in choices}
    near = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    listed = f"Known: {', '.join(choices)}."
    return f"Did you mean '{lower[near[0]]}'? {listed}" if near else listed
