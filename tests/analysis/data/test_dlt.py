"""Dose-limiting toxicity by subject, worked by hand on events written for each criterion."""

import pandas as pd
import pytest

from analysis.data.dlt import dlt_status
from sap.model.derivations import DltRule
from tests.each import each

INFUSION = pd.Timestamp("2021-03-01")
CRS = "Cytokine release syndrome"
ICANS = "Immune effector cell-associated neurotoxicity syndrome"
CRES = "CAR-T cell-related encephalopathy syndrome"
NEUTROPENIA = "Neutrophil count decreased"


def adsl(last_alive_day: int = 100, death_day: int | None = None, subject: str = "1") -> pd.DataFrame:
    death = INFUSION + pd.Timedelta(days=death_day) if death_day is not None else pd.NaT
    return pd.DataFrame(
        {
            "USUBJID": [subject],
            "TRTSDT": [INFUSION],
            "DTHDT": pd.to_datetime([death]),
            "LSTALVDT": [death if death_day is not None else INFUSION + pd.Timedelta(days=last_alive_day)],
        }
    )


def event(term: str, grade: int, onset: int, days: int | None = 1, related: bool = True) -> dict:
    """An adverse event: onset in days since infusion, lasting that many days (first and last counted)."""
    start = INFUSION + pd.Timedelta(days=onset)
    return {
        "USUBJID": "1",
        "AEDECOD": term,
        "ATOXGR": float(grade),
        "AREL": "RELATED" if related else "NOT RELATED",
        "ASTDT": start,
        "AENDT": start + pd.Timedelta(days=days - 1) if days is not None else pd.NaT,
    }


def adae(*events: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(events), columns=["USUBJID", "AEDECOD", "ATOXGR", "AREL", "ASTDT", "AENDT"])
    return frame.assign(ASTDT=pd.to_datetime(frame["ASTDT"]), AENDT=pd.to_datetime(frame["AENDT"]))


@pytest.fixture
def status(plan):
    """Return the DLT status of one subject with some events, under the planned rule unless another is named."""

    def of(*events: dict, rule: str = "DLT-MAIN", subject: pd.DataFrame | None = None) -> pd.Series:
        found = dlt_status(adsl() if subject is None else subject, adae(*events), plan.dlt_rule(rule))
        assert len(found) == 1
        return found.iloc[0]

    return of


def test_a_subject_without_events_has_no_dlt(status):
    found = status()
    assert (found["DLTFL"], found["CRITERIA"]) == ("N", "")
    assert pd.isna(found["DLTDAY"])
    assert found["OBSDAYS"] == 100


# By hand from the sentences of the plan: the least event that meets each criterion, and the same event one step short.
MEETS = {
    "C1": [event(CRS, 4, 5)],
    "C2": [event(CRS, 3, 5, days=8)],
    "C3": [event(CRES, 3, 5)],
    "C3 by its later name": [event(ICANS, 3, 5)],
    "C4": [event("Hypokalaemia", 3, 5, days=8)],
    "C5": [event("Sepsis", 5, 5)],
    "C6": [event(NEUTROPENIA, 4, 5, days=43)],
}
FALLS_SHORT = {
    "C1, grade 3 for a day": [event(CRS, 3, 5)],
    "C2, seven days": [event(CRS, 3, 5, days=7)],
    "C2, grade 2": [event(CRS, 2, 5, days=8)],
    "C3, grade 2": [event(ICANS, 2, 5)],
    "C4, seven days": [event("Hypokalaemia", 3, 5, days=7)],
    "C4, grade 2": [event("Hypokalaemia", 2, 5, days=30)],
    "C4, a hematologic event": [event("Platelet count decreased", 4, 5, days=30)],
    "C5, grade 4": [event("Sepsis", 4, 5)],
    "C6, forty-two days": [event(NEUTROPENIA, 4, 5, days=42)],
    "C6, grade 3": [event(NEUTROPENIA, 3, 5, days=90)],
}


@each("name", MEETS)
def test_the_least_event_that_meets_a_criterion_is_a_dlt(status, name):
    found = status(*MEETS[name])
    assert (found["DLTFL"], found["CRITERIA"], found["DLTDAY"]) == ("Y", name[:2], 5)


@each("name", FALLS_SHORT)
def test_an_event_one_step_short_of_a_criterion_is_no_dlt(status, name):
    assert status(*FALLS_SHORT[name])["DLTFL"] == "N"


@each(("onset", "flag"), [(-1, "N"), (0, "Y"), (1, "Y"), (27, "Y"), (28, "Y"), (29, "N")])
def test_the_window_counts_days_since_infusion_with_both_ends(status, onset, flag):
    assert status(event(CRS, 4, onset))["DLTFL"] == flag


def test_the_window_is_about_onset_and_not_about_the_end(status):
    assert status(event(NEUTROPENIA, 4, 28, days=43))["DLTFL"] == "Y"
    assert status(event(CRS, 4, -1, days=20))["DLTFL"] == "N"


