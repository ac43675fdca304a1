"""The committed study data are what the script makes, are described, and make sense together."""

import csv
import re
import subprocess
import sys

import pandas as pd
import pytest

from tests.data.facts import DATA, DATASETS, read, with_derived
from tests.each import each

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


@each("name", DATASETS)
def test_the_script_makes_the_committed_file_byte_for_byte(remade, name):
    file = f"{name.lower()}.csv"
    assert (remade / file).read_bytes() == (DATA / file).read_bytes()


def test_every_column_is_described_and_nothing_else_is():
    assert {(name, column) for name in DATASETS for column in _header(name)} == set(_readme_rows())


@each("row", _readme_rows().values(), ids=lambda r: f"{r[0]}.{r[1]}")
def test_description_says_where_a_column_comes_from(row):
    _, _, label, source, how = row
    assert label
    assert source in SOURCES
    assert how


def test_readme_warns_that_rows_are_no_patient_data():
    text = re.sub(r"\s+", " ", (DATA / "README.md").read_text(encoding="utf-8"))
    assert "reconstruction, not patient data" in text


@each("name", DATASETS)
def test_rows_say_they_are_a_reconstruction(name):
    assert set(read()[name]["STUDYID"]) == {"CLL1-AML-RECON"}
    assert read()[name]["USUBJID"].str.fullmatch(r"RECON-(0[1-9]|10)").all()


@each("name", ["ADRS", "ADTTE", "ADCK", "ADLB", "ADDV"])
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
    for name in ("ADLB", "ADDV"):
        assert (study[name]["ADT"] >= study[name]["RFICDT"]).all()
    assert (study["ADEX"]["ASTDT"] >= study["ADEX"]["RFICDT"]).all()


@each("name", ["ADRS", "ADCK", "ADLB", "ADDV"])
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
    tte = study["ADTTE"].query("PARAMCD == 'OS'")
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


def _during(study, paramcd, term, grade_of):
    """Return the values of a line while its adverse event lasted, and check each against the grade."""
    counts = study["ADLB"].query(f"PARAMCD == '{paramcd}'")[["USUBJID", "ADT", "AVAL"]]
    events = study["ADAE"].query(f"AEDECOD == '{term}'")[["USUBJID", "ATOXGR", "ASTDT", "AENDT"]]
    both = counts.merge(events, on="USUBJID")
    started = both["ADT"] >= both["ASTDT"]
    lasts = started & ((both["AENDT"] == "") | (both["ADT"] <= both["AENDT"]))
    assert both[lasts]["AVAL"].map(grade_of).eq(both[lasts]["ATOXGR"]).all()
    return both[lasts], both[started & ~lasts]


def test_platelets_lie_in_the_ctcae_range_of_the_adverse_event_and_recover_after_it(study):
    # CTCAE 5.0: grade 2 is 50 to below 75, grade 3 is 25 to below 50, grade 4 is below 25 (10^9/L)
    during, after = _during(
        study, "PLAT", "Platelet count decreased", lambda v: 4 if v < 25 else 3 if v < 50 else 2 if v < 75 else 0
    )
    assert len(during) > 50
    assert len(after) > 20
    assert (after["AVAL"] >= 150).all()


def test_hemoglobin_lies_in_the_ctcae_range_of_the_anaemia_and_recovers_after_it(study):
    # CTCAE 5.0: grade 2 is 80 to below 100 g/L, grade 3 is below 80 g/L
    during, after = _during(study, "HGB", "Anaemia", lambda v: 3 if v < 80 else 2 if v < 100 else 0)
    assert len(during) > 50
    assert len(after) > 20
    assert (after["AVAL"] >= 120).all()


def test_lymphodepletion_is_given_on_three_days_before_the_infusion(study):
    given = study["ADEX"].query("EXDOSU == 'mg/m2'")
    assert set(given["DAY"]) == {-5, -4, -3}
    assert set(zip(given["EXTRT"], given["EXDOSE"], strict=True)) == {("Cyclophosphamide", 500), ("Fludarabine", 30)}
    assert (given.groupby(["USUBJID", "EXTRT"])["DAY"].nunique() == 3).all()
    assert len(given) == 60
    for drug, total in (("Cyclophosphamide", "CYCUM"), ("Fludarabine", "FLUCUM")):
        sums = given[given["EXTRT"] == drug].groupby("USUBJID")["EXDOSE"].sum()
        assert (study["ADSL"].set_index("USUBJID")[total] == sums).all()
    ends = given.groupby("USUBJID")["ASTDT"].agg(["min", "max"])
    assert (study["ADSL"].set_index("USUBJID")[["LDSDT", "LDEDT"]].to_numpy() == ends.to_numpy()).all()


