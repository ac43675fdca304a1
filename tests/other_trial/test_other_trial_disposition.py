"""The flow of subjects of another trial, one of whom was never treated: numbers counted by hand from its files."""

import re

import pytest
import yaml

from analysis.data.load import load
from analysis.recompute import recompute
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from sap.reading.read import read_plan

SUBJECT = {"dataset": "ADSL", "variable": "USUBJID", "comparator": "NE", "value": ""}
TREATED = {"dataset": "ADSL", "variable": "TRTSDT", "comparator": "NE", "value": ""}
DIED = {"dataset": "ADSL", "variable": "DTHFL", "comparator": "EQ", "value": "Y"}
NEW = {"dataset": "ADSL", "variable": "NACTDT", "comparator": "NE", "value": ""}
STEP = {
    "method": "disposition",
    "label": "Subjects",
    "stages": [
        {"label": "Gave consent", "where": SUBJECT},
        {"label": "Treated", "where": TREATED, "lost": [{"label": "Died", "where": DIED}]},
        {
            "label": "Observed for a whole cycle",
            "where": {"dataset": "TOX", "variable": "OBSDAYS", "comparator": "GE", "value": 20},
            "lost": [{"label": "Died", "where": DIED}, {"label": "New treatment", "where": NEW}],
        },
    ],
    "outcomes": [{"label": "Dead", "where": DIED}, {"label": "Alive", "where": {"not": DIED}}],
    "sets": [
        {
            "analysis_set": "TREATED",
            "among": "Gave consent",
            "left_out": [{"label": "Not treated", "where": {"not": TREATED}}],
        },
        {"analysis_set": "CYCLE1SET", "among": "Treated", "left_out": [{"label": "Died", "where": DIED}]},
        {"analysis_set": "JAPAN", "among": "Gave consent"},
    ],
}


@pytest.fixture(scope="module")
def disposed(plan_file, folder, tmp_path_factory):
    """The plan with a disposition, of all subjects and by dose, a table and a figure of it; its study and its results."""
    content = yaml.safe_load(plan_file.read_text(encoding="utf-8"))
    baseline = next(a for a in content["analyses"] if a["id"] == "BASELINE")
    content["analyses"].append(
        {**baseline, "id": "FLOW", "analysis_set": "ENROLLED", "steps": [STEP, {**STEP, "by": "DOSE"}]}
    )
    content["outputs"] += [
        {"id": "TAB-FLOW", "number": "14.1.90", "kind": "table", "title": "Disposition", "analyses": ["FLOW"]},
        {"id": "FIG-FLOW", "number": "14.1.91", "kind": "flow_figure", "title": "Flow", "analyses": ["FLOW"]},
    ]
    file = tmp_path_factory.mktemp("flow") / "plan.yml"
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    study = load(read_plan(file), folder)
    return study, run(study)


def counted(results, group=""):
    return {r.variable_level: r.stat for r in results.of("FLOW") if r.stat_name == "n" and r.group1_level == group}


def test_who_was_never_treated_is_lost_and_in_no_set(disposed):
    _, results = disposed
    found = counted(results)
    assert [found[s["label"]] for s in STEP["stages"]] == [12, 11, 10]
    assert found["Lost before Treated"] == 1
    assert found["Left out of TREATED: Not treated"] == 1
    assert (found["TREATED"], found["CYCLE1SET"], found["JAPAN"]) == (11, 10, 0)
    assert found["Left out of JAPAN: Other or not recorded"] == 12


def test_by_dose_who_has_no_dose_is_left_out_with_a_warning(disposed):
    _, results = disposed
    groups = [counted(results, group)["Gave consent"] for group in ("0.3 mg/kg", "1 mg/kg")]
    assert sum(groups) == 11
    assert "1 of 12 subjects are in no group of Dose level and are left out" in {r.warning for r in results.of("FLOW")}


def test_the_second_route_agrees(disposed):
    study, results = disposed
    checks = [c for c in recompute(study, results, with_r=False) if c.analysis_id == "FLOW"]
    assert len(checks) == len(results.of("FLOW"))
    assert {c.verdict for c in checks} == {"agrees"}


def test_table_and_figure_show_it(disposed, tmp_path):
    study, results = disposed
    lines = table(study.plan, Lookup(results), study.plan.output("TAB-FLOW")).lines
    assert ("Treated", "11 (91.7%)") in {(line.label, line.cells[-1].text) for line in lines}
    picture = figure(study.plan, Lookup(results), study.plan.output("FIG-FLOW"), tmp_path)
    assert "Before “Treated”, lost: 1" in picture.alt
    drawn = re.findall(r"<!-- (.*?) -->", picture.path.read_text(encoding="utf-8"))
    assert "n\u00a0=\u00a011 (91.7%)" in [t.strip() for t in drawn]
