"""The committed study data are what the script makes, are described, and make sense together."""

import csv
import re
import subprocess
import sys

import pandas as pd
import pytest

from tests.data.facts import DATA, DATASETS, read, with_derived

SOURCES = {"published", "constrained", "read", "synthetic", "computed"}


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    out = tmp_path_factory.mktemp("data")
    subprocess.run([sys.executable, str(DATA / "make_data.py"), str(out)], check=True)
    return out


@pytest.fixture(scope="module")
def study():
    return with_derived(read())


def _readme_rows():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| AD")
    ]
    return {(row[0], row[1].strip("`")): row for row in rows}


def _header(name):
    with (DATA / f"{name.lower()}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize("name", DATASETS)
def test_the_script_makes_the_committed_file_byte_for_byte(remade, name):
    file = f"{name.lower()}.csv"
    assert (remade / file).read_bytes() == (DATA / file).read_bytes()


def test_every_column_is_described_and_nothing_else_is():
    assert {(name, column) for name in DATASETS for column in _header(name)} == set(_readme_rows())


@pytest.mark.parametrize("row", _readme_rows().values(), ids=lambda r: f"{r[0]}.{r[1]}")
def test_description_says_where_a_column_comes_from(row):
    _, _, label, source, how = row
    assert label
    assert source in SOURCES
    assert how


def test_readme_warns_that_rows_are_no_patient_data():
    text = re.sub(r"\s+", " ", (DATA / "README.md").read_text(encoding="utf-8"))
    assert "reconstruction, not patient data" in text


@pytest.mark.parametrize("name", DATASETS)
def test_rows_say_they_are_a_reconstruction(name):
    assert set(read()[name]["STUDYID"]) == {"CLL1-AML-RECON"}
    assert read()[name]["USUBJID"].str.fullmatch(r"RECON-(0[1-9]|10)").all()


@pytest.mark.parametrize("name", ["ADRS", "ADTTE", "ADCK", "ADLB"])
def test_no_record_is_dated_after_death_or_last_contact(study, name):
    assert (study[name]["ADT"] <= study[name]["LSTALVDT"]).all()


def test_no_adverse_event_begins_or_ends_after_last_contact(study):
    ae = study["ADAE"]
    assert (ae["ASTDT"] <= ae["LSTALVDT"]).all()
    assert (ae["AENDT"] <= ae["LSTALVDT"]).all()
    assert ((ae["AENDT"] == "") | (ae["ASTDT"] <= ae["AENDT"])).all()


def test_nothing_happens_before_consent(study):
    assert (study["ADSL"]["RFICDT"] < study["ADSL"]["TRTSDT"]).all()
    assert (study["ADAE"]["ASTDT"] >= study["ADAE"]["RFICDT"]).all()
    assert (study["ADLB"]["ADT"] >= study["ADLB"]["RFICDT"]).all()


@pytest.mark.parametrize("name", ["ADRS", "ADCK", "ADLB"])
def test_study_day_has_no_day_zero(study, name):
    day = study[name]["DAY"]
    assert (study[name]["ADY"] == day.where(day < 0, day + 1)).all()


def test_study_days_of_adverse_events_agree_with_their_dates(study):
    ae = study["ADAE"].query("AENDT != ''")
    for date, number in (("ASTDT", "ASTDY"), ("AENDT", "AENDY")):
        day = (pd.to_datetime(ae[date]) - pd.to_datetime(ae["TRTSDT"])).dt.days
        assert (ae[number] == day.where(day < 0, day + 1)).all()
    ongoing = study["ADAE"].query("AENDT == ''")
    assert ongoing["AENDY"].isna().all()


def test_treatment_emergent_is_on_or_after_infusion(study):
    ae = study["ADAE"]
    assert ((ae["TRTEMFL"] == "Y") == (ae["DAY"] >= 0)).all()
    assert set(ae["TRTEMFL"]) == {"Y", "N"}


def test_deaths_agree_between_datasets(study):
    tte = study["ADTTE"]
    assert ((tte["CNSR"] == 0) == (tte["DTHFL"] == "Y")).all()
    assert (tte["AVAL"] == tte["DAY"]).all()
    dead = tte[tte["CNSR"] == 0]
    assert (dead["ADT"] == dead["DTHDT"]).all()
    assert (tte["ADT"] == tte["LSTALVDT"]).all()


def test_fatal_infections_end_on_the_day_of_death(study):
    fatal = study["ADAE"].query("ATOXGR == 5")
    assert list(fatal["SUBJID"]) == ["03", "07"]
    assert (fatal["AENDT"] == fatal["DTHDT"]).all()


def test_each_subject_has_one_highest_cart_value(study):
    cart = study["ADCK"].query("AVAL == PEAK")
    assert sorted(cart["SUBJID"]) == [f"{i:02d}" for i in range(1, 11)]


def test_cart_value_is_missing_exactly_when_below_quantification(study):
    cart = study["ADCK"]
    assert (cart["AVAL"].isna() == (cart["BLQFL"] == "Y")).all()
    assert (cart["AVAL"].dropna() >= 0.1).all()


def test_first_response_of_a_transplanted_subject_precedes_transplantation(study):
    first = study["ADRS"].query("PARAMCD == 'OVRLRESP' and HSCTFL == 'Y'").groupby("USUBJID").first()
    assert len(first) == 6
    assert (first["DAY"] < first["HSCTDAY"]).all()


def test_neutrophil_counts_lie_in_the_ctcae_range_of_the_adverse_event(study):
    counts = study["ADLB"].query("PARAMCD == 'NEUT'")[["USUBJID", "ADT", "AVAL"]]
    events = study["ADAE"].query("AEDECOD == 'Neutrophil count decreased'")[["USUBJID", "ATOXGR", "ASTDT", "AENDT"]]
    both = counts.merge(events, on="USUBJID")
    during = both[(both["ADT"] >= both["ASTDT"]) & ((both["AENDT"] == "") | (both["ADT"] <= both["AENDT"]))]
    # CTCAE 5.0: grade 2 is 1.0 to below 1.5, grade 3 is 0.5 to below 1.0, grade 4 is below 0.5 (10^9/L)
    assert during["AVAL"].map(lambda v: 4 if v < 0.5 else 3 if v < 1.0 else 2).eq(during["ATOXGR"]).all()
    assert (during["AVAL"] < 1.5).all()
    assert len(during) > 50
