"""The columns of a file become those of the plan: names, codes, units, parameters, and what cannot be mapped is told."""

from fractions import Fraction

import pandas as pd
import pytest

from analysis.data.columns.described import told_type
from analysis.data.columns.mapping import mapped, times, with_sources
from analysis.data.formats.table import SourceFile, TextTable
from sap.data.failures import Failure
from sap.model.variables import Dataset
from tests.each import each


def table(special=None, **columns):
    frame = pd.DataFrame(columns, dtype=object)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    source = SourceFile("ADLB", "adlb.csv", "", len(frame), len(columns))
    return TextTable(frame, source, special=special or {})


def dataset(*variables, **more):
    return Dataset.model_validate({"file": "adlb.csv", "title": "Any", "variables": list(variables), **more})


def cells(found, column):
    return found.table.frame[column].tolist()


def test_a_column_under_another_name_is_found_and_the_other_variable_may_keep_it():
    found = mapped("ADAE", dataset({"name": "ATOXGR", "source": "AESEV", "recode": {"MILD": 1, "SEVERE": 3}}, {"name": "AESEV"}),
                   table(USUBJID=["1", "2", "3"], AESEV=["MILD", "SEVERE", "4"]))  # fmt: skip
    assert cells(found, "ATOXGR") == ["1", "3", "4"]  # what no recode names passes
    assert cells(found, "AESEV") == ["MILD", "SEVERE", "4"]
    assert found.told == ()


def test_a_column_that_the_file_lacks_is_told_with_the_near_one():
    (told,) = mapped(
        "ADSL", dataset({"name": "TRTSDT", "source": "TRTSDTN"}), table(USUBJID=["1"], TRTSDTM=["2021-01-01"])
    ).told
    assert (told.column, told.rule, told.severity) == ("TRTSDT", "column", "error")
    assert "no column 'TRTSDTN'" in told.message
    assert "Did you mean 'TRTSDTM'?" in told.fix


def test_of_two_columns_for_one_name_the_plan_says_which_and_the_other_is_told():
    found = mapped("ADSL", dataset({"name": "SEX", "source": "GENDER"}), table(USUBJID=["1"], SEX=["F"], GENDER=["M"]))
    assert cells(found, "SEX") == ["M"]
    (told,) = found.told
    assert (told.column, told.value, told.severity) == ("SEX", "GENDER", "warning")


def test_a_code_that_no_cell_has_is_told():
    (told,) = mapped(
        "ADSL",
        dataset({"name": "SEX", "recode": {"Female": "F", "Mael": "M"}}),
        table(USUBJID=["1", "2"], SEX=["Female", "Male"]),
    ).told
    assert (told.rule, told.value, told.severity) == ("recode", "Mael", "warning")
    assert "Did you mean 'Male'?" in told.fix


def test_a_special_missing_value_is_recoded_by_its_letter_and_others_stay_empty():
    found = mapped("ADLB", dataset({"name": "BLQFL", "recode": {".B": "Y"}}), table({"BLQFL": {3: ".B", 4: ".C"}}, USUBJID=["1", "2", "3"], BLQFL=["N", "", ""]))  # fmt: skip
    assert cells(found, "BLQFL") == ["N", "Y", ""]


def test_words_for_missing_are_empty_before_codes_are_read():
    found = mapped(
        "ADSL",
        dataset({"name": "SEX", "recode": {"": "U"}}, missing_values=["NA"]),
        table(USUBJID=["1", "2"], SEX=["NA", "F"]),
    )
    assert cells(found, "SEX") == ["U", "F"]


def test_months_become_days_exactly_and_what_is_no_number_stays():
    found = mapped(
        "ADTTE",
        dataset({"name": "AVAL", "unit": "days", "source_unit": "months"}),
        table(USUBJID=["1", "2", "3"], AVAL=["12", "0.5", "<1"]),
    )
    assert cells(found, "AVAL") == ["365.25", "15.21875", "<1"]  # 12 and half of 30.4375


def test_a_parameter_has_a_code_a_unit_and_codes_of_its_own():
    own = {
        "OS": {"label": "Survival", "source": "OSDUR", "unit": "DAYS", "source_unit": "weeks"},
        "RSP": {"label": "Response", "source": "BOR", "recode": {"CMR": "CR"}},
    }
    found = mapped("ADTTE", dataset(parameters=own), table(USUBJID=["1", "1", "1"], PARAMCD=["OSDUR", "BOR", "PFS"], AVAL=["2", "2", "2"], AVALC=["", "CMR", "CMR"]))  # fmt: skip
    assert cells(found, "PARAMCD") == ["OS", "RSP", "PFS"]
    assert cells(found, "AVAL") == ["14", "2", "2"]
    assert cells(found, "AVALC") == ["", "CR", "CMR"]


def test_a_message_names_the_column_of_the_file_too():
    told = with_sources(Failure("ADSL", 4, "1", "TRTSDT", "date", "x", "No date.", "Mend it."), {"TRTSDT": "TRTSDTM"})
    assert told.message == "No date. (TRTSDT is the column TRTSDTM of the file.)"


@each(
    "cell, factor, expected",
    [
        ("1e2", Fraction(7), "700"),
        ("-0.1", Fraction("30.4375"), "-3.04375"),
        ("24", Fraction(1, 24), "1"),
        ("1", Fraction(1, 24), repr(1 / 24)),
    ],
)
def test_a_number_times_a_factor_is_exact_where_it_has_an_end(cell, factor, expected):
    assert times(cell, factor) == expected


@each(
    "found, kind",
    [
        (["1", "", "2.0"], "integer"),
        (["1", "2.5"], "number"),
        (["2021-01-01", ""], "date"),
        (["007", "012"], "text"),
        (["1", "x"], "text"),
        (["", ""], "text"),
    ],
)
def test_cells_are_taken_for_the_narrowest_type_that_fits_all(found, kind):
    assert told_type(found) == kind


@each(
    "wrong",
    [
        {"source_unit": "months"},
        {"unit": "days", "source_unit": "moons"},
        {"unit": "days", "source_unit": "weeks", "factor": 7},
    ],
)
def test_a_unit_that_says_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"source_unit|how many days"):
        dataset({"name": "AVAL", **wrong})
