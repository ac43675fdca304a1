"""A plan may except a rule with its reason: the data are analysed, and the report says how many records break it."""

from datetime import date

import pytest

from analysis.data.load import validate
from analysis.results.data_findings import data_findings
from reports.pages.quality import findings_table, rules_table
from reports.plan_document.definitions import data_handling
from sap.data.rules import RULES
from sap.model.variables import Origin
from sap.plan.plan import DataRule
from sap.text.problems import PlanError
from tests.each import each

S1, S3, S6 = "RECON-01", "RECON-03", "RECON-06"
OS3 = {"USUBJID": S3, "PARAMCD": "OS"}


@pytest.fixture
def excepting(plan):
    return lambda **said: plan.model_copy(update={"data_rules": (DataRule(**said),)})


@pytest.fixture
def starting(plan):
    """Return the plan in which survival starts on a date of ADSL."""

    def changed(variable: str):
        adtte = plan.datasets["ADTTE"]
        start = Origin(dataset="ADSL", variable=variable)
        survival = adtte.parameters["OS"].model_copy(update={"origin": start})
        times = adtte.model_copy(update={"parameters": {**adtte.parameters, "OS": survival}})
        return plan.model_copy(update={"datasets": {**plan.datasets, "ADTTE": times}})

    return changed


@each(
    ("exception", "told"),
    [
        ({"rule": "X99", "reason": "r"}, "there is no rule 'X99' that a plan may except"),
        ({"rule": "codelist", "reason": "r"}, "where its variable is described (codelist, min, max, missing)"),
        ({"rule": "X06"}, "the key 'reason' is missing"),
        ({"rule": "X06", "reason": "r", "severity": "none"}, "'none' is not allowed here"),
        ({"rule": "X06", "reason": "r", "dataset": "ADEA"}, "there is no dataset 'ADEA'"),
        *(({"rule": r.id, "reason": "r"}, "nothing can be analysed on data that break") for r in RULES if r.needed),
    ],
    ids=lambda x: x.get("rule") if isinstance(x, dict) else "",
)
def test_an_exception_without_a_rule_or_a_reason_or_from_one_that_is_needed_is_refused(planned, exception, told):
    with pytest.raises(PlanError) as caught:
        planned(lambda content: content.update(data_rules=[exception]))
    assert told in str(caught.value)
    assert caught.value.problems[0].path.startswith("data_rules[1]")


def test_data_that_break_an_excepted_rule_are_analysed_with_the_reason(plan, excepting, broken):
    broken.set("ADTTE", broken.row_of("ADTTE", **OS3), AVAL="2.08")
    assert validate(plan, broken.folder).study is None
    found = validate(excepting(rule="X09", reason="Times are in months."), broken.folder)
    assert found.study is not None
    assert [(f.rule, f.severity, f.excepted) for f in found.warnings] == [("X09", "warning", "Times are in months.")]


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"dataset": "ADTTE"}, True),
        ({"dataset": "ADAE"}, False),
        ({"subjects": [S3]}, True),
        ({"subjects": [S1]}, False),
        ({"subjects": [S1, S3], "dataset": "ADTTE"}, True),
    ],
)
def test_an_exception_reaches_as_far_as_it_says(excepting, broken, scope, covered):
    broken.set("ADTTE", broken.row_of("ADTTE", **OS3), AVAL="2.08")
    found = validate(excepting(rule="X09", reason="Agreed.", **scope), broken.folder)
    assert (found.study is not None) == covered


def test_a_warning_may_be_made_an_error(plan, excepting, broken):
    broken.keep("ADAE", lambda cells: cells["USUBJID"] != S6)
    assert validate(plan, broken.folder).study is not None
    strict = excepting(rule="X21", severity="error", reason="Everybody has events.")
    assert validate(strict, broken.folder).study is None


