"""The statistics of a sample by the second route."""

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from analysis.recompute.association import association
from analysis.recompute.dated import statistics_of_records
from analysis.recompute.exact.arrangements import Arrangements, TooManyError, middle_shift, wins
from analysis.recompute.exact.effect_limits import effect_limits
from analysis.recompute.exact.exact_binomial import lower_limit, upper_limit
from analysis.recompute.incidence import incidences
from analysis.recompute.samples import (
    AssociationSample,
    BinomialSample,
    CausesSample,
    CountSample,
    CourseSample,
    EventsSample,
    ListedSample,
    PairSample,
    PosteriorSample,
    Promise,
    RecordsSample,
    Sample,
    SizeSample,
    StatesSample,
    TimesSample,
    Untried,
    Value,
    ValuesSample,
)
from analysis.recompute.states import states
from analysis.recompute.stopping import posteriors
from analysis.recompute.survival import survival
from analysis.recompute.trial.records import exact

COUNTED = "counted"
NOTED = "the plan's option"
BISECTED = "bisection on the exact binomial tail sum"
COUNTED_OUT = "every arrangement of the labels counted, listed where they are few"
INVERTED = "every shift between two differences tested, from both ends inwards, with every arrangement counted"
PAIRS = "pairs counted"
SOLVED = "Newcombe's method 5 equation, by bisection"
FRACTIONS = "exact fractions"


def _one(sample: Sample, context: str, name: str, value: Value, route: str) -> Promise:
    return Promise(sample.place, context, sample.place.variable_level, name, value, route)


def _size(sample: SizeSample) -> Iterator[Promise]:
    yield _one(sample, sample.context, "N", sample.size, COUNTED)


def _count(sample: CountSample) -> Iterator[Promise]:
    yield _one(sample, sample.context, "n", sample.count, COUNTED)
    yield _one(sample, sample.context, "N", sample.size, COUNTED)
    if sample.share:
        yield _one(sample, sample.context, "p", _share(sample), FRACTIONS)


def _events(sample: EventsSample) -> Iterator[Promise]:
    if sample.place.variable == "USUBJID":
        yield _one(sample, "adverse_events", "N", sample.size, COUNTED)
    worst = [max(grades) for grades in sample.grades if grades]
    counts = {
        "": len(sample.grades),
        ".severe": sum(grade >= sample.severe for grade in worst),
        ".related": sum(sample.related),
    }
    for name, count in counts.items():
        share = Fraction(count, sample.size) if sample.size else None
        yield _one(sample, "adverse_events", f"n{name}", count, COUNTED)
        yield _one(sample, "adverse_events", f"p{name}", share, FRACTIONS)
    for grade in range(1, 6):
        yield _one(sample, "adverse_events", f"n.grade{grade}", worst.count(Fraction(grade)), COUNTED)
    if sample.ungraded:
        yield _one(sample, "adverse_events", "n.nograde", len(sample.grades) - len(worst), COUNTED)


def _course(sample: CourseSample) -> Iterator[Promise]:
    """Yield the averages of each subject and day, their description day by day, and the highest median."""
    own = {s: {d: statistics.mean(v) for d, v in course.items()} for s, course in sample.courses.items()}
    by_day: dict[int, list[Fraction]] = {}
    for course in own.values():
        for day, value in course.items():
            by_day.setdefault(day, []).append(value)
    medians = {d: statistics.median(v) for d, v in sorted(by_day.items()) if 2 * len(v) >= len(own)}
    top = max(medians, key=lambda day: (medians[day], -day), default=None)
    low = min(medians, key=lambda day: (medians[day], day), default=None)
    yield _one(sample, "profile", "N", len(own), COUNTED)
    yield _one(sample, "profile", "n.values", sum(map(len, own.values())), COUNTED)
    yield _one(sample, "profile", "median.max", None if top is None else medians[top], FRACTIONS)
    yield _one(sample, "profile", "median.max.day", top, COUNTED)
    yield _one(sample, "profile", "median.min", None if low is None else medians[low], FRACTIONS)
    yield _one(sample, "profile", "median.min.day", low, COUNTED)
    if sample.limits is not None:
        yield _one(sample, "profile", "lloq", max(sample.limits, default=None), "records, read again")
    for day, values in sorted(by_day.items()):
        on_day = replace(sample, place=replace(sample.place, variable_level=str(day)))
        spread = math.sqrt(statistics.variance(values)) if len(values) > 1 else None
        yield _one(on_day, "profile", "n", len(values), COUNTED)
        yield _one(on_day, "profile", "mean", statistics.mean(values), FRACTIONS)
        yield _one(on_day, "profile", "sd", spread, f"{FRACTIONS}, one square root")
        yield _one(on_day, "profile", "median", statistics.median(values), FRACTIONS)
    for subject, course in own.items():
        of_subject = replace(sample, place=replace(sample.place, variable_level=subject))
        for day, value in sorted(course.items()):
            yield _one(of_subject, "profile_subject", f"day.{day}", value, "records, read again")


def _share(sample: CountSample | BinomialSample) -> Fraction | None:
    return Fraction(sample.count, sample.size) if sample.size else None


