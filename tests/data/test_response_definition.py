"""CR and CRi of the committed data are told apart by counts: neutrophils of at least 1.0, platelets of at least 100 x 10^9/L."""

import pandas as pd
import pytest

from tests.data.facts import read, with_derived

NEAR = 7
"""Days between a response and the counts that speak for it."""
LOWEST = {"NEUT": 1.0, "PLAT": 100.0}
"""Fewest neutrophils and platelets (10^9/L) in CR."""


@pytest.fixture(scope="module")
def study():
    return with_derived(read())


def _counts_of(study, *responses):
    """Return the neutrophils and platelets nearest to each of these responses, one row each, none beyond a week."""
    found = study["ADRS"].query("PARAMCD == 'OVRLRESP'")
    asked = found[found["AVALC"].isin(responses)][["SUBJID", "DAY", "AVALC"]].sort_values("DAY")
    for line in LOWEST:
        own = study["ADLB"].query(f"PARAMCD == '{line}'")[["SUBJID", "DAY", "AVAL"]].sort_values("DAY")
        own = own.rename(columns={"AVAL": line})
        asked = pd.merge_asof(asked, own, on="DAY", by="SUBJID", direction="nearest", tolerance=NEAR)
    return asked


def test_cr_has_the_counts_of_a_complete_response(study):
    """Neutrophils of at least 1.0 and platelets of at least 100; the salvage of subject 01 is held to it too."""
    counted = _counts_of(study, "CR").dropna()
    assert set(counted["SUBJID"]) == {"01", "04", "06", "08", "09", "10"}
    for line, lowest in LOWEST.items():
        assert (counted[line] >= lowest).all()


def test_the_first_cr_of_a_subject_has_counts_within_a_week(study):
    first = _counts_of(study, "CR").groupby("SUBJID").head(1).set_index("SUBJID")
    assert first["DAY"].to_dict() == {"06": 28, "08": 46, "10": 47, "04": 48, "09": 48, "01": 62}
    assert first[[*LOWEST]].notna().all(axis=None)
    assert first.loc["06", [*LOWEST]].tolist() == [2.04, 247.0]


def test_cri_has_fewer_of_either_than_a_complete_response(study):
    counted = _counts_of(study, "CRi").dropna()
    assert set(counted["SUBJID"]) == {"03", "04", "07", "08", "09", "10"}
    assert ((counted["NEUT"] < LOWEST["NEUT"]) | (counted["PLAT"] < LOWEST["PLAT"])).all()


def test_neither_cytopenia_lasts_on_a_day_of_cr(study):
    """Counts end on day 120, adverse events do not: they speak for every later CR."""
    cr = study["ADRS"].query("PARAMCD == 'OVRLRESP' and AVALC == 'CR'")[["USUBJID", "ADT"]]
    low = study["ADAE"][study["ADAE"]["AEDECOD"].isin(["Neutrophil count decreased", "Platelet count decreased"])]
    both = cr.merge(low[["USUBJID", "ASTDT", "AENDT"]], on="USUBJID")
    assert len(both) == 2 * len(cr)
    assert not ((both["ASTDT"] <= both["ADT"]) & ((both["AENDT"] == "") | (both["ADT"] <= both["AENDT"]))).any()


def test_the_four_bridged_responders_are_cri_until_transplantation_and_cr_after_it(study):
    found = study["ADRS"].query("PARAMCD == 'OVRLRESP' and HSCTTYP == 'BRIDGING'")
    assert set(found["SUBJID"]) == {"04", "08", "09", "10"}
    assert (found["AVALC"] == "CRi").eq(found["DAY"] < found["HSCTDAY"]).all()
    assert set(found["AVALC"]) == {"CR", "CRi"}
