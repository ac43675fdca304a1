"""Data that break their schema are refused, each failure with its row, subject, column and mend; nothing is analysed."""

import pytest

from analysis.data.load import DataError, load, validate
from tests.broken_data import BrokenData

S6 = "RECON-06"


@pytest.fixture
def failures(plan, broken):
    return lambda: validate(plan, broken.folder).failures


@pytest.fixture
def refused(broken: BrokenData, failures):
    """Set cells of a row and return the one failure that follows from it."""

    def set_and_find(dataset: str, row: int, column: str, value: str):
        broken.set(dataset, row, **{column: value})
        (failure,) = (f for f in failures() if not f.rule.startswith("X"))
        assert (failure.dataset, failure.row, failure.column) == (dataset, row, column)
        assert failure.subject == broken.cell(dataset, row, "USUBJID")
        assert failure.value == value
        assert failure.severity == "error"
        assert failure.message.endswith(".")
        assert failure.fix.endswith(".")
        return failure

    return set_and_find


def test_the_data_of_the_study_are_accepted(plan, failures):
    assert failures() == ()


def test_a_grade_of_seven_is_refused_with_its_row(refused):
    failure = refused("ADAE", 9, "ATOXGR", "7")
    assert failure.rule == "range"
    assert failure.message == "Analysis Toxicity Grade is outside its range 1 to 5."


def test_a_grade_between_two_grades_is_refused(refused):
    assert refused("ADAE", 9, "ATOXGR", "3.5").message == "Analysis Toxicity Grade should be a whole number."


@pytest.mark.parametrize("text", ["<0.1", "1,5", "12 %", "1e999", "NaN", "inf", "٣", "BLQ", "0x1F"])
def test_a_text_among_numbers_is_refused_and_never_becomes_missing(refused, text):
    failure = refused("ADCK", 5, "AVAL", text)
    assert failure.rule == "number"
    assert "should be a number" in failure.message


@pytest.mark.parametrize("text", ["09MAR2021", "2021-3-9", "2021-02-29", "03/09/2021", "2021-03", "20210309", "UNK"])
def test_a_date_that_is_not_a_complete_iso_date_is_refused(refused, text):
    assert refused("ADAE", 9, "ASTDT", text).rule == "date"


@pytest.mark.parametrize("date", ["9999-12-31", "1600-01-01"])
def test_a_date_that_stands_for_no_date_is_refused_and_never_becomes_missing(refused, broken, date):
    """An end date of 9999-12-31 taken for missing would be an ongoing event without a word."""
    assert refused("ADAE", 9, "AENDT", date).rule == "date"


def test_an_unknown_response_is_refused_with_the_code_list(refused):
    failure = refused("ADRS", 2, "AVALC", "SD")
    assert failure.rule == "codelist"
    assert failure.fix == (
        "Use one of: CR, CRi, PR, NR. If it is another code, write in the plan datasets: ADRS: parameters: OVRLRESP: "
        "{label: Overall response, codelist: [CR, CRi, PR, NR, SD]}."
    )


def test_a_response_in_other_case_is_refused(refused):
    failure = refused("ADRS", 2, "AVALC", "cr")
    assert failure.rule == "codelist"
    assert failure.fix.startswith("Did you mean 'CR' (they differ in capitals)? Use one of: CR, CRi, PR, NR.")


def test_an_unknown_relationship_to_treatment_is_refused(refused):
    assert refused("ADAE", 9, "AREL", "POSSIBLY").rule == "codelist"


def test_a_negative_time_is_refused(refused):
    failure = refused("ADTTE", 3, "AVAL", "-87")
    assert failure.rule == "range"
    assert failure.message == "Overall survival is outside its range (at least 0)."


def test_a_percentage_above_one_hundred_is_refused(refused):
    assert refused("ADCK", 5, "AVAL", "100.5").message.endswith("range 0 to 100.")


def test_a_censoring_code_below_zero_is_refused_and_each_above_it_is_a_reason_for_censoring(refused, broken, failures):
    assert refused("ADTTE", 3, "CNSR", "-1").rule == "range"
    broken.set("ADTTE", 3, CNSR="2")  # ADaM-IG, ADTTE: 0 is the event, a whole number above 0 a reason for censoring
    assert "CNSR" not in {f.column for f in failures() if f.rule in {"range", "codelist"}}


def test_a_required_cell_that_is_empty_is_refused(refused):
    failure = refused("ADAE", 9, "AEDECOD", "")
    assert failure.rule == "present"
    assert failure.fix == (
        "Fill the cell, or where it may be empty, write in the plan datasets: ADAE: variables: - {name: AEDECOD, "
        "label: Dictionary-Derived Term, missing: true}."
    )


