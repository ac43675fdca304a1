"""Which files of a folder are datasets, and which dataset each is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.data.files import read_table
from analysis.data.formats.table import TextTable
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Table, table
from analysis.mapping.proposal import Said
from sap.model.datasets import CORE
from sap.model.variables import FILE_NAME
from sap.text.files import within
from sap.text.problems import UserError

_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
_USUAL: Final = re.compile(r"(?<![A-Z])(AD[A-Z0-9]{2,6})(?![A-Z0-9])")
KNOWN: Final = frozenset(
    {
        *CORE,
        "ADCM",
        "ADEG",
        "ADLBC",
        "ADLBH",
        "ADLBHY",
        "ADMH",
        "ADPC",
        "ADPP",
        "ADQS",
        "ADRESP",
        "ADTR",
        "ADTTE1",
        "ADVS",
    }
)
"""Names by which files are known for what they hold."""
_BETTER: Final = (".xpt", ".sas7bdat", ".parquet", ".json", ".ndjson", ".rds", ".xlsx", ".csv")
"""Of two files of one dataset that one is taken whose format says more of its columns."""


@dataclass(frozen=True)
class Folder:
    """A folder of data, as far as it could be read."""

    path: Path
    tables: Mapping[str, Table]
    """The datasets by name, ADSL first."""
    said: tuple[Said, ...]
    """What is to be said of each file."""


def look(path: Path) -> Folder:
    """Return the datasets of a folder, and what is to be said of each of its files."""
    if not path.is_dir():
        raise UserError(f"{path} is no folder. Name the folder of the datasets.")
    said: list[Said] = []
    found: dict[str, list[Table]] = {}
    for file in sorted(path.iterdir()):
        seen = _read(path, file)
        if isinstance(seen, Said):
            said.append(seen)
        elif seen is not None:
            found.setdefault(seen.name, []).append(seen)
    tables: dict[str, Table] = {}
    for name, alike in sorted(found.items(), key=lambda f: (f[0] != "ADSL", f[0])):
        tables[name], told = _chosen(alike)
        said += told
    if not tables:
        raise UserError(f"{path} holds no dataset. {_elsewhere(path, said)}")
    return Folder(path, tables, tuple(said))


def _elsewhere(path: Path, said: Iterable[Said]) -> str:
    below = sorted(f.name for f in path.iterdir() if f.is_dir() and not f.name.startswith("."))
    if below:
        return f"There are folders in it: {', '.join(below[:5])}. Name the one with the datasets."
    told = [f"{s.place}: {s.why}" for s in said]
    return " ".join(told[:3]) or "Name the folder of the datasets."


def _read(folder: Path, file: Path) -> Table | Said | None:
    """Return the dataset of a file, or why it is none; nothing of what nobody takes for one."""
    if file.name.startswith(".") or (file.is_dir() and not file.is_symlink()):
        return None
    try:
        inside = within(folder, file.name)
    except UserError as error:
        return Said(file.name, "not read", "certain", str(error))
    if re.fullmatch(FILE_NAME, file.name) is None or not inside.is_file():
        return Said(file.name, "not read", "certain", "It is no file that a plan can name.")
    read = read_table(file.stem.upper(), inside)
    if isinstance(read, list):
        if file.suffix.lower() in _BETTER or _USUAL.search(file.stem.upper()):
            return Said(file.name, "not read", "problem", read[0].message)
        return Said(file.name, "no dataset", "certain", read[0].message)
    columns = {c.upper() for c in read.frame.columns}
    if not {"USUBJID", "SUBJID"} & columns:
        return Said(file.name, "no dataset", "likely", "It has neither USUBJID nor SUBJID.")
    return _named(file, read)


def _named(file: Path, read: TextTable) -> Table:
    seen = table("", file.name, read.frame, read.labels)
    return Table(_name(file.stem.upper(), seen), seen.file, seen.frame, seen.columns)


def _name(stem: str, seen: Table) -> str:
    """Return the name of a dataset: of its file where that is one of ADaM, else of what is in it."""
    called = _USUAL.findall(stem)
    known = next((n for n in called if n in KNOWN), "")
    if known:
        return known
    columns = seen.columns.keys()
    if {"PARAMCD", "AVAL", "CNSR"} <= columns:
        return "ADTTE"
    if {"AEDECOD", "AETERM"} & columns:
        return "ADAE"
    if {"PARAMCD", "AVALC"} <= columns and words.response(seen.columns["AVALC"].texts) is not None:
        return "ADRS"
    if seen.subjects == seen.rows and {"AGE", "SEX", "TRTSDT", "SAFFL", "TRT01A", "TRT01P"} & columns:
        return "ADSL"
    if called:
        return str(called[0])
    bare = re.sub(r"\W+", "_", stem).strip("_")
    return bare if _NAME.fullmatch(bare) else f"D_{bare}"[:32]


def _chosen(alike: list[Table]) -> tuple[Table, list[Said]]:
    """Return the file that is taken for a dataset, and what is to be said where several are one."""

    def rank(seen: Table) -> tuple[int, str]:
        ending = Path(seen.file).suffix.lower()
        return (_BETTER.index(ending) if ending in _BETTER else len(_BETTER), seen.file)

    first, *others = sorted(alike, key=rank)
    size = f"{first.rows} records, {len(first.columns)} columns, {first.subjects} subjects."
    said = [Said(first.file, first.name, "certain", size)]
    for other in others:
        same = other.rows == first.rows and other.columns.keys() == first.columns.keys()
        same = same and all(
            (other.frame[c].astype(object).to_numpy() == first.frame[c].astype(object).to_numpy()).all()
            for c in first.columns
        )
        why = f"{first.file} is taken: " + (
            "both hold the same cells." if same else "THEY DIFFER; keep the right one alone."
        )
        said.append(Said(other.file, f"{first.name} again: not taken", "certain" if same else "problem", why))
    return first, said
