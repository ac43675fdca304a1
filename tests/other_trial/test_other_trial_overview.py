"""An overview of events of another trial, with serious events: counted by hand from its files, by both routes."""

import csv
import io
import shutil

import pytest
import yaml

from analysis.data.load import load
from analysis.recompute import recompute
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.outputs.table import table
from sap.reading.read import read_plan
from sap.text.problems import PlanError

SERIOUS = {("SOL-201-001", "1"), ("SOL-201-009", "1"), ("SOL-201-012", "1"), ("SOL-201-012", "2")}
"""The events made serious: by subject and number."""
KINDS = [
    {"label": "Any"},
    {"label": "Serious", "where": {"dataset": "ADAE", "variable": "AESER", "comparator": "EQ", "value": "Y"}},
    {"label": "Leading to withdrawal", "not_recorded": "Not collected."},
]
STEP = {"method": "event_overview", "label": "Events", "kinds": KINDS}


def with_overview(plan_file, step):
    content = yaml.safe_load(plan_file.read_text(encoding="utf-8"))
    baseline = next(a for a in content["analyses"] if a["id"] == "BASELINE")
    steps = [step, {**step, "by": "DOSE"}]
    content["analyses"].append({**baseline, "id": "EVENTS", "analysis_set": "TREATED", "steps": steps})
    shown = {"id": "TAB-EVENTS", "number": "14.3.90", "kind": "table", "title": "Events", "analyses": ["EVENTS"]}
    content["outputs"].append(shown)
    return content


@pytest.fixture(scope="module")
def overview(plan_file, folder, tmp_path_factory):
    place = tmp_path_factory.mktemp("overview")
    data = shutil.copytree(folder, place / "data")
    rows = list(csv.reader(io.StringIO((data / "adae.csv").read_text(encoding="utf-8-sig"))))
    flags = ["AESER", *("Y" if (row[0], row[1]) in SERIOUS else "N" for row in rows[1:])]
    told = "".join(",".join([*(f'"{c}"' for c in row), flag]) + "\n" for row, flag in zip(rows, flags, strict=True))
    (data / "adae.csv").write_text(told, encoding="utf-8")
    file = place / "plan.yml"
    file.write_text(
        yaml.safe_dump(with_overview(plan_file, STEP), sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    study = load(read_plan(file), data)
    return study, run(study)


def test_serious_events_are_those_the_data_call_so(overview):
    _, results = overview
    found = {(r.group1_level, r.variable_level, r.stat_name): r.stat for r in results.of("EVENTS")}
    assert (found["", "Any", "n"], found["", "Any", "N"], found["", "Any", "records"]) == (10, 11, 12)
    assert (found["", "Serious", "n"], found["", "Serious", "records"]) == (3, 4)
    assert [found[dose, "Serious", "n"] for dose in ("0.3 mg/kg", "1 mg/kg")] == [1, 2]


def test_the_second_route_agrees(overview):
    study, results = overview
    verdicts = {c.verdict for c in recompute(study, results) if c.analysis_id == "EVENTS"}
    assert verdicts == {"agrees"}


def test_a_line_stands_for_each_kind_and_says_what_is_not_recorded(overview):
    study, results = overview
    output = next(o for o in study.plan.outputs if o.id == "TAB-EVENTS")
    lines = table(study.plan, Lookup(results), output).lines
    assert {line.label: line.cells[-1].text for line in lines} == {
        "Any": "10 (90.9%) [12]",
        "Serious": "3 (27.3%) [4]",
        "Leading to withdrawal": "not recorded",
    }


def test_a_date_that_is_none_and_records_of_another_dataset_are_refused(plan_file, tmp_path):
    of_response = {"dataset": "ADRS", "variable": "AVALC", "comparator": "EQ", "value": "PD"}
    wrong = {**STEP, "kinds": [{"label": "Progression", "where": of_response}], "date": "AGE", "when": "before"}
    file = tmp_path / "plan.yml"
    file.write_text(yaml.safe_dump(with_overview(plan_file, wrong), sort_keys=False), encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        read_plan(file)
    assert "ADSL.AGE is not a date" in str(refused.value)
    assert "the records are those of ADAE, and the clause is about ADRS" in str(refused.value)