def test_a_death_before_infusion_is_refused_with_its_row(broken, failures):
    row = broken.row_of("ADSL", USUBJID="RECON-02")
    broken.set("ADSL", row, DTHDT="2017-03-12")
    found = [f for f in failures() if f.rule == "X03"]
    assert [(f.row, f.subject, f.column, f.value) for f in found] == [(row, "RECON-02", "DTHDT", "2017-03-12")]


def test_a_subject_given_twice_is_refused_with_both_rows(broken, failures):
    cells = dict(zip(*broken.rows("ADSL")[:2], strict=True))
    row = broken.append("ADSL", **cells)
    (failure,) = failures()
    assert (failure.rule, failure.row, failure.subject) == ("key", row, "RECON-01")
    assert "stands in row 2 already" in failure.message
    assert failure.fix == "Remove the repeated row, or correct USUBJID: ADSL has one row a subject."


def test_the_same_assessment_twice_on_one_day_is_refused(broken, failures):
    rows = broken.rows("ADRS")
    broken.write("ADRS", [*rows, rows[4]])
    (failure,) = failures()
    assert (failure.rule, failure.row, failure.dataset) == ("key", len(rows) + 1, "ADRS")
    assert "row 5" in failure.message


def test_a_missing_column_is_told_once_with_its_label(broken, failures):
    head, *rows = broken.rows("ADAE")
    place = head.index("ATOXGR")
    broken.write("ADAE", [[c for i, c in enumerate(cells) if i != place] for cells in [head, *rows]])
    (failure,) = failures()
    assert (failure.dataset, failure.column, failure.rule) == ("ADAE", "ATOXGR", "column")
    assert failure.message == "The column ATOXGR (Analysis Toxicity Grade) is missing, and AN-AE needs it."


def test_a_parameter_without_any_row_is_told(broken, failures):
    broken.keep("ADLB", lambda cells: cells["PARAMCD"] != "CRP")
    (failure,) = failures()
    assert (failure.dataset, failure.rule, failure.value) == ("ADLB", "parameter", "CRP")


def test_no_adverse_event_at_all_is_a_warning_for_the_file_and_for_each_subject(broken, failures):
    broken.keep("ADAE", lambda cells: False)
    found = failures()
    assert {f.severity for f in found} == {"warning"}
    assert sorted(f.rule for f in found) == ["X21"] * 10 + ["empty"]


def test_a_subject_less_than_planned_is_a_warning(plan, broken, failures):
    for name in plan.datasets:
        broken.keep(name, lambda cells: cells["USUBJID"] != "RECON-06")
    (failure,) = failures()
    assert (failure.rule, failure.value, failure.severity) == ("planned_n", "9", "warning")


def test_an_empty_row_of_commas_is_told_as_such(broken, failures):
    head, *rows = broken.rows("ADTTE")
    broken.write("ADTTE", [head, *rows, [""] * 4])
    (failure,) = failures()
    assert (failure.row, failure.message) == (len(rows) + 2, "This row is empty.")


def test_further_columns_and_another_order_of_columns_are_ordinary(plan, broken, study):
    head, *rows = broken.rows("ADSL")
    broken.write("ADSL", [[*reversed(head), "COUNTRY"], *([*reversed(cells), "CN"] for cells in rows)])
    found = validate(plan, broken.folder)
    assert found.failures == ()
    columns = study.data["ADSL"].columns
    assert found.study.data["ADSL"][columns].equals(study.data["ADSL"])


def test_windows_files_give_the_same_study(plan, broken, study):
    for dataset in plan.datasets:
        windows = broken.text(dataset).replace("\n", "\r\n")
        broken.replace(dataset, b"\xef\xbb\xbf" + windows.encode())
    found = validate(plan, broken.folder)
    assert all(found.study.data[name].equals(frame) for name, frame in study.data.items())


def test_a_row_after_a_cell_with_line_breaks_is_named_as_an_editor_counts(broken, failures):
    broken.set("ADSL", 4, DTHCAUS="Severe infection\ndue to chronic\nagranulocytosis")
    broken.set("ADSL", 6, AGE="430")
    (failure,) = (f for f in failures() if f.severity == "error")
    assert failure.row == 8
    assert broken.text("ADSL").splitlines()[failure.row - 1].startswith("CLL1-AML-RECON,RECON-05")


def test_three_failures_in_three_files_are_told_at_once_in_the_order_of_the_plan(broken, failures):
    broken.set("ADSL", 5, AGE="old").set("ADAE", 9, ATOXGR="7").set("ADCK", 5, AVAL="<0.1")
    assert [(f.dataset, f.row, f.rule) for f in failures()] == [
        ("ADSL", 5, "number"),
        ("ADAE", 9, "range"),
        ("ADCK", 5, "number"),
    ]


def test_several_failures_of_one_row_are_all_told(broken, failures):
    broken.set("ADAE", 9, ATOXGR="x", AREL="MAYBE", AEDECOD="")
    assert {f.rule for f in failures()} == {"integer", "codelist", "present"}


