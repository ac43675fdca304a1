"""The intervals that papers give for a proportion and for a mean, by name, to hold a printed one against them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction as Exact
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import Final

from scipy.stats import t as student

from analysis.concordance.printed import Span, percent, span
from analysis.methods.common import Interval as Computed
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.intervals import BinomialMethod, binomial_interval, jeffreys, wilson
from analysis.results.ard import number_text
from sap.facts.values import Interval, Mean

Limits = tuple[float, float]
_PERCENT: Final = 100
_LARGE: Final = 10_000
"""Subjects from which on the intervals that are searched for are left out."""
_SLACK: Final = 1e-9
"""What a limit at a rounding edge may lie beyond it by floating point, in percent."""


_SOME_EXACT: Final = r"^(?!.*(clopper|pearson|mid)).*exact"
"""An exact interval that is not said to be whose."""
_OTHER: Final = r"bootstrap|kaplan|greenwood|stratif|cluster|stage|sequential|survey|weight|log[- ]log"
"""Intervals that the counts alone do not settle, whatever else their name says."""


@dataclass(frozen=True)
class UsualInterval:
    """An interval for a proportion."""

    name: str
    """As it stands in a sentence."""
    known_by: str
    """Regular expression of the names that papers give it."""
    limits: Callable[[int, int, float], Limits | None]
    """Events, subjects and level to the limits as proportions; None where it does not exist."""


def wald(x: int, n: int, level: float, *, continuity: bool = False) -> Limits:
    r"""Return :math:`\hat p \pm z \sqrt{\hat p (1 - \hat p)/n}`, half a subject wider with the correction.

    Not limited to [0, 1]: papers print both, and the limited one is that of `usual_limits`.
    """
    p = x / n
    reach = _z(level) * sqrt(p * (1 - p) / n) + (1 / (2 * n) if continuity else 0)
    return p - reach, p + reach


def logit(x: int, n: int, level: float) -> Limits | None:
    r"""Return the Wald interval of the log odds, :math:`\log(x/(n-x)) \pm z\sqrt{1/x + 1/(n-x)}`, as proportions."""
    if not 0 < x < n:
        return None
    middle, reach = log(x / (n - x)), _z(level) * sqrt(1 / x + 1 / (n - x))
    return 1 / (1 + exp(reach - middle)), 1 / (1 + exp(-reach - middle))


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def _by(method: BinomialMethod, most: float = inf) -> Callable[[int, int, float], Limits | None]:
    """Return the interval of a method; of more subjects than `most`, none: one that is searched for takes too long."""
    return lambda x, n, level: _pair(binomial_interval(x, n, level, method)) if n <= most else None


def _pair(found: Computed) -> Limits:
    return found.conf_low, found.conf_high


def _one_sided(x: int, n: int, level: float) -> Limits | None:
    """Return the one-sided bound that some programs give where none or all had the event."""
    return None if 0 < x < n else _pair(clopper_pearson(x, n, level, "upper" if x == 0 else "lower"))


USUAL: Final = (
    UsualInterval("Clopper–Pearson", r"clopper|pearson|exact(?!.*mid)", _by("clopper-pearson")),
    UsualInterval("Clopper–Pearson, one-sided", r"clopper|pearson|exact(?!.*mid)|one[- ]sided", _one_sided),
    UsualInterval("Wilson", r"wilson|score", _by("wilson")),
    UsualInterval(
        "Wilson with continuity correction",
        r"wilson|score|continuity",
        lambda x, n, c: _pair(wilson(x, n, c, continuity=True)),
    ),
    UsualInterval("Wald", r"(?<!adjusted )wald|normal|asymptotic", wald),
    UsualInterval(
        "Wald with continuity correction",
        r"(?<!adjusted )wald|normal|asymptotic|continuity",
        lambda x, n, c: wald(x, n, c, continuity=True),
    ),
    UsualInterval("Agresti–Coull", r"agresti|coull|adjusted wald", _by("agresti-coull")),
    UsualInterval("Jeffreys", r"jeffreys?", _by("jeffreys")),
    UsualInterval(
        "Jeffreys without its boundary rule",
        r"jeffreys?",
        lambda x, n, c: _pair(jeffreys(x, n, c, boundary_rule=False)),
    ),
    UsualInterval("mid-P", r"mid", _by("mid-p")),
    UsualInterval("Blaker", rf"blaker|{_SOME_EXACT}", _by("blaker", _LARGE)),
    UsualInterval(
        "minimum likelihood", rf"stern|minimum[- ]likelihood|{_SOME_EXACT}", _by("minimum-likelihood", _LARGE)
    ),
    UsualInterval("logit", r"logit|log[- ]odds", logit),
)


def intervals_named(method: str) -> tuple[UsualInterval, ...]:
    """Return the intervals that a paper may mean by a name; none where it is of another kind."""
    if re.search(_OTHER, method, re.IGNORECASE):
        return ()
    return tuple(u for u in USUAL if re.search(u.known_by, method, re.IGNORECASE))


def matching(printed: Interval, x: int, n: int, among: tuple[UsualInterval, ...] = USUAL) -> tuple[UsualInterval, ...]:
    """Return which intervals of x among n are the printed one, to its digits."""
    return tuple(u for u in among if _is(printed, u.limits(x, n, float(printed.level) / _PERCENT)))


def _is(printed: Interval, limits: Limits | None) -> bool:
    if limits is None:
        return False
    within = (max(0.0, limits[0]), min(1.0, limits[1]))
    return any(
        all(
            span(p).low - Exact(_SLACK) <= Exact(_PERCENT * limit) <= span(p).high + Exact(_SLACK)
            for p, limit in zip((printed.low, printed.high), pair, strict=True)
        )
        for pair in (limits, within)
    )


def limits_text(usual: UsualInterval, x: int, n: int, level: float, places: int = 1) -> str:
    """Return an interval in percent, in words; empty where it does not exist."""
    limits = usual.limits(x, n, level)
    if limits is None:
        return ""
    within = (Exact(number_text(_PERCENT * max(0.0, min(1.0, limit)))) for limit in limits)
    return " to ".join(percent(limit, places) for limit in within)


def clopper_pearson_95(x: int, n: int) -> str:
    """Return the planned interval of this house, in words."""
    return f"the Clopper–Pearson 95% interval is {limits_text(USUAL[0], x, n, 0.95, 0)}"


def limits_of_mean(value: Mean, level: float) -> dict[str, tuple[Span, Span]]:
    """Return where the limits of a mean's interval may lie, by the distribution that gives the quantile.

    Mean and deviation stand for all that rounds to them, so that each limit is a span.
    """
    if value.n is None or value.n < 2 or value.sd is None or value.sd < 0:
        return {}
    mean, sd = span(value.mean), span(value.sd)
    quantiles = {"Student's t": float(student.ppf((1 + level) / 2, value.n - 1)), "the normal distribution": _z(level)}
    found = {}
    for name, q in quantiles.items():
        narrow, wide = (Exact(q) * max(Exact(0), s) / Exact(sqrt(value.n)) for s in (sd.low, sd.high))
        found[name] = (Span(mean.low - wide, mean.high - narrow), Span(mean.low + narrow, mean.high + wide))
    return found
