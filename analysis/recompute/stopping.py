"""The posterior of a proportion by the second route: what the rule asks, the order, the boundary by trial."""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from analysis.recompute.exact.beta import above, quantile
from analysis.recompute.samples import Place, PosteriorSample, Promise, Value
from analysis.recompute.trial.records import exact

COUNTED = "counted"
NOTED = "the plan's option"
WHOLE = "exact binomial tail sum (power series of the incomplete beta function where a parameter is not whole)"
SERIES = "bisection on the power series of the incomplete beta function"
FRACTIONS = "exact fractions"
CLOSE = Fraction(1, 10**12)


def posteriors(sample: PosteriorSample) -> Iterator[Promise]:
    """Yield the statistics of a posterior."""
    yield from _whole(sample)
    for look in sample.looks:
        at = replace(sample.place, variable_level=str(look))
        least = next((x for x in range(look + 1) if _stops(sample, x, look)), None)
        enough, seen = look <= len(sample.events), sum(sample.events[:look])
        yield _one(at, "posterior_look", "stop.at", least, "each number of events tried")
        yield _one(at, "posterior_look", "n", seen if enough else None, COUNTED)
        yield _one(at, "posterior_look", "prob.above", _above(sample, seen, look) if enough else None, WHOLE)
        yield _one(at, "posterior_look", "reached", _said(sample, seen, look) if enough else None, WHOLE)
    seen = 0
    for evaluated, event in enumerate(sample.events, start=1):
        at = replace(sample.place, variable_level=str(evaluated))
        seen += event
        yield _one(at, "posterior_sequence", "n", seen, COUNTED)
        yield _one(at, "posterior_sequence", "prob.above", _above(sample, seen, evaluated), WHOLE)


def _whole(sample: PosteriorSample) -> Iterator[Promise]:
    n, x = len(sample.events), sum(sample.events)
    a, b = sample.prior[0] + x, sample.prior[1] + n - x
    tail = float(1 - exact(sample.conf_level)) / 2
    first, second = float(a), float(b)
    values: dict[str, tuple[Value, str]] = {
        "a": (a, FRACTIONS),
        "b": (b, FRACTIONS),
        "mean": (a / (a + b), FRACTIONS),
        "median": (quantile(first, second, 0.5), SERIES),
        "sd": (math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))), f"{FRACTIONS}, one square root"),
        "conf.low": (quantile(first, second, tail), SERIES),
        "conf.high": (1 - quantile(second, first, tail), SERIES),
        "prob.above": (_above(sample, x, n), WHOLE),
    }
    if sample.probability is not None:
        met = (f"after {k} subjects" for k in sample.looks if k <= n and _stops(sample, sum(sample.events[:k]), k))
        values |= {"reached": (_said(sample, x, n), WHOLE), "first.stop": (next(met, "none"), WHOLE)}
    if not n:
        values = {name: (None, route) for name, (_, route) in values.items()}
    noted: dict[str, Value] = {
        "prior.a": sample.prior[0],
        "prior.b": sample.prior[1],
        "conf.level": sample.conf_level,
        "threshold": sample.threshold,
    }
    if sample.probability is not None:
        noted["probability"] = sample.probability
    yield _one(sample.place, "posterior", "n", x, COUNTED)
    yield _one(sample.place, "posterior", "N", n, COUNTED)
    for name, value in noted.items():
        yield _one(sample.place, "posterior", name, value, NOTED)
    for name, (found, route) in values.items():
        yield _one(sample.place, "posterior", name, found, route)


def _above(sample: PosteriorSample, events: int, evaluated: int) -> Fraction | float:
    a, b = sample.prior
    return above(a + events, b + evaluated - events, sample.threshold)


def _stops(sample: PosteriorSample, events: int, evaluated: int) -> bool:
    return sample.probability is not None and _above(sample, events, evaluated) >= sample.probability - CLOSE


def _said(sample: PosteriorSample, events: int, evaluated: int) -> str:
    return "yes" if _stops(sample, events, evaluated) else "no"


def _one(place: Place, context: str, name: str, value: Value, route: str) -> Promise:
    return Promise(place, context, place.variable_level, name, value, route)