def test_the_infusion_is_the_dose_of_the_subject_on_the_day_of_infusion(study):
    cells = study["ADEX"].query("EXTRT == 'CLL-1 CAR-T'")
    assert len(cells) == 10
    assert (cells["EXDOSE"] == cells["DOSE"]).all()
    assert (cells["ASTDT"] == cells["TRTSDT"]).all()


def test_only_responders_have_a_time_from_response(study):
    for paramcd in ("RFS", "DOR"):
        own = study["ADTTE"].query(f"PARAMCD == '{paramcd}'")
        assert (own["BOR"].isin(["CR", "CRi"])).all()
        assert len(own) == 7
        first = study["ADRS"].query("PARAMCD == 'OVRLRESP' and AVALC in ['CR', 'CRi']").groupby("USUBJID")["ADT"].min()
        assert (own["STARTDT"] == own["USUBJID"].map(first)).all()


def test_who_is_censored_without_relapse_was_in_remission_when_last_assessed(study):
    own = study["ADTTE"].query("PARAMCD == 'RFS' and CNSR == 1")
    last = study["ADRS"].query("PARAMCD == 'OVRLRESP'").groupby("USUBJID").agg({"ADT": "max", "AVALC": "last"})
    assert (own["ADT"] == own["USUBJID"].map(last["ADT"])).all()
    assert own["USUBJID"].map(last["AVALC"]).eq("CR").all()


def test_deaths_in_remission_are_those_of_the_two_who_died_of_infection(study):
    died = study["ADTTE"].query("PARAMCD == 'RFS' and CNSR == 0")
    assert list(died["SUBJID"]) == ["03", "07"]
    assert (died["ADT"] == died["DTHDT"]).all()
    assert set(died["EVNTDESC"]) == {"Death without relapse"}


def test_progression_and_the_other_deaths_are_told_apart(study):
    own = study["ADTTE"].query("PARAMCD == 'PFS' and CNSR == 0").set_index("SUBJID")["EVNTDESC"]
    lost, died = "Relapse or progression", "Death without relapse or progression"
    assert own.to_dict() == {"02": lost, "03": died, "05": lost, "07": died}


@each(
    ("paramcd", "term"),
    [
        ("ENGNEUT", "Neutrophil count decreased"),
        ("ENGPLT", "Platelet count decreased"),
        ("ENGERY", "Anaemia"),
    ],
)
def test_engraftment_is_the_day_after_the_cytopenia_and_only_after_transplantation(study, paramcd, term):
    own = study["ADTTE"].query(f"PARAMCD == '{paramcd}'")
    assert len(own) == 6
    assert (own["STARTDT"] == own["HSCTDT"]).all()
    ended = study["ADAE"].query(f"AEDECOD == '{term}'").set_index("USUBJID")["AENDT"]
    after = pd.to_datetime(own["ADT"]) - pd.to_datetime(own["USUBJID"].map(ended))
    assert after.dt.days.eq(1).all()
    assert own["AVAL"].between(10, 28).all()


def test_a_time_is_the_days_between_its_dates(study):
    own = study["ADTTE"]
    assert (own["AVAL"] == (pd.to_datetime(own["ADT"]) - pd.to_datetime(own["STARTDT"])).dt.days).all()
    assert ((own["EVNTDESC"] == "") | (own["CNSR"] == 0) | (own["PARAMCD"] == "OS")).all()
    assert ((own["CNSDTDSC"] == "") == (own["CNSR"] == 0)).all()


def test_transplantation_has_a_donor_and_a_purpose_exactly_where_it_was_done(study):
    subjects = study["ADSL"]
    done = subjects["HSCTFL"] == "Y"
    assert ((subjects["HSCTDON"] == "HAPLOIDENTICAL") == done).all()
    assert ((subjects["HSCTTYP"] != "") == done).all()
    assert list(subjects[subjects["HSCTTYP"] == "SALVAGE"]["SUBJID"]) == ["01", "02"]


@each("paramcd", ["TNFA", "IFNG", "IL10"])
def test_the_other_cytokines_rise_in_all_and_less_in_non_responders(study, paramcd):
    own = study["ADLB"].query(f"PARAMCD == '{paramcd}'")
    before = own[own["DAY"] < 0].set_index("USUBJID")["AVAL"]
    peak = own[own["DAY"] > 0].groupby("USUBJID")["AVAL"].max()
    assert (peak > before).all()
    response = study["ADSL"].set_index("USUBJID")["BOR"].isin(["CR", "CRi"])
    assert peak[response].median() > peak[~response].median()


def test_deviations_are_few_and_none_is_important(study):
    deviations = study["ADDV"]
    assert 0 < len(deviations) < 10
    assert set(deviations["DVIMPFL"]) == {"N"}
