"""First analyses of the subjects: who they are by set and arm, how they left the trial, and how they were before it."""

from collections import Counter
from typing import Final

from analysis.mapping.analyses.piece import Piece, World, analysis
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Column, Table
from analysis.mapping.flow import Again
from analysis.mapping.proposal import Entry, Said
from sap.text.cells import is_number

_STATUS: Final = ("EOSSTT", "EOTSTT")
_REASON: Final = ("DCSREAS", "DCTREAS", "DCREASCD", "DCDECOD")
_CATEGORIES: Final = (
    "SEX", "AGEGR1", "RACE", "ETHNIC", "ECOGBL", "ECOG", "REGION1", "COUNTRY", "STRAT1", "DIAGTYPE",
)  # fmt: skip
_MOST_CATEGORIES: Final = 4
_MOST_LEVELS: Final = 10
_MOST_VALUES: Final = 3


def disposition(world: World) -> Piece:
    """Return the subjects by set and arm, and how they left the trial."""
    adsl, sets = world.adsl, world.sets
    counted = [{"analysis_set": s} for s in sets.flags]
    step: Entry = {"method": "disposition", **world.by, "stages": [{"label": "All subjects", "where": Again("all")}]}
    steps = [step | ({"sets": counted} if counted else {})]
    names = [n for of in (_STATUS, _REASON) for n in [_first(adsl, of)] if n]
    steps += [_distribution(adsl, adsl.columns[n], world) for n in names]
    found = analysis("SUBJECTS", "Subjects and sets", "ALL", steps, endpoint="Subjects")
    said = tuple(Said(f"ADSL.{n}", "how subjects left", "likely", "By its name.") for n in names)
    return Piece(found, (("table", "Subjects, sets and end of study", ""),), {"ADSL": tuple(names)}, said=said)


def _first(adsl: Table, names: tuple[str, ...]) -> str:
    return next((n for n in names if n in adsl.columns and 1 <= len(adsl.columns[n].texts) <= _MOST_LEVELS), "")


def baseline(world: World) -> Piece | None:
    """Return age, sex and what else is known of the subjects before treatment."""
    adsl = world.adsl
    values = [
        n for n in ("AGE", *_quantities(adsl)) if n in adsl.columns and adsl.columns[n].kind in {"integer", "number"}
    ]
    categories = [n for n in _CATEGORIES if n in adsl.columns and 1 < len(adsl.columns[n].texts) <= _MOST_LEVELS]
    values, categories = values[:_MOST_VALUES], categories[:_MOST_CATEGORIES]
    if not values + categories:
        return None
    steps = [_summary(adsl.columns[n], world) for n in values]
    steps += [_distribution(adsl, adsl.columns[n], world) for n in categories]
    found = analysis(
        "BASELINE",
        f"Baseline{world.by_arm}",
        world.sets.of("ITT", "FAS", "SAF"),
        steps,
        endpoint="At baseline",
    )
    said = Said("baseline", ", ".join((*values, *categories)), "likely", "Usual names, and names that end in BL.")
    return Piece(found, (("table", f"Baseline{world.by_arm}", ""),), {"ADSL": (*values, *categories)}, said=(said,))


def _quantities(adsl: Table) -> list[str]:
    usual = [n for n in ("WEIGHTBL", "BMIBL", "HEIGHTBL") if n in adsl.columns]
    other = [
        n
        for n, c in adsl.columns.items()
        if n.endswith("BL") and c.kind in {"integer", "number"} and len(c.texts) > _MOST_LEVELS
    ]
    return list(dict.fromkeys((*usual, *other)))


def _summary(column: Column, world: World) -> Entry:
    decimals = max((len(t.partition(".")[2].rstrip("0")) for t in column.texts), default=0)
    step: Entry = {"method": "summary", "variable": f"ADSL.{column.name}", **world.by}
    return step | ({"digits": min(decimals, 2)} if decimals else {})


def _distribution(adsl: Table, column: Column, world: World) -> Entry:
    return {
        "method": "distribution",
        "variable": f"ADSL.{column.name}",
        **world.by,
        "levels": list(levels(adsl, column.name)),
    }


def levels(adsl: Table, name: str) -> tuple[str, ...]:
    """Return the categories of a variable: as its numeric twin orders them, or the commonest first."""
    column, twin = adsl.columns[name], adsl.columns.get(f"{name}N")
    if name == "SEX":
        return tuple(dict.fromkeys(_sexes(column)))
    if twin is not None and all(map(is_number, twin.texts)):
        pairs = set(zip(adsl.cells(name), adsl.cells(f"{name}N"), strict=True))
        number = {text: float(n) for text, n in pairs if text and n}
        if len(number) == len(column.texts):
            return tuple(sorted(column.texts, key=lambda t: number[t]))
    if all(map(is_number, column.texts)):
        return tuple(sorted(column.texts, key=float))
    common = Counter({t: column.counts[t] for t in column.texts})
    return tuple(t for t, _ in common.most_common())


def _sexes(column: Column) -> list[str]:
    recode = words.sex(column.texts) or {}
    return sorted(recode.get(t, t) for t in column.texts)
