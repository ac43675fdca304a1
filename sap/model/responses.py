"""Which assessments of a response count: those in a window, before another therapy and up to the first progression."""

import pandas as pd

from sap.model.days import days_between
from sap.model.derivations import BestResponse


def assessments(adsl: pd.DataFrame, records: pd.DataFrame, spec: BestResponse) -> pd.DataFrame:
    """Return the assessments of treated subjects, each with whether it counts.

    Parameters
    ----------
    adsl, records : DataFrame
        Subjects, and the assessments of one parameter.
    spec : BestResponse
        Values, window, and the date of ADSL from which none counts: one on that very day is after it. Progression is
        looked for from the day after first treatment, even where the window opens later.

    Returns
    -------
    DataFrame
        The records with ``DAY`` (days since first treatment), ``COUNTS`` and ``AFTER``: it would count, were it not
        dated after the day of the subject's first progression.
    """
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
