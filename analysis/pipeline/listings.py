"""Records to listings: the rows of a dataset that a listing of the plan promises, as text."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import pandas as pd

from analysis.data.load import Study
from analysis.data.sample import cell_text
from analysis.data.sets import records_where, subjects_where
from analysis.results.entered_file import MOST_SUBJECTS
from analysis.results.listings_file import ListedRecords
from sap.model.part import Reference
from sap.plan.plan import Listing, Plan
from sap.text.problems import UserError

MEASURED: Final = 4
"""Most decimals of a value that somebody measured."""


def listing(spec: Listing, plan: Plan, data: Mapping[str, pd.DataFrame]) -> ListedRecords:
    """Return the records a listing promises."""
    inside = subjects_where(data, plan.set_of(spec.analysis_set).where)
    frame = data[spec.dataset]
    keep = frame["USUBJID"].isin(inside)
    if spec.where is not None:
        keep &= records_where(frame, spec.where)
    records = frame[keep]
    of = records["USUBJID"].nunique()
    if of > MOST_SUBJECTS:
        named = (f"{spec.dataset}.USUBJID", *map(str, spec.variables))
        return ListedRecords(spec.id, len(inside), of, named, (), counted=len(records))
    records = records.sort_values(list(spec.sort), kind="stable", na_position="last")
    columns = {f"{spec.dataset}.USUBJID": records["USUBJID"]}
    columns |= {str(v): _column(v, spec, records, data) for v in spec.variables}
    whole = not records["USUBJID"].duplicated().any()
    alike = {name for name in columns if whole or not name.startswith(f"{spec.dataset}.")}
    texts = (_alike(values) if name in alike else map(cell_text, values) for name, values in columns.items())
    rows = tuple(zip(*texts, strict=True))
    return ListedRecords(spec.id, len(inside), of, tuple(columns), rows)


def _column(reference: Reference, spec: Listing, records: pd.DataFrame, data: Mapping[str, pd.DataFrame]) -> pd.Series:
    if reference.dataset == spec.dataset:
        return records[reference.variable]
    other = data[reference.dataset]
    if other["USUBJID"].duplicated().any():
        what = f"Listing {spec.id}: {reference.dataset} has several records a subject, so {reference} is not one value"
        raise UserError(f"{what}. Name a variable of {spec.dataset}, of ADSL or of a derivation.")
    return records["USUBJID"].map(other.set_index("USUBJID")[reference.variable])


def _alike(values: pd.Series) -> list[str]:
    """Return a column as text, its numbers with the same decimals: 1.0 beside 1.5; computed values stay as they are."""
    texts = [cell_text(v) for v in values]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return texts
    decimals = {t: len(t.partition(".")[2]) for t in texts if t}
    most = max(decimals.values(), default=0)
    if not 0 < most <= MEASURED or any("e" in t for t in decimals):
        return texts
    return [t and f"{float(t):.{most}f}" for t in texts]


def listings_json(study: Study) -> str:
    """Return every listing of the plan as JSON, in the plan's order."""
    data = study.derived
    listed = [asdict(listing(spec, study.plan, data)) for spec in study.plan.listings]
    found = [{name: v for name, v in one.items() if name != "counted" or v} for one in listed]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
