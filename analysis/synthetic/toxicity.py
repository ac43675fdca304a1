"""Dose-limiting toxicities of a synthetic trial, as often as was asked: events found by asking the plan's own rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from operator import attrgetter
from typing import Final

import numpy as np
import pandas as pd

from analysis.data.dlt import dlt_status
from analysis.data.sets import records_where
from analysis.synthetic.cells import after, dates
from analysis.synthetic.options import Truth
from analysis.synthetic.people import Person
from sap.model.clause import conditions
from sap.model.datasets import variables
from sap.model.derivations import Criterion, DltRule, DltStatus
from sap.plan.plan import Plan
from sap.text.problems import UserError

GENERAL: Final = "General disorders and administration site conditions"
OTHER: Final = "Other: "
"""Before a body system the plan names and no common term belongs to."""
COMMON: Final[Mapping[str, str]] = {
    "Nausea": "Gastrointestinal disorders",
    "Vomiting": "Gastrointestinal disorders",
    "Diarrhoea": "Gastrointestinal disorders",
    "Constipation": "Gastrointestinal disorders",
    "Fatigue": GENERAL,
    "Pyrexia": GENERAL,
    "Oedema peripheral": GENERAL,
    "Headache": "Nervous system disorders",
    "Dizziness": "Nervous system disorders",
    "Anaemia": "Blood and lymphatic system disorders",
    "Neutropenia": "Blood and lymphatic system disorders",
    "Thrombocytopenia": "Blood and lymphatic system disorders",
    "Febrile neutropenia": "Blood and lymphatic system disorders",
    "Infusion related reaction": "Injury, poisoning and procedural complications",
    "Pneumonia": "Infections and infestations",
    "Upper respiratory tract infection": "Infections and infestations",
    "Rash": "Skin and subcutaneous tissue disorders",
    "Pruritus": "Skin and subcutaneous tissue disorders",
    "Hypotension": "Vascular disorders",
    "Hypertension": "Vascular disorders",
    "Cough": "Respiratory, thoracic and mediastinal disorders",
    "Dyspnoea": "Respiratory, thoracic and mediastinal disorders",
    "Arthralgia": "Musculoskeletal and connective tissue disorders",
    "Decreased appetite": "Metabolism and nutrition disorders",
    "Insomnia": "Psychiatric disorders",
    "Neutrophil count decreased": "Investigations",
    "Platelet count decreased": "Investigations",
    "Alanine aminotransferase increased": "Investigations",
}
"""Dictionary-derived term and body system."""


DAY: Final = date(2024, 1, 1)
GENERIC_TERMS: Final = 4
"""Terms of no plan that may meet a criterion which many terms meet."""
MADE: Final = frozenset({"AEDECOD", "AEBODSYS", "ATOXGR", "AREL", "ASTDT", "AENDT", "ASTDY", "AENDY", "TRTEMFL"})
FATAL: Final = 5
LONGER: Final = 6.0
"""Mean number of days, from 1, that an event lasts; beyond what its criterion asks where it has one."""


def terms(truth: Truth) -> tuple[tuple[str, str], ...]:
    """Return terms with their body systems, those the plan names first."""
    described = {v.name: v.codelist for v in variables("ADAE", truth.plan.datasets["ADAE"])}
    listed, systems = described["AEDECOD"], described["AEBODSYS"]
    named = truth.named.get(("ADAE", "AEDECOD"), ())
    wanted = listed or tuple(dict.fromkeys((*named, *COMMON)))
    pairs = [(term, COMMON.get(term, GENERAL)) for term in wanted]
    if systems:
        pairs = [(term, s if s in systems else systems[i % len(systems)]) for i, (term, s) in enumerate(pairs)]
    known = {s for _, s in pairs}
    own = [s for s in truth.named.get(("ADAE", "AEBODSYS"), ()) if s not in known and (not systems or s in systems)]
    return tuple(dict.fromkeys([*pairs, *((pairs[0][0] if listed else f"{OTHER}{s}", s) for s in own)]))


def named_first(truth: Truth) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the terms with those the plan names first, and how many these are."""
    own = set(truth.named.get(("ADAE", "AEDECOD"), ()))
    pairs = sorted(terms(truth), key=lambda pair: pair[0] not in own and not pair[0].startswith(OTHER))
    return tuple(pairs), sum(t in own or t.startswith(OTHER) for t, _ in pairs)