@each("name", MEETS)
def test_an_event_the_investigator_calls_unrelated_is_no_dlt(status, name):
    unrelated = [e | {"AREL": "NOT RELATED"} for e in MEETS[name]]
    assert status(*unrelated)["DLTFL"] == "N"


def test_a_criterion_may_count_unrelated_events_when_the_rule_says_so(plan):
    rule = plan.dlt_rule("DLT-MAIN").model_dump(by_alias=True)
    rule["criteria"][0]["related_only"] = False
    found = dlt_status(adsl(), adae(event(CRS, 4, 5, related=False)), DltRule.model_validate(rule))
    assert found["DLTFL"].tolist() == ["Y"]


@each(("last_day", "flag"), [(46, "N"), (47, "Y")])
def test_an_ongoing_event_lasts_until_the_subject_is_last_known_alive(status, last_day, flag):
    """Onset on day 5: day 47 is its 43rd day."""
    assert status(event(NEUTROPENIA, 4, 5, days=None), subject=adsl(last_day))["DLTFL"] == flag


@each(("death", "flag"), [(46, "N"), (47, "Y")])
def test_an_ongoing_event_lasts_until_death(status, death, flag):
    assert status(event(NEUTROPENIA, 4, 5, days=None), subject=adsl(death_day=death))["DLTFL"] == flag


def test_a_subject_may_meet_two_criteria_and_the_day_is_that_of_the_first(status):
    found = status(event("Sepsis", 5, 20), event(CRS, 4, 7, days=9))
    assert found["CRITERIA"] == "C1; C2; C5"
    assert found["DLTDAY"] == 7


def test_a_criterion_met_twice_is_listed_once_with_its_first_day(status):
    found = status(event(CRS, 4, 12), event(CRS, 4, 6))
    assert (found["CRITERIA"], found["DLTDAY"]) == ("C1", 6)


def test_under_the_strict_rule_a_day_of_grade_3_crs_is_a_dlt(status):
    found = status(event(CRS, 3, 5), rule="DLT-CRS3")
    assert (found["DLTFL"], found["CRITERIA"]) == ("Y", "C7")


def test_without_the_hematologic_criterion_long_neutropenia_is_no_dlt(status):
    assert status(event(NEUTROPENIA, 4, 5, days=60), rule="DLT-NONHEM")["DLTFL"] == "N"


def test_a_criterions_own_window_takes_the_place_of_the_rules(plan):
    rule = plan.dlt_rule("DLT-MAIN").model_dump(by_alias=True)
    rule["criteria"][0]["window"] = {"start": 0, "end": 7}
    judged = DltRule.model_validate(rule)
    assert dlt_status(adsl(), adae(event(CRS, 4, 7)), judged)["DLTFL"].tolist() == ["Y"]
    assert dlt_status(adsl(), adae(event(CRS, 4, 8)), judged)["DLTFL"].tolist() == ["N"]


def test_an_event_without_a_start_is_refused_where_it_would_count_and_nowhere_else(status):
    undated = event(CRS, 4, 2) | {"ASTDT": pd.NaT}
    with pytest.raises(ValueError, match=rf"no ASTDT in ADAE.*: 1 \({CRS}\)\. Give the date"):
        status(undated)
    assert status(event("Headache", 1, 2) | {"ASTDT": pd.NaT})["DLTFL"] == "N"


def test_events_of_another_subject_do_not_count(status):
    assert status(event(CRS, 4, 5) | {"USUBJID": "2"})["DLTFL"] == "N"


def test_a_subject_who_was_not_treated_has_no_dlt_status(plan):
    enrolled = pd.concat([adsl(), adsl(subject="2").assign(TRTSDT=pd.NaT)], ignore_index=True)
    assert dlt_status(enrolled, adae(), plan.dlt_rule("DLT-MAIN"))["USUBJID"].tolist() == ["1"]


@each(("death", "observed"), [(15, 15), (None, 100)])
def test_days_observed_end_with_death_or_the_last_day_known_alive(status, death, observed):
    assert status(subject=adsl(death_day=death))["OBSDAYS"] == observed


def test_the_dlts_of_the_study_are_those_read_from_its_listing_by_hand(plan, study):
    """Read from data/adae.csv: RECON-03 and -07 neutropenia without end until death (59 and 126 days), RECON-08 CRS of
    grade 4, RECON-10 CRS of grade 3 for 11 days and raised ALT of grade 3 for 10 days."""
    found = dlt_status(study.data["ADSL"], study.data["ADAE"], plan.dlt_rule("DLT-MAIN"))
    with_dlt = found[found["DLTFL"] == "Y"].set_index("USUBJID")["CRITERIA"].to_dict()
    assert with_dlt == {"RECON-03": "C6", "RECON-07": "C6", "RECON-08": "C1", "RECON-10": "C2; C4"}
