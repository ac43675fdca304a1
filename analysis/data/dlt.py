"""Dose-limiting toxicity by subject: which adverse events meet which criterion of the rule."""

from collections.abc import Iterable

import pandas as pd

from analysis.data.sets import records_where
from sap.model.conventions import Relatedness
from sap.model.days import days_between, duration
from sap.model.derivations import Criterion, DltRule, EventOccurrence
from sap.model.part import Window

SEPARATOR = "; "
"""Between the ids of the criteria a subject met."""
USUAL = Relatedness()
"""Related is RELATED, or unknown."""


def within(days: "pd.Series[float]", window: Window) -> "pd.Series[bool]":
    """Return which days since first treatment lie in a window, both ends included; missing days do not."""
    low = float("-inf") if window.start is None else window.start
    high = float("inf") if window.end is None else window.end
    return days.between(low, high)


Judged = Criterion | EventOccurrence
"""What an event is held against: which events, from which grade, related or not."""


def called_related(adae: pd.DataFrame, criterion: Judged, relatedness: Relatedness) -> "pd.Series[bool]":
    """Return which events were called related, as the plan counts it; all, where a criterion does not ask."""
    if not criterion.related_only:
        return pd.Series(data=True, index=adae.index)
    return adae["AREL"].isin(relatedness.counted)


def grades(adae: pd.DataFrame) -> "pd.Series[float]":
    """Return the grades of events; all missing where a trial has none."""
    return adae["ATOXGR"] if "ATOXGR" in adae.columns else pd.Series(float("nan"), adae.index)


def qualifying(
    adae: pd.DataFrame, criterion: Judged, relatedness: Relatedness = USUAL, *, at_worst: bool = False
) -> "pd.Series[bool]":
    """Return which adverse events a criterion is about, whenever they began and however long they lasted."""
    grade = grades(adae)
    severe = grade >= criterion.min_grade
    if at_worst or criterion.min_grade == 1:
        severe |= grade.isna()
    return records_where(adae, criterion.event) & severe & called_related(adae, criterion, relatedness)


def episodes(
    adae: pd.DataFrame,
    criterion: Judged,
    subjects: pd.DataFrame,
    relatedness: Relatedness = USUAL,
    *,
    at_worst: bool = False,
) -> pd.DataFrame:
    """Return the episodes of the events a criterion is about, their duration not yet judged.

    A change of grade begins a new row of ADAE; rows of one term at or above the criterion's grade that overlap or
    follow each other without a day between are one episode, so that a toxicity is not shortened by getting worse.
    A missing grade is at or above the lowest grade alone.
    """
    chosen = qualifying(adae, criterion, relatedness, at_worst=at_worst)
    _refuse_undated(adae[chosen])
    rows = adae[chosen].assign(ATOXGR=grades(adae)).sort_values(["USUBJID", "AEDECOD", "ASTDT"], kind="stable")
    subject = rows["USUBJID"]
    seen = rows["AENDT"].fillna(subject.map(subjects["SEEN"]))
    end = seen.fillna(rows["ASTDT"])
    groups = [rows["USUBJID"], rows["AEDECOD"]]
    reached = end.groupby(groups).cummax().groupby(groups).shift()
    begins = reached.isna() | (days_between(reached, rows["ASTDT"]) > 1)
    rows = rows.assign(
        EPISODE=begins.cumsum(),
        END=end,
        KNOWN=seen.notna(),
        OPEN=rows["AENDT"].isna() & subject.map(subjects["DTHDT"]).isna(),
        ENDED=rows["AENDT"].notna(),
    )
    found = rows.groupby("EPISODE").agg(
        USUBJID=("USUBJID", "first"),
        START=("ASTDT", "min"),
        END=("END", "max"),
        KNOWN=("KNOWN", "all"),
        OPEN=("OPEN", "any"),
        ENDED=("ENDED", "all"),
        GRADE=("ATOXGR", "max"),
    )
    first_treatment = found["USUBJID"].map(subjects["TRTSDT"])
    return pd.DataFrame(
        {
            "USUBJID": found["USUBJID"],
            "ONSET": days_between(first_treatment, found["START"]),
            "DURATION": duration(found["START"], found["END"]).where(found["KNOWN"]),
            "OPEN": found["OPEN"].astype(bool),
            "ENDED": found["ENDED"].astype(bool),
            "GRADE": found["GRADE"],
        }
    )


