"""A plan from a folder that no plan describes: it is short, it is a plan, and it runs on its data."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data.load import validate
from analysis.mapping.folder import look
from analysis.mapping.plan_text import MOST_LINES, _of_steps, left_out, plan_text, shortened
from analysis.mapping.propose import propose
from analysis.mapping.settle import _excepted, plan_of, settled
from sap.data.failures import Failure
from sap.text.gaps import is_begun
from sap.text.problems import UserError

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = [
    ROOT / "examples/two_cohorts/data",
    ROOT / "tests/other_trial/data",
    ROOT / "data",
    ROOT / "examples/two_arms/data",
]


def proposed(path):
    draft, errors = settled(propose(look(path)), path)
    return plan_text(draft), draft, errors


@pytest.mark.parametrize("path", FOLDERS, ids=lambda p: p.parent.name)
def test_what_is_proposed_is_short_and_runs_as_it_stands(path):
    text, _, errors = proposed(path)
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 120
    assert errors == ()
    assert not [f for f in validate(plan_of(text), path).failures if f.severity == "error"]


def test_it_finds_in_the_second_study_what_its_own_plan_says():
    text, draft, _ = proposed(FOLDERS[0])
    plan = plan_of(text)
    assert [d.id for d in plan.derivations] == ["PFS", "DOR", "BEST"]
    assert plan.groupings[0].variable.variable == "COHORT"
    assert [x.label for x in plan.groupings[0].levels] == ["40 mg", "80 mg"]
    assert draft.origin_day == 0
    assert [a.id for a in plan.analyses] == ["SUBJECTS", "BASELINE", "KM-PFS", "KM-DOR", "RESPONSE", "AE-ANY", "AE"]


def test_it_finds_day_1_in_the_other_trial_as_its_plan_says():
    # tests/other_trial/plan.yml: origin_day: 1
    assert proposed(FOLDERS[1])[1].origin_day == 1


def test_what_only_a_person_can_say_is_a_gap_that_the_seal_refuses():
    plan = plan_of(proposed(FOLDERS[0])[0])
    assert is_begun(plan.study.title)
    assert is_begun(plan.design.overview)
    assert is_begun(plan.analyses[0].estimand.population)
    assert plan.study.plan_notice == "This plan was begun from the data themselves, after they were seen."


def test_a_rule_that_the_data_break_is_excepted_with_a_gap_for_the_reason(folder):
    path = folder(adsl="USUBJID AGE DTHFL DTHDT\nA 60 Y ~\nB 61 N ~\nC 62 ~ ~")
    text, draft, errors = proposed(path)
    assert errors == ()
    assert [(e.rule, is_begun(e.reason)) for e in plan_of(text).data_rules] == [("X04", True)]
    assert any(s.place == "rule X04" and s.sure == "guess" for s in draft.said)


def test_a_dataset_that_no_analysis_uses_and_that_is_broken_is_left_out(folder):
    path = folder(adsl="USUBJID AGE\nA 60\nB 61", adlb="USUBJID PARAMCD ADT AVAL\nA X 2020-02-03 1\nA X 2020-02-03 1")
    text, draft, errors = proposed(path)
    assert errors == ()
    assert list(plan_of(text).datasets) == ["ADSL"]
    assert any(s.place == "ADLB" and "left out" in s.what for s in draft.said)


def test_subjects_in_no_adsl_are_what_no_plan_can_mend(folder):
    path = folder(adsl="USUBJID AGE\nA 60\nB 61", adae="USUBJID AESEQ AEDECOD AEBODSYS\nA 1 Nausea Gut\nZ 1 Nausea Gut")
    _, draft, errors = proposed(path)
    assert [(f.rule, f.subject) for f in errors] == [("X01", "Z")]
    assert any(s.what == "1 subjects are in no ADSL" for s in draft.said)


def test_without_adsl_nothing_is_proposed(folder):
    with pytest.raises(UserError, match=r"has no ADSL, .*: there are ADAE \(adae.csv\)"):
        propose(look(folder(adae="USUBJID AEDECOD\nA Nausea")))


def test_records_of_all_datasets_that_break_a_rule_are_counted(folder):
    path = folder(
        adsl="USUBJID AGE DTHFL DTHDT\nA 60 Y 2020-01-01\nB 61 N ~",
        adae="USUBJID AESEQ AEDECOD AEBODSYS ASTDT\nA 1 Nausea Gut 2020-02-01\nA 2 Pain Gut 2020-03-01",
    )
    text, draft, _ = proposed(path)
    assert [e.reason for e in plan_of(text).data_rules] == [
        "Gap: records of ADAE break it; say why they may, or mend them"
    ]
    assert next(s.why for s in draft.said if s.place == "rule X06").endswith(
        "2 records of ADAE break it, first row 2 (subject A)."
    )


def test_what_was_left_out_is_one_comment_that_begins_as_the_screen_tells_it():
    draft = replace(proposed(FOLDERS[0])[1], left=tuple(f"ADX{n} (Further measurements)" for n in range(9)))
    told = [line for line in plan_text(draft).splitlines() if line.startswith("# Left out")]
    assert len(told) == 1
    assert left_out(draft).startswith(told[0].removeprefix("# ").removesuffix(" …"))


def test_records_that_another_failure_explains_are_counted_as_validate_counts_them():
    draft = propose(look(FOLDERS[0]))
    first = Failure("ADAE", 2, "A", "ATOXGR", "X14", "5", "A grade 5 event needs a death in ADSL.", "")
    kept = _excepted(draft, [first], found=[first, replace(first, row=3, consequence=True), replace(first, more=7)])
    assert "9 records of ADAE break it" in kept.said[-1].why


def test_each_part_that_goes_to_keep_the_plan_short_is_told_once():
    path = FOLDERS[3]
    draft, _ = settled(propose(look(path)), path)
    short = shortened(draft)
    told = left_out(short)
    for name, dataset in draft.datasets.items():
        gone = len(dataset.parameters) - len(short.datasets[name].parameters) if name in short.datasets else 0
        assert (f"{gone} parameter{'s' * (gone != 1)} of {name}" in told) == (gone > 0), name
        assert (f"{name} (" in told) == (name not in short.datasets), name


def test_steps_beyond_the_fourth_are_told_with_their_number():
    path = FOLDERS[0]
    draft, _ = settled(propose(look(path)), path)
    (piece,) = [p for p in draft.pieces if p.analysis["id"] == "BASELINE"]
    longer = replace(piece, analysis={**piece.analysis, "steps": list(piece.steps) * 4})
    most = replace(draft, pieces=(longer,))
    gone = len(piece.steps) * 4 - 4
    assert _of_steps("BASELINE", 4)(most).left[-1:] == (f"{gone} further steps of BASELINE",)
