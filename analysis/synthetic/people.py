"""The subjects of a synthetic trial: when each was treated, how long each was seen, and who died."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from analysis.synthetic.cells import after, dates
from analysis.synthetic.options import Truth, stream
from sap.model.datasets import variables
from sap.model.derivations import AreaUnderCurve, BestResponse, EventOccurrence, Peak, TimeToEvent
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


def people(plan: Plan, truth: Truth, first_assessment: int) -> tuple[Person, ...]:
    """Return the subjects with exponential survival and uniform follow-up."""
    rng = stream(truth.seed, "people")
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
    names = {
        d.before for d in plan.derivations if isinstance(d, BestResponse | Peak | AreaUnderCurve | EventOccurrence)
    }
    names |= {d.censor_at for d in plan.derivations if isinstance(d, TimeToEvent)}
    made = {"TRTSDT", "TRTEDT", "RFICDT", "DTHDT", "LSTALVDT"}
    return tuple(v for v in variables("ADSL", plan.datasets["ADSL"]) if v.name in names - made)


def _day_of(variable: Variable, first_assessment: int, last: int, share: float, *, wanted: bool) -> int | None:
    earliest = first_assessment + 2
    if earliest > last or not wanted:
        return None if variable.missing else last
    return earliest + int(share * (last - earliest))
