"""Datasets as data frames, laid into a folder as the files a plan names: they are read and held as any files are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from sap.plan.plan import Plan
from sap.text.problems import UserError, suggest

Data = str | Path | Mapping[str, pd.DataFrame]
"""A folder of datasets, or a data frame for each, by the name the plan gives it (``ADSL``)."""


@contextmanager
def folder_of(plan: Plan, data: Data) -> Iterator[Path]:
    """Give the folder of some data; one of data frames lasts as long as it is needed."""
    if not isinstance(data, Mapping):
        yield Path(data)
        return
    for name in sorted(set(data).difference(plan.datasets)):
        raise UserError(f"The plan has no dataset '{name}'. {suggest(name, plan.datasets)}")
    with TemporaryDirectory() as folder:
        for name, frame in data.items():
            file = Path(folder, plan.datasets[name].file)
            if file.suffix == ".parquet":
                raise UserError(f"The plan names {file.name} for {name}: name the folder it is in, or a .csv file.")
            file.parent.mkdir(parents=True, exist_ok=True)
            frame.to_csv(file, index=False)
        yield Path(folder)
