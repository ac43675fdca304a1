"""Which files of a folder are datasets, and which each is."""

import shutil

import pytest

from analysis.mapping.folder import look
from sap.text.problems import UserError

ADSL = "USUBJID AGE SEX\nA 60 F\nB 61 M"


def test_files_are_datasets_by_their_name_or_by_what_is_in_them(folder):
    found = look(
        folder(
            study_x_adsl_final=ADSL,
            adverse_events="USUBJID AEDECOD\nA Nausea",
            survival="USUBJID PARAMCD AVAL CNSR\nA OS 3 0",
            tumour="USUBJID PARAMCD AVALC\nA OVR CR\nB OVR PD",
            adqsxyz="USUBJID PARAMCD AVAL\nA Q 1",
        )
    )
    assert {name: t.file for name, t in found.tables.items()} == {
        "ADSL": "study_x_adsl_final.csv",
        "ADAE": "adverse_events.csv",
        "ADQSXYZ": "adqsxyz.csv",
        "ADRS": "tumour.csv",
        "ADTTE": "survival.csv",
    }


def test_of_two_formats_of_a_dataset_the_typed_one_is_taken_and_whether_they_differ_is_told(folder):
    import polars as pl

    path = folder(adsl=ADSL)
    pl.DataFrame({"USUBJID": ["A", "B"], "AGE": [60, 61], "SEX": ["F", "M"]}).write_parquet(path / "adsl.parquet")
    found = look(path)
    assert found.tables["ADSL"].file == "adsl.parquet"
    assert [(s.place, s.sure, s.why) for s in found.said if "again" in s.what] == [
        ("adsl.csv", "certain", "adsl.parquet is taken: both hold the same cells.")
    ]
    (path / "adsl.csv").write_text("USUBJID,AGE,SEX\nA,60,F\nB,99,M\n", encoding="utf-8")
    assert [s.sure for s in look(path).said if "again" in s.what] == ["problem"]


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path_factory):
    path, elsewhere = folder(adsl=ADSL), tmp_path_factory.mktemp("elsewhere")
    shutil.copy(path / "adsl.csv", elsewhere / "adae.csv")
    (path / "adae.csv").symlink_to(elsewhere / "adae.csv")
    found = look(path)
    assert "ADAE" not in found.tables
    assert [s.what for s in found.said if s.place == "adae.csv"] == ["not read"]


def test_what_is_no_dataset_is_told(folder):
    path = folder(adsl=ADSL, notes="a b\n1 2")
    (path / "define.xml").write_text("<ODM/>", encoding="utf-8")
    told = {s.place: s.what for s in look(path).said}
    assert told == {"adsl.csv": "ADSL", "notes.csv": "no dataset", "define.xml": "no dataset"}


def test_an_empty_folder_names_the_folders_in_it(tmp_path):
    (tmp_path / "adam").mkdir()
    with pytest.raises(UserError, match="There are folders in it: adam"):
        look(tmp_path)
    with pytest.raises(UserError, match="is no folder"):
        look(tmp_path / "nothing")


def test_a_file_that_was_to_be_a_dataset_and_cannot_be_read_is_a_problem(folder):
    told = {s.place: s.sure for s in look(folder(adsl=ADSL, adae="USUBJID AETERM AETERM\nA Pain Pain")).said}
    assert told["adae.csv"] == "problem"
