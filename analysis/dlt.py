"""Dose-limiting toxicity by subject: which adverse events meet which criterion of the rule."""

import pandas as pd

from analysis.sets import records_where
from sap.days import days_between, duration
from sap.derivations import EventOccurrence
from sap.dlt import Criterion, DltRule
from sap.model import Window

SEPARATOR = "; "
"""Between the ids of the criteria a subject met."""


def within(days: "pd.Series[float]", window: Window) -> "pd.Series[bool]":
    """Return which days since first treatment lie in a window, both ends included; missing days do not."""
    low = float("-inf") if window.start is None else window.start
    high = float("inf") if window.end is None else window.end
    return days.between(low, high)


def counted(adae: pd.DataFrame, criterion: Criterion | EventOccurrence) -> "pd.Series[bool]":
    """Return which adverse events a criterion is about, whenever they began and however long they lasted."""
    chosen = records_where(adae, criterion.event) & (adae["ATOXGR"] >= criterion.min_grade)
    if criterion.related_only:
        chosen &= adae["AREL"] == "RELATED"
    return chosen


def episodes(adae: pd.DataFrame, criterion: Criterion | EventOccurrence, subjects: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes of the events a criterion is about, their duration not yet judged.

    A change of grade begins a new row of ADAE; rows of one term at or above the criterion's grade that overlap or
    follow each other without a day between are one episode, so that a toxicity is not shortened by getting worse.

    Parameters
    ----------
    adae : DataFrame
        Adverse events of treated subjects.
    criterion : Criterion or EventOccurrence
        Which events, from which grade, related or not.
    subjects : DataFrame
        Indexed by ``USUBJID``: ``TRTSDT``, ``DTHDT`` and ``SEEN``, the day of death or last known alive.

    Returns
    -------
    DataFrame
        ``USUBJID``, ``ONSET`` (days since first treatment), ``DURATION`` (days, first and last counted; up to ``SEEN``
        when the last row has no end), ``OPEN`` (no end, and the subject is alive: it may last longer than was seen),
        ``ENDED`` (every row has an end) and ``GRADE`` (the worst).

    Raises
    ------
    ValueError
        When such an event has no start date: whether it began in a window cannot be told.
    """
    chosen = counted(adae, criterion)
    _refuse_undated(adae[chosen])
    rows = adae[chosen].sort_values(["USUBJID", "AEDECOD", "ASTDT"], kind="stable")
    subject = rows["USUBJID"]
    end = rows["AENDT"].fillna(subject.map(subjects["SEEN"]))
    groups = [rows["USUBJID"], rows["AEDECOD"]]
    reached = end.groupby(groups).cummax().groupby(groups).shift()
    begins = reached.isna() | (days_between(reached, rows["ASTDT"]) > 1)
    rows = rows.assign(
        EPISODE=begins.cumsum(),
        END=end,
        OPEN=rows["AENDT"].isna() & subject.map(subjects["DTHDT"]).isna(),
        ENDED=rows["AENDT"].notna(),
    )
    found = rows.groupby("EPISODE").agg(
        USUBJID=("USUBJID", "first"),
        START=("ASTDT", "min"),
        END=("END", "max"),
        OPEN=("OPEN", "any"),
        ENDED=("ENDED", "all"),
        GRADE=("ATOXGR", "max"),
    )
    first_treatment = found["USUBJID"].map(subjects["TRTSDT"])
    return pd.DataFrame(
        {
            "USUBJID": found["USUBJID"],
            "ONSET": days_between(first_treatment, found["START"]),
            "DURATION": duration(found["START"], found["END"]),
            "OPEN": found["OPEN"].astype(bool),
            "ENDED": found["ENDED"].astype(bool),
            "GRADE": found["GRADE"],
        }
    )


def _refuse_undated(events: pd.DataFrame) -> None:
    undated = events[events["ASTDT"].isna()]
    if len(undated):
        named = (f"{s} ({t})" for s, t in zip(undated["USUBJID"], undated["AEDECOD"], strict=True))
        listed = ", ".join(dict.fromkeys(named))
        msg = f"an event that counts has no ASTDT in ADAE, so that its onset and duration are unknown: {listed}"
        raise ValueError(f"{msg}. Give the date, by a rule of imputation where it is not known")


def observed(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the treated subjects, indexed by ``USUBJID``, with ``SEEN``: the day of death or last known alive."""
    treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
    return treated.assign(SEEN=treated["DTHDT"].fillna(treated["LSTALVDT"]))


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
        One row a treated subject: ``DLTFL`` (Y/N), ``CRITERIA`` (ids of the criteria met, joined), ``DLTDAY`` (onset of
        the first qualifying episode, days since first treatment), ``EVALFL`` (Y when a toxicity occurred, or when the
        window was observed and no open episode could still meet a criterion by lasting longer) and ``OBSDAYS`` (days
        from first treatment to death or last known alive).
    """
    treated = observed(adsl)
    events = adae[adae["USUBJID"].isin(treated.index)]
    met: dict[str, list[str]] = {subject: [] for subject in treated.index}
    onset: dict[str, float] = {}
    undecided: set[str] = set()
    for criterion in rule.criteria:
        found = episodes(events, criterion, treated)
        found = found[within(found["ONSET"], criterion.window or rule.window)]
        long_enough = found["DURATION"] >= (criterion.min_duration_days or 1)
        undecided |= set(found.loc[~long_enough & found["OPEN"], "USUBJID"])
        for subject, day in found[long_enough].groupby("USUBJID")["ONSET"].min().items():
            met[str(subject)].append(criterion.id)
            onset[str(subject)] = min(float(day), onset.get(str(subject), float("inf")))
    seen = days_between(treated["TRTSDT"], treated["SEEN"])
    complete = {s: days >= (rule.window.end or 0) and s not in undecided for s, days in seen.items()}
    status = pd.DataFrame(
        {
            "USUBJID": treated.index,
            "DLTFL": ["Y" if met[s] else "N" for s in treated.index],
            "CRITERIA": [SEPARATOR.join(met[s]) for s in treated.index],
            "DLTDAY": [onset.get(s, float("nan")) for s in treated.index],
            "EVALFL": ["Y" if met[s] or complete[s] else "N" for s in treated.index],
            "OBSDAYS": seen.to_numpy(),
        }
    )
    # Text even when nobody was treated: an empty column would be one of numbers.
    return status.astype(dict.fromkeys(("USUBJID", "DLTFL", "CRITERIA", "EVALFL"), "object"))
