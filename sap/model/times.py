"""Days of a time to event that a plan names."""

from typing import Final


def in_order(days: tuple[int, ...], name: str) -> None:
    """Refuse days that do not follow one another, or lie before the start."""
    if list(days) != sorted(set(days)) or any(d < 0 for d in days):
        msg = f"{name} must be days since the start in increasing order, none negative"
        raise ValueError(msg)


_SPANS: Final = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650)
"""Days between two counts of the subjects at risk, where a plan names none."""
_MOST_SPANS: Final = 7


def at_risk_days(asked: tuple[int, ...], first: int, last: float) -> tuple[int, ...]:
    """Return the days on which subjects at risk are counted, which are those of the axis of a figure.

    Parameters
    ----------
    asked : tuple of int
        Those of the plan; they are taken as they are.
    first : int
        The day of the start, in the count of the times.
    last : float
        The longest time observed in the analysis.

    Returns
    -------
    tuple of int
        Where the plan asks for none: the start, and every so many days, the fewest that give at most seven spans.
    """
    if asked:
        return asked
    span = next((s for s in _SPANS if last <= s * _MOST_SPANS), _SPANS[-1])
    return (first, *(day for day in range(span, int(last) + 1, span) if 2 * (day - first) >= span))
