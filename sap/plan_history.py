"""When each analysis was promised, and what has been amended since: read off the seal and the texts it kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sap.kept import kept_text
from sap.lock import Entry, Lock, LockError
from sap.plan import Plan
from sap.plan_diff import touched
from sap.read import read_plan


@dataclass(frozen=True)
class Amended:
    """An amendment that touched an analysis, and how, in words."""

    entry: Entry
    words: tuple[str, ...]


@dataclass(frozen=True)
class AnalysisHistory:
    """The past of one analysis or sensitivity analysis.

    Attributes
    ----------
    id : str
        As the plan names it.
    entered : Entry
        The seal or amendment that promised it first.
    before_data : bool
        Whether that was before data were sealed.
    amended : tuple of Amended
        What changed it since: itself, or a set, rule, derivation or grouping it uses.
    removed : Entry or None
        The amendment that took it out of the plan.
    """

    id: str
    entered: Entry
    before_data: bool
    amended: tuple[Amended, ...] = ()
    removed: Entry | None = None


def plan_history(lock: Lock, plan_file: Path) -> tuple[AnalysisHistory, ...]:
    """Return the past of every analysis that was ever promised.

    Parameters
    ----------
    lock : Lock
        The seal.
    plan_file : Path
        The plan; the kept texts stand below its folder.

    Returns
    -------
    tuple of AnalysisHistory
        In the order in which they were promised; empty when no plan was sealed.

    Raises
    ------
    LockError
        When a kept text is missing or was changed.
    PlanError
        When this program no longer reads a kept text.
    """
    found: dict[str, AnalysisHistory] = {}
    former: Plan | None = None
    for entry in lock.plans:
        plan = kept_plan(entry, plan_file)
        words = touched(former, plan) if former is not None else {}
        found = _with(found, entry, plan, words, before_data=not lock.data_locked_before(entry))
        former = plan
    return tuple(found.values())


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


def kept_plan(entry: Entry, plan_file: Path) -> Plan:
    """Return the plan that an entry sealed, from the text kept of it.

    Parameters
    ----------
    entry : Entry
        A seal of the plan or an amendment.
    plan_file : Path
        The plan; the kept texts stand below its folder.

    Raises
    ------
    LockError
        When the entry is about something else, or the text is missing or was changed.
    PlanError
        When this program no longer reads it.
    """
    if entry.plan is None:
        raise LockError(f"Entry {entry.number} of the seal is about {entry.event}, not about a plan.")
    kept_text(plan_file, entry.plan)
    path = plan_file.parent / entry.plan.text
    return read_plan(path)
