"""Adverse events of a synthetic trial: the dose-limiting ones, and all the others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from analysis.data.dlt import dlt_status
from analysis.data.sets import records_where
from analysis.synthetic.cells import Row, after, draw, shown_date, study_day
from analysis.synthetic.options import Truth
from analysis.synthetic.people import Person, course
from analysis.synthetic.toxicity import FATAL, MADE, Event, Toxicities, frame, rules, terms
from sap.model.datasets import variables
from sap.model.derivations import Criterion
from sap.model.variables import Variable
from sap.plan.plan import Plan

EVENTS: Final = 5.0
"""Mean number of adverse events of a subject, the dose-limiting ones apart."""
GRADES: Final = (0.45, 0.30, 0.17, 0.08)
RELATED: Final = 0.6
BEFORE_TREATMENT: Final = 0.05
DURATION: Final = 6.0
MUCH_LATER: Final = 0.15
"""Share of events at any time of the follow-up; the others start in its first weeks."""
FIRST_WEEKS: Final = 60
FATAL_SHARE: Final = 0.3
"""Share of deaths recorded as an unrelated fatal event."""

Events = dict[str, list[Event]]
"""By subject."""


def adverse_events(truth: Truth, drawn: Toxicities) -> list[Row]:
    """Return ADAE: the dose-limiting events and others, which are kept from being dose-limiting."""
    plan = truth.plan
    described = {v.name: v for v in variables("ADAE", plan.datasets["ADAE"])}
    extra = [v for v in described.values() if v.name not in {*MADE, "STUDYID", "USUBJID", "AESEQ"}]
    rng = truth.stream("ADAE")
    pairs = terms(truth)
    treated = [p for p in drawn.people if p.first_treatment is not None]
    others = {p.id: _others(p, pairs, drawn.events.get(p.id, ()), described, rng) for p in treated}
    others = _filled(others, extra, truth, "others")
    limiting = _filled({p.id: list(drawn.events.get(p.id, ())) for p in treated}, extra, truth, "limiting")
    others = _without_toxicity(plan, drawn, limiting, others)
    rows = []
    for person in treated:
        mine = sorted([*limiting[person.id], *others[person.id]], key=lambda e: (e.start, e.term))
        rows += [_row(plan, person, event, number, described) for number, event in enumerate(mine, start=1)]
    return rows


def _others(
    person: Person,
    pairs: Sequence[tuple[str, str]],
    taken: Sequence[Event],
    described: Mapping[str, Variable],
    rng: np.random.Generator,
) -> list[Event]:
    """Return ordinary events of a subject; no term twice, so that no two of them are one episode."""
    used = {e.term for e in taken}
    free = [pair for pair in pairs if pair[0] not in used]
    number = min(int(rng.poisson(EVENTS)), len({term for term, _ in free}))
    order = dict.fromkeys(free[i][0] for i in rng.permutation(len(free)))
    systems = dict(free)
    lowest, highest = (int(x) for x in (described["ATOXGR"].min or 1, described["ATOXGR"].max or FATAL))
    earliest = (person.consent - person.day0).days
    events = []
    for term in list(order)[:number]:
        grade = min(max(1 + int(rng.choice(len(GRADES), p=GRADES)), lowest), highest)
        start = _start(person.last, earliest, rng)
        end = start + int(rng.geometric(1 / DURATION)) - 1
        over = end > person.last
        ongoing = over and described["AENDT"].missing
        related = bool(rng.random() < RELATED) and start >= 0
        events.append(Event(term, systems[term], grade, related, start, None if ongoing else min(end, person.last)))
    free_term = next((t for t in list(order)[number:]), None)
    dies_of_it = person.death is not None and rng.random() < FATAL_SHARE and not any(e.fatal for e in taken)
    if dies_of_it and free_term is not None and highest == FATAL:
        start = max(0, person.last - int(rng.geometric(1 / DURATION)))
        events.append(Event(free_term, systems[free_term], FATAL, related=False, start=start, end=person.last))
    return events


def _start(last: int, earliest: int, rng: np.random.Generator) -> int:
    where = rng.random()
    if where < BEFORE_TREATMENT and earliest < 0:
        return int(rng.integers(earliest, 0))
    return int(rng.integers(0, (last if where > 1 - MUCH_LATER else min(last, FIRST_WEEKS)) + 1))


def _filled(events: Events, extra: Sequence[Variable], truth: Truth, what: str) -> Events:
    """Return the events with the plan's own variables drawn; what a criterion asked for stays."""
    size = sum(map(len, events.values()))
    cells: dict[str, list[str]] = {}
    for v in extra:
        if v.type != "date":
            cells[v.name] = draw(truth, "ADAE", v, size, truth.stream("ADAE", what, v.name))
    each = iter([{name: c[i] for name, c in cells.items()} for i in range(size)])
    return {
        s: [replace(e, more={**drawn, **e.more}) for e, drawn in zip(own, each, strict=False)]
        for s, own in events.items()
    }


