"""The course of a measurement by the second route: the values of each subject and day, averaged and described."""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.trial.cells import a_date, a_number, days, equals, record_meets
from analysis.recompute.trial.derived import inside, quantity
from analysis.recompute.trial.described import spread
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, READ, ROOT, Promise, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.profile import Profile
from sap.model.datasets import variables


@dataclass(frozen=True)
class CourseSample(Sample):
    """What was measured of one parameter: subject by subject the days since first treatment with the values of each."""

    courses: Mapping[str, Mapping[int, tuple[Fraction, ...]]]
    limits: tuple[Fraction, ...] | None
    visits: tuple[str, ...] = ()
    """The visits by which it is described in place of days: the position of each, from 1, is its day."""

    def promises(self) -> Iterator[Promise]:
        """Yield the averages of each subject and day, their description day by day, and the highest median."""
        own = {s: {d: statistics.mean(v) for d, v in course.items()} for s, course in self.courses.items()}
        by_day: dict[int, list[Fraction]] = {i: [] for i, _ in enumerate(self.visits, start=1)}
        for course in own.values():
            for day, value in course.items():
                by_day.setdefault(day, []).append(value)
        medians = {d: statistics.median(v) for d, v in sorted(by_day.items()) if v and 2 * len(v) >= len(own)}
        top = max(medians, key=lambda day: (medians[day], -day), default=None)
        low = min(medians, key=lambda day: (medians[day], day), default=None)
        yield from self.give("profile", {"N": len(own), "n.values": sum(map(len, own.values()))}, COUNTED)
        for name, at in (("median.max", top), ("median.min", low)):
            yield from self.give("profile", {name: None if at is None else medians[at]}, FRACTIONS)
            stat, first = ("visit", at and self.visits[at - 1]) if self.visits else ("day", at)
            yield from self.give("profile", {f"{name}.{stat}": first}, COUNTED)
        if self.limits is not None:
            yield from self.give("profile", {"lloq": max(self.limits, default=None)}, READ)
        for day, values in sorted(by_day.items()):
            level = self.visits[day - 1] if self.visits else str(day)
            mean, median = (f(values) if values else None for f in (statistics.mean, statistics.median))
            yield from self.give("profile", {"n": len(values)}, COUNTED, level)
            yield from self.give("profile", {"mean": mean, "median": median}, FRACTIONS, level)
            yield from self.give("profile", {"sd": spread(tuple(values))}, ROOT, level)
        unit = "visit" if self.visits else "day"
        for subject, course in own.items():
            found = {f"{unit}.{d}": v for d, v in sorted(course.items())}
            yield from self.give("profile_subject", found, READ, subject)


def samples(cohort: Cohort, step: Profile) -> Iterator[Sample]:
    """Yield the values of a parameter by subject and day; a limit of quantification is that of a value that counts."""
    courses: dict[str, dict[int, tuple[Fraction, ...]]] = {}
    limits: list[Fraction] = []
    for subject in cohort.subjects:
        start = cohort.first_treatment(subject)
        for row in cohort.world.records(subject, step.dataset):
            day, value = days(start, a_date(row.get("ADT"))), quantity(row, step.below_quantification)
            if step.visits:
                named = (i for i, v in enumerate(step.visits, start=1) if equals(row.get(step.visit_name), v))
                day = next(named, None)
            if step.where is not None and not record_meets(row, step.where):
                continue
            if row.get("PARAMCD") != step.parameter or day is None or value is None:
                continue
            if step.window is not None and not inside(step.window, day):
                continue
            course = courses.setdefault(subject, {})
            course[day] = (*course.get(day, ()), value)
            limit = a_number(row.get("LLOQ"))
            limits += [] if limit is None else [limit]
    datasets = cohort.world.plan.datasets
    has_limit = step.dataset in datasets and any(
        v.name == "LLOQ" for v in variables(step.dataset, datasets[step.dataset])
    )
    yield CourseSample(cohort.on(step.parameter), courses, tuple(limits) if has_limit else None, step.visits)