@pytest.mark.parametrize(
    ("rule", "cells"),
    [("X10", {"CNSR": "1"}), ("X11", {"ADT": "2017-06-12", "AVAL": "63"}), ("X17", {"PARAMCD": "EFS"})],
)
def test_survival_that_starts_elsewhere_leaves_the_other_rules_about_death(excepting, starting, broken, rule, cells):
    """Excepted from X12, or with an origin in the plan: a death is still one in ADSL, on its day, and in everybody."""
    broken.set("ADTTE", broken.row_of("ADTTE", **OS3), **cells)
    for plan in (excepting(rule="X12", reason="From randomisation."), starting("TRTSDT")):
        assert {f.rule for f in validate(plan, broken.folder).failures if not f.consequence} == {rule}


def test_survival_from_another_date_follows_the_origin_in_the_plan(plan, starting, broken):
    """The clock of survival starts at consent: without an origin each record breaks X12, with it none breaks a rule."""
    head, *rows = broken.rows("ADTTE")
    consent = {r[1]: r[broken.rows("ADSL")[0].index("RFICDT")] for r in broken.rows("ADSL")[1:]}
    for cells in rows:
        if cells[head.index("PARAMCD")] == "OS":
            start = consent[cells[head.index("USUBJID")]]
            end = date.fromisoformat(cells[head.index("ADT")])
            cells[head.index("STARTDT")] = start
            cells[head.index("AVAL")] = str((end - date.fromisoformat(start)).days)
    broken.write("ADTTE", [head, *rows])
    found = validate(plan, broken.folder).failures
    assert {(f.rule, f.dataset) for f in found} == {("X12", "ADTTE")}
    assert "name it as the parameter's origin" in found[0].fix
    assert validate(starting("RFICDT"), broken.folder).failures == ()
    broken.keep("ADTTE", lambda cells: (cells["USUBJID"], cells["PARAMCD"]) != (S6, "OS"))
    (missing,) = validate(starting("RFICDT"), broken.folder).failures
    assert (missing.rule, missing.subject) == ("X17", S6)


def test_the_report_counts_the_records_and_gives_the_reason(excepting, broken):
    for record in ({"USUBJID": S3, "PARAMCD": "OS"}, {"USUBJID": S3, "PARAMCD": "RFS"}):
        row = broken.row_of("ADTTE", **record)
        broken.set("ADTTE", row, AVAL="2.08")
    plan = excepting(rule="X09", reason="Times are in months.")
    (line,) = data_findings(validate(plan, broken.folder).warnings)
    assert (line.rule, line.records, line.subjects, line.reason) == ("X09", 2, 1, "Times are in months.")
    assert "| X09 | ADTTE.AVAL | 2 of 1 subject |" in " ".join(findings_table([line]).split())
    assert "error, excepted" in rules_table(plan.data_rules)
    assert "Times are in months." in data_handling(plan)


def test_the_report_does_not_name_subjects_in_what_it_says_of_identifiers(plan, broken):
    broken.set("ADLB", broken.row_of("ADLB", USUBJID=S6), USUBJID="RECON‑06")  # a hyphen that does not break
    found = validate(plan, broken.folder).failures
    assert {f.rule for f in found if not f.consequence} == {"X01"}
    assert not [line for line in data_findings(found) if "RECON" in line.message]


@each(
    ("dataset", "variable", "type_"),
    [
        ("ADSL", "USUBJID", "integer"),
        ("ADAE", "ASTDT", "text"),
        ("ADTTE", "CNSR", "text"),
        ("ADSL", "RFICDT", "number"),
    ],
)
def test_what_rules_read_as_a_date_or_a_number_is_described_as_one(planned, dataset, variable, type_):
    def retyped(content):
        described = content["datasets"][dataset].setdefault("variables", [])
        described.append({"name": variable, "label": "L", "type": type_})

    with pytest.raises(
        PlanError, match=f"{dataset}.{variable} is of type {type_}, and rules and methods read it as"
    ) as caught:
        planned(retyped)
    assert ".variables[" in caught.value.problems[0].path


def test_a_plan_without_exceptions_says_nothing_of_them(plan):
    assert "exceptions" not in data_handling(plan)
