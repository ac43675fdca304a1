"""Dose-limiting toxicity by subject: which adverse events meet which criterion of the rule."""

import pandas as pd

from analysis.sets import records_where
from sap.days import days_between, duration
from sap.dlt import Criterion, DltRule
from sap.model import Window

SEPARATOR = "; "
"""Between the ids of the criteria a subject met."""


def within(days: "pd.Series[float]", window: Window) -> "pd.Series[bool]":
    """Return which days since infusion lie in a window, both ends included; missing days do not."""
    low = float("-inf") if window.start is None else window.start
    high = float("inf") if window.end is None else window.end
    return days.between(low, high)


def meets(events: pd.DataFrame, criterion: Criterion, window: Window) -> "pd.Series[bool]":
    """Return which adverse events meet a criterion.

    Parameters
    ----------
    events : DataFrame
        ADAE with ``ONSET`` (days since infusion) and ``DURATION`` (days, first and last counted).
    criterion : Criterion
        One sentence of the rule.
    window : Window
        The rule's window; the criterion's own takes its place.

    Returns
    -------
    Series of bool
        Aligned with the events.
    """
    met = records_where(events, criterion.event) & (events["ATOXGR"] >= criterion.min_grade)
    met &= within(events["ONSET"], criterion.window or window)
    if criterion.related_only:
        met &= events["AREL"] == "RELATED"
    if criterion.min_duration_days is not None:
        met &= events["DURATION"] >= criterion.min_duration_days
    return met


def dlt_status(adsl: pd.DataFrame, adae: pd.DataFrame, rule: DltRule) -> pd.DataFrame:
    """Return the DLT status of every treated subject under a rule.

    Parameters
    ----------
    adsl, adae : DataFrame
        Subjects and adverse events.
    rule : DltRule
        The definition.

    Returns
    -------
    DataFrame
        One row a treated subject: ``DLTFL`` (Y/N), ``CRITERIA`` (ids of the criteria met, joined), ``DLTDAY`` (onset
        of the first qualifying event, days since infusion) and ``OBSDAYS`` (days from infusion to death or last
        known alive).
    """
    treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
    last_seen = treated["DTHDT"].fillna(treated["LSTALVDT"])
    events = adae[adae["USUBJID"].isin(treated.index)]
    infusion = events["USUBJID"].map(treated["TRTSDT"])
    until = events["AENDT"].fillna(events["USUBJID"].map(last_seen))
    events = events.assign(ONSET=days_between(infusion, events["ASTDT"]), DURATION=duration(events["ASTDT"], until))
    met: dict[str, list[str]] = {subject: [] for subject in treated.index}
    onset: dict[str, float] = {}
    for criterion in rule.criteria:
        hits = events[meets(events, criterion, rule.window)]
        for subject, day in hits.groupby("USUBJID")["ONSET"].min().items():
            met[str(subject)].append(criterion.id)
            onset[str(subject)] = min(float(day), onset.get(str(subject), float("inf")))
    return pd.DataFrame(
        {
            "USUBJID": treated.index,
            "DLTFL": ["Y" if met[s] else "N" for s in treated.index],
            "CRITERIA": [SEPARATOR.join(met[s]) for s in treated.index],
            "DLTDAY": [onset.get(s, float("nan")) for s in treated.index],
            "OBSDAYS": days_between(treated["TRTSDT"], last_seen).to_numpy(),
        }
    )
