"""The derived datasets as files from which other programs can start: CSV, Parquet, and what their columns are."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from analysis.data.load import Study
from analysis.data.sample import cell_text
from analysis.results.ard import csv_text
from sap.model.datasets import SUBJECT
from sap.model.derivations import Derivation
from sap.model.variables import Variable, VariableType

FOLDER: Final = "derived"
VARIABLES: Final = "derived.csv"
"""What the columns of the derived datasets are called."""
STAMP: Final = "stamp"
"""The last column of a run that is not sealed; a sealed one has none."""


def derived_files(study: Study, stamp: str) -> dict[str, str | bytes]:
    """Return each derived dataset as CSV and as Parquet, and the list of their variables."""
    made: dict[str, str | bytes] = {}
    described: list[Sequence[str]] = []
    for derivation in study.plan.derivations:
        frame = study.derived[derivation.id]
        variables = variables_of(derivation, frame)
        frame = frame[[v.name for v in variables]]
        texts = {v.name: _texts(frame[v.name]) for v in variables}
        if stamp:
            texts[STAMP] = [stamp] * len(frame)
        made[csv_file(derivation.id)] = csv_text(texts, zip(*texts.values(), strict=True))
        made[parquet_file(derivation.id)] = _parquet(derivation, frame, variables, stamp)
        described += [(derivation.id, v.name, v.called, v.kind, derivation.text) for v in variables]
    if not made:
        return {}
    rows = ([*row, stamp] for row in described)
    return made | {VARIABLES: csv_text(("dataset", "variable", "label", "type", "derivation", STAMP), rows)}


def csv_file(derivation: str) -> str:
    """Return the name of a derived dataset as CSV, in the results folder."""
    return f"{FOLDER}/{derivation}.csv"


def parquet_file(derivation: str) -> str:
    """Return the name of a derived dataset as Parquet, in the results folder."""
    return f"{FOLDER}/{derivation}.parquet"


def variables_of(derivation: Derivation, frame: pd.DataFrame) -> list[Variable]:
    """Return the variables of a derived dataset in its order."""
    known: Mapping[str, Variable] = {SUBJECT.name: SUBJECT, **derivation.provides}
    return [known.get(name, Variable(name=name, label=name)) for name in map(str, frame.columns)]


def _texts(values: pd.Series) -> list[str]:
    """Return a column as the texts of its cells; each that stands in many is made once."""
    codes, distinct = pd.factorize(values)
    texts = ["", *map(cell_text, distinct)]
    return [texts[code + 1] for code in codes]


def _typed(values: pd.Series, kind: VariableType) -> list[str | float | date | None]:
    """Return a column as Parquet takes it."""
    if kind == "text":
        return [text or None for text in _texts(values)]
    if kind == "date":
        return [None if pd.isna(day) else day.date() for day in pd.to_datetime(values)]
    return [None if pd.isna(number) else float(number) for number in values]


def _parquet(derivation: Derivation, frame: pd.DataFrame, variables: Sequence[Variable], stamp: str) -> bytes:
    """Return a derived dataset as Parquet; what its columns are called stands with them, and nothing is compressed.

    A file that is compressed is another one for each version of what compresses it, and a bundle whose pages hide the
    names of subjects looks for these in each file.
    """
    import pyarrow as pa  # noqa: PLC0415 (most commands write no Parquet)
    import pyarrow.parquet as pq  # noqa: PLC0415 (as above)

    kinds = {"number": pa.float64(), "integer": pa.float64(), "date": pa.date32()}
    fields, columns = [], []
    for v in variables:
        kind = kinds.get(v.kind, pa.string())
        fields.append(pa.field(v.name, kind, metadata={"label": v.called}))
        columns.append(pa.array(_typed(frame[v.name], v.kind), type=kind))
    if stamp:
        fields.append(pa.field(STAMP, pa.string(), metadata={"label": "State of the run"}))
        columns.append(pa.array([stamp] * len(frame), type=pa.string()))
    about = {"dataset": derivation.id, "label": derivation.text}
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=about)), out, compression="none")
    return out.getvalue()
