"""Follow-up spent in a state that subjects enter: who was in it, what ended there, and who was at risk on a day."""

from dataclasses import dataclass

import numpy as np

from analysis.methods.common import Flags, Floats, Ints
from analysis.methods.states.switch import StartStop
from analysis.methods.survival.time_to_event import same_instant, tie_tolerance


@dataclass(frozen=True)
class StateFollowUp:
    """What was observed in one state.

    Attributes
    ----------
    n : int
        Subjects ever in the state.
    n_event, n_censor, n_leave : int
        Subjects whose time in the state ended with the event, with the end of follow-up, or in the other state.
    time : float
        Subjects' time in the state, in the unit of the rows.
    first : float or None
        When the first subject was in it; None if nobody was.
    """

    n: int
    n_event: int
    n_censor: int
    n_leave: int
    time: float
    first: float | None


@dataclass(frozen=True)
class StateCounts:
    """Who was in one state at one instant.

    Attributes
    ----------
    n_risk : int
        Subjects in the state just before the instant.
    n_enter : int
        Subjects in the state at any instant before, and not gone by the landmark.
    n_event, n_censor, n_leave : int
        Those of them whose time in the state had ended before the instant, by the way it ended.
    gap : tuple of float or None
        The first stretch of time, between the first entry and the instant, in which nobody was at risk.
    """

    n_risk: int
    n_enter: int
    n_event: int
    n_censor: int
    n_leave: int
    gap: tuple[float, float] | None


def follow_up_in(rows: StartStop, *, exposed: bool, origin: float = 0.0) -> StateFollowUp:
    """Account for the follow-up spent in one state.

    Parameters
    ----------
    rows : StartStop
        Follow-up of all subjects (see `split_at`).
    exposed : bool
        Which state.
    origin : float
        What the times of the rows count at the start itself, though a row from the start has 0: time spent in a state
        is a duration, which does not depend on it.

    Returns
    -------
    StateFollowUp
        Subjects are counted as R's ``pyears`` counts person-time: each in both states, where it was in both.
    """
    here = rows.exposed == exposed
    start = np.maximum(rows.start, origin)
    leaves = here & _leaves(rows)
    return StateFollowUp(
        n=int(here.sum()),
        n_event=int((here & rows.event).sum()),
        n_censor=int((here & ~rows.event & ~leaves).sum()),
        n_leave=int(leaves.sum()),
        time=float((rows.stop - start)[here].sum()),
        first=float(start[here].min()) if here.any() else None,
    )


def counts_at(rows: StartStop, time: float, *, exposed: bool, landmark: float = 0.0) -> StateCounts:
    r"""Count the subjects of one state around an instant.

    A row is at risk at *t* if :math:`\text{start} < t \le \text{stop}`, and at the landmark itself (0 if there is
    none) if it goes on from there, so that events and departures at *t* are still at risk and those who enter at *t*
    are not yet. With a landmark above 0, rows that end by then are left out, as in `simon_makuch`.

    Parameters
    ----------
    rows : StartStop
        Follow-up of all subjects.
    time : float
        The instant, at or after the landmark, in the unit of the rows.
    exposed : bool
        Which state.
    landmark : float
        Time from which rows count, 0 or more.

    Returns
    -------
    StateCounts
        At risk are those who entered, less those gone: ``n_risk = n_enter - n_event - n_censor - n_leave``.
    """
    near = same_instant(max(time, 1.0))
    later = rows.stop > landmark + near if landmark > 0 else np.ones(rows.stop.size, dtype=bool)
    counted = (rows.exposed == exposed) & later
    entered = counted & ((rows.start < time - near) | (rows.start <= landmark + near))
    gone = entered & (rows.stop < time - near)
    leaves = _leaves(rows)
    return StateCounts(
        n_risk=int((entered & ~gone).sum()),
        n_enter=int(entered.sum()),
        n_event=int((gone & rows.event).sum()),
        n_censor=int((gone & ~rows.event & ~leaves).sum()),
        n_leave=int((gone & leaves).sum()),
        gap=_gap(rows, entered),
    )


def events_compared(rows: StartStop) -> int:
    """Count the events at instants at which both states had somebody at risk: those a comparison can learn from.

    Parameters
    ----------
    rows : StartStop
        Follow-up of all subjects.

    Returns
    -------
    int
        Events, of any state.
    """
    instants = np.unique(rows.stop[rows.event])
    compared = 0
    for t in instants:
        # A row that starts at 0 is at risk at 0, as in the test itself.
        at_risk = ((rows.start < t) | (rows.start == 0)) & (rows.stop >= t)
        if (at_risk & rows.exposed).any() and (at_risk & ~rows.exposed).any():
            compared += int((rows.event & (rows.stop == t)).sum())
    return compared


def censored_at(rows: StartStop, times: Floats, *, exposed: bool) -> Ints:
    """Count, at given instants, the subjects of a state whose follow-up ended there without the event.

    Parameters
    ----------
    rows : StartStop
        Follow-up of all subjects.
    times : array, shape (k,)
        Instants, in the unit of the rows.
    exposed : bool
        Which state.

    Returns
    -------
    array of int, shape (k,)
        Those who left for the other state are not among them.
    """
    ends = rows.stop[(rows.exposed == exposed) & ~rows.event & ~_leaves(rows)]
    return np.array([int((np.abs(ends - t) <= tie_tolerance(times)).sum()) for t in times], dtype=np.int64)


def _leaves(rows: StartStop) -> Flags:
    """Return which rows end in the other state: the subject has another row after it."""
    return np.append(rows.subject[1:] == rows.subject[:-1], False)[: rows.subject.size]


def _gap(rows: StartStop, entered: Flags) -> tuple[float, float] | None:
    order = np.argsort(rows.start[entered], kind="stable")
    starts, stops = rows.start[entered][order], rows.stop[entered][order]
    reached = np.maximum.accumulate(stops)
    for until, begins in zip(reached[:-1], starts[1:], strict=True):
        if begins > until:
            return float(until), float(begins)
    return None
