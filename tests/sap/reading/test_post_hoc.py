"""Post hoc analyses stand in a file of their own, may name anything of the plan and change nothing of it."""

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from sap.plan.plan import Plan
from sap.reading.beside import post_hoc_file, post_hoc_sha256
from sap.reading.post_hoc import PostHocAnalysis, read_post_hoc, read_whole_plan
from sap.reading.read import read_plan
from sap.text.problems import PlanError, Problem
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = (ROOT / "examples" / "post_hoc.yml").read_text(encoding="utf-8")


@pytest.fixture
def problems(plan, tmp_path):
    """Return the problems of the example after one text in it was replaced by another."""

    def find(old: str, new: str) -> tuple[Problem, ...]:
        assert old in EXAMPLE
        return problems_of(plan, written(tmp_path, EXAMPLE.replace(old, new, 1)))

    return find


def problems_of(plan: Plan, file: Path) -> tuple[Problem, ...]:
    with pytest.raises(PlanError) as caught:
        read_post_hoc(plan, file)
    assert caught.value.exit_code == 2
    assert all(p.file == str(file) and p.message for p in caught.value.problems)
    return caught.value.problems


def written(folder: Path, text: str) -> Path:
    file = folder / "post_hoc.yml"
    file.write_text(text, encoding="utf-8")
    return file


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(EXAMPLE.splitlines(), start=1) if text in line)


def test_the_promised_parts_come_first_and_are_unchanged(plan, whole):
    for name in ("derivations", "analysis_sets", "groupings", "analyses", "outputs", "listings"):
        assert getattr(whole, name)[: len(getattr(plan, name))] == getattr(plan, name)
    assert whole.model_copy(update={n: getattr(plan, n) for n in Plan.model_fields}) == plan


def test_what_is_added_says_that_nobody_promised_it(plan, whole):
    added = whole.analyses[len(plan.analyses) :]
    assert [a.id for a in added] == ["PH-MDS-RESP", "PH-MDS-OS"]
    assert all(isinstance(a, PostHocAnalysis) and a.reason == "post hoc" and a.rationale for a in added)
    assert [(o.number, o.reason) for o in whole.outputs[len(plan.outputs) :]] == [
        ("PH.1", "post hoc"),
        ("PH.2", "post hoc"),
    ]
    assert {a.reason for a in plan.analyses} == {o.reason for o in plan.outputs} == {"specified in SAP"}