def _without_toxicity(plan: Plan, drawn: Toxicities, limiting: Events, others: Events) -> Events:
    """Return the other events, made milder where they would meet a definition that was drawn on purpose."""
    found = others
    for derivation in drawn.rates:
        for criterion in rules(plan)[derivation].criteria:
            found = _milder(found, criterion, drawn)
    wrong = _unlike_their_target(plan, drawn, limiting, found)
    return {s: [] if s in wrong else own for s, own in found.items()}


def _milder(events: Events, criterion: Criterion, drawn: Toxicities) -> Events:
    """Return events of which none meets a criterion, or could meet it by lasting longer."""
    day0 = {p.id: p.day0 for p in drawn.people}
    listed = [(s, e) for s, own in events.items() for e in own]
    if not listed:
        return events
    adae = frame((s, day0[s], e) for s, e in listed)
    meets = records_where(adae, criterion.event).to_numpy() & (adae["ATOXGR"] >= criterion.min_grade).to_numpy()
    if criterion.related_only:
        meets &= (adae["AREL"] == "RELATED").to_numpy()
    made: Events = {s: [] for s in events}
    for (subject, event), met in zip(listed, meets, strict=True):
        changed = _milder_event(event, criterion) if met else event
        if changed is not None:
            made[subject].append(changed)
    return made


def _milder_event(event: Event, criterion: Criterion) -> Event | None:
    """Return the event too short, or of too low a grade, or unrelated; None when it can only be left out."""
    shortest = criterion.min_duration_days or 1
    if event.fatal:
        return None
    if shortest > 1:
        length = shortest - 1 if event.end is None else min(shortest - 1, event.end - event.start + 1)
        return replace(event, end=event.start + length - 1) if event.end is not None else _lower(event, criterion)
    return _lower(event, criterion)


def _lower(event: Event, criterion: Criterion) -> Event | None:
    if criterion.min_grade > 1:
        return replace(event, grade=criterion.min_grade - 1)
    return replace(event, related=False) if criterion.related_only else None


def _unlike_their_target(plan: Plan, drawn: Toxicities, limiting: Events, others: Events) -> set[str]:
    """Return the subjects whose events together mean something else than was drawn for them."""
    adsl = course(drawn.people)
    day0 = {p.id: p.day0 for p in drawn.people}
    adae = frame((s, day0[s], e) for events in (limiting, others) for s, own in events.items() for e in own)
    wrong: set[str] = set()
    for derivation in drawn.rates:
        status = dlt_status(adsl, adae, rules(plan)[derivation])
        for record in status.to_dict("records"):
            subject = str(record["USUBJID"])
            target = drawn.targets.get(subject)
            limited = record["DLTFL"] == "Y"
            aimed = target is not None and derivation in target
            if limited != aimed or (target is not None and record["EVALFL"] != "Y"):
                wrong.add(subject)
    return wrong


def _relatedness(plan: Plan, known: Sequence[str], *, related: bool) -> str:
    """Return what the plan calls an event that is related, or one that is not."""
    means = plan.conventions.relatedness.values
    return means[0] if related else next((v for v in known if v not in means), "NOT RELATED")


def _row(plan: Plan, person: Person, event: Event, number: int, described: Mapping[str, Variable]) -> Row:
    end = "" if event.end is None else shown_date(after(person.day0, event.end))
    within = plan.conventions.emergent_days
    # One treatment on one day: its first day is its last.
    emergent = event.start >= 0 and (within is None or event.start <= within)
    made = {
        "STUDYID": plan.study.id,
        "USUBJID": person.id,
        "AESEQ": str(number),
        "AEDECOD": event.term,
        "AEBODSYS": event.system,
        "ATOXGR": str(event.grade),
        "AREL": _relatedness(plan, described["AREL"].codelist, related=event.related),
        "ASTDT": shown_date(after(person.day0, event.start)),
        "AENDT": end,
        "ASTDY": study_day(event.start),
        "AENDY": "" if event.end is None else study_day(event.end),
        "TRTEMFL": "Y" if emergent else ("" if described["TRTEMFL"].missing else "N"),
        **event.more,
    }
    return {name: made.get(name, shown_date(after(person.day0, event.start))) for name in described}