def test_a_file_that_cannot_be_read_does_not_hide_the_failures_of_the_others(broken, failures):
    broken.file("ADLB").unlink()
    broken.set("ADAE", 9, ATOXGR="7")
    assert [(f.dataset, f.rule) for f in failures()] == [("ADAE", "range"), ("ADLB", "file")]


def test_nothing_is_analysed_on_data_with_an_error(plan, broken):
    broken.set("ADAE", 9, ATOXGR="7")
    assert validate(plan, broken.folder).study is None
    with pytest.raises(DataError, match="nothing was analysed") as caught:
        load(plan, broken.folder)
    assert [f.rule for f in caught.value.failures] == ["range"]
    assert caught.value.exit_code == 1


def test_a_folder_with_spaces_and_accents_is_read(plan, broken, tmp_path):
    folder = broken.folder.rename(tmp_path / "données du 3 août")
    assert validate(plan, folder).failures == ()


def test_cells_become_numbers_and_dates_and_empty_cells_missing(study):
    adsl = study.data["ADSL"]
    assert adsl["AGE"].dtype == "float64"
    assert str(adsl["TRTSDT"].dtype) == "datetime64[ns]"
    assert adsl["DTHDT"].isna().sum() == 6
    assert adsl.loc[2, "USUBJID"] == "RECON-01"


def test_the_sources_of_a_study_are_its_files_in_the_order_of_the_plan(plan, study):
    assert [s.dataset for s in study.sources] == list(plan.datasets)


def _without(broken: BrokenData, dataset: str, column: str) -> None:
    head, *rows = broken.rows(dataset)
    at = head.index(column)
    broken.write(dataset, [r[:at] + r[at + 1 :] for r in (head, *rows)])


def test_a_column_every_dataset_may_lack_is_missed_where_the_plan_names_it(broken, failures):
    """The cause of death is optional in ADSL, and this plan counts and lists it."""
    _without(broken, "ADSL", "DTHCAUS")
    (failure,) = failures()
    assert (failure.rule, failure.column) == ("column", "DTHCAUS")
    assert failure.message == "The column DTHCAUS (Cause of Death) is missing, and AN-DEATH needs it."


def test_a_column_that_nothing_names_may_be_left_out(broken, failures):
    _without(broken, "ADTTE", "CNSDTDSC")
    assert failures() == ()


def test_a_column_in_small_letters_is_called_what_it_is(broken, failures):
    head, *rows = broken.rows("ADSL")
    broken.write("ADSL", [[c.lower() if c == "SAFFL" else c for c in head], *rows])
    (failure,) = failures()
    assert failure.column == "SAFFL"
    assert failure.fix == "The file has 'saffl': write names in capital letters."


@pytest.mark.parametrize(
    ("text", "told", "severity"),
    [
        ("\x1b[31mNausea", "U+001B control character, at position 1", "error"),
        ("Nau\x85sea", "U+0085 control character, at position 4", "error"),
        ("Nau\u2028sea", "U+2028 LINE SEPARATOR", "error"),
        ("\u202eaesuaN", "U+202E RIGHT-TO-LEFT OVERRIDE, at position 1, which turns the text around it", "warning"),
        ("a\u2066b", "U+2066 LEFT-TO-RIGHT ISOLATE", "warning"),
        ("Nausea\n```\n{{< x >}}", "U+000A control character, at position 7: it is printed as a blank", "warning"),
    ],
)
def test_a_character_that_no_reader_sees_is_told_with_its_code(broken, failures, text, told, severity):
    broken.set("ADAE", 9, AEDECOD=text)
    (failure,) = (f for f in failures() if f.rule == "character")
    assert (failure.dataset, failure.row, failure.column, failure.severity) == ("ADAE", 9, "AEDECOD", severity)
    assert told in failure.message
    assert failure.fix.startswith(("Remove it", "Write the text in one line."))


def test_a_file_with_the_byte_0_is_no_text(broken, failures):
    broken.set("ADAE", 9, AEDECOD="Nau\0sea")
    (failure,) = (f for f in failures() if f.dataset == "ADAE")
    assert (failure.rule, failure.row, failure.severity) == ("file", 9, "error")
    assert "it holds the byte 0" in failure.message


def test_every_text_is_looked_at_and_one_cell_is_told_once(broken, failures):
    broken.set("ADRS", 3, AVALC="C\x07R")
    (failure,) = (f for f in failures() if (f.dataset, f.row, f.column) == ("ADRS", 3, "AVALC"))
    assert failure.rule == "character"


def test_letters_of_any_language_are_text(broken, failures):
    broken.set("ADAE", 9, AEDECOD="Übelkeit 恶心 غثيان 😀 – µ\u200f")
    assert not [f for f in failures() if f.rule == "character"]