# What was replaced, by what, the text whose line is named, the place, and words of the message and of the mend.
MISTAKES = {
    "an analysis called planned": (
        "    purpose: exploratory\n    rationale: A", "    purpose: exploratory\n    reason: specified in SAP\n    rationale: A",
        None, "analyses[1].reason", "was not promised", "",
    ),
    "no word why it was made": (
        "    rationale: The referee asked the same of survival.\n", "", None, "analyses[2].rationale", "'rationale' is missing", "Add it",
    ),
    "no word when it was decided": (
        "    decided: after the data were seen\n    endpoint: Time", "    endpoint: Time", None, "analyses[2].decided", "'decided' is missing", "Add it",
    ),
    "a number among the planned ones": (
        "number: PH.1", 'number: "14.2.9"', "number: PH.1", "outputs[1].number", "numbered apart", "",
    ),
    "a number of zero": ("number: PH.1", "number: PH.0", "number: PH.1", "outputs[1].number", "numbered apart", ""),
    "an id of the plan": (
        "id: PH-MDS-RESP", "id: AN-RESP", "id: PH-MDS-RESP", "analyses[1].id", "already has the analysis 'AN-RESP'", "another id",
    ),
    "an id of the plan in other capitals": (
        "id: PH-MDS-RESP", "id: an-resp-s1", "id: PH-MDS-RESP", "analyses[1].id", "already has the analysis 'AN-RESP-S1'", "another id",
    ),
    "a grouping of the plan": (
        "id: MDSGRP", "id: RSPGRP", "id: MDSGRP", "groupings[1].id", "already has the grouping 'RSPGRP'", "another id",
    ),
    "an output of the plan": (
        "id: F-PH-MDS", "id: F-OS", "id: F-PH-MDS", "outputs[2].id", "already has the table, figure or listing 'F-OS'", "another id",
    ),
    "the id of the sizes of sets": (
        "id: PH-MDS-OS", "id: Sets", "id: PH-MDS-OS", "analyses[2].id", "what the sizes of the analysis sets are called", "Rename",
    ),
    "an id given twice": ("id: PH-MDS-OS", "id: PH-MDS-RESP", None, "analyses", "given 2 times", "rename"),
    "a grouping that is nowhere": (
        "by: MDSGRP, label: CR", "by: MDSGRUP, label: CR", "by: MDSGRP, label: CR", "analyses[1].steps[1].by", "no grouping 'MDSGRUP'", "'MDSGRP'",
    ),
    "an analysis set that is nowhere": (
        "analysis_set: SAF", "analysis_set: SAFE", "analysis_set: SAF", "analyses[2].analysis_set", "no analysis set 'SAFE'", "'SAF'",
    ),
    "a value nobody has": (
        "values: [Y]", "values: [X]", "values: [Y]", "groupings[1].levels[1].values", "no ADSL.MDSAMLFL value 'X'", "Y",
    ),
    "an output of an analysis that is nowhere": (
        "analyses: [PH-MDS-OS]", "analyses: [PH-OS]", "analyses: [PH-MDS-OS]", "outputs[2].analyses", "no analysis 'PH-OS'", "PH-MDS-OS",
    ),
    "a key that only a plan has": ("groupings:\n", "conventions: {days: Other}\ngroupings:\n", None, "conventions", "no key 'conventions'", "groupings"),
    "a key misspelt": ("rationale: The", "rational: The", "rationale: The", "analyses[2].rational", "no key 'rational'", "'rationale'"),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_its_place_and_its_mend(problems, name):
    old, new, text, place, message, fix = MISTAKES[name]
    found = problems(old, new)
    told = next((p for p in found if message in p.message), None)
    assert told is not None, [str(p) for p in found]
    assert fix in told.fix
    assert told.path == place
    assert told.line > 0
    if text is not None:
        assert told.line == line_of(text)


def test_a_number_given_twice_is_told(problems):
    assert any("PH.1" in p.message for p in problems("number: PH.2", "number: PH.1"))


def test_a_post_hoc_analysis_in_the_plan_is_sent_to_its_own_file(tmp_path):
    text = (ROOT / "sap" / "plan.yml").read_text(encoding="utf-8")
    file = tmp_path / "plan.yml"
    changed = text.replace(
        "    purpose: exploratory\n    endpoint:", "    purpose: exploratory\n    reason: post hoc\n    endpoint:", 1
    )
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        read_plan(file)
    told = next(p for p in refused.value.problems if "nobody promised" in p.message)
    assert "post_hoc.yml" in told.fix
    assert changed.splitlines()[told.line - 1].strip() == "reason: post hoc"


def test_a_planned_table_cannot_show_a_post_hoc_analysis(tmp_path):
    """The plan is read alone, so a post hoc analysis is nothing it could name."""
    content = yaml.safe_load((ROOT / "sap" / "plan.yml").read_text(encoding="utf-8"))
    content["outputs"][0]["analyses"].append("PH-MDS-RESP")
    (tmp_path / "plan.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    shutil.copy(ROOT / "examples" / "post_hoc.yml", tmp_path)
    with pytest.raises(PlanError, match="no analysis 'PH-MDS-RESP'"):
        read_whole_plan(tmp_path / "plan.yml")


def test_the_file_beside_the_plan_is_read_and_has_a_digest(tmp_path, plan):
    file = tmp_path / "plan.yml"
    shutil.copy(ROOT / "sap" / "plan.yml", file)
    assert read_whole_plan(file) == plan
    assert post_hoc_sha256(file) == ""
    shutil.copy(ROOT / "examples" / "post_hoc.yml", post_hoc_file(file))
    assert len(read_whole_plan(file).analyses) == len(plan.analyses) + 2
    assert post_hoc_sha256(file) == hashlib.sha256(EXAMPLE.encode()).hexdigest()


def test_a_set_of_its_own_is_post_hoc_too(plan, tmp_path):
    own = "analysis_sets:\n  - {id: PHSET, title: Men, text: Men of the safety set., where: {dataset: ADSL, variable: SEX, comparator: EQ, value: M}}\n"
    found = read_post_hoc(plan, written(tmp_path, own + EXAMPLE))
    assert found.set_of("PHSET").reason == "post hoc"
    assert {s.reason for s in plan.analysis_sets} == {"specified in SAP"}


def test_a_title_that_reads_as_a_number_of_the_plan_is_refused(problems):
    title = yaml.safe_load(EXAMPLE)["outputs"][0]["title"]
    (problem,) = problems(f"title: {title}", "title: Table 14.3.1 Planned subgroup")
    assert "reads as a number of the plan" in problem.message
    assert problem.line


def test_a_set_may_not_take_the_title_of_a_set_of_the_plan(plan, tmp_path):
    content = yaml.safe_load(EXAMPLE)
    where = {"dataset": "ADSL", "variable": "SEX", "comparator": "EQ", "value": "F"}
    content["analysis_sets"] = [{"id": "WOM", "title": "Safety set", "text": "Women.", "where": where}]
    (problem,) = problems_of(plan, written(tmp_path, yaml.safe_dump(content, sort_keys=False)))
    assert "already has an analysis set called 'Safety set'" in problem.message
