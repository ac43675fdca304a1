"""Each rule across datasets is broken once, on purpose, and is the rule that is told."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from analysis.data.load import validate
from sap.data.rules import RULES
from tests.broken_data import BrokenData
from tests.each import each


@dataclass(frozen=True)
class Plant:
    """A mistake: which cells of which record, the rule it breaks, and what else must follow from it."""

    rule: str
    dataset: str
    where: dict[str, str]
    cells: dict[str, str]
    column: str
    subject: str = ""
    also: frozenset[str] = frozenset()
    told_in: str = ""


S1, S3, S6 = "RECON-01", "RECON-03", "RECON-06"
OS3 = {"USUBJID": S3, "PARAMCD": "OS"}
PLANTS = [
    Plant("X01", "ADRS", {"USUBJID": S6, "PARAMCD": "MRD"}, {"USUBJID": "RECON-60"}, "USUBJID", "RECON-60"),
    # Consent after the infusion: whatever was recorded in between is before consent.
    Plant("X02", "ADSL", {"USUBJID": S6}, {"RFICDT": "2017-07-25"}, "RFICDT", also=frozenset({"X07"})),
    # Death before the infusion: everything seen afterwards contradicts it.
    Plant(
        "X03", "ADSL", {"USUBJID": S3}, {"DTHDT": "2017-04-09"}, "DTHDT", also=frozenset({"X05", "X06", "X11"})
    ),
    Plant("X04", "ADSL", {"USUBJID": S3}, {"DTHFL": ""}, "DTHFL", also=frozenset({"X10", "X14"})),
    Plant("X05", "ADSL", {"USUBJID": S3}, {"LSTALVDT": "2017-06-14"}, "LSTALVDT"),
    Plant(
        "X06", "ADRS", {"USUBJID": S3, "PARAMCD": "MRD", "VISIT": "Month 2"}, {"ADT": "2017-06-14", "ADY": "66"}, "ADT"
    ),
    Plant("X07", "ADLB", {"USUBJID": S6, "ADY": "-1"}, {"ADT": "2017-07-03", "ADY": "-21"}, "ADT"),
    Plant("X08", "ADAE", {"USUBJID": S6, "AESEQ": "6"}, {"AENDT": "2017-07-31", "AENDY": "8"}, "AENDT"),
    Plant("X09", "ADTTE", OS3, {"AVAL": "65"}, "AVAL"),
    Plant("X10", "ADTTE", OS3, {"CNSR": "1"}, "CNSR"),
    Plant("X11", "ADTTE", OS3, {"ADT": "2017-06-12", "AVAL": "63"}, "ADT"),
    Plant("X12", "ADTTE", OS3, {"STARTDT": "2017-04-11", "AVAL": "63"}, "STARTDT"),
    Plant("X13", "ADAE", {"USUBJID": S6, "AESEQ": "1"}, {"ASTDY": "0"}, "ASTDY"),
    Plant("X14", "ADAE", {"USUBJID": S6, "AESEQ": "7"}, {"ATOXGR": "5"}, "ATOXGR"),
    Plant("X15", "ADAE", {"USUBJID": S6, "AESEQ": "7"}, {"TRTEMFL": "N"}, "TRTEMFL"),
    Plant("X17", "ADTTE", OS3, {"PARAMCD": "EFS"}, "USUBJID", told_in="ADSL"),
    Plant("X18", "ADSL", {"USUBJID": S6}, {"LSTALVDT": "2017-07-23"}, "LSTALVDT", also=frozenset({"X19"})),
    Plant("X19", "ADSL", {"USUBJID": S6}, {"LSTALVDT": "2018-06-10"}, "ADT", told_in="ADTTE"),
    Plant("X20", "ADCK", {"USUBJID": S6, "ADY": "5"}, {"AVAL": "0.09"}, "AVAL"),
    Plant("X22", "ADRS", {"USUBJID": S3, "PARAMCD": "MRD", "VISIT": "Month 2"}, {"VISIT": "Month 3"}, "VISIT"),
    Plant(
        *("X23", "ADEX", {"USUBJID": S6, "ASTDY": "1"}),
        {"ASTDT": "2017-07-25", "ASTDY": "2", "AENDT": "2017-07-25", "AENDY": "2"},
        *("TRTSDT", "", frozenset(), "ADSL"),
    ),
    # An engraftment of someone who was not transplanted.
    Plant("X24", "ADTTE", {"USUBJID": "RECON-08", "PARAMCD": "ENGNEUT"}, {"USUBJID": S6}, "STARTDT", S6),
    Plant("X25", "ADTTE", {"USUBJID": S6, "PARAMCD": "RFS"}, {"STARTDT": "2017-08-20", "AVAL": "283"}, "STARTDT"),
    Plant("X26", "ADTTE", {"USUBJID": S3, "PARAMCD": "RFS"}, {"EVNTDESC": "Death"}, "EVNTDESC"),
]  # fmt: skip


@pytest.fixture
def failures(plan, broken) -> Callable[[], tuple]:
    return lambda: validate(plan, broken.folder).failures


def test_the_data_of_the_study_break_no_rule(plan, failures):
    assert failures() == ()


def test_every_rule_is_broken_here():
    # Of what may be missing, and of progression, this plan knows nothing: tests/other_trial/test_other_trial_missing.py.
    elsewhere = {"X16", "X21", "X27", "X28", "X29", "X30"}
    assert {p.rule for p in PLANTS} | elsewhere == {r.id for r in RULES}


def test_ids_of_rules_are_unique_and_in_order():
    ids = [r.id for r in RULES]
    assert ids == sorted(set(ids))


@each("rule", RULES, ids=lambda r: r.id)
def test_a_rule_says_what_is_wrong_and_what_to_do(rule):
    assert rule.sentence.endswith(".")
    assert rule.fix.endswith(".")


@pytest.mark.parametrize("plant", PLANTS, ids=lambda p: p.rule)
def test_a_broken_rule_is_told_with_its_dataset_row_subject_and_column(broken: BrokenData, failures, plant):
    row = broken.row_of(plant.dataset, **plant.where)
    broken.set(plant.dataset, row, **plant.cells)
    found = failures()
    assert {f.rule for f in found} == {plant.rule, *plant.also}
    told = [f for f in found if f.rule == plant.rule]
    assert [(f.dataset, f.column) for f in told] == [(plant.told_in or plant.dataset, plant.column)]
    (failure,) = told
    assert failure.subject == (plant.subject or plant.where["USUBJID"])
    assert broken.cell(failure.dataset, failure.row, "USUBJID") == failure.subject
    assert broken.cell(failure.dataset, failure.row, failure.column) == failure.value
    if not plant.told_in:
        assert failure.row == row
    assert failure.severity == ("warning" if plant.rule in {"X19", "X22"} else "error")


def test_a_last_infusion_before_the_first_is_told(plan, broken, failures):
    head, *rows = broken.rows("ADSL")
    place = head.index("TRTSDT")
    last = [cells[place] for cells in rows]
    last[5] = "2017-07-23"
    broken.write("ADSL", [[*head, "TRTEDT"], *([*cells, date] for cells, date in zip(rows, last, strict=True))])
    (failure,) = failures()
    assert (failure.rule, failure.row, failure.subject, failure.column) == ("X16", 7, S6, "TRTEDT")


def test_a_treated_subject_without_an_adverse_event_is_a_warning(broken, failures):
    broken.keep("ADAE", lambda cells: cells["USUBJID"] != S6)
    (failure,) = failures()
    assert (failure.rule, failure.dataset, failure.row, failure.subject) == ("X21", "ADSL", 7, S6)
    assert failure.severity == "warning"


def test_a_warning_does_not_stop_the_analysis(plan, broken):
    broken.set("ADSL", broken.row_of("ADSL", USUBJID=S6), LSTALVDT="2018-06-10")
    found = validate(plan, broken.folder)
    assert found.study is not None
    assert [f.rule for f in found.warnings] == ["X19"]


def test_what_follows_from_a_wrong_death_is_told_at_every_record(broken, failures):
    """Subject 3 dies on the day after infusion: each later record is dated after death, with its own row."""
    broken.set("ADSL", broken.row_of("ADSL", USUBJID=S3), DTHDT="2017-04-11")
    told = {(f.dataset, f.row) for f in failures() if f.rule == "X06" and f.column == "ADT"}
    head, *rows = broken.rows("ADRS")
    late = {
        ("ADRS", n)
        for n, cells in enumerate(rows, start=2)
        if cells[head.index("USUBJID")] == S3 and cells[head.index("ADT")] > "2017-04-11"
    }
    assert late
    assert late == {t for t in told if t[0] == "ADRS"}


def test_a_subject_who_was_not_treated_breaks_no_rule_about_treatment(plan, broken, failures):
    """Enrolled, never infused: no survival record is owed and no study day can be wrong."""
    row = broken.row_of("ADSL", USUBJID=S1)
    cells = dict(zip(broken.rows("ADSL")[0], broken.rows("ADSL")[row - 1], strict=True))
    new = cells | {"USUBJID": "RECON-11", "SUBJID": "11", "TRTSDT": "", "SAFFL": "N", "HSCTFL": "N", "HSCTDT": ""}
    broken.append("ADSL", **new)
    assert failures() == ()


def test_survival_that_counts_the_start_as_day_one_is_accepted_when_the_plan_says_so(planned, broken):
    one = planned(lambda p: p["conventions"].update(origin_day=1))
    assert {f.rule for f in validate(one, broken.folder).failures} == {"X09"}
    head, *rows = broken.rows("ADTTE")
    place = head.index("AVAL")
    for cells in rows:
        cells[place] = str(int(cells[place]) + 1)
    broken.write("ADTTE", [head, *rows])
    assert validate(one, broken.folder).failures == ()


def test_emergence_ends_some_days_after_the_last_treatment_where_the_plan_says_so(planned, broken):
    late = planned(lambda p: p["conventions"].update(emergent_days=20))
    head, *rows = broken.rows("ADAE")
    flag, day = head.index("TRTEMFL"), head.index("ASTDY")
    # Study day 22 is 21 days after the day of the only treatment.
    beyond = [i for i, cells in enumerate(rows) if cells[flag] == "Y" and int(cells[day]) >= 22]
    found = validate(late, broken.folder).failures
    assert {f.rule for f in found} == {"X15"}
    assert [f.row for f in found] == [i + 2 for i in beyond]
    for i in beyond:
        rows[i][flag] = "N"
    broken.write("ADAE", [head, *rows])
    assert validate(late, broken.folder).failures == ()


def test_consent_on_the_day_of_infusion_is_in_time(broken, failures):
    """What was recorded before that day is then before consent, and that alone is told."""
    broken.set("ADSL", broken.row_of("ADSL", USUBJID=S6), RFICDT="2017-07-24")
    assert {f.rule for f in failures()} == {"X07"}


def test_a_record_of_the_day_of_consent_is_in_time(broken, failures):
    broken.set("ADLB", broken.row_of("ADLB", USUBJID=S6, ADY="-1"), ADT="2017-07-04", ADY="-20")
    assert failures() == ()


def test_a_rule_about_a_date_a_trial_does_not_have_says_nothing(broken, failures):
    head, *rows = broken.rows("ADSL")
    place = head.index("RFICDT")
    broken.write("ADSL", [[c for i, c in enumerate(cells) if i != place] for cells in [head, *rows]])
    assert failures() == ()


def test_whether_an_event_of_unknown_start_is_emergent_is_not_judged(planned, broken):
    """A plan may let the start be missing; who flagged the event knew more than the date says."""

    def incomplete(content):
        content["datasets"]["ADAE"]["variables"] = [
            {"name": "ASTDT", "label": "Start", "type": "date", "missing": True}
        ]

    row = broken.row_of("ADAE", USUBJID=S6, AESEQ="7")
    broken.set("ADAE", row, ASTDT="", ASTDY="")
    assert not [f for f in validate(planned(incomplete), broken.folder).failures if f.severity == "error"]