def _listed(sample: ListedSample) -> Iterator[Promise]:
    value = sample.value
    told = value if value is None or isinstance(value, str | Fraction) else value.isoformat()
    yield _one(sample, "subject", "value", told, "plan and records, read again")


def _binomial(sample: BinomialSample) -> Iterator[Promise]:
    k, n, level = sample.count, sample.size, sample.step.conf_level
    tail = float(1 - exact(level))
    yield _one(sample, "proportion", "n", k, COUNTED)
    yield _one(sample, "proportion", "N", n, COUNTED)
    yield _one(sample, "proportion", "estimate", _share(sample), FRACTIONS)
    yield _one(sample, "proportion", "conf.low", lower_limit(k, n, tail / 2) if n else None, BISECTED)
    yield _one(sample, "proportion", "conf.high", upper_limit(k, n, tail / 2) if n else None, BISECTED)
    yield _one(sample, "proportion", "conf.level", level, NOTED)
    if sample.step.upper_bound:
        context = "proportion_upper_bound"
        yield _one(sample, context, "conf.high", upper_limit(k, n, tail) if n else None, BISECTED)
        yield _one(sample, context, "conf.level", level, NOTED)


def _description(sample: ValuesSample) -> Iterator[Promise]:
    values = sample.values
    yield _one(sample, "summary", "n", len(values), COUNTED)
    yield _one(sample, "summary", "n.missing", sample.n_missing, COUNTED)
    yield _one(sample, "summary", "mean", statistics.mean(values) if values else None, FRACTIONS)
    spread = math.sqrt(statistics.variance(values)) if len(values) > 1 else None
    yield _one(sample, "summary", "sd", spread, f"{FRACTIONS}, one square root")
    yield _one(sample, "summary", "median", statistics.median(values) if values else None, FRACTIONS)
    yield _one(sample, "summary", "min", min(values, default=None), FRACTIONS)
    yield _one(sample, "summary", "max", max(values, default=None), FRACTIONS)
    yield _one(sample, "summary", "N", len(values) + sample.n_missing, COUNTED)


def _comparison(sample: PairSample) -> Iterator[Promise]:
    first, second, step = sample.first, sample.second, sample.step
    # Values that are all equal compare nothing: R's wilcox.test gives NaN.
    both = bool(first and second) and len({*first, *second}) > 1
    won = wins(first, second) if both else None
    superiority = won / (len(first) * len(second)) if won is not None else None
    test = Arrangements()

    def if_both(make: Callable[[], Value]) -> Value:
        return _tried(make) if both else None

    p = if_both(lambda: test.p_value(first, second, step.two_sided))
    least = if_both(lambda: test.smallest_p(first, second, step.two_sided))
    low: Value = None
    high: Value = None
    if both:
        try:
            low, high = test.interval(first, second, step.two_sided, 1 - exact(step.conf_level))
        except TooManyError as error:
            low = high = Untried(str(error))
    yield _one(sample, "rank_test", "statistic", won, PAIRS)
    yield _one(sample, "rank_test", "p.value", p, COUNTED_OUT)
    yield _one(sample, "rank_test", "p.value.min", least, COUNTED_OUT)
    yield _one(sample, "shift", "estimate", middle_shift(first, second) if both else None, PAIRS)
    yield _one(sample, "shift", "conf.low", low, INVERTED)
    yield _one(sample, "shift", "conf.high", high, INVERTED)
    yield _one(sample, "shift", "conf.level", step.conf_level, NOTED)
    yield from _effects(sample, superiority)


def _effects(sample: PairSample, superiority: Fraction | None) -> Iterator[Promise]:
    level = sample.step.conf_level
    for name, scale, start in (("rank.biserial", 2, -1), ("prob.superiority", 1, 0)):
        if superiority is None:
            shown: tuple[Value, Value, Value] = None, None, None
        else:
            low, high = effect_limits(superiority, len(sample.first), len(sample.second), level)
            shown = scale * superiority + start, scale * low + start, scale * high + start
        yield _one(sample, "effect", name, shown[0], PAIRS)
        yield _one(sample, "effect", f"{name}.conf.low", shown[1], SOLVED)
        yield _one(sample, "effect", f"{name}.conf.high", shown[2], SOLVED)
    yield _one(sample, "effect", "conf.level", level, NOTED)


def _tried(make: Callable[[], Value]) -> Value:
    try:
        return make()
    except TooManyError as error:
        return Untried(str(error))


STATISTICS: Final[Mapping[type, Callable[[Any], Iterator[Promise]]]] = {
    AssociationSample: association,
    BinomialSample: _binomial,
    CausesSample: incidences,
    CountSample: _count,
    CourseSample: _course,
    EventsSample: _events,
    ListedSample: _listed,
    PairSample: _comparison,
    PosteriorSample: posteriors,
    RecordsSample: statistics_of_records,
    SizeSample: _size,
    StatesSample: states,
    TimesSample: survival,
    ValuesSample: _description,
}
"""What is computed of each kind of sample; a test holds this list to the kinds."""


def statistics_of(sample: Sample) -> Iterator[Promise]:
    """Return every statistic that the plan promises of a sample."""
    return STATISTICS[type(sample)](sample)
