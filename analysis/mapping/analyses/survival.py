"""First analyses of times to event: Kaplan–Meier of each parameter by arm."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.mapping.analyses.piece import Piece, World, analysis
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


@dataclass(frozen=True, eq=False)
class Time:
    """A parameter that is a time to event."""

    table: Table
    code: str
    clock: Clock

    @property
    def label(self) -> str:
        """What it is called."""
        return label_of(self.table, self.code)

    @property
    def named(self) -> bool:
        """Whether a plan can name it."""
        return _ID.fullmatch(self.code) is not None

    @property
    def unnamed(self) -> Said:
        """What is to be said where it cannot."""
        why = "A code that a plan can name is made of capitals, digits and _, and begins with a capital."
        return Said(f"{self.table.name} {self.code}", "not analysed", "certain", why)


def survival(world: World, times: Sequence[Time], *, drawn: bool) -> Piece | None:
    """Return the Kaplan–Meier analysis of some times, with a figure where it is to be drawn; None of no times."""
    known = [t for t in times if t.named]
    if not known:
        return None
    names = {t: t.code if t.code not in world.tables else f"{t.code}_TTE" for t in known}
    steps: list[Entry] = [
        {"method": "kaplan_meier", "data": names[t], **world.by, "label": t.label[:_WIDEST]} for t in known
    ]
    alone = len(known) == 1
    title = f"{known[0].label if alone else 'Further times to event'}{world.by_arm}"
    name = f"KM-{known[0].code}".replace("_", "-") if alone else "TIMES"
    endpoint = known[0].label if alone else "As the labels say"
    found = analysis(name, title, world.sets.efficacy, steps, endpoint=endpoint)
    origins = {t: origin_of(t.table, t.code, t.clock.start, world.adsl) for t in known}
    parameters: dict[str, dict[str, Entry]] = {}
    for t in known:
        entry: Entry = {"label": t.label, "unit": "days"}
        if t.clock.unit != "days":
            entry["source_unit"] = t.clock.unit
        if origins[t] not in {"", "TRTSDT"}:
            entry["origin"] = {"dataset": "ADSL", "variable": origins[t]}
        parameters.setdefault(t.table.name, {})[t.code] = entry
    variables = {t.table.name: tuple(n for n in _COLUMNS if n in t.table.columns) for t in known}
    variables["ADSL"] = tuple(o for o in origins.values() if o not in {"", "TRTSDT"})
    shown = [("table", title, "")] + ([("kaplan_meier_figure", title, "Days")] if drawn else [])
    said = [s for t in known for s in (*_reasons(t.table, t.code), *t.clock.said)]
    return Piece(
        found,
        tuple(shown),
        variables,
        {t.table.name: _start(t) for t in known},
        parameters,
        tuple(_derivation(t, names[t]) for t in known),
        tuple(said),
    )


_COLUMNS: Final = ("AVAL", "CNSR", "STARTDT", "ADT")
_WIDEST: Final = 60
"""Most characters of a heading in a table."""


def _start(time: Time) -> dict[str, Entry]:
    """Return the start of the times, where their records hold it under another name."""
    other = time.clock.start
    if "STARTDT" in time.table.columns or other not in time.table.columns:
        return {}
    return {"STARTDT": {"name": "STARTDT", "source": time.table.columns[other].source or other}}


def _derivation(time: Time, name: str) -> Entry:
    of = {} if time.table.name == "ADTTE" else {"dataset": time.table.name}
    return {"id": name, "kind": "time_to_event", **of, "parameter": time.code, "text": "As recorded"}


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
