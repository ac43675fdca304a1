"""What a plan alone decides, its check says: with its line, before anything is sealed or run."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from reports.commands.app import app
from sap.plan.plan import Plan
from sap.reading.read import advice, placeholders, read_plan
from sap.text.problems import PlanError
from sap.text.yaml_file import YamlFile
from tests.each import each

OTHER = Path(__file__).resolve().parents[2] / "other_trial" / "plan.yml"


@pytest.fixture
def said(tmp_path):
    """A function that changes the plan of the other trial and returns what its check says."""

    def of(edit) -> str:
        content = deepcopy(YamlFile(OTHER).content)
        edit(content)
        file = tmp_path / "plan.yml"
        file.write_text(
            yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        try:
            read_plan(file)
        except PlanError as error:
            return str(error)
        return ""

    return of


def with_steps(*steps, **output):
    def edit(content):
        content["analyses"][0]["steps"] = list(steps)
        content["analyses"][0].pop("sensitivity", None)
        content["outputs"] = [
            {"id": "T-1", "number": "14.1.1", "kind": "table", "title": "T", "analyses": [content["analyses"][0]["id"]]}
            | output
        ]

    return edit


EVENTS = {"method": "adverse_events"}
AGE = {"method": "summary", "variable": "ADSL.AGE"}


@each(
    ("steps", "message"),
    [
        ((AGE, AGE | {"by": "DOSE"}, {"method": "rank_comparison", "variable": "ADSL.AGE", "by": "DOSE"}), ""),
        ((EVENTS | {"treatment_emergent": False, "label": "All events"}, EVENTS), ""),
        ((EVENTS | {"treatment_emergent": False}, EVENTS), "steps[2]: a reader cannot tell it from step 1"),
        ((AGE, AGE | {"digits": 1}), "under the same heading. Give each a label of its own."),
        ((AGE, AGE | {"label": "Again"}), "steps[2]: it repeats step 1 of this analysis. Remove one of them."),
        (({"method": "by_subject", "variables": ["ADSL.AGE", "ADSL.AGE"]},), "variables: 'ADSL.AGE' stands twice."),
        ((EVENTS, AGE), "columns for grades, and it is to show summary too. Make it a table of its own."),
        ((EVENTS, EVENTS | {"severe": 4, "by": "DOSE"}), "its steps call different grades severe. Make it two tables."),
    ],
)
def test_steps_that_can_be_told_apart_stand_and_the_others_are_refused_in_the_plan(said, steps, message):
    found = said(with_steps(*steps))
    assert found == "" if not message else message in found, found


@each(
    ("date", "right"),
    [
        *((d, False) for d in ("2026-13-45", "2026-02-30", "2026/03/01", "23.11.2026", "2026-1-1", "20261345")),
        *((d, True) for d in ("2024-02-29", "November 2026", "2026")),
    ],
)
def test_what_has_the_shape_of_a_date_is_one(said, date, right):
    found = said(lambda content: content["plan"].update(date=date))
    assert (found == "") is right, found
    assert right or f"'{date}' is no date of the calendar" in found


@each("unit", ["MONTHS", "months", "WEEKS", "Year", "Hours"])
def test_a_time_in_another_unit_than_days_is_refused_with_the_remedy(said, unit):
    found = said(lambda content: content["datasets"]["ADTTE"]["parameters"]["PFS"].update(unit=unit))
    assert f"the unit of ADTTE PFS is {unit}, and times to event are analysed in days" in found
    assert (
        f"Write unit: DAYS, and source_unit: {unit}; or export AVAL in days (its date minus its start, plus 1)" in found
    )


@each("unit", [None, "DAYS", "days", "Day", "d"])
def test_days_are_days_however_they_are_spelled(said, unit):
    assert said(lambda content: content["datasets"]["ADTTE"]["parameters"]["PFS"].update(unit=unit)) == ""


def visits(*variables, derived=()):
    """Return a change that adds vital signs, with variables, and derivations from them."""

    def edit(content):
        parameters = {"SBP": {"label": "Pressure"}}
        described = [{"label": v["name"], **v} for v in variables]
        content["datasets"]["ADVS"] = {
            "file": "advs.csv",
            "title": "V",
            "variables": described,
            "parameters": parameters,
        }
        content["derivations"] += [
            {"id": "TOP", "text": "Highest", "dataset": "ADVS", "parameter": "SBP", **d} for d in derived
        ]

    return edit


def test_what_a_derivation_reads_its_dataset_has_and_of_the_type_that_is_read(said):
    date, value, code = {"name": "ADT", "type": "date"}, {"name": "AVAL", "type": "number"}, {"name": "PARAMCD"}
    peak = {"kind": "peak"}
    assert said(visits(date, value, code, derived=[peak])) == ""
    assert said(visits({"name": "ADT", "type": "text"})).endswith(
        "ADVS.ADT is of type text, and rules and methods read it as date. Write type: date, or give the column another name."
    )
    assert "ADVS has no variable 'ADT', which TOP is derived from." in said(visits(value, code, derived=[peak]))
    best = {"kind": "best_response", "order": ["A"]}
    assert "ADVS has no variable 'AVALC', which TOP is derived from." in said(visits(date, code, derived=[best]))


STARTER = Path(__file__).resolve().parents[3] / "reports" / "starter" / "plan.yml"


def starter(tmp_path, **replaced: str) -> Path:
    text = STARTER.read_text(encoding="utf-8")
    for old, new in replaced.items():
        line = next(x for x in text.splitlines() if x.strip().startswith(f"{old}:"))
        text = text.replace(line, f"{line.partition(':')[0]}: {new}", 1)
    file = tmp_path / "plan.yml"
    file.write_text(text, encoding="utf-8")
    return file


@each(
    ("title", "told"),
    [
        ("Study #2", "'#2' after this text is a comment of YAML, and not part of it."),
        ("Study # 2", "'# 2' after this text is a comment of YAML, and not part of it."),
        ("&Co and partners", "'&Co' is a name that YAML takes out of the text, and nothing asks for it."),
        ('"Study #2"', ""),
        ("Study#2", ""),
    ],
)
def test_a_text_that_yaml_cut_off_is_told_with_its_line(tmp_path, title, told):
    file = starter(tmp_path, short_title=title)
    found = [p for p in advice(YamlFile(file), Plan) if "is a gap" not in p.message]
    assert [p.message for p in found] == ([told] if told else [])
    line = next(i for i, x in enumerate(file.read_text("utf-8").splitlines(), 1) if "short_title" in x)
    assert all(p.line == line for p in found)


def test_a_comment_behind_a_word_of_the_plan_is_a_comment(tmp_path):
    assert [
        p for p in advice(YamlFile(starter(tmp_path, phase="I # as in the protocol")), Plan) if p.path == "study.phase"
    ] == []


def test_a_code_that_yaml_reads_as_a_number_is_told(tmp_path, said):
    file = starter(tmp_path)
    where = "where: {dataset: ADSL, variable: SAFFL, comparator: EQ, value: Y}"
    text = file.read_text(encoding="utf-8").replace(
        where, where.replace("SAFFL", "USUBJID").replace("value: Y", "value: 1.10")
    )
    file.write_text(text, encoding="utf-8")
    (found,) = (p for p in advice(YamlFile(file), Plan) if p.path.startswith("analysis_sets"))
    assert (found.message, found.path) == (
        "1.10 is a number of YAML, and is compared as 1.1.",
        "analysis_sets[1].where.value",
    )


def test_a_seal_refuses_a_plan_of_placeholders_and_the_check_warns_of_each(tmp_path, monkeypatch):
    file = starter(tmp_path)
    monkeypatch.chdir(tmp_path)
    told = placeholders(YamlFile(file))
    assert {
        "'GAP-STUDY-ID'",
        "'Gap 1a: title of the trial'",
        "'Gap: where the rows behind these pages come from.'",
    } <= {p.message.partition(" is a gap")[0] for p in told}
    checked = CliRunner().invoke(app, ["plan", "check", str(file)])
    assert checked.exit_code == 0
    assert checked.output.count("is a gap") == len(told)
    sealed = CliRunner().invoke(app, ["lock", "plan", "--plan", str(file), "--by", "Ada"])
    assert isinstance(sealed.exception, PlanError)
    assert list(sealed.exception.problems) == told
    assert not (tmp_path / "sap.lock").exists()


def test_the_plans_of_this_repository_have_nothing_to_warn_of(root):
    for name in ("sap/plan.yml", "tests/other_trial/plan.yml"):
        assert advice(YamlFile(root / name), Plan) == [], name