def unknown(
    adae: pd.DataFrame,
    judged: Iterable[tuple[Judged, Window]],
    subjects: pd.DataFrame,
    relatedness: Relatedness,
) -> pd.DataFrame:
    """Return by subject how many events a missing cell may have kept from a criterion, or brought to it."""
    onset = days_between(adae["USUBJID"].map(subjects["TRTSDT"]), adae["ASTDT"])
    grade = grades(adae)
    unrelated = adae["AREL"] == "" if "AREL" in adae.columns else pd.Series(data=False, index=adae.index)
    # Each its own: a series is changed in place by |=.
    no_grade, no_relatedness = (pd.Series(data=False, index=adae.index) for _ in range(2))
    for criterion, window in judged:
        meant = records_where(adae, criterion.event) & within(onset, window)
        graded = (grade >= criterion.min_grade) | (grade.isna() & (criterion.min_grade == 1))
        related = called_related(adae, criterion, relatedness)
        no_grade |= meant & related & grade.isna() & ~graded
        no_relatedness |= meant & graded & unrelated & criterion.related_only
    counts = pd.DataFrame({"NOGRADE": no_grade, "NOREL": no_relatedness}).groupby(adae["USUBJID"]).sum()
    return counts.reindex(subjects.index).fillna(0).astype("float64")


def _refuse_undated(events: pd.DataFrame) -> None:
    undated = events[events["ASTDT"].isna()]
    if len(undated):
        named = (f"{s} ({t})" for s, t in zip(undated["USUBJID"], undated["AEDECOD"], strict=True))
        listed = ", ".join(dict.fromkeys(named))
        msg = f"an event that counts has no ASTDT in ADAE, so that its onset and duration are unknown: {listed}"
        raise ValueError(f"{msg}. Give the date, by a rule of imputation where it is not known")


def of_subjects(records: pd.DataFrame, subjects: "pd.Index[str] | pd.Series[str]") -> pd.DataFrame:
    """Return the records of some subjects; where they are those of all, the very table, and no copy of it."""
    own = records["USUBJID"].isin(subjects)
    return records if own.all() else records[own]


def observed(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the treated subjects, indexed by ``USUBJID``, with ``SEEN``: the day of death or last known alive.

    A trial without one of the two dates has them missing.
    """
    treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
    absent = pd.Series(pd.NaT, treated.index, dtype="datetime64[ns]")
    died, alive = (treated.get(name, absent) for name in ("DTHDT", "LSTALVDT"))
    return treated.assign(DTHDT=died, SEEN=died.fillna(alive))


def dlt_status(adsl: pd.DataFrame, adae: pd.DataFrame, rule: DltRule, relatedness: Relatedness = USUAL) -> pd.DataFrame:
    """Return the DLT status of every treated subject under a rule."""
    treated = observed(adsl)
    events = of_subjects(adae, treated.index)
    met: dict[str, list[str]] = {subject: [] for subject in treated.index}
    onset: dict[str, float] = {}
    undecided: set[str] = set()
    graded = bool(grades(events).notna().all())
    for criterion in rule.criteria:
        at_least, window = criterion.min_duration_days or 0, rule.window_of(criterion)
        whole = episodes(events, criterion, treated, relatedness)
        found = whole[within(whole["ONSET"], window)]
        # Where each event has a grade, none can be worse than it is.
        worst = whole if graded else episodes(events, criterion, treated, relatedness, at_worst=True)
        possible = worst[within(worst["ONSET"], window)]
        undecided |= set(possible.loc[(possible["DURATION"].fillna(0) >= at_least) | possible["OPEN"], "USUBJID"])
        for subject, day in found[found["DURATION"].fillna(0) >= at_least].groupby("USUBJID")["ONSET"].min().items():
            met[str(subject)].append(criterion.id)
            onset[str(subject)] = min(float(day), onset.get(str(subject), float("inf")))
    seen = days_between(treated["TRTSDT"], treated["SEEN"])
    untold = unknown(events, [(c, rule.window_of(c)) for c in rule.criteria], treated, relatedness)
    complete = {s: days >= (rule.window.end or 0) and s not in undecided for s, days in seen.items()}
    status = pd.DataFrame(
        {
            "USUBJID": treated.index,
            "DLTFL": ["Y" if met[s] else "N" for s in treated.index],
            "CRITERIA": [SEPARATOR.join(met[s]) for s in treated.index],
            "DLTDAY": [onset.get(s, float("nan")) for s in treated.index],
            "EVALFL": ["Y" if met[s] or complete[s] else "N" for s in treated.index],
            "OBSDAYS": seen.to_numpy(),
            **{name: untold[name].to_numpy() for name in untold.columns},
        }
    )
    # Text even when nobody was treated: an empty column would be one of numbers.
    return status.astype(dict.fromkeys(("USUBJID", "DLTFL", "CRITERIA", "EVALFL"), "object"))
