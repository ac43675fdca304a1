"""The subjects of a synthetic trial: when each was treated, how long seen, who died; and ADSL, which says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from analysis.synthetic.cells import Row, after, dates, draw, shown_date
from analysis.synthetic.options import Truth
from sap.model.datasets import variables
from sap.model.derivations import AreaUnderCurve, BestResponse, EventOccurrence, LabGrade, Peak, TimeToEvent
from sap.model.variables import Variable
from sap.plan.plan import Plan

EARLIEST_TREATMENT: Final = date(2024, 1, 8)
LONGEST_RECRUITMENT: Final = 3 * 365
BETWEEN_SUBJECTS: Final = 14
"""Days between the first treatments of two subjects, until recruitment would take too long."""
CONSENT: Final = (7, 28)
"""Days from consent to first treatment."""
LATER: Final = 0.4
"""Share of subjects with another treatment later, whose date a derivation looks at."""


HISTORY: Final = (30, 1500)
"""Days before consent of dates that are about the past."""
CAUSES: Final = ("Disease", "Adverse event", "Other")


@dataclass(frozen=True)
class Person:
    """A subject and the course that everything else follows."""

    id: str
    """``USUBJID``."""
    consent: date
    """Of the informed consent."""
    first_treatment: date | None
    """None for a subject who was not treated."""
    follow: int
    """Days since first treatment on which the subject would be seen last, if alive."""
    death: int | None
    """Days since first treatment of death, when it comes before that."""
    later: Mapping[str, int] = field(default_factory=dict)
    """Days since first treatment of treatments that end a derivation, by variable of ADSL."""

    @property
    def last(self) -> int:
        """Days since first treatment of death or of being seen last."""
        return self.follow if self.death is None else self.death

    @property
    def day0(self) -> date:
        """The first treatment; of a subject who was not treated, the day from which days are counted."""
        return self.first_treatment or self.consent


def people(truth: Truth, first_assessment: int) -> tuple[Person, ...]:
    """Return the subjects with exponential survival and uniform follow-up."""
    plan = truth.plan
    rng = truth.stream("people")
    n = truth.n
    recruited = min(LONGEST_RECRUITMENT, BETWEEN_SUBJECTS * n)
    start = EARLIEST_TREATMENT
    if plan.data_cutoff is not None and plan.data_cutoff.date is not None:
        # The last to come are followed for the shortest time: a rehearsal shows what the cut-off leaves.
        start = date.fromisoformat(plan.data_cutoff.date) - timedelta(days=recruited + truth.follow_up[0])
    enrolled = np.sort(rng.integers(0, recruited, n))
    before = rng.integers(*CONSENT, n)
    follow = rng.integers(truth.follow_up[0], truth.follow_up[1] + 1, n)
    death = np.ceil(rng.exponential(1.0 / truth.death, n)) if truth.death > 0 else np.full(n, np.inf)
    death = np.maximum(death, truth.earliest)
    untreated = (rng.random(n) < truth.never_treated) & _may_be_untreated(plan)
    later = later_dates(plan)
    has_later = rng.random((n, len(later))) < LATER
    when = rng.random((n, len(later)))
    width = max(3, len(str(n)))
    found = []
    for i in range(n):
        first_treatment = start + timedelta(days=int(enrolled[i]))
        died = int(death[i]) if death[i] <= follow[i] else None
        last = int(follow[i]) if died is None else died
        days = {
            v.name: _day_of(v, first_assessment, last, float(when[i, j]), wanted=bool(has_later[i, j]))
            for j, v in enumerate(later)
        }
        found.append(
            Person(
                id=f"SYN-{i + 1:0{width}d}",
                consent=first_treatment - timedelta(days=int(before[i])),
                first_treatment=None if untreated[i] else first_treatment,
                follow=int(follow[i]),
                death=None if untreated[i] else died,
                later={} if untreated[i] else {name: day for name, day in days.items() if day is not None},
            )
        )
    return tuple(found)


def course(found: tuple[Person, ...]) -> pd.DataFrame:
    """Return what ADSL says of the course of each subject, with typed cells."""
    return pd.DataFrame(
        {
            "USUBJID": [p.id for p in found],
            "TRTSDT": dates(p.first_treatment for p in found),
            "DTHDT": dates(None if p.death is None else after(p.day0, p.death) for p in found),
            "LSTALVDT": dates(after(p.day0, p.last) for p in found),
        }
    )


def _may_be_untreated(plan: Plan) -> bool:
    return next(v for v in variables("ADSL", plan.datasets["ADSL"]) if v.name == "TRTSDT").missing


def later_dates(plan: Plan) -> tuple[Variable, ...]:
    """Return the dates of ADSL that end a derivation, as a transplantation or another treatment does."""
    stopping = BestResponse | Peak | AreaUnderCurve | EventOccurrence | LabGrade
    names = {d.before for d in plan.derivations if isinstance(d, stopping)}
    names |= {d.censor_at for d in plan.derivations if isinstance(d, TimeToEvent)}
    made = {"TRTSDT", "TRTEDT", "RFICDT", "DTHDT", "LSTALVDT"}
    return tuple(v for v in variables("ADSL", plan.datasets["ADSL"]) if v.name in names - made)


def _day_of(variable: Variable, first_assessment: int, last: int, share: float, *, wanted: bool) -> int | None:
    earliest = first_assessment + 2
    if earliest > last or not wanted:
        return None if variable.missing else last
    return earliest + int(share * (last - earliest))


def subjects(truth: Truth, found: tuple[Person, ...]) -> list[Row]:
    """Return ADSL: what the course says, and the plan's own variables drawn from their descriptions."""
    described = variables("ADSL", truth.plan.datasets["ADSL"])
    columns = {v.name: _column(v, truth, found) for v in described}
    return [{name: cells[i] for name, cells in columns.items()} for i in range(len(found))]


def _column(v: Variable, truth: Truth, found: tuple[Person, ...]) -> list[str]:
    made = _made(v, truth.plan)
    if made is not None:
        return [made(p) for p in found]
    rng = truth.stream("ADSL", v.name)
    later = {x.name for x in later_dates(truth.plan)}
    if v.type == "date":
        return [_date(v, p, rng, truth.missing, ends=v.name in later) for p in found]
    named = truth.named.get(("ADSL", v.name), ())
    if v.name == "TRT01A" and not (v.codelist or named):
        return ["" if p.first_treatment is None and v.missing else truth.plan.study.treatment for p in found]
    if v.name == "DTHCAUS":
        causes = v.codelist or named or CAUSES
        return ["" if p.death is None else causes[int(rng.integers(len(causes)))] for p in found]
    partner = f"{v.name.removesuffix('FL')}DT"
    if v.name.endswith("FL") and {"Y", "N"} <= set(v.codelist) and partner in later:
        return ["Y" if partner in p.later else "N" for p in found]
    if v.name in truth.flags:
        other = next((c for c in v.codelist if c != "Y"), "")
        return ["Y" if u < truth.flags[v.name] else other for u in rng.random(len(found))]
    return draw(truth, "ADSL", v, len(found), rng)


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
