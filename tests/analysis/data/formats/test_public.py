"""Public ADaM, which lies beside the checkout: the same cells and labels from the forms in which others publish it."""

from pathlib import Path

import pytest

from analysis.data.files import read_table
from tests.each import each

SHARED = Path(__file__).resolve().parents[5] / "shared"

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="public ADaM is not beside this checkout")


def public(dataset: str, file: str):
    found = read_table(dataset, SHARED / file)
    assert not isinstance(found, list), found
    return found


@beside
@each("dataset", ["ADAE", "ADTTE"])
def test_a_data_frame_of_r_and_the_dataset_json_that_it_was_written_from_are_the_same(dataset):
    r, json = (public(dataset, f"adam/{kind}/{dataset.lower()}.{kind}") for kind in ("rds", "json"))
    assert r.frame.astype(str).equals(json.frame.astype(str))
    assert r.labels == json.labels


@beside
def test_a_missing_number_of_r_is_the_text_na_in_the_decimals_of_the_dataset_json():
    r, json = (public("ADSL", f"adam/{kind}/adsl.{kind}") for kind in ("rds", "json"))
    differing = r.frame.astype(str).compare(json.frame.astype(str))
    assert differing.to_numpy().tolist() == [["", "NA", "", "NA"]]
    assert sorted(set(differing.columns.get_level_values(0))) == ["BMIBL", "WEIGHTBL"]


@beside
def test_a_transport_file_of_another_source_has_the_subjects_of_the_dataset_json():
    """254 subjects, 86 of them on placebo (shared/adam/README.md)."""
    xpt, json = public("ADSL", "ars/etfl/fda-dm-t02/adsl.xpt"), public("ADSL", "adam/json/adsl.json")
    both = ["USUBJID", "AGE", "SEX", "RACE", "TRT01A", "HEIGHTBL", "DURDIS"]
    assert xpt.frame[both].astype(str).to_numpy().tolist() == json.frame[both].astype(str).to_numpy().tolist()
    assert xpt.labels["USUBJID"] == json.labels["USUBJID"]
    assert (xpt.frame["TRT01A"] == "Placebo").sum() == 86
