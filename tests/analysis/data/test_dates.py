"""Partial dates are imputed by the rule of the plan, with flags; what it does not cover is told with its row."""

import pytest

from analysis.data.load import validate
from sap.text.problems import UserError
from tests.broken_data import BrokenData

START = {"day": "first", "month": "first", "not_before": "TRTSDT"}


@pytest.fixture
def imputing(planned):
    """The plan with the start of an adverse event, or another date, imputed by a rule."""

    def change(rule: dict, name: str = "ASTDT", **more: object):
        variable = {"name": name, "label": "A date", "type": "date", "impute": rule, **more}
        return planned(lambda p: p["datasets"]["ADAE"].setdefault("variables", []).append(variable))

    return change


def loaded(plan, broken: BrokenData):
    found = validate(plan, broken.folder)
    assert found.study is not None, found.failures
    return found.study.data["ADAE"], found.failures


def day_of(frame, row: int, name: str = "ASTDT") -> str:
    return frame.loc[row, name].date().isoformat()


def test_a_start_without_its_day_is_not_before_treatment_where_it_can_be(imputing, broken):
    first = broken.cell("ADSL", broken.row_of("ADSL", USUBJID=broken.cell("ADAE", 9, "USUBJID")), "TRTSDT")
    broken.set("ADAE", 9, ASTDT=first[:7], ASTDY="", AENDT="")
    frame, failures = loaded(imputing(START), broken)
    assert day_of(frame, 9) == first
    assert frame.loc[9, "ASTDTF"] == "D"
    assert list(frame["ASTDTF"]).count("") == len(frame) - 1
    (told,) = (f for f in failures if f.rule == "imputed")
    assert told.severity == "warning"
    assert told.message == f"A date: 1 of {len(frame)} dates were imputed as the plan says (1 without its day)."


def test_a_time_of_day_is_left_out_of_a_date(plan, broken):
    day = broken.cell("ADAE", 9, "ASTDT")
    broken.set("ADAE", 9, ASTDT=f"{day}T10:30:00")
    assert day_of(loaded(plan, broken)[0], 9) == day


def test_a_partial_date_without_a_rule_is_refused_with_the_rule_to_write(plan, broken):
    broken.set("ADAE", 9, ASTDT="2021-03")
    (failure,) = (f for f in validate(plan, broken.folder).failures if f.rule == "date")
    assert failure.row == 9
    assert "impute: {day: first}" in failure.fix


def test_a_part_of_which_the_rule_says_nothing_is_refused_where_the_date_must_be_there(imputing, broken):
    broken.set("ADAE", 9, ASTDT="2021")
    (failure,) = (f for f in validate(imputing({"day": "first"}), broken.folder).failures if f.rule == "date")
    assert (failure.row, failure.value) == (9, "2021")
    assert failure.fix.startswith("Its month is not known, and the plan does not impute it: say month under impute")


def test_such_a_date_is_missing_where_it_may_be_and_that_is_told(imputing, broken):
    broken.set("ADAE", 9, AENDT="2021", AENDY="")
    frame, failures = loaded(imputing({"day": "last"}, "AENDT", missing=True), broken)
    assert frame["AENDT"].isna()[9]
    (told,) = (f for f in failures if f.rule == "partial")
    assert "(row 9, '2021')" in told.message


@pytest.mark.parametrize("cell", ["2021-02-30", "2021-13-01", "13/02/2021", "2021-03-09T25:00"])
def test_a_day_that_does_not_exist_is_told_with_its_row_and_never_imputed(imputing, broken, cell):
    broken.set("ADAE", 9, ASTDT=cell)
    (failure,) = (f for f in validate(imputing(START), broken.folder).failures if f.rule == "date")
    assert (failure.row, failure.column, failure.value) == (9, "ASTDT", cell)


def test_a_flag_of_the_file_stays_where_nothing_is_imputed(imputing, broken):
    head, *rows = broken.rows("ADAE")
    broken.write("ADAE", [[*head, "ASTDTF"], *([*r, "M" if i == 0 else ""] for i, r in enumerate(rows))])
    assert loaded(imputing(START), broken)[0]["ASTDTF"].iloc[0] == "M"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"day": "first", "not_before": "NODT"}, "NODT"),
        ({"day": "first", "not_before": "AEDECOD"}, "is not a date"),
    ],
)
def test_a_date_is_held_by_dates_that_the_plan_knows(imputing, rule, told):
    with pytest.raises(UserError, match=told):
        imputing(rule)