@dataclass(frozen=True)
class Event:
    """An adverse event; days are days since first treatment."""

    term: str
    system: str
    grade: int
    related: bool
    start: int
    end: int | None
    """Last day; None while it goes on."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Further variables of ADAE that matter."""

    @property
    def fatal(self) -> bool:
        """Whether the subject dies of it, on its last day."""
        return self.grade == FATAL


@dataclass(frozen=True)
class Candidate:
    """An event that meets a criterion, and the derivations under which it is dose-limiting."""

    event: Event
    criterion: Criterion
    window: tuple[int, int]
    """Days on which it may start."""
    derivations: frozenset[str]

    @property
    def last(self) -> int:
        """First day on which the criterion is met, were the event to start as early as it may."""
        return self.window[0] + (self.criterion.min_duration_days or 1) - 1


def rules(plan: Plan) -> dict[str, DltRule]:
    """Return the rule of each ``dlt`` derivation."""
    return {d.id: plan.dlt_rule(d.rule) for d in plan.derivations if isinstance(d, DltStatus)}


def candidates(plan: Plan, pairs: Sequence[tuple[str, str]], named: int) -> tuple[Candidate, ...]:
    """Return events that meet a criterion of any rule, one subject each."""
    found = [
        Candidate(event, criterion, window, frozenset())
        for rule in rules(plan).values()
        for criterion in rule.criteria
        for window in _window(rule, criterion)
        for event in _matching(criterion, pairs, named, window)
    ]
    if not found:
        return ()
    met = _met(plan, [c.event for c in found])
    unique: dict[tuple[object, ...], Candidate] = {}
    for i, c in enumerate(found):
        e = c.event
        key = (e.term, e.system, e.grade, e.related, e.start, e.end, *sorted(e.more.items()), c.criterion.id)
        unique.setdefault(key, replace(c, derivations=met[i]))
    return tuple(c for c in unique.values() if c.derivations)


def _window(rule: DltRule, criterion: Criterion) -> Iterator[tuple[int, int]]:
    """Yield the days from first treatment on at which an event may start; nothing when there are none."""
    window = rule.window_of(criterion)
    start = max(0, window.start if window.start is not None else 0)
    end = window.end if window.end is not None else start + (rule.window.end or 0)
    if start <= end:
        yield start, end


def _matching(
    criterion: Criterion, pairs: Sequence[tuple[str, str]], named: int, window: tuple[int, int]
) -> Iterator[Event]:
    """Yield events of the criterion, of its lowest grade and the next, that last as long as it asks."""
    extras = _extras(criterion)
    grades = sorted({criterion.min_grade, max(criterion.min_grade, min(criterion.min_grade + 1, FATAL - 1))})
    related = (True,) if criterion.related_only else (True, False)
    length = criterion.min_duration_days or 1
    made = [
        Event(term, system, grade, is_related, start, start + length - 1, more)
        for (term, system), grade, is_related, start, more in product(
            pairs, grades, related, sorted(set(window)), extras
        )
    ]
    matches = records_where(frame([("", DAY, e) for e in made]), criterion.event).to_numpy()
    own = set(pairs[:named])
    chosen = [e for e, m in zip(made, matches, strict=True) if m]
    general = tuple(dict.fromkeys((e.term, e.system) for e in chosen if (e.term, e.system) not in own))[:GENERIC_TERMS]
    yield from (e for e in chosen if (e.term, e.system) in own or (e.term, e.system) in general)


