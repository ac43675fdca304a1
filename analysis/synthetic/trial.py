"""A whole synthetic trial: every dataset of a plan as the text of its file."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from analysis.synthetic.cells import Row, after, draw, shown_date, study_day
from analysis.synthetic.dose_limiting import toxicities
from analysis.synthetic.events import adverse_events
from analysis.synthetic.hints import Hints, hints
from analysis.synthetic.measured import measured
from analysis.synthetic.options import SyntheticOptions, Truth, stream, truth
from analysis.synthetic.people import Person, people
from analysis.synthetic.responses import assessed
from analysis.synthetic.subjects import subjects
from analysis.synthetic.times import times
from analysis.synthetic.visits import attended, first_assessment, samples
from sap.model.datasets import key, variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.plan.plan import Plan

TO_EVENT: Final = {"PARAMCD", "CNSR", "STARTDT", "AVAL", "ADT"}
"""What a dataset of times to event has."""


def synthetic_data(plan: Plan, options: SyntheticOptions) -> dict[str, str]:
    """Return a synthetic trial drawn from a plan alone."""
    drawn_from = truth(plan, options)
    named = hints(plan)
    enrolled = people(plan, drawn_from, first_assessment(plan))
    toxic = toxicities(plan, drawn_from, enrolled, named)
    trial = _Trial(plan, drawn_from, toxic.people, named)
    files = {}
    for name, dataset in sorted(plan.datasets.items(), key=lambda item: _has_clocks(item[1])):
        if name == "ADSL":
            rows = subjects(plan, drawn_from, toxic.people, named)
        elif name == "ADAE":
            rows = adverse_events(plan, drawn_from, toxic, named)
        else:
            rows = list(trial.records(name))
        trial.made[name] = list(_distinct(rows, key(name, dataset)))
        files[name] = _csv([v.name for v in variables(name, dataset)], trial.made[name])
    return {name: files[name] for name in plan.datasets}


@dataclass(frozen=True)
class _Trial:
    """The subjects, and what every dataset of records is drawn from."""

    plan: Plan
    truth: Truth
    people: Sequence[Person]
    hints: Hints
    made: dict[str, list[Row]] = field(default_factory=dict)
    """Records of the datasets that came before: a clock may start at one of them."""

    def records(self, name: str) -> Iterator[Row]:
        """Yield the records of a dataset other than ADSL and ADAE, by what its variables are."""
        dataset = self.plan.datasets[name]
        described = {v.name: v for v in variables(name, dataset)}
        if described.keys() >= TO_EVENT:
            made = [r for p in dataset.parameters for r in self._times(name, p)]
        elif {"PARAMCD", "ADT"} <= described.keys():
            made = [r for p in dataset.parameters for r in self._parameter(name, p, described)]
        else:
            made = list(self._others(name, described))
        yield from self._completed(name, made, described)

    def _times(self, name: str, parameter: str) -> Iterator[Row]:
        described = self.plan.datasets[name].parameters[parameter]
        origin = self.plan.conventions.origin_day
        starts = self._starts(described)
        for person, time in times(self.plan, self.truth, self.people, (name, parameter), starts):
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
        found = self.plan.datasets[name].parameters[parameter]
        common = {"PARAMCD": parameter, "PARAM": found.label, "AVALU": found.unit or ""}
        if "AVALC" in described and ("AVAL" not in described or found.codelist):
            for person, visit, cell in assessed(self.plan, self.truth, self.people, (name, parameter), self.hints):
                yield {**self._dated(person, visit.day), **common, "AVALC": cell, "AVAL": "", "VISIT": visit.name}
            return
        for person, visit, value in measured(self.plan, self.truth, self.people, name, parameter):
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
        several = set(key(name, self.plan.datasets[name])) - {"USUBJID"}
        rng = stream(self.truth.seed, name)
        planned = samples(self.plan, name, "", named_only="VISIT" in described)
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
            "STUDYID": self.plan.study.id,
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
            place = (name, v.name)
            rng = stream(self.truth.seed, name, "more", v.name)
            named, grouped = self.hints.named.get(place, ()), self.hints.grouped.get(place, ())
            size = len(rows)
            drawn[v.name] = (
                [r["ADT"] for r in rows]
                if v.type == "date"
                else draw(v, size, rng, named=named, grouped=grouped, missing=self.truth.missing)
            )
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


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[c] for c in columns] for row in rows)
    return out.getvalue()
