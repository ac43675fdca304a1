"""What a plan asks for and a folder has not."""

import shutil
from pathlib import Path

import pytest

from analysis.mapping.against import against
from analysis.mapping.folder import look
from sap.reading.read import read_plan

ROOT = Path(__file__).resolve().parents[3]
OTHER = ROOT / "examples/two_cohorts"


@pytest.fixture
def data(tmp_path):
    return Path(shutil.copytree(OTHER / "data", tmp_path / "data"))


def lacking(data):
    return {m.place: m for m in against(read_plan(OTHER / "sap/plan.yml"), look(data))}


def test_a_plan_lacks_nothing_in_its_own_data(data):
    assert lacking(data) == {}


def test_a_file_is_missing_and_the_same_dataset_in_another_one_is_near(data):
    (data / "adae.csv").rename(data / "trial_adae.csv")
    found = lacking(data)
    assert found["ADAE"].nearest == "trial_adae.csv"
    assert found["ADAE"].needed_by


def test_a_column_is_missing_and_one_like_it_is_near(data):
    file = data / "adsl.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("TRTSDT", "TRTSDTM", 1), encoding="utf-8")
    assert lacking(data)["ADSL.TRTSDT"].nearest == "TRTSDTM"


def test_a_parameter_is_missing_and_the_nearest_code_is_told(data):
    file = data / "adtte.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",PFS,", ",PFSINV,"), encoding="utf-8")
    found = lacking(data)["ADTTE PFS"]
    assert found.what == "no record of this parameter"
    assert found.nearest


def test_a_value_that_no_record_has_and_a_set_nobody_is_in_are_told(data):
    file = data / "adsl.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("80 mg", "80mg"), encoding="utf-8")
    assert any("80 mg" in place and m.nearest == "80mg" for place, m in lacking(data).items())
