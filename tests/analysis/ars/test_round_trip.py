"""A plan, its results as a reporting event, and the plan of that event: the same plan."""

import json
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.running.run import run
from reports.commands.beginning.event import begun_from
from sap.reading.post_hoc import read_whole_plan
from sap.reading.read import read_plan
from tests.analysis.ars.test_ars import event_of
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
PLANS = {
    "two cohorts": ("examples/two_cohorts/sap/plan.yml", "examples/two_cohorts/data"),
    "of an event": ("tests/event/plan.yml", "tests/event/data"),
}


def back(text, tmp_path):
    file = tmp_path / "ars.json"
    file.write_text(text, encoding="utf-8")
    begun = begun_from(file, None)
    (tmp_path / "plan.yml").write_text(begun.plan, encoding="utf-8")
    return read_plan(tmp_path / "plan.yml"), begun


@each("name", PLANS)
def test_the_plan_of_its_event_is_the_plan(name, tmp_path):
    plan, data = (ROOT / part for part in PLANS[name])
    study = load(read_whole_plan(plan), data)
    found, begun = back(event_of(study, run(study)), tmp_path)
    assert found == read_plan(plan)
    assert begun.told == ()


def test_the_plan_of_this_study_comes_back_without_what_is_post_hoc(study, results, tmp_path):
    found, _ = back(event_of(study, results), tmp_path)
    assert found == read_plan(ROOT / "sap" / "plan.yml")


@pytest.fixture(scope="module")
def small_event():
    study = load(read_plan(ROOT / "tests/event/plan.yml"), ROOT / "tests/event/data")
    return event_of(study, run(study))


def of_subset(event, name):
    return next(part for part in event["dataSubsets"] if part["id"] == name)


CHANGES = {
    "a set": (
        lambda e: e["analysisSets"][0]["condition"].update(value=["N"]),
        "analysisSets[0] (Set_1): it differs from the plan that the event carries",
    ),
    "a subset": (
        lambda e: of_subset(e, "Sub_3").update(
            compoundExpression=None,
            condition={"dataset": "ADVS", "variable": "AVISIT", "comparator": "EQ", "value": ["Week 9"]},
        ),
        "(Sub_3): it differs from the plan that the event carries",
    ),
    "the condition of a subset is gone": (
        lambda e: [of_subset(e, "Sub_3").pop(key, None) for key in ("condition", "compoundExpression")],
        "(Sub_3): it differs from the plan that the event carries",
    ),
    "a set more": (
        lambda e: e["analysisSets"].append(e["analysisSets"][0] | {"id": "Set_9"}),
        "analysisSets[1] (Set_9): the plan that the event carries has it not",
    ),
    "a subset more": (
        lambda e: e["dataSubsets"].append(e["dataSubsets"][0] | {"id": "Sub_9"}),
        "(Sub_9): the plan that the event carries has it not",
    ),
    "a set less": (lambda e: e.update(analysisSets=[]), "analysisSets (Set_1): the event has it not"),
    "a subset less": (
        lambda e: e["dataSubsets"].remove(of_subset(e, "Sub_3")),
        "dataSubsets (Sub_3): the event has it not",
    ),
}


@each("name", CHANGES)
def test_what_somebody_changed_beside_the_plan_is_told(name, small_event, tmp_path):
    change, told = CHANGES[name]
    event = json.loads(small_event)
    change(event)
    _, begun = back(json.dumps(event), tmp_path)
    (line,) = [line for line in begun.lines if line.startswith("changed: ")]
    assert told in line


@each("reason", {"DATA DRIVEN": 0, "SPECIFIED IN SAP": 1})
def test_a_subset_of_a_post_hoc_analysis_is_none_of_the_plan(reason, small_event, tmp_path):
    event = json.loads(small_event)
    event["dataSubsets"].append(event["dataSubsets"][0] | {"id": "Sub_9"})
    own = {"id": "An_99", "dataSubsetId": "Sub_9", "reason": {"controlledTerm": reason}}
    event["analyses"].append(event["analyses"][-1] | own)
    _, begun = back(json.dumps(event), tmp_path)
    assert len(begun.told) == (reason != "DATA DRIVEN")


def raw(event, analysis, operation, *groups):
    """Return a raw value of an event."""
    results = next(a for a in event["analyses"] if a["id"] == analysis)["results"]
    return next(
        r["rawValue"]
        for r in results
        if r["operationId"] == operation
        and tuple(g.get("groupId", g.get("groupValue")) for g in r.get("resultGroups", ())) == groups
    )


BY_HAND = {
    # Six treated subjects: S-1 to S-4 on the active arm, S-5 and S-6 on placebo.
    ("An_1", "M_1_n"): "6",
    ("An_1", "M_1_n", "Arm_1"): "4",
    # S-2 and S-3 are the women of the active arm.
    ("An_2", "M_2_n", "Arm_1", "Sex_2"): "2",
    ("An_2", "M_2_%", "Arm_1", "Sex_2"): "50",
    ("An_2", "M_2_n", "Arm_1", "Sex_3"): "0",
    # S-3, S-4 and S-6 are 65 or older, of all six.
    ("An_3", "M_2_%", "Age_2"): "50",
    # Weights of the active arm in week 2: 60, 64, 65, 71.
    ("An_4", "M_3_2", "Arm_1"): "65",
    ("An_4", "M_3_4", "Arm_1"): "64.5",
    ("An_4", "M_3_5", "Arm_1"): "62",
    ("An_4", "M_3_6", "Arm_1"): "68",
    # S-1, S-2 and S-3 have a treatment-emergent event; five of them.
    ("An_5", "M_2_n", "Arm_1"): "3",
    ("An_5", "M_2_%", "Arm_1"): "75",
    ("An.8", "M_5.n", "Arm_1"): "5",
    # Not mild, of women or the old: nausea of S-2 twice and of S-6, vomiting of S-3.
    ("An_6", "M_2_n", "Arm_1", "GASTRO", "NAUSEA"): "1",
    ("An_6", "M_2_n", "Arm_2", "GASTRO", "VOMITING"): "0",
    # 3 of 4 minus 1 of 2.
    ("An_7", "M_4_d", None): "25",
}


@each("place", BY_HAND, ids=str)
def test_values_of_a_small_event_are_those_counted_by_hand(place, small_event):
    assert raw(json.loads(small_event), *place) == BY_HAND[place]


def test_results_are_laid_out_by_the_pattern_of_their_operation(small_event):
    results = next(a for a in json.loads(small_event)["analyses"] if a["id"] == "An_2")["results"]
    assert [r["formattedValue"] for r in results[:3]] == ["2", "4", "(50.0)"]
