"""First analyses of times to event: Kaplan–Meier of each parameter by arm."""

import re
from typing import Final

from analysis.mapping.analyses.piece import Piece, World, analysis
from analysis.mapping.arms import EVERYBODY
from analysis.mapping.cells.columns import Table
from analysis.mapping.cells.times import Clock, clock_of, origin_of
from analysis.mapping.proposal import Entry, Said

_ID: Final = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
NEEDED: Final = frozenset({"USUBJID", "PARAMCD", "AVAL", "CNSR"})


def is_times(table: Table) -> bool:
    """Return whether a dataset holds times to event."""
    return table.columns.keys() >= NEEDED


def clocks(world: World, table: Table) -> dict[str, Clock]:
    """Return how the times of each parameter of a dataset are counted."""
    return {code: clock_of(table, code, world.adsl) for code in table.columns["PARAMCD"].texts}


def survival(world: World, table: Table, code: str, clock: Clock) -> Piece | None:
    """Return the Kaplan–Meier analysis of a parameter; None where a plan cannot name it."""
    label = label_of(table, code)
    if not _ID.fullmatch(code):
        return None
    name = code if code not in world.tables else f"{code}_TTE"
    parameter: Entry = {"label": label, "unit": "days"}
    if clock.unit != "days":
        parameter["source_unit"] = clock.unit
    origin = origin_of(table, code, world.adsl)
    if origin not in {"", "TRTSDT"}:
        parameter["origin"] = {"dataset": "ADSL", "variable": origin}
    derivation: Entry = {"id": name, "kind": "time_to_event", "parameter": code, "text": f"{label}, as recorded"}
    if table.name != "ADTTE":
        derivation = {
            "id": name,
            "kind": "time_to_event",
            "dataset": table.name,
            "parameter": code,
            "text": derivation["text"],
        }
    steps: list[Entry] = [{"method": "kaplan_meier", "data": name, **world.by, "label": label}]
    found = analysis(f"KM-{code}".replace("_", "-"), label, world.sets.efficacy or EVERYBODY, steps)
    title = f"{label}{world.by_arm}"
    shown = (("table", title, ""), ("kaplan_meier_figure", title, "Days"))
    used = tuple(n for n in ("AVAL", "CNSR", "STARTDT", "ADT") if n in table.columns)
    used_of_subject = (origin,) if "origin" in parameter else ()
    return Piece(
        found,
        shown,
        {table.name: used, "ADSL": used_of_subject},
        {},
        {table.name: {code: parameter}},
        (derivation,),
        (*_reasons(table, code), *clock.said),
    )


def label_of(table: Table, code: str) -> str:
    """Return what a parameter is called: its PARAM where it has one, without its unit."""
    if "PARAM" not in table.columns:
        return code
    told = [str(t) for t in table.of(code)["PARAM"].unique() if t]
    bare = re.sub(r"\s*\((days?|weeks?|months?|years?|hours?)\)\s*$", "", told[0], flags=re.IGNORECASE) if told else ""
    return bare or code


def _reasons(table: Table, code: str) -> tuple[Said, ...]:
    rows = table.of(code)
    events = int((rows["CNSR"].astype(object).isin(["0", "0.0"])).sum())
    place = f"{table.name} {code}"
    told = Said(
        place,
        f"{label_of(table, code)}: {events} events in {len(rows)}",
        "certain",
        "CNSR is 0 where the event occurred.",
    )
    return (told,)
