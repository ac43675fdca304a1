"""The area under the course of a parameter, subject by subject, and why a subject has none."""

import numpy as np
import pandas as pd

from analysis.data.record_days import dated_before, measured, since_treatment
from analysis.methods.values.course import Area, auc
from sap.model.derivations import AreaUnderCurve


def areas(adsl: pd.DataFrame, records: pd.DataFrame, spec: AreaUnderCurve) -> pd.DataFrame:
    """Return the area under the course of a parameter for every treated subject."""
    kept = since_treatment(adsl, records)
    kept = kept[kept["DAY"] >= min(0, spec.first)]
    early = dated_before(adsl, kept, spec.before)
    left_out, kept = set(kept.loc[~early, "USUBJID"]), kept[early]
    kept = kept.assign(VALUE=measured(kept, spec.below_quantification)).dropna(subset=["VALUE"])
    courses = kept.groupby(["USUBJID", "DAY"])["VALUE"].max()
    subjects = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"].tolist()
    with_course = set(courses.index.get_level_values("USUBJID"))
    found = [_area(courses.loc[s] if s in with_course else None, spec) for s in subjects]
    return pd.DataFrame(
        {
            "USUBJID": pd.Series(subjects, dtype=object),
            "AUC": np.array([a.value for a in found], dtype="float64"),
            "AUCREAS": pd.Series(
                [_reason(a, spec.before if s in left_out else None) for s, a in zip(subjects, found, strict=True)],
                dtype=object,
            ),
        }
    )


def _area(course: "pd.Series[float] | None", spec: AreaUnderCurve) -> Area:
    if course is None:
        why = f"measured on no day, the window is days {spec.first} to {spec.last}"
        return Area(None, spec.first, spec.last, spec.rule, why)
    return auc(course.index.to_numpy(dtype="float64"), course.to_numpy(), spec.first, spec.last, spec.rule)


def _reason(area: Area, stop: str | None) -> str:
    """Return why there is no area; of a subject with measurements that a date of ADSL left out, with its name."""
    told = f" (before {stop})" if stop is not None else ""
    return "" if area.reason is None else f"{area.reason}{told}"