def _extras(criterion: Criterion) -> list[dict[str, str]]:
    """Return the values of further variables of ADAE that a criterion compares with."""
    values: dict[str, list[str]] = {}
    for c in conditions(criterion.event):
        if c.variable not in MADE:
            values.setdefault(c.variable, []).extend(c.value)
    names = sorted(values)
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*(dict.fromkeys(values[n]) for n in names))]


def frame(events: Iterable[tuple[str, date, Event]]) -> pd.DataFrame:
    """Return events (subject, first_treatment, event) as ADAE with typed cells."""
    listed = list(events)
    more = sorted({name for _, _, e in listed for name in e.more})
    columns: dict[str, pd.Series] = {
        "USUBJID": _texts(s for s, _, _ in listed),
        "AEDECOD": _texts(e.term for *_, e in listed),
        "AEBODSYS": _texts(e.system for *_, e in listed),
        "ATOXGR": _floats(e.grade for *_, e in listed),
        "AREL": _texts("RELATED" if e.related else "NOT RELATED" for *_, e in listed),
        "ASTDT": dates(after(d, e.start) for _, d, e in listed),
        "AENDT": dates(None if e.end is None else after(d, e.end) for _, d, e in listed),
        "ASTDY": _floats(e.start + (e.start >= 0) for *_, e in listed),
        "AENDY": _floats(None if e.end is None else e.end + (e.end >= 0) for *_, e in listed),
        "TRTEMFL": _texts("Y" if e.start >= 0 else "" for *_, e in listed),
        **{name: _texts(e.more.get(name, "") for *_, e in listed) for name in more},
    }
    return pd.DataFrame(columns)


def _texts(values: Iterable[str]) -> "pd.Series[str]":
    return pd.Series(list(values), dtype=str)


def _floats(values: Iterable[float | None]) -> "pd.Series[float]":
    return pd.Series(list(values), dtype="float64")


def _met(plan: Plan, events: Sequence[Event]) -> list[frozenset[str]]:
    """Return the derivations under which each event by itself is dose-limiting."""
    names = [str(i) for i in range(len(events))]
    died = dates(after(DAY, e.end or 0) if e.fatal else None for e in events)
    adsl = pd.DataFrame(
        {
            "USUBJID": names,
            "TRTSDT": pd.Timestamp(DAY),
            "DTHDT": died,
            "LSTALVDT": pd.Timestamp(after(DAY, 3650)),
        }
    )
    adae = frame((s, DAY, e) for s, e in zip(names, events, strict=True))
    found: dict[str, set[str]] = {s: set() for s in names}
    for derivation, rule in rules(plan).items():
        status = dlt_status(adsl, adae, rule)
        for subject in status.loc[status["DLTFL"] == "Y", "USUBJID"]:
            found[str(subject)].add(derivation)
    return [frozenset(found[s]) for s in names]


def choices(
    known: Sequence[Candidate], rates: Mapping[str, float]
) -> list[tuple[float, tuple[tuple[Candidate, ...], ...]]]:
    """Return, for each share of subjects, the events that give exactly the toxicities of that share.

    Subjects are ordered by one uniform number u: a derivation of rate p is met by those with u < p, so that rates of
    several definitions hold at once.
    """
    made = []
    for share in sorted({p for p in rates.values() if p > 0}):
        wanted = frozenset(d for d, p in rates.items() if p >= share)
        allowed = [c for c in known if not c.derivations & rates.keys() - wanted]
        one = tuple(c for c in allowed if wanted <= c.derivations)
        several = (one,) if one else tuple(tuple(c for c in allowed if d in c.derivations) for d in sorted(wanted))
        if not all(several):
            others = sorted(rates.keys() - wanted)
            beside = f" and not under {', '.join(others)}" if others else ""
            told = f"no adverse event can be dose-limiting under {', '.join(sorted(wanted))}{beside}"
            raise UserError(f"--rate: {told}. Change the rates, so that the narrower definition has the lower one.")
        made.append((share, several))
    return made


