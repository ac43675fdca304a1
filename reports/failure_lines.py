"""Findings in the data as lines for a terminal: many of one kind are folded, so that the others are seen."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sap.failures import USUAL, Failure

MANY = 10
"""Most findings of one kind that are shown one by one."""
FIRST = 3
"""How many of more are shown."""
ALL = "all of them: sap validate --json, or --out FOLDER"

Line = tuple[str, str, str, str, str, str, str]
"""Dataset, row, subject, column, rule, value, and what is wrong and what to do."""


def failure_lines(failures: Sequence[Failure]) -> Iterator[Line]:
    """Yield a line a finding; of many of one rule and variable the first few, and how many more there are.

    Parameters
    ----------
    failures : sequence of Failure
        In the order they are shown.

    Yields
    ------
    tuple of str
        The cells of a line. Findings of a rule that is usual in a trial take one line together; one about a whole
        file has its own.
    """
    sizes = Counter(map(_kind, failures))
    seen = Counter[tuple[str, str]]()
    for f in failures:
        kind = _kind(f)
        seen[kind] += 1
        if f.rule in USUAL and sizes[kind] > 1:
            if seen[kind] == 1:
                told = f"{_told(f)} {len(_subjects(failures, kind))} subjects ({ALL})."
                yield f.dataset, "–", "", f.column, f.rule, "", told
        elif not f.row or sizes[kind] <= MANY or seen[kind] <= FIRST:
            yield f.dataset, str(f.row) if f.row else "–", f.subject, f.column, f.rule, f.value, _told(f)
        elif seen[kind] == FIRST + 1:
            rest = [other for other in failures if _kind(other) == kind][FIRST:]
            datasets = ", ".join(dict.fromkeys(other.dataset for other in rest))
            yield datasets, "", "", f.column, f.rule, "", _more(len(rest), len(_subjects(failures, kind)))


def _kind(failure: Failure) -> tuple[str, str]:
    return failure.rule, failure.column


def _subjects(failures: Sequence[Failure], kind: tuple[str, str]) -> set[str]:
    return {f.subject for f in failures if _kind(f) == kind and f.subject}


def _told(failure: Failure) -> str:
    told = f"{failure.message} {failure.fix}"
    return told if failure.severity == "error" else f"Warning: {told}"


def _more(findings: int, subjects: int) -> str:
    in_all = f", of {subjects} subject{'' if subjects == 1 else 's'} in all" if subjects else ""
    return f"and {findings} more{in_all} ({ALL})."
