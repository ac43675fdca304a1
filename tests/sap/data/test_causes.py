"""One cause is told once: rules pass over what was refused, and what one wrong cell contradicts is told with it."""

from datetime import date

import pytest

from analysis.data.load import validate
from tests.sap.data.test_rules import PLANTS, S3, S6


@pytest.fixture
def causes(plan, broken):
    """Return what is told first, as rule, dataset, row and column; and everything that was found."""

    def found():
        failures = validate(plan, broken.folder).failures
        return [(f.rule, f.dataset, f.row, f.column) for f in failures if not f.consequence], failures

    return found


@pytest.mark.parametrize("plant", [p for p in PLANTS if p.also], ids=lambda p: p.rule)
def test_a_wrong_cell_that_breaks_several_rules_is_one_cause(broken, causes, plant):
    row = broken.row_of(plant.dataset, **plant.where)
    broken.set(plant.dataset, row, **plant.cells)
    told, failures = causes()
    assert told == [(plant.rule, plant.dataset, row, plant.column)]
    assert {f.cause for f in failures} == {f"{plant.dataset} row {row} {plant.column}"}


def test_a_death_before_the_infusion_is_one_cause_and_its_contradictions_are_kept(broken, causes):
    row = broken.row_of("ADSL", USUBJID=S3)
    broken.set("ADSL", row, DTHDT="2017-04-09")
    told, failures = causes()
    assert told == [("X03", "ADSL", row, "DTHDT")]
    # Every later record of the subject is after death: told in JSON, each with its row.
    assert len({(f.dataset, f.row, f.column) for f in failures if f.rule == "X06"}) > 100
    assert {f.rule for f in failures if f.consequence} == {"X05", "X06", "X11"}


def test_a_mistake_that_the_wrong_date_does_not_explain_is_told_beside_it(broken, causes):
    row = broken.row_of("ADSL", USUBJID=S3)
    event = broken.row_of("ADAE", USUBJID=S3)
    broken.set("ADSL", row, DTHDT="2017-04-09").set("ADAE", event, ASTDY="9")
    assert causes()[0] == [("X03", "ADSL", row, "DTHDT"), ("X13", "ADAE", event, "ASTDY")]


def test_a_date_of_one_record_that_contradicts_three_others_is_one_cause(broken, causes):
    """The event starts in 2107: after its end, after the subject was last seen, and on another study day."""
    row = broken.row_of("ADAE", USUBJID=S6, AESEQ="6")
    broken.set("ADAE", row, ASTDT="2107-07-30")
    told, failures = causes()
    assert len(told) == 1
    assert {f.cause for f in failures} == {f"ADAE row {row} ASTDT"}
    assert {f.rule for f in failures} == {"X08", "X13", "X19"}


def test_study_days_counted_from_zero_everywhere_are_the_fault_of_no_date(broken, causes):
    """In one subject survival starts a day late too: its study days are not told as a consequence of that."""
    head, *rows = broken.rows("ADAE")
    at = head.index("ASTDY")
    for cells in rows:
        cells[at] = str(int(cells[at]) - 1)
    broken.write("ADAE", [head, *rows])
    clock = broken.row_of("ADTTE", USUBJID=S3, PARAMCD="OS")
    broken.set("ADTTE", clock, STARTDT="2017-04-11", AVAL="63")
    told, failures = causes()
    assert {t[0] for t in told} == {"X12", "X13"}
    assert not [f for f in failures if f.consequence]


@pytest.mark.parametrize(
    ("written", "meant"), [("RECON-6", S6), ("recon-06", S6), ("RECON-06\u200b", S6), ("RECON-0006", S6), ("9999", "")]
)
def test_an_unknown_subject_is_told_with_the_one_that_was_meant_and_nothing_follows(broken, causes, written, meant):
    row = broken.row_of("ADAE", USUBJID=S6, TRTEMFL="Y")
    broken.set("ADAE", row, USUBJID=written)
    told, failures = causes()
    assert told == [("X01", "ADAE", row, "USUBJID")]
    assert ("Did you mean" in failures[0].fix) == bool(meant)
    assert meant in failures[0].fix


def test_what_a_subject_lacks_because_it_is_misspelt_is_not_told(broken, causes):
    """The survival record of subject 6 is that of an unknown subject: there is none missing."""
    broken.set("ADTTE", broken.row_of("ADTTE", USUBJID=S6, PARAMCD="OS"), USUBJID="RECON-6")
    assert [t[0] for t in causes()[0]] == ["X01"]


def test_a_subject_misspelt_in_adsl_is_one_cause_for_all_its_records(broken, causes):
    broken.set("ADSL", broken.row_of("ADSL", USUBJID=S6), USUBJID="RECON-O6")
    told, failures = causes()
    assert [t[0] for t in told] == ["X01"]
    assert {f.value for f in failures} == {S6}
    assert all("RECON-O6" in f.fix for f in failures)


def test_a_column_of_dates_in_another_format_silences_the_rules_about_them(broken, causes):
    """SAS's DATE9 and a point in four columns: what is told is about these cells alone."""

    def date9(cell: str) -> str:
        return date.fromisoformat(cell).strftime("%d%b%Y").upper() if cell else "."

    columns = {"ADSL": ("TRTSDT", "DTHDT"), "ADAE": ("ASTDT", "AENDT")}
    for dataset, names in columns.items():
        head, *rows = broken.rows(dataset)
        for cells in rows:
            for at in map(head.index, names):
                cells[at] = date9(cells[at])
        broken.write(dataset, [head, *rows])
    told, failures = causes()
    assert {t[0] for t in told} == {"date"}
    assert {(f.dataset, f.column) for f in failures} == {(d, c) for d, names in columns.items() for c in names}
    assert {f.fix.split(".")[0] for f in failures if f.value != "."} == {"It is as SAS's DATE9 has it"}
    assert {'missing_values: ["."]' in f.fix for f in failures if f.value == "."} == {True}


def test_of_a_subject_given_twice_with_other_dates_the_row_alone_is_told(broken, causes):
    cells = dict(zip(*broken.rows("ADSL")[:2], strict=True))
    row = broken.append("ADSL", **cells | {"TRTSDT": "2019-01-01"})
    assert causes()[0] == [("key", "ADSL", row, "USUBJID")]


def test_a_broken_file_leaves_the_rules_about_the_others(broken, causes):
    broken.file("ADLB").unlink()
    event = broken.row_of("ADAE", USUBJID=S6, AESEQ="1")
    broken.set("ADAE", event, ASTDY="0")
    assert [t[0] for t in causes()[0]] == ["X13", "file"]
