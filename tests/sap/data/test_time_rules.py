"""Where the clock of a time to event starts: what the plan may name, and what the data must then hold."""

import pandas as pd
import pytest

from analysis.data.load import validate
from sap.data.time_rules import origin_dates
from sap.model.derivations import BestResponse
from sap.model.variables import Origin
from sap.text.problems import PlanError
from tests.each import each

S1, S3, S4, S6 = "RECON-01", "RECON-03", "RECON-04", "RECON-06"


def set_origin(**changed):
    def edit(content):
        origin = content["datasets"]["ADTTE"]["parameters"]["RFS"]["origin"]
        origin.update(changed)

    return edit


@each(
    ("changed", "told"),
    [
        ({"dataset": "ADRSS"}, "there is no dataset 'ADRSS'"),
        ({"variable": "ADTT"}, "ADRS has no variable 'ADTT'"),
        ({"variable": "AVALC"}, "ADRS.AVALC is not a date"),
        ({"parameter": "OVRLRSP"}, "there is no ADRS parameter 'OVRLRSP'"),
        ({"values": ["CR", "CRh"]}, "there is no OVRLRESP value 'CRh'"),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else "",
)
def test_a_clock_that_starts_nowhere_is_refused(planned, changed, told):
    with pytest.raises(PlanError) as caught:
        planned(set_origin(**changed))
    (problem,) = caught.value.problems
    assert told in problem.message
    assert ".RFS.origin." in problem.path


def test_values_belong_to_a_parameter():
    with pytest.raises(ValueError, match="so name the parameter"):
        Origin(dataset="ADRS", values=("CR",))


def records(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "AVALC", "ADT"])
    return {"ADRS": frame.assign(ADT=pd.to_datetime(frame["ADT"]))}


def test_the_earliest_record_with_one_of_the_values_starts_the_clock():
    data = records(
        *(("A", "RESP", "CR", "2020-03-01"), ("A", "RESP", "CRi", "2020-02-01"), ("A", "RESP", "PR", "2020-01-01")),
        *(("A", "MRD", "CR", "2019-12-01"), ("B", "RESP", "PR", "2020-01-01"), ("C", "RESP", "CR", None)),
    )
    found = origin_dates(data, Origin(dataset="ADRS", parameter="RESP", values=("CR", "CRi")))
    assert found is not None
    assert found.to_dict() == {"A": pd.Timestamp("2020-02-01")}


def test_a_dataset_or_column_that_is_not_there_starts_no_clock():
    assert origin_dates({}, Origin(dataset="ADRS")) is None
    assert origin_dates(records(), Origin(dataset="ADRS", variable="ASTDT")) is None


def rules(plan, broken):
    return {f.rule for f in validate(plan, broken.folder).failures}


def test_a_relapse_free_survival_of_someone_who_never_responded_is_refused(plan, broken):
    broken.set("ADTTE", broken.row_of("ADTTE", USUBJID=S3, PARAMCD="RFS"), USUBJID="RECON-05")
    assert "X24" in rules(plan, broken)


def test_a_clock_that_starts_before_the_response_is_told_with_its_row(plan, broken):
    row = broken.row_of("ADTTE", USUBJID=S4, PARAMCD="DOR")
    broken.set("ADTTE", row, STARTDT="2017-05-28", AVAL="371")
    (failure,) = validate(plan, broken.folder).failures
    assert (failure.rule, failure.row, failure.subject, failure.value) == ("X25", row, S4, "2017-05-28")


def test_a_first_response_that_moves_is_told_at_each_time_that_starts_there(plan, broken):
    row = broken.row_of("ADRS", USUBJID=S4, PARAMCD="OVRLRESP", VISIT="Day 14")
    broken.set("ADRS", row, AVALC="PR")
    found = validate(plan, broken.folder).failures
    assert {(f.rule, f.subject, f.column) for f in found} == {("X25", S4, "STARTDT")}
    assert len(found) == 2


def test_the_words_of_a_censored_time_are_free(plan, broken):
    broken.set("ADTTE", broken.row_of("ADTTE", USUBJID=S6, PARAMCD="RFS"), EVNTDESC="Still in remission")
    assert rules(plan, broken) == set()


def test_an_engraftment_dated_before_the_transplantation_is_refused(plan, broken):
    row = broken.row_of("ADTTE", USUBJID=S1, PARAMCD="ENGPLT")
    broken.set("ADTTE", row, ADT="2017-03-11", AVAL="-1")
    assert rules(plan, broken) == {"range"}


@pytest.mark.parametrize(("day", "rule"), [("2017-06-14", "X06"), ("2017-03-24", "X07")], ids=["death", "consent"])
def test_an_exposure_after_death_or_before_consent_is_refused(plan, broken, day, rule):
    row = broken.row_of("ADEX", USUBJID=S3, EXSEQ="1")
    study_day = str((pd.Timestamp(day) - pd.Timestamp("2017-04-10")).days + (day > "2017-04-10"))
    broken.set("ADEX", row, ASTDT=day, AENDT=day, ASTDY=study_day, AENDY=study_day)
    assert rules(plan, broken) == {rule}


def test_deviations_are_known_by_subject_and_number(plan, broken):
    broken.append("ADDV", STUDYID="CLL1-AML-RECON", USUBJID=S4, DVSEQ="1", DVTERM="Again", ADT="2017-10-12")
    assert rules(plan, broken) == {"key"}


def test_a_deviation_of_an_unknown_subject_is_refused(plan, broken):
    broken.set("ADDV", broken.row_of("ADDV", USUBJID=S4), USUBJID="RECON-40")
    assert rules(plan, broken) == {"X01"}


def test_a_response_that_best_response_does_not_count_starts_no_clock():
    """A was in CR on the day of treatment already, B progressed first, C responded after another therapy."""
    data = records(
        *(("A", "RESP", "CR", "2020-01-01"), ("A", "RESP", "CR", "2020-02-01")),
        *(("B", "RESP", "PD", "2020-01-20"), ("B", "RESP", "CR", "2020-02-01"), ("C", "RESP", "CR", "2020-03-01")),
    )
    treated = pd.to_datetime(["2020-01-01"] * 3)
    data["ADSL"] = pd.DataFrame(
        {"USUBJID": ["A", "B", "C"], "TRTSDT": treated, "NEWDT": pd.to_datetime(["2020-02-15"] * 3)}
    )
    origin = Origin(dataset="ADRS", parameter="RESP", values=("CR",))
    best = BestResponse(id="B", kind="best_response", text="x", parameter="RESP", order=("CR", "PD"), before="NEWDT")
    found = origin_dates(data, origin, [best])
    assert found is not None
    assert found.to_dict() == {"A": pd.Timestamp("2020-02-01"), "C": pd.Timestamp("2020-03-01")}
    other = best.model_copy(update={"parameter": "MRD"})
    for unlike in ([], [other]):
        plain = origin_dates(data, origin, unlike)
        assert plain is not None
        assert plain["A"] == pd.Timestamp("2020-01-01")


def test_a_response_without_its_date_may_have_started_the_clock_and_none_is_called_wrong(planned, broken):
    def undated(content):
        content["datasets"]["ADRS"]["variables"] = [
            {"name": "ADT", "label": "Analysis Date", "type": "date", "missing": True}
        ]

    row = broken.row_of("ADRS", USUBJID=S4, PARAMCD="OVRLRESP", VISIT="Day 14")
    broken.set("ADRS", row, ADT="", ADY="")
    assert {(f.rule, f.row) for f in validate(planned(undated), broken.folder).failures} == {("X30", row)}
