"""A synthetic trial keeps every rule its plan states, has the rates that were asked for, and can be analysed."""

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.dlt import dlt_status
from analysis.data.files import read_table
from analysis.data.formats.table import TextTable
from analysis.data.load import Study, Validation, validate
from analysis.data.validate import typed_cells
from analysis.recompute import recompute
from analysis.running.run import run
from analysis.synthetic import SyntheticOptions, synthetic_data
from analysis.synthetic.assessments import responders
from analysis.synthetic.options import truth
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.text.problems import UserError
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
PLANS = {name: read_plan(ROOT / name) for name in ("sap/plan.yml", "tests/other_trial/plan.yml")}
FIRST, OTHER = PLANS.values()
MANY = 2000


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def validated(plan: Plan, files: Mapping[str, str]) -> Validation:
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / plan.datasets[name].file).write_text(content, encoding="utf-8")
        return validate(plan, Path(folder))


def errors(plan: Plan, options: SyntheticOptions) -> list[str]:
    found = validated(plan, synthetic_data(plan, options)).failures
    return [str(f) for f in found if f.severity == "error"]


def typed(plan: Plan, files: Mapping[str, str], tmp_path: Path) -> dict[str, pd.DataFrame]:
    """Return datasets with typed cells, their rules not checked: for trials of thousands."""
    frames = {}
    for name, content in files.items():
        file = tmp_path / plan.datasets[name].file
        file.write_text(content, encoding="utf-8")
        table = read_table(name, file)
        assert isinstance(table, TextTable)
        frames[name] = typed_cells(name, plan.datasets[name], table.frame)
    return frames


def without_laboratory(plan: Plan) -> Plan:
    """Return a plan that has no long datasets, so that thousands of subjects are drawn in a second."""
    kept = {name: d for name, d in plan.datasets.items() if name not in {"ADLB", "ADCK"}}
    derivations = tuple(d for d in plan.derivations if getattr(d, "dataset", "ADSL") not in {"ADLB", "ADCK"})
    return plan.model_copy(update={"datasets": kept, "derivations": derivations})


def near(count: int, total: int, rate: float) -> bool:
    """Return whether a count lies within four standard errors of its expectation."""
    return abs(count - total * rate) <= 4 * math.sqrt(total * rate * (1 - rate))


@each("n", [1, 3, 10, 60, 300])
@each("plan", PLANS.values(), ids=PLANS)
def test_synthetic_data_keep_every_rule(plan, n):
    assert errors(plan, SyntheticOptions(n=n, seed=n)) == []


def test_synthetic_events_are_emergent_as_long_as_the_plan_says(planned):
    plan = planned(lambda p: p["conventions"].update(emergent_days=5))
    assert errors(plan, SyntheticOptions(n=60, seed=1)) == []


@given(
    plan=st.sampled_from(list(PLANS.values())),
    options=st.builds(
        SyntheticOptions,
        n=st.integers(1, 12),
        seed=st.integers(0, 10**6),
        follow_up=st.sampled_from([None, (0, 0), (0, 40), (200, 500)]),
        never_treated=st.sampled_from([0.0, 0.3, 1.0]),
        missing=st.sampled_from([0.0, 0.1, 1.0]),
    ),
)
@settings(max_examples=12, deadline=None)
def test_any_synthetic_trial_is_valid_can_be_run_and_agrees_with_the_second_route(plan, options):
    study = validated(plan, synthetic_data(plan, options)).study
    assert isinstance(study, Study)
    results = run(study)
    checks = recompute(study, results, with_r=False)
    assert [c for c in checks if c.verdict != "agrees"] == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_trial():
    first, again, other = (synthetic_data(FIRST, SyntheticOptions(n=5, seed=s)) for s in (3, 3, 4))
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_a_rate_moves_what_it_is_about_and_nothing_else():
    one, other = (synthetic_data(FIRST, SyntheticOptions(n=8, rates={"BOR": r})) for r in (0.1, 0.9))
    assert {name for name in one if one[name] != other[name]} == {"ADRS", "ADTTE"}
    moved = {r["PARAMCD"] for a, b in ((one, other), (other, one)) for r in _only_in(a["ADTTE"], b["ADTTE"])}
    assert moved == {"RFS", "DOR"}, "only the clocks that start at a response"


