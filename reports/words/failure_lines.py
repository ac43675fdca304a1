"""Findings in the data as lines for a terminal: one cause and one kind is told once, with how often and where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sap.data.failures import USUAL, Failure

MANY = 3
"""Most findings of one kind that are shown one by one."""
SHOWN = 5
"""How many rows and values of more are named."""
ALL = "all of them: --out FOLDER"

Line = tuple[str, str, str, str, str, str, str]
"""Dataset, row, subject, column, rule, value, and what is wrong and what to do."""


def failure_lines(failures: Sequence[Failure]) -> Iterator[Line]:
    """Yield a line a finding, or one for many of a kind; what follows from another finding is counted there."""
    kinds: dict[tuple[str, ...], list[Failure]] = {}
    for f in failures:
        if not f.consequence:
            kinds.setdefault(_kind(f), []).append(f)
    follow: dict[tuple[str, str], list[Failure]] = defaultdict(list)
    for f in failures:
        if f.consequence:
            follow[f.cause, f.subject].append(f)
    for same in kinds.values():
        if len(same) <= (1 if same[0].rule in USUAL else MANY):
            yield from (_line(f, follow[f.cause, f.subject]) for f in same)
        else:
            yield _folded(same, [c for f in same for c in follow[f.cause, f.subject]])


def failure_records(failures: Sequence[Failure]) -> Iterator[Mapping[str, object]]:
    """Yield a record a finding, or one for many of a kind: how many there are, and three of them as examples."""
    kinds: dict[tuple[str, ...], list[Failure]] = {}
    for f in failures:
        kinds.setdefault((*_kind(f), f.cause, str(f.consequence)), []).append(f)
    for same in kinds.values():
        if len(same) <= MANY:
            yield from ({**f.as_record(), "records": int(f.row > 0)} for f in same)
        else:
            listed = [f for f in same if f.row]
            examples = [{"row": f.row, "subject": f.subject, "value": f.value} for f in listed[:MANY]]
            yield {**listed[0].as_record(), "records": len(listed) + sum(f.more for f in same), "examples": examples}


def summary(failures: Sequence[Failure], where: str) -> str:
    """Return how many errors and warnings there are, and of how many kinds: what follows from others is apart."""
    told = [f for f in failures if not f.consequence]
    parts = []
    for severity in ("error", "warning"):
        found = [f for f in told if f.severity == severity]
        kinds = len(set(map(_kind, found)))
        of = f" of {kinds} kind{'s' * (kinds != 1)}" if len(found) > kinds else ""
        count = sum(f.more or 1 for f in found)
        parts.append(f"{count:,} {severity}{'s' * (count != 1)}{of}")
    follow = len(failures) - len(told)
    more = f" ({follow} further finding{'s' * (follow != 1)} of the same causes)" if follow else ""
    return f"{', '.join(parts)} in {where}{more}"


def _kind(failure: Failure) -> tuple[str, ...]:
    # What is said of a whole file is never folded.
    own = "" if failure.row or failure.more else str(failure)
    return failure.dataset, failure.column, failure.rule, failure.severity, failure.fix, failure.excepted, own


def _line(f: Failure, follow: Sequence[Failure]) -> Line:
    row = str(f.row) if f.row else "–"
    return f.dataset, row, f.subject, f.column, f.rule, f.value, f"{_told(f)}{_explains(follow, f' ({f.cause})')}"


def _folded(kind: Sequence[Failure], follow: Sequence[Failure]) -> Line:
    counted = _counted(kind)
    same = [f for f in kind if f.row]
    one = same[0]
    subjects = list(dict.fromkeys(f.subject for f in same if f.subject))
    who = subjects[0] if len(subjects) == 1 else f"{len(subjects)} subjects" if subjects else ""
    values = list(dict.fromkeys(f.value for f in same))
    shown = "" if values == subjects else ", ".join(values[:SHOWN]) + (" …" if len(values) > SHOWN else "")
    rest = f" {counted}, as {'; '.join(_example(f) for f in same[:MANY])} ({ALL})."
    return (
        one.dataset,
        _spans([f.row for f in same]),
        who,
        one.column,
        one.rule,
        shown,
        f"{_told(one)}{rest}{_explains(follow)}",
    )


def _counted(same: Sequence[Failure]) -> str:
    """Return how many records a fault has: those that were told one by one, and those that were only counted."""
    told, more = sum(f.row > 0 for f in same), sum(f.more for f in same)
    return f"{told + more:,} records"


def _example(f: Failure) -> str:
    subject = f" ({f.subject})" if f.subject and f.subject != f.value else ""
    value = f" '{f.value}'" if f.value else ""
    return f"row {f.row}{subject}{value}"


def _spans(rows: Sequence[int]) -> str:
    """Return rows as spans: ``2–9, 12``."""
    ordered = sorted(set(rows))
    runs = [[row for _, row in run] for _, run in groupby(enumerate(ordered), key=lambda p: p[1] - p[0])]
    spans = [str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs]
    return ", ".join(spans[:SHOWN]) + (" …" if len(spans) > SHOWN else "")


def _explains(follow: Sequence[Failure], cause: str = "") -> str:
    """Return how many other findings rest on the same cells."""
    if not follow:
        return ""
    where = ", ".join(dict.fromkeys(f.dataset for f in follow))
    others = f"{len(follow)} other finding{'s' * (len(follow) > 1)} in {where}"
    return f" The same cause{cause} explains {others} ({ALL})."


def _told(failure: Failure) -> str:
    told = f"{failure.message} {failure.fix}"
    if failure.excepted:
        return f"Excepted by the plan: {failure.message} Reason: {failure.excepted}"
    return told if failure.severity == "error" else f"Warning: {told}"
