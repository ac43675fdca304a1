"""Listings: the records the plan promises, as they are in the data."""

import json

import pytest

from analysis.pipeline.listings import listing, listings_json
from analysis.results.listings_file import read_listings
from sap.plan.plan import Listing
from sap.text.problems import UserError


@pytest.fixture(scope="module")
def data(study):
    return study.derived


def spec(**changes) -> Listing:
    given = {
        "id": "L-X",
        "number": "16.2.9",
        "title": "Subjects",
        "dataset": "ADSL",
        "analysis_set": "SAF",
        "variables": ["ADSL.AGE", "BOR.BOR"],
    }
    return Listing.model_validate(given | changes)


def test_a_listing_of_adsl_has_one_record_a_subject_in_the_order_of_ids(plan, study, data):
    found = listing(spec(), plan, data)
    assert found.columns == ("ADSL.USUBJID", "ADSL.AGE", "BOR.BOR")
    assert [r[0] for r in found.rows] == sorted(study.data["ADSL"]["USUBJID"])
    assert found.n_subjects == found.n_with_records == len(study.data["ADSL"])
    ages = study.data["ADSL"].set_index("USUBJID")["AGE"]
    assert all(float(r[1]) == ages[r[0]] for r in found.rows)


def test_a_where_clause_keeps_the_records_that_satisfy_it(plan, study, data):
    where = {"dataset": "ADAE", "variable": "ATOXGR", "comparator": "GE", "value": 3}
    found = listing(
        spec(dataset="ADAE", variables=["ADAE.AEDECOD", "ADAE.ATOXGR", "ADSL.AGE"], where=where), plan, data
    )
    severe = study.data["ADAE"].query("ATOXGR >= 3")
    assert len(found.rows) == len(severe)
    assert {r[2] for r in found.rows} <= {"3", "4", "5"}
    assert found.n_with_records == severe["USUBJID"].nunique()


def test_records_of_subjects_outside_the_set_are_left_out(plan, data):
    inside = listing(spec(analysis_set="DLTE"), plan, data)
    everyone = listing(spec(), plan, data)
    assert {r[0] for r in inside.rows} < {r[0] for r in everyone.rows}


def test_records_are_sorted_by_value_not_by_text_and_missing_values_come_last(plan, data):
    found = listing(spec(variables=["ADSL.PRLINES", "ADSL.HSCTDT"], sort=["PRLINES"]), plan, data)
    lines = [int(r[1]) for r in found.rows]
    assert lines == sorted(lines)
    assert max(lines) >= 10  # "10" sorts before "2" as text
    dates = [r[2] for r in listing(spec(variables=["ADSL.AGE", "ADSL.HSCTDT"], sort=["HSCTDT"]), plan, data).rows]
    known = [d for d in dates if d]
    assert dates == sorted(known) + [""] * (len(dates) - len(known))


def test_numbers_of_subjects_have_the_same_decimals_and_those_of_several_units_their_own(plan, data):
    found = listing(spec(variables=["ADSL.DOSE", "ADSL.PRLINES", "ADSL.HSCTDT"]), plan, data)
    assert {len(r[1].partition(".")[2]) for r in found.rows} == {1}
    assert not any("." in r[2] or "." in r[3] for r in found.rows)
    doses = listing(spec(dataset="ADEX", variables=["ADEX.EXDOSE", "ADEX.EXDOSU"]), plan, data)
    assert {"500", "30", "1", "1.5", "2"} == {r[1] for r in doses.rows}


def test_missing_numbers_stay_empty_and_computed_ones_as_they_are(plan, data):
    subjects = data["ADSL"].assign(CLL1PCT=[None, 50.25, *[3.0] * 8], INFEFF=1 / 3)
    found = listing(spec(variables=["ADSL.CLL1PCT", "ADSL.INFEFF"]), plan, {**data, "ADSL": subjects})
    assert [r[1] for r in found.rows[:3]] == ["", "50.25", "3.00"]
    assert all(r[2].startswith("0.33333333") for r in found.rows)


def test_a_column_from_a_dataset_with_several_records_a_subject_is_refused(plan, data):
    with pytest.raises(UserError, match=r"ADAE has several records a subject, so ADAE\.AEDECOD is not one value"):
        listing(spec(variables=["ADAE.AEDECOD"]), plan, data)


def test_what_is_written_is_read_back(study, tmp_path):
    text = listings_json(study)
    assert text == listings_json(study)
    file = tmp_path / "listings.json"
    file.write_text(text, encoding="utf-8")
    found = read_listings(file)
    assert list(found) == [s.id for s in study.plan.listings]
    file.write_text(json.dumps([{"id": "L"}]), encoding="utf-8")
    with pytest.raises(UserError, match=r"listings\.json is damaged"):
        read_listings(file)