def _only_in(one: str, other: str) -> list[dict[str, str]]:
    """Return the records of one trial that the other does not have, whatever visit they were drawn for."""
    mine, there = ([{**r, "VISIT": ""} for r in rows(text)] for text in (one, other))
    return [r for r in mine if r not in there]


def test_a_clock_starts_where_the_plan_says_and_ends_with_what_it_names():
    files = synthetic_data(FIRST, SyntheticOptions(n=60, rates={"BOR": 0.7}))
    times = rows(files["ADTTE"])
    transplanted = {r["USUBJID"]: r["HSCTDT"] for r in rows(files["ADSL"]) if r["HSCTDT"]}
    engrafted = {r["USUBJID"]: r["STARTDT"] for r in times if r["PARAMCD"] == "ENGNEUT"}
    assert engrafted == transplanted
    assert 10 < len(engrafted) < 60
    ends = {r["EVNTDESC"] for r in times if r["PARAMCD"] == "RFS" and r["CNSR"] == "0"}
    assert ends == {"Relapse", "Death without relapse"}


def test_columns_are_those_of_the_plan_and_subjects_are_called_synthetic():
    files = synthetic_data(OTHER, SyntheticOptions(n=2))
    assert list(files) == list(OTHER.datasets)
    subjects = rows(files["ADSL"])
    assert [r["USUBJID"] for r in subjects] == ["SYN-001", "SYN-002"]
    assert {"DOSELVL", "COUNTRY", "TUMSZ"} <= set(subjects[0])


@each(("plan", "derivation"), [(FIRST, "DLT"), (OTHER, "TOX")], ids=PLANS)
def test_toxicity_has_its_true_rate_among_the_evaluable_and_each_criterion_is_met_by_some(plan, derivation, tmp_path):
    small = without_laboratory(plan)
    data = typed(small, synthetic_data(small, SyntheticOptions(n=MANY, rates={derivation: 0.3})), tmp_path)
    rule = plan.dlt_rule(next(d.rule for d in plan.derivations if d.id == derivation))
    status = dlt_status(data["ADSL"], data["ADAE"], rule)
    evaluable = status[status["EVALFL"] == "Y"]
    assert near(int((evaluable["DLTFL"] == "Y").sum()), len(evaluable), 0.3)
    assert len(evaluable) > 0.8 * MANY
    met = {c for cell in status["CRITERIA"] for c in cell.split("; ") if c}
    assert met == {c.id for c in rule.criteria if c.min_grade < 5}
    severe = data["ADAE"][data["ADAE"]["ATOXGR"] >= 3]
    assert len(set(severe["USUBJID"]) - set(status.loc[status["DLTFL"] == "Y", "USUBJID"])) > 0.1 * MANY


def test_rates_of_several_definitions_hold_at_once(tmp_path):
    small = without_laboratory(FIRST)
    rates = {"DLT": 0.4, "DLTNONH": 0.2, "DLTCRS3": 0.5}
    data = typed(small, synthetic_data(small, SyntheticOptions(n=MANY, rates=rates)), tmp_path)
    for derivation, rate in rates.items():
        rule = FIRST.dlt_rule(next(d.rule for d in FIRST.derivations if d.id == derivation))
        status = dlt_status(data["ADSL"], data["ADAE"], rule)
        evaluable = status[status["EVALFL"] == "Y"]
        assert near(int((evaluable["DLTFL"] == "Y").sum()), len(evaluable), rate), derivation


@each(("plan", "derivation"), [(FIRST, "BOR"), (OTHER, "RECIST")], ids=PLANS)
def test_response_has_its_true_rate_among_the_assessed(plan, derivation):
    small = without_laboratory(plan)
    spec = next(d for d in plan.derivations if d.id == derivation)
    good = responders(plan, spec)
    files = synthetic_data(small, SyntheticOptions(n=1000, rates={derivation: 0.5}))
    stops = {r["USUBJID"]: r[spec.before] for r in rows(files["ADSL"])}
    counted: dict[str, set[str]] = {}
    for r in rows(files["ADRS"]):
        stop = stops[r["USUBJID"]]
        if r["PARAMCD"] == spec.parameter and (not stop or r["ADT"] < stop):
            counted.setdefault(r["USUBJID"], set()).add(r["AVALC"])
    assert len(counted) > 800
    assert near(sum(bool(values & set(good)) for values in counted.values()), len(counted), 0.5)


