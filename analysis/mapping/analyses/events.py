"""First analyses of adverse events: an overview, and subjects by class and term."""

from analysis.mapping.analyses.piece import Piece, World, analysis
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Table
from analysis.mapping.core import source_of
from analysis.mapping.proposal import Entry, Said
from sap.model.datasets import CORE


def events(world: World) -> Piece | None:
    """Return the adverse events by class and term; None where they have neither."""
    table = world.tables.get("ADAE")
    if table is None or not (_has(table, "AEDECOD") and _has(table, "AEBODSYS")):
        return None
    said = []
    step: Entry = {"method": "adverse_events", **world.by}
    if not _graded(table):
        step["severe"] = None
        said.append(Said("ADAE.ATOXGR", "no grades", "certain", "There is neither a grade nor a severity that is one."))
    if not _judged(table):
        step["related"] = False
        said.append(Said("ADAE.AREL", "no relatedness", "certain", "There is no causality in words that are known."))
    if not emergent(table):
        step["treatment_emergent"] = False
        said.append(Said("ADAE.TRTEMFL", "all events count", "likely", "No flag says which are treatment-emergent."))
    title = f"Adverse events by class and term{world.by_arm}"
    found = analysis("AE", title, world.sets.safety, [step], endpoint="Adverse events")
    return Piece(found, (("table", title, ""),), {"ADAE": ("AEDECOD", "AEBODSYS")}, said=tuple(said))


def overview(world: World) -> Piece | None:
    """Return the subjects with an event, and with one of each usual kind."""
    table = world.tables.get("ADAE")
    if table is None:
        return None
    kinds: list[Entry] = [{"label": "Any event"}]
    flags = {"AESER": "Serious", "AESDTH": "Led to death", "AREL": "Called related"}
    used: list[str] = []
    for name, label in flags.items():
        column = table.columns.get(name)
        if name == "AREL" and _judged(table):
            kinds.append({"label": label, "where": _is(name, "RELATED")})
        elif column is not None and name != "AREL" and words.flag(column.texts) is not None and len(column.texts) > 1:
            kinds.append({"label": label, "where": _is(name, "Y")})
            used.append(name)
    if _graded(table):
        kinds.append(
            {
                "label": "Grade 3 or higher",
                "where": {"dataset": "ADAE", "variable": "ATOXGR", "comparator": "GE", "value": 3},
            }
        )
    step: Entry = {"method": "event_overview", **world.by}
    if emergent(table):
        step["where"] = _is("TRTEMFL", "Y")
    title = f"Overview of adverse events{world.by_arm}"
    steps = [step | {"kinds": kinds}]
    found = analysis("AE-ANY", title, world.sets.safety, steps, endpoint="Adverse events")
    return Piece(found, (("table", title, ""),), {"ADAE": tuple(used)})


def emergent(table: Table) -> bool:
    """Return whether a flag says which events are treatment-emergent."""
    column = table.columns.get("TRTEMFL")
    return column is not None and bool(column.texts) and words.flag(column.texts) is not None


def _is(name: str, value: str) -> Entry:
    return {"dataset": "ADAE", "variable": name, "comparator": "EQ", "value": value}


def _has(table: Table, name: str) -> bool:
    column = source_of(table, next(v for v in CORE["ADAE"] if v.name == name))
    return column is not None and bool(column.texts)


def _graded(table: Table) -> bool:
    column = source_of(table, next(v for v in CORE["ADAE"] if v.name == "ATOXGR"))
    return column is not None and bool(column.texts) and words.grade(column.texts) is not None


def _judged(table: Table) -> bool:
    column = source_of(table, next(v for v in CORE["ADAE"] if v.name == "AREL"))
    return column is not None and bool(column.texts) and words.causality(column.texts) is not None
