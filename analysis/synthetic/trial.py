"""A whole synthetic trial: every dataset of a plan as the text of its file."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from analysis.results.ard import csv_text
from analysis.synthetic.as_in_file import as_in_file
from analysis.synthetic.assessments import assessed, attended, first_assessment, measured, samples
from analysis.synthetic.cells import Row, after, draw, shown_date, study_day
from analysis.synthetic.events import adverse_events
from analysis.synthetic.options import SyntheticOptions, Truth, truth
from analysis.synthetic.people import Person, people, subjects
from analysis.synthetic.toxicity import toxicities
from sap.model.datasets import key, variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.plan.plan import Plan
from sap.text.problems import UserError

TO_EVENT: Final = {"PARAMCD", "CNSR", "STARTDT", "AVAL", "ADT"}
"""What a dataset of times to event has."""


@dataclass(frozen=True)
class Time:
    """Days since first treatment on which a time starts, and to its event or to censoring."""

    start: int
    day: int
    event: bool
    words: str
    """What the event or the censoring was."""


def times(
    truth: Truth, people: Sequence[Person], place: tuple[str, str], starts: Mapping[str, int]
) -> Iterator[tuple[Person, Time]]:
    """Yield the time of each treated subject whose clock starts."""
    plan = truth.plan
    dataset, parameter = place
    treated = [p for p in people if p.first_treatment is not None and p.id in starts]
    if dataset == "ADTTE" and parameter == plan.conventions.survival_parameter:
        yield from ((p, _death(p, starts, "Death") if p.death is not None else _censored(p, starts)) for p in treated)
        return
    described = plan.datasets[dataset].parameters[parameter]
    words, dead = _words(described)
    hazard = truth.hazards[parameter]
    with_death = _ends_with_death(described)
    if with_death and hazard < truth.death:
        told = f"{parameter} ({described.label}) includes death, so it cannot be rarer than death"
        raise UserError(f"--hazard {parameter}={hazard:g}: {told} ({truth.death:g} a day). Raise it, or lower that.")
    own = hazard - truth.death if with_death else hazard
    drawn = truth.stream(dataset, parameter).exponential(1.0, len(people))
    for person, waited in zip(people, drawn, strict=True):
        if person.first_treatment is None or person.id not in starts:
            continue
        start = starts[person.id]
        day = start + max(truth.earliest, math.ceil(waited / own)) if own > 0 else math.inf
        if day <= person.last:
            yield person, Time(start, int(day), event=True, words=words)
        elif with_death and person.death is not None:
            yield person, _death(person, starts, dead)
        else:
            yield person, _censored(person, starts)


def _ends_with_death(parameter: Parameter) -> bool:
    if parameter.events:
        return any(_about_death(event) for event in parameter.events)
    return any(word in parameter.label.lower() for word in ("survival", "death"))


def _about_death(words: str) -> bool:
    return "death" in words.lower()


def _words(parameter: Parameter) -> tuple[str, str]:
    """Return what the event of a time is called, and what a death that ends it is called."""
    own = [event for event in parameter.events if not _about_death(event)] or list(parameter.events)
    dead = [event for event in parameter.events if _about_death(event)]
    return (own or [parameter.label])[0], (dead or ["Death"])[0]


def _death(person: Person, starts: Mapping[str, int], words: str) -> Time:
    return Time(starts[person.id], person.last, event=True, words=words)


def _censored(person: Person, starts: Mapping[str, int]) -> Time:
    words = "Dead" if person.death is not None else "Last known alive"
    return Time(starts[person.id], person.last, event=False, words=words)


def synthetic_data(plan: Plan, options: SyntheticOptions) -> dict[str, str]:
    """Return a synthetic trial drawn from a plan alone."""
    drawn_from = truth(plan, options)
    toxic = toxicities(drawn_from, people(drawn_from, first_assessment(plan)))
    trial = _Trial(drawn_from, toxic.people)
    files = {}
    for name, dataset in sorted(plan.datasets.items(), key=lambda item: _has_clocks(item[1])):
        if name == "ADSL":
            rows = subjects(drawn_from, toxic.people)
        elif name == "ADAE":
            rows = adverse_events(drawn_from, toxic)
        else:
            rows = list(trial.records(name))
        trial.made[name] = list(_distinct(rows, key(name, dataset)))
        files[name] = csv_text(*as_in_file(name, dataset, trial.made[name]))
    return {name: files[name] for name in plan.datasets}


@dataclass(frozen=True)
class _Trial:
    """The subjects, and what every dataset of records is drawn from."""

    truth: Truth
    people: Sequence[Person]
    made: dict[str, list[Row]] = field(default_factory=dict)
    """Records of the datasets that came before: a clock may start at one of them."""

    def records(self, name: str) -> Iterator[Row]:
        """Yield the records of a dataset other than ADSL and ADAE, by what its variables are."""
        dataset = self.truth.plan.datasets[name]
        described = {v.name: v for v in variables(name, dataset)}
        if described.keys() >= TO_EVENT:
            made = [r for p in dataset.parameters for r in self._times(name, p)]
        elif {"PARAMCD", "ADT"} <= described.keys():
            made = [r for p in dataset.parameters for r in self._parameter(name, p, described)]
        else:
            made = list(self._others(name, described))
        yield from self._completed(name, made, described)

    def _times(self, name: str, parameter: str) -> Iterator[Row]:
        described = self.truth.plan.datasets[name].parameters[parameter]
        origin = self.truth.plan.conventions.origin_day
        starts = self._starts(described)
        for person, time in times(self.truth, self.people, (name, parameter), starts):
            yield {
                **self._dated(person, time.day),
                "PARAMCD": parameter,
                "PARAM": described.label,
                "STARTDT": shown_date(after(person.day0, time.start)),
                "AVAL": str(time.day - time.start + origin),
                "AVALU": described.unit or "",
                "CNSR": "0" if time.event else "1",
                "EVNTDESC": time.words if time.event else "",
                "CNSDTDSC": "" if time.event else time.words,
            }

    def _starts(self, described: Parameter) -> dict[str, int]:
        """Return the day since first treatment on which the clock of each subject starts."""
        if described.origin is None:
            return {p.id: 0 for p in self.people}
        origin = described.origin
        records = [
            (r["USUBJID"], r.get(origin.variable, ""))
            for r in self.made.get(origin.dataset, ())
            if (origin.parameter is None or r["PARAMCD"] == origin.parameter)
            and (not origin.values or r["AVALC"] in origin.values)
        ]
        firsts: dict[str, date] = {}
        for subject, day in records:
            if day:
                found = date.fromisoformat(day)
                firsts[subject] = min(found, firsts.get(subject, found))
        return {p.id: (firsts[p.id] - p.day0).days for p in self.people if p.id in firsts}

    def _parameter(self, name: str, parameter: str, described: dict[str, Variable]) -> Iterator[Row]:
        found = self.truth.plan.datasets[name].parameters[parameter]
        common = {"PARAMCD": parameter, "PARAM": found.label, "AVALU": found.unit or ""}
        if "AVALC" in described and ("AVAL" not in described or found.codelist):
            for person, visit, cell in assessed(self.truth, self.people, (name, parameter)):
                yield {**self._dated(person, visit.day), **common, "AVALC": cell, "AVAL": "", "VISIT": visit.name}
            return
        for person, visit, value in measured(self.truth, self.people, name, parameter):
            yield {
                **self._dated(person, visit.day),
                **common,
                "AVAL": value.value,
                "AVALC": value.value,
                "LLOQ": value.limit,
                "BLQFL": "Y" if value.below else "N",
                "VISIT": visit.name,
            }

    def _others(self, name: str, described: dict[str, Variable]) -> Iterator[Row]:
        """Yield one record a subject, or one a visit where the key says there are several."""
        several = set(key(name, self.truth.plan.datasets[name])) - {"USUBJID"}
        rng = self.truth.stream(name)
        planned = samples(self.truth.plan, name, "", named_only="VISIT" in described)
        for person in self.people:
            if person.first_treatment is None:
                continue
            days = [(v.day, v.name) for v in attended(person, planned, rng)] if several else [(0, "")]
            if name == "ADEX":
                # Treatment began on that day, so something was given then.
                days = [(0, "")]
            for number, (day, visit) in enumerate(days, start=1):
                row = {**self._dated(person, day), "VISIT": visit}
                of_key = {v: str(number) for v in several if v in described and described[v].type == "integer"}
                if {"ASTDT", "AENDT"} & described.keys():
                    row |= {"ASTDY": study_day(day), "AENDY": study_day(day)}
                dates = {v: shown_date(after(person.day0, day)) for v, d in described.items() if d.type == "date"}
                yield {**dates, **row, **of_key}

    def _dated(self, person: Person, day: int) -> Row:
        return {
            "STUDYID": self.truth.plan.study.id,
            "USUBJID": person.id,
            "ADT": shown_date(after(person.day0, day)),
            "ADY": study_day(day),
        }

    def _completed(self, name: str, rows: list[Row], described: dict[str, Variable]) -> Iterator[Row]:
        """Yield the records with the variables nothing above has made, drawn from their descriptions."""
        drawn: dict[str, list[str]] = {}
        for v in described.values():
            if all(v.name in r for r in rows):
                continue
            if v.type == "date":
                drawn[v.name] = [r["ADT"] for r in rows]
            else:
                drawn[v.name] = draw(self.truth, name, v, len(rows), self.truth.stream(name, "more", v.name))
        for i, row in enumerate(rows):
            yield {**{column: cells[i] for column, cells in drawn.items()}, **row}


def _distinct(rows: Sequence[Row], names: Sequence[str]) -> Iterator[Row]:
    """Yield the rows whose key was not seen before, by subject as they come."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        identity = tuple(row.get(n, "") for n in names)
        if not names or identity not in seen:
            seen.add(identity)
            yield row


def _has_clocks(dataset: Dataset) -> bool:
    """Return whether a time of a dataset may start at a record of another: then it is made after the others."""
    return any(p.origin is not None for p in dataset.parameters.values())
