"""Which assessments of a response count: those in a window, before another therapy and up to the first progression."""

import pandas as pd

from sap.model.days import days_between
from sap.model.derivations import BestResponse


def assessments(adsl: pd.DataFrame, records: pd.DataFrame, spec: BestResponse) -> pd.DataFrame:
    """Return the assessments of treated subjects, each with whether it counts."""
    subjects = adsl.drop_duplicates("USUBJID").set_index("USUBJID")
    found = records.assign(DAY=days_between(records["USUBJID"].map(subjects["TRTSDT"]), records["ADT"]))
    found = found[found["DAY"].notna()]
    day = found["DAY"]
    progressed = found[found["AVALC"].map(spec.is_progression).astype(bool) & (day >= spec.first_looked)]
    first = found["USUBJID"].map(progressed.groupby("USUBJID")["DAY"].min()).astype("float64")
    due = found["AVALC"].isin(spec.order) & (day >= (spec.window.start or 0))
    if spec.window.end is not None:
        due &= day <= spec.window.end
    if spec.before is not None:
        stop = found["USUBJID"].map(subjects[spec.before])
        due &= stop.isna() | (found["ADT"] < stop)
    return found.assign(COUNTS=due & ~(day > first), AFTER=due & (day > first))
