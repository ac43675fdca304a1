"""Every sealed text of the plan: its copy, whether data were known when it was sealed, and what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sap.plan.diff import touched
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.seal.kept_texts import sealed_text
from sap.seal.lock import Entry, Lock, LockError, read_lock
from sap.text.problems import UserError


@dataclass(frozen=True)
class Amended:
    """An amendment that touched an analysis, and how, in words."""

    entry: Entry
    words: tuple[str, ...]


@dataclass(frozen=True)
class AnalysisHistory:
    """The past of one analysis or sensitivity analysis."""

    id: str
    """As the plan names it."""
    entered: Entry
    """The seal or amendment that promised it first."""
    before_data: bool
    """Whether that was before data were sealed."""
    amended: tuple[Amended, ...] = ()
    """What changed it since: itself, or a set, rule, derivation or grouping it uses."""
    removed: Entry | None = None
    """The amendment that took it out of the plan."""


def plan_history(
    lock: Lock, plan_file: Path, read: Mapping[str, Plan] = MappingProxyType({})
) -> tuple[AnalysisHistory, ...]:
    """Return the past of every analysis that was ever promised; `read` are plans that were read, by their digest."""
    found: dict[str, AnalysisHistory] = {}
    former: Plan | None = None
    for entry in lock.plans:
        plan = sealed_plan(entry, plan_file, read)
        words = touched(former, plan) if former is not None else {}
        found = _with(found, entry, plan, words, before_data=not lock.data_locked_before(entry))
        former = plan
    return tuple(found.values())


def amendment_number(entry: Entry, lock: Lock) -> int:
    """Return the how many-th amendment an entry is, from 1."""
    return sum(e.number <= entry.number for e in lock.amendments)


def late_promises(lock: Lock, history: Sequence[AnalysisHistory]) -> dict[str, str]:
    """Return how each analysis that was promised or changed after data lock came to be so, in words."""
    found = {}
    for past in history:
        late = [a.entry for a in past.amended if lock.data_locked_before(a.entry)]
        told = [] if past.before_data else [f"{_entered(past.entered, lock)}, after data lock"]
        if late:
            numbers = " and ".join(str(amendment_number(e, lock)) for e in late)
            told.append(f"changed by amendment{'s' * (len(late) > 1)} {numbers}, after data lock")
        if told and past.removed is None:
            found[past.id] = "; ".join(told)
    return found


def _entered(entry: Entry, lock: Lock) -> str:
    return f"by amendment {amendment_number(entry, lock)}" if entry.event == "amendment" else "with the plan"


def read_late_promises(lock_file: Path, plan_file: Path) -> dict[str, str]:
    """Return `late_promises` of a seal; none where there is no seal, or it, or a text it keeps, cannot be read."""
    try:
        return late_of(read_lock(lock_file), plan_file)
    except UserError:
        return {}


def late_of(lock: Lock, plan_file: Path, read: Mapping[str, Plan] = MappingProxyType({})) -> dict[str, str]:
    """Return `late_promises` of a seal; none where a text it keeps cannot be read."""
    if not any(lock.data_locked_before(e) for e in lock.plans):
        return {}  # no kept text needs to be read
    try:
        return late_promises(lock, plan_history(lock, plan_file, read))
    except UserError:
        return {}


def with_late(text: str, late: str) -> str:
    """Return who promised an analysis ("specified in SAP"), and that it was after data lock where it was."""
    return f"{text}, {late}" if late else text


def _with(
    found: Mapping[str, AnalysisHistory],
    entry: Entry,
    plan: Plan,
    words: Mapping[str, Sequence[str]],
    *,
    before_data: bool,
) -> dict[str, AnalysisHistory]:
    """Return the past of every analysis with one more text of the plan."""
    ids = [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
    after = {i: h if i in ids or h.removed is not None else replace(h, removed=entry) for i, h in found.items()}
    for i in ids:
        known = after.get(i)
        if known is None or known.removed is not None:
            after[i] = AnalysisHistory(i, entry, before_data)
        elif i in words:
            after[i] = replace(known, amended=(*known.amended, Amended(entry, tuple(words[i]))))
    return after


def sealed_plan(entry: Entry, plan_file: Path, read: Mapping[str, Plan] = MappingProxyType({})) -> Plan:
    """Return the plan that an entry sealed, from the text kept of it, unless that text was read already."""
    if entry.plan is None:
        raise LockError(f"Entry {entry.number} of the seal is about {entry.event}, not about a plan.")
    sealed_text(plan_file, entry.plan)
    return read.get(entry.plan.sha256) or read_plan(plan_file.parent / entry.plan.text)
