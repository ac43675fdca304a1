"""Derived datasets as files: the values that were analysed, with what their columns are called."""

import csv
import io

import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from analysis.data.derived_files import derived_files, variables_of


@pytest.fixture(scope="module")
def files(study):
    return derived_files(study, "")


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_derivation_is_a_file_of_each_kind(study, files):
    ids = [d.id for d in study.plan.derivations]
    assert set(files) == {"derived.csv", *(f"derived/{i}.{kind}" for i in ids for kind in ("csv", "parquet"))}


def test_a_cell_is_written_as_the_data_write_theirs(files):
    first, second, *_ = cells(files["derived/OS.csv"])
    assert first == {"USUBJID": "RECON-01", "AVAL": "488", "CNSR": "1", "STARTDT": "2017-02-06", "EVNTDESC": ""}
    assert (second["CNSR"], second["EVNTDESC"]) == ("0", "Death")


def test_parquet_holds_the_same_cells_with_their_types(study, files):
    for d in study.plan.derivations:
        typed = pl.read_parquet(io.BytesIO(files[f"derived/{d.id}.parquet"]))
        texts = pl.read_csv(io.BytesIO(files[f"derived/{d.id}.csv"].encode()), infer_schema=False)
        numbers = [pl.col(name).cast(kind) for name, kind in typed.schema.items() if kind.is_numeric()]
        dates = [pl.col(name).cast(pl.String) for name, kind in typed.schema.items() if kind == pl.Date]
        # A CSV file has 15 digits of a number, Parquet all of them.
        assert_frame_equal(texts.with_columns(numbers), typed.with_columns(dates), rel_tol=1e-14, abs_tol=0)


def test_each_column_of_parquet_has_its_label(study, files):
    for d in study.plan.derivations:
        schema = pq.read_schema(io.BytesIO(files[f"derived/{d.id}.parquet"]))
        labels = {f.name: f.metadata[b"label"].decode() for f in schema}
        assert labels == {v.name: v.label for v in variables_of(d, study.derived[d.id])}
        assert labels["USUBJID"] == "Unique Subject Identifier"
        assert schema.metadata[b"label"].decode() == d.text


def test_the_labels_stand_in_a_list_too(study, files):
    listed = {(r["dataset"], r["variable"]): r for r in cells(files["derived.csv"])}
    assert listed["BOR", "BOR"]["label"] == "Best overall response"
    assert listed["OS", "AVAL"]["type"] == "number"
    assert {d for d, _ in listed} == {d.id for d in study.plan.derivations}


def test_a_run_that_is_not_sealed_says_so_in_each_row(study):
    stamped = derived_files(study, "DRAFT")
    assert {r["stamp"] for r in cells(stamped["derived/DLT.csv"])} == {"DRAFT"}
    assert set(pl.read_parquet(io.BytesIO(stamped["derived/DLT.parquet"]))["stamp"]) == {"DRAFT"}


def test_the_same_study_gives_the_same_bytes(study, files):
    assert derived_files(study, "") == files
