"""What lies in the folder of data, whatever the format: twice, too large, elsewhere, or no data at all."""

import shutil
import subprocess

import polars as pl
import pyreadstat
import pytest

from analysis.data import files
from analysis.data.files import read_size, read_table
from analysis.data.load import validate
from sap.text.problems import UserError
from tests.each import each

CSV = b"USUBJID,AGE\n01,63\n"
R = shutil.which("Rscript")
HAVEN = """
library(haven)
adsl <- data.frame(USUBJID = c("01", "Ren\\u00e9"), AGE = c(63, tagged_na("B")), DAY = as.Date(c("2014-01-02", NA)))
attr(adsl$AGE, "label") <- "Age"
write_sas(adsl, "adsl.sas7bdat")
write_xpt(adsl, "adsl.xpt", version = 5, name = "ADSL")
"""


def test_a_dataset_that_lies_there_in_two_formats_is_told_and_which_was_read(tmp_path):
    (tmp_path / "adsl.csv").write_bytes(CSV)
    for other in ("adsl.xpt", "ADSL.parquet", "adsl.txt.bak", "adsl.md"):
        (tmp_path / other).write_bytes(b"")
    (note,) = read_table("ADSL", tmp_path / "adsl.csv").notes
    assert (note.rule, note.severity) == ("twice", "warning")
    assert note.message == "Beside adsl.csv there is ADSL.parquet and adsl.xpt: adsl.csv was read, as the plan says."


@each("name", ["adsl.csv", "adsl.xpt", "adsl.json", "adsl.rds", "adsl.xlsx", "adsl.sas7bdat", "adsl.parquet"])
def test_the_name_of_a_file_says_nothing(tmp_path, name):
    (tmp_path / name).write_bytes(CSV)
    assert read_table("ADSL", tmp_path / name).frame.to_numpy().tolist() == [["01", "63"]]


@each("content", [CSV, b'{"columns": [], "rows": []}'])
def test_a_text_that_is_too_large_is_told_with_the_way_out(tmp_path, monkeypatch, content):
    monkeypatch.setattr(files, "_MOST_TEXT", 10)
    (tmp_path / "adsl.csv").write_bytes(content)
    (failure,) = read_table("ADSL", tmp_path / "adsl.csv")
    assert "at most one is read" in failure.message
    assert "Parquet" in failure.fix


def test_a_file_for_which_there_is_no_memory_is_told(tmp_path, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(files, "read_csv", full)
    (tmp_path / "adsl.csv").write_bytes(CSV)
    (failure,) = read_table("ADSL", tmp_path / "adsl.csv")
    assert "needs more memory" in failure.message


@each("name", ["adsl.csv", "adsl.xpt", "adsl.parquet"])
def test_a_link_out_of_the_folder_is_refused_in_each_format(study, tmp_path, name):
    outside = tmp_path / "outside"
    outside.write_bytes(CSV)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).symlink_to(outside)
    adsl = study.plan.datasets["ADSL"].model_copy(update={"file": name})
    changed = study.plan.model_copy(update={"datasets": {**study.plan.datasets, "ADSL": adsl}})
    told = [f.message for f in validate(changed, tmp_path / "data").failures if f.dataset == "ADSL"]
    assert "is a link that leaves" in told[0]


def test_the_size_that_is_sealed_is_that_of_the_table_whatever_the_format(tmp_path):
    frame = pl.DataFrame({"USUBJID": ["01", "02"], "AGE": [63, 64], "SEX": ["F", "M"]})
    frame.write_csv(tmp_path / "a.csv")
    frame.write_csv(tmp_path / "b.csv", separator=";")
    frame.write_parquet(tmp_path / "c.parquet")
    pyreadstat.write_xport(frame.to_pandas(), tmp_path / "d.xpt", table_name="ADSL")
    sizes = [read_size("ADSL", tmp_path / name) for name in ("a.csv", "b.csv", "c.parquet", "d.xpt")]
    assert [(s.rows, s.columns) for s in sizes] == [(2, 3)] * 4


def test_a_broken_csv_file_can_be_sealed_as_before_and_another_file_that_cannot_be_read_not(tmp_path):
    (tmp_path / "adsl.csv").write_bytes(CSV + b"02\n")
    assert read_size("ADSL", tmp_path / "adsl.csv").rows == 2
    (tmp_path / "adsl.json").write_bytes(b"[]")
    with pytest.raises(UserError, match="cannot be sealed"):
        read_size("ADSL", tmp_path / "adsl.json")


@pytest.fixture
def by_haven(tmp_path):
    """Return a folder with what R's haven wrote."""
    if R is None:
        pytest.skip("R is not on this machine")
    done = subprocess.run([R, "-e", HAVEN], cwd=tmp_path, check=False, capture_output=True, text=True)
    if "there is no package called" in done.stderr:
        pytest.skip("haven, which writes SAS7BDAT, is not on this machine: apt-get install r-cran-haven")
    return tmp_path


@each("name", ["adsl.sas7bdat", "adsl.xpt"])
def test_what_another_program_wrote_for_sas_is_read_with_labels_and_letters(by_haven, name):
    table = read_table("ADSL", by_haven / name)
    assert table.frame.to_numpy().tolist() == [["01", "63", "2014-01-02"], ["René", "", ""]]
    assert (table.labels, table.special) == ({"AGE": "Age"}, {"AGE": {3: ".B"}})
