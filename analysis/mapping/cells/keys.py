"""Which variables tell the records of a dataset apart."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import pandas as pd

from analysis.mapping.cells.columns import Table
from analysis.mapping.proposal import Said
from sap.model.datasets import KEYS

_USUAL: Final = (
    "PARAMCD", "AVISIT", "AVISITN", "VISIT", "VISITNUM", "ADT", "ASTDT", "ADTM", "ASTDTM", "ATPT", "ATPTN", "ADY",
    "DTYPE",
    "EXTRT", "AEDECOD", "AETERM", "CMDECOD", "CMTRT", "DVTERM", "BASETYPE", "PARCAT1", "ACAT1", "APERIOD",
)  # fmt: skip
"""Variables that tell records of a subject apart, the most telling first."""
_MOST: Final = 5
"""Most variables of a key beside the subject."""
_FIRST: Final = 5_000
"""Records by which a key is refused before all are looked at."""


def key_of(table: Table) -> tuple[tuple[str, ...], Said | None]:
    """Return the key of a dataset, empty where it is the usual one of its name, and what is to be said of it."""
    place = f"{table.name} key"
    if "USUBJID" not in table.columns:
        return (), Said(place, "none", "guess", "There is no USUBJID.")
    usual = KEYS.get(table.name, ())
    if usual and set(usual) <= table.columns.keys() and _unique(table, usual):
        return (), None
    found = next((k for k in _candidates(table) if _unique(table, k)), None)
    if found is not None:
        why = f"No two of {table.rows} records share it, and no fewer of the usual variables tell them apart."
        return found, Said(place, ", ".join(found), "likely", why)
    twins = int(table.frame.duplicated().sum())
    why = f"No {_MOST} of the usual variables tell the records apart; {twins} of {table.rows} records repeat another."
    return (), Said(place, "none", "guess", why)


def _candidates(table: Table) -> Iterator[tuple[str, ...]]:
    sequences = [c for c in table.columns if c.endswith("SEQ") and not c.startswith("SRC")]
    names = [c for c in (*sequences, *_USUAL) if c in table.columns]
    names = [c for c in names if len(table.columns[c].counts) > 1]
    if table.subjects == table.rows:
        yield ("USUBJID",)
    for size in range(1, _MOST + 1):
        for chosen in combinations(names, size):
            yield ("USUBJID", *chosen)


def _unique(table: Table, names: Sequence[str]) -> bool:
    columns = list(names)
    # As a record without a part of its key cannot be told to be another's twin, an empty cell is a value like others.
    head: pd.DataFrame = table.frame[columns].head(_FIRST)
    return not head.duplicated().any() and (table.rows <= _FIRST or not table.frame[columns].duplicated().any())
