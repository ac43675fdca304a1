"""From the tables of a folder to a whole plan that runs, with what is to be said of each part of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from analysis.mapping.analyses import responses, subjects, survival, visits
from analysis.mapping.analyses.events import events, overview
from analysis.mapping.analyses.piece import Piece, World
from analysis.mapping.arms import Arms, Sets, arms_of, sets_of
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Table
from analysis.mapping.cells.keys import key_of
from analysis.mapping.cells.times import Clock, first_day
from analysis.mapping.core import described, source_of
from analysis.mapping.folder import Folder
from analysis.mapping.proposal import Entry, Said
from sap.model.datasets import CORE
from sap.text.problems import UserError
from sap.text.spellings import stands_for_missing

_TITLES: Final[Mapping[str, str]] = {
    "ADSL": "Subjects",
    "ADAE": "Adverse events",
    "ADTTE": "Times to event",
    "ADRS": "Responses",
    "ADLB": "Laboratory",
    "ADVS": "Vital signs",
    "ADEX": "Exposure",
    "ADCM": "Concomitant medication",
    "ADEG": "Electrocardiograms",
    "ADDV": "Protocol deviations",
    "ADMH": "Medical history",
    "ADPC": "Concentrations",
}
_TIMES: Final = 8
"""Most further times to event that are analysed at once; a person goes on with the others."""


@dataclass(frozen=True)
class DatasetDraft:
    """What a plan says of a dataset."""

    table: Table
    entry: Entry
    """File, title, key and words for missing values."""
    variables: Mapping[str, Entry]
    parameters: Mapping[str, Entry]
    used: bool
    """Whether an analysis uses it."""


@dataclass(frozen=True)
class Draft:
    """A plan that is proposed, part by part."""

    datasets: Mapping[str, DatasetDraft]
    arms: Arms | None
    sets: Sets
    pieces: tuple[Piece, ...]
    origin_day: int
    survival_parameter: str
    planned: int
    study: str
    said: tuple[Said, ...]
    exceptions: tuple[Entry, ...] = ()
    """Rules that the data break."""
    left: tuple[str, ...] = field(default=())
    """What was left out so that the plan stays short."""


def propose(folder: Folder) -> Draft:
    """Return the plan that a folder seems to ask for."""
    tables = folder.tables
    if "ADSL" not in tables:
        raise UserError(
            f"{folder.path} has no ADSL, the dataset of one record a subject: {_there(tables)}. Put it there."
        )
    adsl = tables["ADSL"]
    said = list(folder.said)
    if adsl.subjects < adsl.rows:
        twice = adsl.rows - adsl.subjects
        said.append(
            Said("ADSL", "not one record a subject", "problem", f"{twice} records have a subject that stands before.")
        )
    said += _strangers(tables)
    arms, told = arms_of(adsl)
    said += told
    sets, told = sets_of(adsl, {n: c.label for n, c in adsl.columns.items()})
    said += told
    world = World(tables, arms, sets)
    clocks = {n: survival.clocks(world, t) for n, t in tables.items() if survival.is_times(t)}
    pieces, told = _pieces(world, clocks)
    said += told
    day, told_day = first_day({code: c for of in clocks.values() for code, c in of.items()})
    said += [told_day] if told_day else []
    datasets: dict[str, DatasetDraft] = {}
    for name, table in tables.items():
        datasets[name], of_dataset = _dataset(world, table, pieces)
        said += of_dataset
    said += [s for p in pieces for s in p.said]
    return Draft(
        datasets, arms, sets, pieces, day, _overall(clocks), _planned(adsl), _study(adsl), tuple(dict.fromkeys(said))
    )


def _there(tables: Mapping[str, Table]) -> str:
    return "there are " + ", ".join(f"{n} ({t.file})" for n, t in tables.items())


def _strangers(tables: Mapping[str, Table]) -> list[Said]:
    """Return the subjects of other datasets that ADSL does not know."""
    known = set(tables["ADSL"].columns["USUBJID"].texts) if "USUBJID" in tables["ADSL"].columns else set()
    found = []
    for name, table in tables.items():
        strange = [s for s in table.columns["USUBJID"].texts if s not in known]
        if strange:
            what = f"{len(strange)} subjects are in no ADSL"
            found.append(
                Said(name, what, "problem", f"As {', '.join(strange[:3])}: correct USUBJID, or add them to ADSL.")
            )
    return found


def _pieces(world: World, clocks: Mapping[str, Mapping[str, Clock]]) -> tuple[tuple[Piece, ...], tuple[Said, ...]]:
    times = [survival.Time(world.tables[n], code, clock) for n, of in clocks.items() for code, clock in of.items()]
    named = [t for t in times if t.named]
    first = next((t for t in named if t.code == "OS"), named[0] if named else None)
    others = [t for t in named if t is not first]
    response, told = responses.responses(world)
    found = (
        subjects.disposition(world),
        subjects.baseline(world),
        survival.survival(world, [first] if first else [], drawn=True),
        survival.survival(world, others[:_TIMES], drawn=False),
        response,
        overview(world),
        events(world),
    )
    return tuple(p for p in found if p is not None), (*told, *(t.unnamed for t in times if not t.named))


def _dataset(world: World, table: Table, pieces: Iterable[Piece]) -> tuple[DatasetDraft, list[Said]]:
    name = table.name
    key, told = key_of(table)
    entries, of_core = described(table)
    said = [*([told] if told else []), *of_core]
    parameters = {code: p for piece in pieces for code, p in piece.parameters.get(name, {}).items()}
    names = [v for piece in pieces for v in piece.variables.get(name, ())]
    if name == "ADSL":
        names += [*world.sets.flags.values(), *([world.arms.variable] if world.arms else [])]
    core = {v.name for v in CORE.get(name, ())}
    shown = {v for piece in pieces if not piece.derivations for v in piece.variables.get(name, ())}
    for variable in dict.fromkeys(names):
        if variable not in core:
            entries[variable] = _described(table, variable, shown=variable in shown)
    for piece in pieces:
        entries |= piece.entries.get(name, {})
    entry: Entry = {"file": table.file, "title": _TITLES.get(name, name)}
    if key:
        entry["key"] = list(key)
    missing, reason = _missing(table, entries)
    if missing is not None:
        entry["missing_values"] = missing
        said.append(Said(f"{name} missing values", ", ".join(missing) or "none", "likely", reason))
    used = name == "ADSL" or any(name in p.variables or name in p.parameters for p in pieces)
    if not used:
        of_visits, parameters, told_visits = visits.further(table)
        entries |= of_visits
        said += told_visits
    return DatasetDraft(table, entry, entries, parameters, used), said


def _described(table: Table, name: str, *, shown: bool) -> Entry:
    """Return what a plan says of a variable beyond the usual ones, with its label where a table shows it."""
    column = table.columns[name]
    entry: Entry = {"name": name}
    if column.source:
        entry["source"] = column.source
    label = _LABELS.get(name) or column.label
    if shown and label:
        entry["label"] = label
    recode = words.flag(column.texts) if name.endswith("FL") else None
    if recode:
        entry["recode"] = dict(recode)
    elif column.kind in {"integer", "number"}:
        entry["type"] = "number"
    if column.has_gaps:
        entry["missing"] = True
    return entry


_LABELS: Final = {
    "RACE": "Race",
    "ETHNIC": "Ethnicity",
    "AGEGR1": "Age group",
    "COUNTRY": "Country",
    "EOSSTT": "End of study",
    "EOTSTT": "End of treatment",
    "DCSREAS": "Reason for leaving the study",
    "DCTREAS": "Reason for ending treatment",
    "WEIGHTBL": "Weight at baseline",
    "HEIGHTBL": "Height at baseline",
    "BMIBL": "Body mass index at baseline",
    "ECOGBL": "ECOG at baseline",
}


def _missing(table: Table, entries: Mapping[str, Entry]) -> tuple[list[str] | None, str]:
    """Return which words stand for a missing value; None where nothing has to be said."""
    if table.missing_words:
        columns = [c.name for c in table.columns.values() if c.missing and c.kind not in {"text", "empty"}]
        return list(table.missing_words), f"They stand beside numbers or dates alone in {', '.join(columns[:3])}."
    used = {*entries, *(v.name for v in CORE.get(table.name, ()))}
    sources = {str(e.get("source", n)) for n, e in entries.items()} | used
    values = sorted({t for n in sources if n in table.columns for t in table.columns[n].texts if stands_for_missing(t)})
    return ([], f"{', '.join(values)} stand beside other words, and are values.") if values else (None, "")


def _overall(clocks: Mapping[str, Mapping[str, Clock]]) -> str:
    """Return the parameter that is overall survival, by its usual code."""
    return next((code for of in clocks.values() for code in of if code == "OS"), "")


def _planned(adsl: Table) -> int:
    """Return how many subjects there are, the treated ones where ADSL says who was."""
    started = source_of(adsl, next(v for v in CORE["ADSL"] if v.name == "TRTSDT"))
    return started.records if started is not None and started.records else max(adsl.rows, 1)


def _study(adsl: Table) -> str:
    column = adsl.columns.get("STUDYID")
    return column.texts[0] if column is not None and column.texts else ""


def without(draft: Draft, names: Iterable[str]) -> Draft:
    """Return a draft without some datasets that no analysis uses."""
    gone = set(names)
    kept = {n: d for n, d in draft.datasets.items() if n not in gone}
    return replace(draft, datasets=kept)
