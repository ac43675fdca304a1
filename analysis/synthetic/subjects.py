"""ADSL of a synthetic trial: what the course of each subject says, and the plan's own variables."""

from collections.abc import Callable
from typing import Final

import numpy as np

from analysis.synthetic.cells import Row, after, draw, shown_date
from analysis.synthetic.hints import Hints
from analysis.synthetic.options import Truth, stream
from analysis.synthetic.people import Person, later_dates
from sap.model.datasets import variables
from sap.model.variables import Variable
from sap.plan.plan import Plan

HISTORY: Final = (30, 1500)
"""Days before consent of dates that are about the past."""
CAUSES: Final = ("Disease", "Adverse event", "Other")


def subjects(plan: Plan, truth: Truth, found: tuple[Person, ...], hints: Hints) -> list[Row]:
    """Return ADSL: what the course says, and the plan's own variables drawn from their descriptions."""
    described = variables("ADSL", plan.datasets["ADSL"])
    columns = {v.name: _column(v, plan, truth, found, hints) for v in described}
    return [{name: cells[i] for name, cells in columns.items()} for i in range(len(found))]


def _column(v: Variable, plan: Plan, truth: Truth, found: tuple[Person, ...], hints: Hints) -> list[str]:
    made = _made(v, plan)
    if made is not None:
        return [made(p) for p in found]
    rng = stream(truth.seed, "ADSL", v.name)
    if v.type == "date":
        ends = v in later_dates(plan)
        return [_date(v, p, rng, truth.missing, ends=ends) for p in found]
    named, grouped = hints.named.get(("ADSL", v.name), ()), hints.grouped.get(("ADSL", v.name), ())
    if v.name == "TRT01A" and not (v.codelist or named):
        return ["" if p.first_treatment is None and v.missing else plan.study.treatment for p in found]
    if v.name == "DTHCAUS":
        causes = v.codelist or named or CAUSES
        return ["" if p.death is None else causes[int(rng.integers(len(causes)))] for p in found]
    partner = f"{v.name.removesuffix('FL')}DT"
    if v.name.endswith("FL") and {"Y", "N"} <= set(v.codelist) and partner in {x.name for x in later_dates(plan)}:
        return ["Y" if partner in p.later else "N" for p in found]
    if v.name in truth.flags:
        other = next((c for c in v.codelist if c != "Y"), "")
        return ["Y" if u < truth.flags[v.name] else other for u in rng.random(len(found))]
    return draw(v, len(found), rng, named=named, grouped=grouped, missing=truth.missing)


def _made(v: Variable, plan: Plan) -> Callable[[Person], str] | None:
    """Return how a variable follows from the course of a subject; None when it does not."""
    alive = "" if v.missing else "N"
    made: dict[str, Callable[[Person], str]] = {
        "STUDYID": lambda _: plan.study.id,
        "USUBJID": lambda p: p.id,
        "SUBJID": lambda p: p.id.partition("-")[2],
        "RFICDT": lambda p: shown_date(p.consent),
        "TRTSDT": lambda p: shown_date(p.first_treatment),
        "TRTEDT": lambda p: shown_date(p.first_treatment),
        "ENRLFL": lambda _: "Y",
        "SAFFL": lambda p: "N" if p.first_treatment is None else "Y",
        "DTHFL": lambda p: alive if p.death is None else "Y",
        "DTHDT": lambda p: "" if p.death is None else shown_date(after(p.day0, p.death)),
        "LSTALVDT": lambda p: shown_date(after(p.day0, p.last)),
    }
    return made.get(v.name)


def _date(v: Variable, person: Person, rng: np.random.Generator, missing: float, *, ends: bool) -> str:
    """Return the date of a later treatment where there was one, or a date of the past where it is about that."""
    back = int(rng.integers(*HISTORY))
    empty = bool(rng.random() < missing)
    if v.name in person.later:
        return shown_date(after(person.day0, person.later[v.name]))
    if v.missing and (empty or ends):
        return ""
    return shown_date(after(person.consent, -back))
