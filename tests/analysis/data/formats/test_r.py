"""R's data frames: the texts of a CSV file, with labels; what is no data frame is told."""

import bz2
import gzip
import lzma
import shutil
import subprocess
from datetime import datetime

import pandas as pd
import pyreadr
import pytest

from analysis.data.files import read_table
from tests.each import each

R = shutil.which("Rscript")
WRITTEN = """
adsl <- data.frame(USUBJID = c("01", NA, "NA"), AGE = c(63, NA, 0.1), N = c(1L, NA, 3L), FLAG = c(TRUE, NA, FALSE),
                   ARM = factor(c("B", NA, "A")), DAY = as.Date(c("2014-01-02", NA, "1950-01-01")))
adsl$DTM <- as.POSIXct(c("2014-01-02 10:30:00", NA, "2014-01-02 00:00:00"), tz = "UTC")
adsl$TM <- structure(c(37800, NA, 1), units = "secs", class = c("hms", "difftime"))
attr(adsl$AGE, "label") <- "Age"
attr(adsl$USUBJID, "label") <- "Unique Subject Identifier"
"""
CELLS = [
    ["01", "63", "1", "true", "B", "2014-01-02", "2014-01-02T10:30:00", "10:30:00"],
    ["", "", "", "", "", "", "", ""],
    ["NA", "0.1", "3", "false", "A", "1950-01-01", "2014-01-02T00:00:00", "00:00:01"],
]

needs_r = pytest.mark.skipif(R is None, reason="R is not on this machine")


def by_r(tmp_path, code: str) -> None:
    subprocess.run([R, "-e", WRITTEN + code], cwd=tmp_path, check=True, capture_output=True)


@needs_r
def test_a_data_frame_gives_the_texts_of_a_csv_file_with_its_labels(tmp_path):
    by_r(tmp_path, 'saveRDS(adsl, "adsl.rds")')
    table = read_table("ADSL", tmp_path / "adsl.rds")
    assert table.frame.astype(str).to_numpy().tolist() == CELLS
    assert table.labels == {"USUBJID": "Unique Subject Identifier", "AGE": "Age"}
    assert table.types == {
        "USUBJID": "text", "AGE": "number", "N": "integer", "FLAG": "text", "ARM": "text", "DAY": "date",
    }  # fmt: skip
    assert table.frame.index.tolist() == [2, 3, 4]


@needs_r
@each("written", ["version = 2", 'compress = "xz"', 'compress = "bzip2"', "compress = FALSE"])
def test_versions_and_compressions_are_ordinary(tmp_path, written):
    by_r(tmp_path, f'saveRDS(adsl, "adsl.rds", {written})')
    table = read_table("ADSL", tmp_path / "adsl.rds")
    assert (table.frame["USUBJID"].tolist(), table.labels["AGE"]) == (["01", "", "NA"], "Age")


@needs_r
def test_of_several_data_frames_that_of_the_name_is_read(tmp_path):
    by_r(tmp_path, 'adae <- adsl; adae$N <- NULL; save(adsl, adae, file = "all.RData")')
    table = read_table("ADAE", tmp_path / "all.RData")
    assert ("N" in table.frame, table.labels["AGE"]) == (False, "Age")
    (failure,) = read_table("ADLB", tmp_path / "all.RData")
    assert failure.message == "all.RData holds ADSL, ADAE, and none is ADLB."


@needs_r
def test_names_of_rows_are_no_column(tmp_path):
    by_r(tmp_path, 'rownames(adsl) <- c("a", "b", "c"); saveRDS(adsl, "adsl.rds")')
    assert "rownames" not in read_table("ADSL", tmp_path / "adsl.rds").frame.columns


@needs_r
@each(
    ("code", "message"),
    [
        ("adsl$L <- list(1, 2:3, 4)", "its column L is a list"),
        ("adsl <- list(1, 2)", "holds no data frame"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, code, message):
    by_r(tmp_path, f'{code}; saveRDS(adsl, "adsl.rds")')
    (failure,) = read_table("ADSL", tmp_path / "adsl.rds")
    assert message in failure.message
    assert "saveRDS" in failure.fix


@each("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_is_not_whole_is_told(tmp_path, pack):
    pyreadr.write_rds(tmp_path / "x", pd.DataFrame({"USUBJID": [str(i) for i in range(9999)]}))
    content = pack((tmp_path / "x").read_bytes())
    (tmp_path / "adsl.rds").write_bytes(content[: len(content) // 2])
    (failure,) = read_table("ADSL", tmp_path / "adsl.rds")
    assert "adsl.rds" in failure.message


def test_dates_that_another_program_wrote_as_texts_are_read(tmp_path):
    frame = pd.DataFrame(
        {"USUBJID": ["01"], "DTM": [datetime.fromisoformat("2014-01-02T10:30")], "DAY": ["2014-01-02"]}
    )
    pyreadr.write_rds(tmp_path / "adsl.rds", frame)
    assert read_table("ADSL", tmp_path / "adsl.rds").frame.to_numpy().tolist() == [
        ["01", "2014-01-02 10:30:00", "2014-01-02"]
    ]
