"""The other trial kept in other formats: the same results, and nothing that the two readings see otherwise."""

import json
from pathlib import Path

import pandas as pd
import polars as pl
import pyreadr
import pyreadstat
import pytest

from analysis.data.formats import sas_values
from analysis.data.load import load
from analysis.recompute import READING, Files, reading_in_words, recompute
from analysis.running.run import run
from sap.reading.read import read_plan
from tests.other_trial.conftest import HERE


def typed(file: Path) -> pd.DataFrame:
    """Return a dataset as a program holds it: numbers as numbers and dates as dates."""
    frame = pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False, dtype=str)
    for name in frame.columns:
        filled = frame[name][frame[name] != ""]
        if name.endswith("DT"):
            frame[name] = pd.to_datetime(frame[name])
        elif not filled.empty and filled.str.fullmatch(r"-?\d+(\.\d+)?").all():
            frame[name] = pd.to_numeric(frame[name])
    return frame


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return dates as SAS has them."""
    dates = frame.select_dtypes("datetime").columns
    return frame.assign(**{d: (frame[d] - pd.Timestamp("1960-01-01")).dt.days.astype(float) for d in dates})


def as_transport(frame: pd.DataFrame, path: Path) -> None:
    formats = dict.fromkeys(frame.select_dtypes("datetime").columns, "DATE9.")
    pyreadstat.write_xport(days(frame), path, table_name=path.stem.upper(), variable_format=formats)


def as_dataset_json(frame: pd.DataFrame, path: Path) -> None:
    dates = set(frame.select_dtypes("datetime").columns)
    kinds = {n: "date" if n in dates else "float" if frame[n].dtype.kind in "if" else "string" for n in frame}
    plain = frame.assign(**{d: frame[d].dt.strftime("%Y-%m-%d") for d in dates}).astype(object)
    rows = plain.where(frame.notna(), None).to_numpy().tolist()
    columns = [{"itemOID": n, "name": n, "dataType": kind} for n, kind in kinds.items()]
    path.write_text(json.dumps({"datasetJSONVersion": "1.1.0", "columns": columns, "rows": rows}), encoding="utf-8")


def as_parquet(frame: pd.DataFrame, path: Path) -> None:
    pl.from_pandas(frame).with_columns(pl.selectors.datetime().cast(pl.Date)).write_parquet(path)


def as_r(frame: pd.DataFrame, path: Path) -> None:
    dates = frame.select_dtypes("datetime").columns
    pyreadr.write_rds(
        path, frame.assign(**{d: frame[d].dt.date.astype(object).where(frame[d].notna(), None) for d in dates})
    )


def as_workbook(frame: pd.DataFrame, path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        frame.to_excel(book, sheet_name=path.stem.upper(), index=False)


FORMATS = {
    "xpt": as_transport,
    "json": as_dataset_json,
    "parquet": as_parquet,
    "rds": as_r,
    "xlsx": as_workbook,
}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_trial_in_another_format_is_the_same_trial(tmp_path, ending):
    text = (HERE / "plan.yml").read_text(encoding="utf-8")
    (tmp_path / "plan.yml").write_text(text.replace(".csv", f".{ending}"), encoding="utf-8")
    for file in (HERE / "data").glob("*.csv"):
        FORMATS[ending](typed(file), tmp_path / f"{file.stem}.{ending}")
    plan = read_plan(tmp_path / "plan.yml")
    study = load(plan, tmp_path)
    results = run(study)
    as_csv = run(load(read_plan(HERE / "plan.yml"), HERE / "data"))
    assert results.to_csv() == as_csv.to_csv()
    checks = recompute(study, results, files=Files(plan, tmp_path), with_r=False)
    assert {c.verdict for c in checks} == {"agrees"}
    assert sum(c.context == READING for c in checks) == 4 * len(plan.datasets)


def test_another_first_day_of_sas_moves_no_result_and_is_seen(tmp_path, monkeypatch):
    text = (HERE / "plan.yml").read_text(encoding="utf-8")
    (tmp_path / "plan.yml").write_text(text.replace(".csv", ".xpt"), encoding="utf-8")
    for file in (HERE / "data").glob("*.csv"):
        as_transport(typed(file), tmp_path / f"{file.stem}.xpt")
    plan = read_plan(tmp_path / "plan.yml")
    monkeypatch.setattr(sas_values, "_EPOCH", pd.Timestamp("1960-01-02").to_pydatetime())
    study = load(plan, tmp_path)
    checks = recompute(study, run(study), files=Files(plan, tmp_path), with_r=False)
    assert not [c for c in checks if c.verdict == "differs" and c.context != READING]
    (told,) = [said for said in reading_in_words(checks) if "TRTSDT" in said]
    ways = "'2024-01-09' by the first route, '2024-01-08' by the second, in row 2 of adsl.xpt (SOL-201-001) and 10 more"
    assert told.startswith(f"ADSL TRTSDT was read in two ways: {ways}")
