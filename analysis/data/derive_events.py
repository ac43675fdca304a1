"""What adverse events and dates say of each subject: occurrence, worst grade, onset, end; the day of something."""

import pandas as pd

from analysis.data.dlt import USUAL, episodes, observed, unknown, within
from sap.model.conventions import Relatedness
from sap.model.days import days_between
from sap.model.derivations import ENDED, ENDED_LATER, ONGOING, DayOf, EventOccurrence


def event_occurrence(
    adsl: pd.DataFrame, adae: pd.DataFrame, spec: EventOccurrence, relatedness: Relatedness = USUAL
) -> pd.DataFrame:
    """Return whether events of a kind occurred in every treated subject, and when."""
    treated = observed(adsl)
    events = adae[adae["USUBJID"].isin(treated.index)]
    found = episodes(events, spec, treated, relatedness)
    untold = unknown(events, [(spec, spec.window)], treated, relatedness)
    found = found[within(found["ONSET"], spec.window)]
    found = found.assign(LAST=found["ONSET"] + found["DURATION"] - 1)
    first = found.sort_values(["USUBJID", "ONSET", "DURATION"], ascending=[True, True, False], kind="stable")
    first = first.drop_duplicates("USUBJID").set_index("USUBJID")
    whole = found.groupby("USUBJID").agg(GRADE=("GRADE", "max"), LAST=("LAST", "max"), ENDED=("ENDED", "all"))
    subjects = pd.Series(treated.index, index=treated.index, dtype="object")
    occurred = subjects.isin(first.index)
    ended = subjects.map(whole["ENDED"]).eq(other=True)
    last = subjects.map(whole["LAST"]).astype("float64")
    return (
        pd.DataFrame(
            {
                "USUBJID": subjects,
                "OCCURFL": occurred.map({True: "Y", False: "N"}).astype("object"),
                "MAXGR": subjects.map(whole["GRADE"].map("{:.0f}".format).replace("nan", "")).where(occurred, "0"),
                "ONSET": subjects.map(first["ONSET"]).astype("float64"),
                "DUR": subjects.map(first["DURATION"]).astype("float64"),
                "ENDDAY": last.where(ended),
                "ONGOFL": ended.map({True: "N", False: "Y"}).astype("object").where(occurred, ""),
                "COURSE": _course(adsl, last, ended, spec.before).where(occurred, ""),
                "NOGRADE": untold["NOGRADE"],
                "NOREL": untold["NOREL"],
            }
        )
        .astype({"MAXGR": "object"})
        .reset_index(drop=True)
    )


def _course(
    adsl: pd.DataFrame, last: "pd.Series[float]", ended: "pd.Series[bool]", before: str | None
) -> "pd.Series[str]":
    """Return how an event ended in each subject: on or after a date of ADSL, or where the subject has one before it."""
    course = pd.Series(ENDED, index=last.index, dtype="object")
    if before is not None:
        treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
        course = course.mask(last >= days_between(treated["TRTSDT"], treated[before]).reindex(last.index), ENDED_LATER)
    return course.where(ended, ONGOING)


def day_of(adsl: pd.DataFrame, records: pd.DataFrame, spec: DayOf) -> pd.DataFrame:
    """Return the day of a date for every treated subject."""
    dated = records[records[spec.variable].notna()]
    if "CNSR" in dated.columns:
        dated = dated[dated["CNSR"] == 0]
    repeated = dated.loc[dated["USUBJID"].duplicated(), "USUBJID"]
    if len(repeated):
        msg = f"{spec.dataset}.{spec.variable} has several dates for {', '.join(dict.fromkeys(repeated))}"
        raise ValueError(msg)
    treated = adsl[adsl["TRTSDT"].notna()].reset_index(drop=True)
    date = pd.to_datetime(treated["USUBJID"].map(dated.set_index("USUBJID")[spec.variable]))
    return pd.DataFrame({"USUBJID": treated["USUBJID"], "DAY": days_between(treated["TRTSDT"], date)})
