"""One study in every format that can be written here: the same cells from each, and the same results from all mixed.

SAS7BDAT is missing: only SAS writes it.
"""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl
import pyreadr
import pyreadstat
import pytest
from pandas.testing import assert_frame_equal

from analysis.data.files import read_table
from analysis.data.load import load
from analysis.data.validate import typed_cells
from analysis.running.run import run
from sap.model.datasets import variables
from tests.each import each

DATA = Path(__file__).resolve().parents[4] / "data"


def typed(name, dataset) -> pd.DataFrame:
    """Return a dataset as programs hold it: numbers, dates, texts, and nothing where a cell is empty."""
    frame = pd.read_csv(DATA / dataset.file, dtype=str, keep_default_na=False)
    types = {v.name: v.type for v in variables(name, dataset)}
    read = {"integer": float, "number": float, "date": date.fromisoformat}
    columns = {c: [read.get(types.get(c), str)(cell) if cell else None for cell in frame[c]] for c in frame}
    return pd.DataFrame({c: pd.Series(cells, dtype=object) for c, cells in columns.items()})


def study_table(name, dataset):
    return read_table(name, DATA / dataset.file)


def by_sas(version):
    def write(frame, path, name):
        ready = {}
        for column in frame:
            numbers = all(cell is None or isinstance(cell, float) for cell in frame[column])
            texts = all(cell is None or isinstance(cell, str) for cell in frame[column])
            cells = frame[column].astype(float) if numbers else frame[column].fillna("") if texts else frame[column]
            ready[column] = cells
        pyreadstat.write_xport(pd.DataFrame(ready), path, table_name=name, file_format_version=version)

    return write


def by_polars(frame, path, name):
    pl.DataFrame({c: pl.Series(c, frame[c].tolist()) for c in frame}).write_parquet(path)


def by_r(frame, path, name):
    pyreadr.write_rds(path, frame.map(lambda cell: str(cell) if isinstance(cell, date) else cell), compress="gzip")


def by_excel(frame, path, name):
    book = openpyxl.Workbook()
    for row in [list(frame), *frame.to_numpy().tolist()]:
        book.active.append(row)
    book.save(path)


def described(frame) -> list[dict[str, str]]:
    kinds = {float: "double", date: "date", str: "string"}
    first = {c: next((cell for cell in frame[c] if cell is not None), "") for c in frame}
    return [{"itemOID": c, "name": c, "label": c, "dataType": kinds[type(first[c])]} for c in frame]


def json_rows(frame) -> list[list[object]]:
    return [[str(c) if isinstance(c, date) else c for c in row] for row in frame.to_numpy().tolist()]


def by_json(frame, path, name):
    head = {"datasetJSONVersion": "1.1.0", "name": name, "records": len(frame), "columns": described(frame)}
    path.write_text(json.dumps(head | {"rows": json_rows(frame)}), encoding="utf-8")


def by_json_lines(frame, path, name):
    head = {"datasetJSONVersion": "1.1.0", "name": name, "records": len(frame), "columns": described(frame)}
    path.write_text("\n".join(map(json.dumps, [head, *json_rows(frame)])), encoding="utf-8")


def by_json_1_0(frame, path, name):
    items = [{"OID": "ITEMGROUPDATASEQ", "name": "ITEMGROUPDATASEQ", "label": "Record", "type": "integer"}]
    items += [
        {"OID": c["name"], "name": c["name"], "label": c["name"], "type": c["dataType"]} for c in described(frame)
    ]
    rows = [[n, *row] for n, row in enumerate(json_rows(frame), start=1)]
    group = {"records": len(frame), "name": name, "label": name, "items": items, "itemData": rows}
    whole = {"datasetJSONVersion": "1.0.0", "clinicalData": {"itemGroupData": {f"IG.{name}": group}}}
    path.write_text(json.dumps(whole), encoding="utf-8")


def by_text(separator, encoding, decimal="."):
    def write(frame, path, name):
        frame.to_csv(path, sep=separator, encoding=encoding, decimal=decimal, index=False)

    return write


FORMATS = {
    "v5.xpt": by_sas(5),
    "v8.xpt": by_sas(8),
    "parquet": by_polars,
    "json": by_json,
    "1.json": by_json_1_0,
    "ndjson": by_json_lines,
    "xlsx": by_excel,
    "rds": by_r,
    "csv": by_text(";", "utf-16"),
    "txt": by_text("\t", "utf-8-sig"),
    "bar": by_text("|", "utf-8"),
}


@pytest.fixture(scope="module")
def frames(study):
    return {name: typed(name, dataset) for name, dataset in study.plan.datasets.items()}


@each("ending", FORMATS)
def test_each_format_gives_the_cells_of_the_csv_file(study, frames, tmp_path, ending):
    for name, dataset in study.plan.datasets.items():
        path = tmp_path / f"{name.lower()}.{ending}"
        FORMATS[ending](frames[name], path, name)
        found = read_table(name, path)
        assert not isinstance(found, list), found
        values = (typed_cells(name, dataset, frame) for frame in (found.frame, study_table(name, dataset).frame))
        assert_frame_equal(*values)


def test_the_results_are_the_same_from_all_formats_mixed(study, results, frames, tmp_path):
    datasets, endings = {}, list(FORMATS)
    for at, (name, dataset) in enumerate(study.plan.datasets.items()):
        file = f"{name.lower()}.{endings[at % len(endings)]}"
        FORMATS[endings[at % len(endings)]](frames[name], tmp_path / file, name)
        datasets[name] = dataset.model_copy(update={"file": file})
    changed = study.plan.model_copy(update={"datasets": datasets})
    assert run(load(changed, tmp_path)).to_csv() == results.to_csv()