@each(("parameter", "hazard"), [("OSURV", 0.003), ("PFS", 0.01)])
def test_times_to_event_have_their_true_hazard(parameter, hazard):
    files = synthetic_data(without_laboratory(OTHER), SyntheticOptions(n=MANY, hazards={"OSURV": 0.003, "PFS": 0.01}))
    times = [r for r in rows(files["ADTTE"]) if r["PARAMCD"] == parameter]
    events = sum(r["CNSR"] == "0" for r in times)
    days = sum(float(r["AVAL"]) - 1 for r in times)
    assert 300 < events < MANY
    # Times are whole days, rounded up: half a day is added to each event.
    assert events / (days - events / 2) == pytest.approx(hazard, abs=4 * hazard / math.sqrt(events))


def test_a_flag_has_its_true_rate_and_follows_its_date_where_it_has_one():
    files = synthetic_data(without_laboratory(FIRST), SyntheticOptions(n=500, rates={"TOCIFL": 0.7}))
    subjects = rows(files["ADSL"])
    assert near(sum(r["TOCIFL"] == "Y" for r in subjects), 500, 0.7)
    assert {r["HSCTFL"] for r in subjects} == {"Y", "N"}
    assert all((r["HSCTFL"] == "Y") == bool(r["HSCTDT"]) for r in subjects)


def test_nobody_is_in_a_category_when_its_rate_is_zero_and_everybody_when_it_is_one():
    for rate, expected in ((0.0, set()), (1.0, {"CR", "CRi"})):
        options = SyntheticOptions(n=20, rates={"BOR": rate, "DLT": rate}, hazards={"OS": 0})
        study = validated(FIRST, synthetic_data(FIRST, options)).study
        results = run(study)
        counts = {
            r.variable: (r.stat, total.stat)
            for r, total in zip(results, results.rows[1:], strict=False)
            if (r.analysis_id, r.context, r.stat_name)
            in {("AN-DLT", "proportion", "n"), ("AN-RESP", "proportion", "n")}
        }
        for n, total in counts.values():
            assert n == rate * total
            assert total > 15
        best = {r.stat_text for r in results.of("AN-RESP") if r.context == "subject" and r.variable == "BOR"}
        assert best & {"CR", "CRi"} <= expected
        assert not any(r["DTHFL"] for r in rows(synthetic_data(FIRST, options)["ADSL"]))


def test_some_values_are_below_quantification_and_some_are_missing():
    kinetics = rows(synthetic_data(FIRST, SyntheticOptions(n=30))["ADCK"])
    below = [r for r in kinetics if r["BLQFL"] == "Y"]
    assert below
    assert {bool(r["AVAL"]) for r in below} == {True, False}
    assert any(not r["AVAL"] and r["BLQFL"] == "N" for r in kinetics)


def test_a_rule_that_only_death_can_meet_is_met_by_deaths(planned):
    def only_fatal(content):
        content["dlt_rules"] = content["dlt_rules"][:1]
        content["dlt_rules"][0]["criteria"] = [c for c in content["dlt_rules"][0]["criteria"] if c["min_grade"] == 5]
        content["derivations"] = [d for d in content["derivations"] if d["kind"] != "dlt" or d["id"] == "DLT"]
        content["analyses"][0]["sensitivity"] = []

    plan = planned(only_fatal)
    files = synthetic_data(plan, SyntheticOptions(n=40, rates={"DLT": 0.5}, hazards={"OS": 0}))
    fatal = {r["USUBJID"] for r in rows(files["ADAE"]) if r["ATOXGR"] == "5"}
    dead = {r["USUBJID"] for r in rows(files["ADSL"]) if r["DTHFL"] == "Y"}
    events = {r["USUBJID"] for r in rows(files["ADTTE"]) if r["CNSR"] == "0"}
    assert fatal == dead == events
    assert 8 < len(dead) < 32
    assert validated(plan, files).study is not None


