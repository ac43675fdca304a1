"""Which parameter is the response, and how its best is told."""

import pytest

from analysis.mapping.analyses.piece import World
from analysis.mapping.analyses.responses import responses
from analysis.mapping.arms import Sets

ADSL = "USUBJID TRTSDT\nA 2020-01-01\nB 2020-01-01"


@pytest.fixture
def found(dataset):
    def find(adrs, adsl=ADSL):
        return responses(World({"ADSL": dataset("ADSL", adsl), "ADRS": dataset("ADRS", adrs)}, None, Sets({})))

    return find


def test_of_assessments_by_visit_the_best_is_derived(found):
    piece, _ = found("USUBJID PARAMCD AVALC ADT\nA OVR CR 2020-02-01\nA OVR PD 2020-03-01\nB OVR SD 2020-02-01")
    assert piece is not None
    assert piece.derivations[0]["order"] == ["CR", "SD", "PD"]
    assert piece.analysis["steps"][0] == {"method": "binomial", "variable": "BEST.BOR", "event": ["CR"]}


def test_a_best_response_that_the_trial_derived_comes_first(found):
    rows = "A OVR CR 2020-02-01\nA OVR PD 2020-03-01\nB OVR SD 2020-02-01\nA BOR CR 2020-02-01\nB BOR SD 2020-02-01"
    piece, _ = found(f"USUBJID PARAMCD AVALC ADT\n{rows}")
    assert piece is not None
    assert piece.derivations[0]["parameter"] == "BOR"


def test_a_best_response_without_dates_is_taken_as_it_is(found):
    piece, _ = found("USUBJID PARAMCD AVALC\nA BOR CR\nB BOR PD")
    assert piece is not None
    assert piece.derivations == ()
    assert piece.analysis["steps"][0]["variable"] == "ADRS.AVALC"


def test_a_best_response_without_dates_beside_dated_assessments_is_taken_as_it_is(found):
    piece, _ = found("USUBJID PARAMCD AVALC ADT\nA OVR CR 2020-02-01\nA OVR PD 2020-03-01\nA BOR CR ~\nB BOR PD ~")
    assert piece is not None
    assert piece.derivations == ()
    assert piece.analysis["data_subset"]["value"] == "BOR"
    assert piece.analysis["steps"][0]["variable"] == "ADRS.AVALC"


def test_undated_assessments_are_not_analysed_and_that_is_told(found):
    piece, said = found("USUBJID PARAMCD AVALC\nA OVR CR\nA OVR PD\nB OVR SD")
    assert piece is None
    assert said[0].what == "responses that are not analysed"


def test_other_words_for_a_response_are_recoded(found):
    piece, _ = found("USUBJID PARAMCD AVALC ADT\nA OVR CMR 2020-02-01\nB OVR Progressive_Disease 2020-02-01")
    assert piece is not None
    assert piece.parameters["ADRS"]["OVR"]["recode"] == {"CMR": "CR", "Progressive Disease": "PD"}