@dataclass(frozen=True)
class Toxicities:
    """What the dose-limiting toxicities are, before the other events are drawn."""

    people: tuple[Person, ...]
    events: Mapping[str, tuple[Event, ...]]
    """Dose-limiting events by subject."""
    targets: Mapping[str, frozenset[str]]
    """Derivations under which each subject has one."""
    rates: Mapping[str, float]
    """Of the derivations that were drawn on purpose."""


def toxicities(truth: Truth, found: tuple[Person, ...]) -> Toxicities:
    """Draw the dose-limiting toxicities of everyone who is seen to the end of the window.

    A subject who dies before that is not evaluable without one, so that the rate is that of evaluable subjects.
    """
    plan = truth.plan
    if not truth.toxicity or "ADAE" not in plan.datasets:
        return Toxicities(found, {}, {}, {})
    known = candidates(plan, *named_first(truth))
    possible = frozenset(d for c in known for d in c.derivations)
    rates = {d: p for d, p in truth.toxicity.items() if d in possible or d in truth.asked}
    shares = choices(known, rates)
    whole = max((rules(plan)[d].window.end or 0 for d in rates), default=0)
    rng = truth.stream("toxicity")
    people, events, targets = [], {}, {}
    for person in found:
        u = rng.random()
        chosen = next((alternatives for share, alternatives in shares if u < share), ())
        if person.first_treatment is None or person.last < whole:
            people.append(person)
            continue
        seen, own_events = _dose_limiting(person, chosen, rng, exact=len(rates) > 1)
        people.append(seen)
        events[person.id] = own_events
        targets[person.id] = frozenset(d for d, p in rates.items() if u < p)
    return Toxicities(tuple(people), events, targets, rates)


def _dose_limiting(
    person: Person, chosen: Sequence[tuple[Candidate, ...]], rng: np.random.Generator, *, exact: bool
) -> tuple[Person, tuple[Event, ...]]:
    """Return a subject with one event of each group of alternatives, seen long enough for it."""
    seen, events = person, []
    for alternatives in chosen:
        lasting = [c for c in alternatives if not c.event.fatal] or list(alternatives)
        until = attrgetter("event.end" if exact else "last")
        fitting = [c for c in lasting if until(c) <= seen.last] or [min(lasting, key=until)]
        ids = list(dict.fromkeys(c.criterion.id for c in fitting))
        one = ids[int(rng.integers(len(ids)))]
        pool = [c for c in fitting if c.criterion.id == one]
        candidate = pool[int(rng.integers(len(pool)))]
        seen = _seen_to(seen, until(candidate))
        # Definitions may differ in their windows: an event moved within one may leave the other.
        event = candidate.event if exact else _placed(candidate, seen.last, rng)
        if event.fatal:
            seen = replace(seen, death=event.end, later={n: d for n, d in seen.later.items() if d < (event.end or 0)})
        events.append(event)
    return seen, tuple(events)


def _seen_to(person: Person, day: int) -> Person:
    if person.last >= day:
        return person
    death = None if person.death is None else day
    return replace(person, follow=max(person.follow, day), death=death)


def _placed(candidate: Candidate, last: int, rng: np.random.Generator) -> Event:
    """Return the event of a candidate at a day of its window, for as long as its criterion asks or longer."""
    event, length = candidate.event, candidate.criterion.min_duration_days or 1
    earliest = candidate.window[0]
    latest = max(earliest, min(candidate.window[1], last - length + 1))
    start = int(rng.integers(earliest, latest + 1))
    longer = 0 if event.fatal else int(rng.geometric(1 / LONGER)) - 1
    return replace(event, start=start, end=min(start + length - 1 + longer, last))
