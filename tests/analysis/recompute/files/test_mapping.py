"""The other trial as another sponsor keeps it: other names, codes, units and records; the plan maps them, both routes."""

import csv
from pathlib import Path

import pytest
import yaml

from analysis.data.columns import mapping
from analysis.data.load import Study, load, read_data
from analysis.recompute import READING, Files, reading_in_words, recompute
from analysis.running.run import run
from sap.reading.read import read_plan
from tests.other_trial.conftest import HERE

AT_NOON = "T12:00:00"


def rows_of(name: str) -> list[dict[str, str]]:
    with (HERE / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        to = csv.DictWriter(file, rows[0])
        to.writeheader()
        to.writerows(rows)


@pytest.fixture
def kept_otherwise(tmp_path) -> Path:
    """The trial with times in hours, sizes in cm, flags of 0 and 1, dates with a time of day, and records left out."""
    adsl = rows_of("adsl")
    for row in adsl:
        day = row.pop("TRTSDT")
        row |= {"TRTSDTM": f"{day}{AT_NOON}" if day else "NA", "DTHFL": {"Y": "1", "": "0"}[row["DTHFL"]]}
        row["TUMSZ"] = row["TUMSZ"] and f"{float(row['TUMSZ']) / 10:g}"
        row["NACTDT"] = row["NACTDT"] or "."
    write(tmp_path, "adsl", adsl)
    adae = rows_of("adae")
    for row in adae:
        row["AESEV"] = {"1": "MILD", "2": "MODERATE", "3": "SEVERE"}.get(row["ATOXGR"], row["ATOXGR"])
        del row["ATOXGR"]
    write(tmp_path, "adae", adae)
    adrs = [row | {"ANL01FL": "Y"} for row in rows_of("adrs")]
    for row in adrs:
        row["AVALC"] = {"CR": "CMR"}.get(row["AVALC"], row["AVALC"])
    write(tmp_path, "adrs", [*adrs, adrs[0] | {"ANL01FL": "", "AVALC": "PR", "ADT": "2024-01-20"}])
    adtte = rows_of("adtte")
    for row in adtte:
        if row["PARAMCD"] == "OSURV":
            row |= {"PARAMCD": "OS", "AVAL": str(int(row["AVAL"]) * 24)}
    write(tmp_path, "adtte", adtte)
    content = yaml.safe_load((HERE / "plan.yml").read_text(encoding="utf-8"))
    of = content["datasets"]
    of["ADSL"]["missing_values"] = ["NA", "."]
    of["ADSL"]["variables"] += [
        {"name": "TRTSDT", "type": "date", "source": "TRTSDTM", "missing": True},
        {"name": "DTHFL", "recode": {"1": "Y", "0": ""}, "codelist": ["Y", "N"], "missing": True},
    ]
    size = next(v for v in of["ADSL"]["variables"] if v["name"] == "TUMSZ")
    size["factor"] = 10
    of["ADAE"]["variables"] = [
        {
            "name": "ATOXGR",
            "type": "integer",
            "source": "AESEV",
            "recode": {"MILD": "1", "MODERATE": "2", "SEVERE": "3"},
        }
    ]
    of["ADRS"]["variables"] = [{"name": "ANL01FL", "label": "Analysis flag", "missing": True}]
    of["ADRS"]["records"] = {"dataset": "ADRS", "variable": "ANL01FL", "comparator": "EQ", "value": "Y"}
    of["ADRS"]["parameters"]["RSP"]["recode"] = {"CMR": "CR"}
    of["ADTTE"]["parameters"]["OSURV"] |= {"source": "OS", "source_unit": "hours"}
    (tmp_path / "plan.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return tmp_path


def test_what_the_plan_maps_is_the_same_trial_by_both_routes(kept_otherwise):
    plan = read_plan(kept_otherwise / "plan.yml")
    study = load(plan, kept_otherwise)
    results = run(study)
    as_it_is = run(load(read_plan(HERE / "plan.yml"), HERE / "data"))
    assert {r.place: r.stat for r in results} == {r.place: r.stat for r in as_it_is}
    checks = recompute(study, results, files=Files(plan, kept_otherwise), with_r=False)
    assert [c for c in checks if c.verdict != "agrees"] == []
    counted = {(c.variable, c.stat_name): c.recomputed for c in checks if c.context == READING}
    assert counted["ADRS", "n.records"] == 22, "the record without the flag is not read"


def test_hours_taken_for_days_are_seen(kept_otherwise, monkeypatch):
    plan = read_plan(kept_otherwise / "plan.yml")
    monkeypatch.setattr(mapping, "scaled", lambda cells, _: cells)
    read = read_data(plan, kept_otherwise)
    study = Study(read.plan, read.data, ())
    checks = recompute(study, run(study), files=Files(plan, kept_otherwise), with_r=False)
    assert [c for c in checks if c.verdict == "differs" and c.analysis_id == "SURVIVAL"]
    assert "ADTTE AVAL was read in two ways: 1464 by the first route, 61 by the second" in " ".join(
        reading_in_words(checks)
    )