def test_variables_and_datasets_of_a_plan_nobody_foresaw_are_drawn_too(planned):
    def more(content):
        content["datasets"]["ADAE"]["variables"] = [
            {"name": "AESER", "label": "Serious", "codelist": ["Y", "N"], "missing": False},
            {"name": "AENDT", "label": "End", "type": "date", "missing": False},
            {"name": "ATOXGR", "label": "Grade", "type": "integer", "min": 1, "max": 4},
        ]
        content["datasets"]["ADVS"] = {
            "file": "advs.csv",
            "title": "Vital signs",
            "key": ["USUBJID", "PARAMCD", "ADT"],
            "variables": [
                {"name": "PARAMCD", "label": "Parameter"},
                {"name": "ADT", "label": "Date", "type": "date"},
                {"name": "AVAL", "label": "Value", "type": "number", "max": -5},
            ],
            "parameters": {"X": {"label": "Below zero", "min": -9.5}},
        }
        content["datasets"]["ADEX"] = {
            "file": "adex.csv",
            "title": "Exposure",
            "variables": [{"name": "EXDOSE", "label": "Dose", "type": "number", "min": 0.001, "max": 0.002}],
        }
        rule = content["dlt_rules"][0]
        serious = {"dataset": "ADAE", "variable": "AESER", "comparator": "EQ", "value": "Y"}
        rule["criteria"] = [{**c, "event": {"and": [c["event"], serious]}} for c in rule["criteria"][:3]]

    plan = planned(more)
    files = synthetic_data(plan, SyntheticOptions(n=25, rates={"DLT": 1.0}))
    assert {r["AESER"] for r in rows(files["ADAE"])} == {"Y", "N"}
    assert all(r["AENDT"] for r in rows(files["ADAE"]))
    assert all(-9.5 <= float(r["AVAL"]) <= -5 for r in rows(files["ADVS"]))
    assert len(rows(files["ADEX"])) == 25
    found = validated(plan, files)
    assert [str(f) for f in found.failures if f.severity == "error"] == []
    results = run(found.study)
    assert next(r.stat for r in results if (r.analysis_id, r.stat_name) == ("AN-DLT", "estimate")) == 1.0


def test_defaults_come_from_the_design_of_the_plan():
    made = truth(FIRST, SyntheticOptions(n=1))
    planned_rates = FIRST.sample_size.proportion.true_rates
    assert made.toxicity == {"DLT": planned_rates[len(planned_rates) // 2]}
    assert made.follow_up[1] >= 450
    assert list(made.response) == ["BOR", "MRDBEST"]


@each(
    ("options", "told"),
    [
        ({"n": 0}, "--n is 0; give a number of subjects from 1"),
        ({"seed": -1}, "--seed is -1"),
        ({"rates": {"DLX": 0.2}}, "--rate DLX: the plan has nothing of that name to draw. Did you mean 'DLT'?"),
        ({"rates": {"DLT": 1.2}}, "--rate DLT=1.2 is not a rate; give a number from 0 to 1"),
        ({"rates": {"DLT": float("nan")}}, "is not a rate"),
        ({"hazards": {"OSS": 0.1}}, "--hazard OSS: the plan has nothing of that name to draw. Did you mean 'OS'?"),
        ({"hazards": {"OS": -0.1}}, "is not a hazard a day"),
        ({"rates": {"BOR": 0.1, "BORANY": 0.2}}, "give a rate for one of them"),
        ({"rates": {"DLT": 0.1, "DLTNONH": 0.2}}, "under DLTNONH and not under DLT. Change the rates"),
        ({"follow_up": (10, 5)}, "is not a span"),
        ({"missing": 2.0}, "The share missing is 2"),
    ],
)
def test_an_option_that_cannot_hold_is_refused_in_words(options, told):
    with pytest.raises(UserError) as caught:
        synthetic_data(FIRST, SyntheticOptions(**{"n": 10, **options}))
    assert told in str(caught.value)


def test_an_event_that_includes_death_cannot_be_rarer_than_death():
    with pytest.raises(UserError, match="includes death, so it cannot be rarer than death"):
        synthetic_data(OTHER, SyntheticOptions(n=5, hazards={"OSURV": 0.01, "PFS": 0.001}))
