"""Which records of a subject a derivation counts, on which day, and with which value."""

import pandas as pd

from analysis.methods.values.course import BelowQuantification, replace_below_quantification
from sap.model.days import days_between


def since_treatment(adsl: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return records of treated subjects with ``DAY``, days since first treatment."""
    treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
    kept = records[records["USUBJID"].isin(treated.index)]
    return kept.assign(DAY=days_between(kept["USUBJID"].map(treated["TRTSDT"]), kept["ADT"]))


def dated_before(adsl: pd.DataFrame, records: pd.DataFrame, variable: str | None) -> "pd.Series[bool]":
    """Return which records are dated before a date of ADSL; all, where there is no variable or no date."""
    if variable is None:
        return pd.Series(data=True, index=records.index)
    stop = records["USUBJID"].map(adsl.set_index("USUBJID")[variable])
    return stop.isna() | (records["ADT"] < stop)


def measured(records: pd.DataFrame, rule: BelowQuantification) -> "pd.Series[float]":
    """Return values with those below quantification replaced; a trial may have no limit of quantification at all."""
    value = records["AVAL"].astype("float64")
    if "BLQFL" not in records.columns:
        return value
    below = records["BLQFL"] == "Y"
    if "LLOQ" not in records.columns or records.loc[below, "LLOQ"].isna().any():
        if below.any() and rule in {"half", "lloq"}:
            msg = "a value below quantification has no LLOQ"
            raise ValueError(msg)
        return value.mask(below, 0.0 if rule == "zero" else float("nan"))
    judged = below | (value.notna() & records["LLOQ"].notna())
    value[judged] = replace_below_quantification(
        value[judged].to_numpy(),
        below[judged].to_numpy(dtype=bool),
        records.loc[judged, "LLOQ"].to_numpy(),
        rule,
    )
    return value
