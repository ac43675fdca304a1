"""The Kaplan-Meier curve as exact fractions, by counting who is at risk."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

Band = tuple[float | None, float | None]
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Point:
    """The curve at one observed time."""

    time: Fraction
    n_risk: int
    n_event: int
    n_censor: int
    survival: Fraction
    greenwood: Fraction | None
    """Sum of d / (n (n - d)) so far; None once everybody at risk has had the event."""


def curve(times: Sequence[Fraction], events: Sequence[bool]) -> tuple[Point, ...]:
    """Return the product-limit estimate at each distinct observed time."""
    points: list[Point] = []
    survival, variance = Fraction(1), Fraction(0)
    whole, n = True, len(times)
    left = Counter(times)
    failed = Counter(x for x, e in zip(times, events, strict=True) if e)
    for t in sorted(left):
        d, c = failed[t], left[t] - failed[t]
        survival *= 1 - Fraction(d, n)
        whole = whole and d < n
        if whole:
            variance += Fraction(d, n * (n - d))
        points.append(Point(t, n, d, c, survival, variance if whole else None))
        n -= d + c
    return tuple(points)


def band(point: Point, conf_type: str, conf_level: float) -> Band:
    """Return the pointwise interval of a survival probability on the planned scale."""
    if point.greenwood is None or point.survival == 0:
        return None, None
    if point.survival == 1:
        return (1.0, 1.0) if conf_type in {"plain", "log"} else (None, None)
    s = float(point.survival)
    # Standard error of log S; every other scale follows from it by the delta method.
    reach = NormalDist().inv_cdf((1 + conf_level) / 2) * math.sqrt(point.greenwood)
    match conf_type:
        case "plain":
            return max(0.0, s - s * reach), min(1.0, s + s * reach)
        case "log":
            return s * math.exp(-reach), min(1.0, s * math.exp(reach))
        case "log-log":
            power = math.exp(reach / abs(math.log(s)))
            return s**power, s ** (1 / power)
        case "logit":
            odds, factor = s / (1 - s), math.exp(reach / (1 - s))
            return odds / factor / (1 + odds / factor), odds * factor / (1 + odds * factor)
        case _:
            angle, width = math.asin(math.sqrt(s)), reach / 2 * math.sqrt(s / (1 - s))
            return math.sin(max(0.0, angle - width)) ** 2, math.sin(min(math.pi / 2, angle + width)) ** 2


def median_of(steps: Sequence[tuple[Fraction, Fraction | float | None]], rule: str) -> Fraction | None:
    """Return the time at which a falling step function crosses one half."""
    known = [(t, v) for t, v in steps if v is not None]
    if rule == "midpoint":
        # An upper limit can rise again: R looks a value up among the values, not along time.
        known.sort(key=lambda step: (-step[1], step[0]))
    left = next((t for t, v in known if v <= HALF), None)
    right = next((t for t, v in known if v < HALF), None)
    if left is None or rule == "left":
        return left
    if rule == "right":
        return right
    if steps[-1][1] == HALF:
        ends = {"midpoint": (left + steps[-1][0]) / 2, "table": left}
        return ends.get(rule)
    return None if right is None else (left + right) / 2
