"""Numbers as they are printed: every value that rounds to one, either way of a half; and what a statement publishes."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction as Exact
from functools import singledispatch
from math import ceil, floor

from sap.facts import values


@dataclass(frozen=True)
class Span:
    """An interval of exact numbers, both ends included."""

    low: Exact
    high: Exact

    def holds(self, value: Exact) -> bool:
        """Return whether a value lies in it."""
        return self.low <= value <= self.high

    def meets(self, other: "Span") -> bool:
        """Return whether two intervals have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def multiples(self, step: Exact) -> range:
        """Return the whole numbers k for which k times `step` lies in it."""
        return range(ceil(self.low / step), floor(self.high / step) + 1)

    def counts(self, whole: int) -> range:
        """Return the counts out of `whole` whose percentage lies in it."""
        found = self.multiples(Exact(100, whole))
        return range(max(found.start, 0), min(found.stop, whole + 1))


def decimals(printed: Decimal) -> int:
    """Return how many decimals a number is printed with."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def unit(printed: Decimal) -> Exact:
    """Return the size of one unit of the last printed digit after the point; 1 for a whole number."""
    return Exact(1, 10 ** decimals(printed))


def span(printed: Decimal) -> Span:
    """Return the values that a printed number can stand for: half a unit of its last digit to either side."""
    return Span(Exact(printed) - unit(printed) / 2, Exact(printed) + unit(printed) / 2)


def rounded(value: Exact, places: int) -> str:
    """Return an exact number with a fixed count of decimals, halves away from zero."""
    whole = floor(abs(value) * 10**places + Exact(1, 2))
    digits = str(whole).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"−{text}" if value < 0 and whole else text


def percent(value: Exact, places: int) -> str:
    """Return a percentage; with as many more decimals as tell it from 0 and from 100, where it is neither."""
    while value not in {0, 100} and rounded(value, places) in {rounded(Exact(0), places), rounded(Exact(100), places)}:
        places += 1
    return f"{rounded(value, places)}%"


@singledispatch
def published(value: object) -> str:
    """Return the value of a statement as a reader finds it in the paper; empty where it gives none."""
    raise TypeError(value)


@published.register
def _(value: values.Fraction) -> str:
    count = "" if value.numerator is None else str(value.numerator)
    if value.denominator is not None:
        count = f"{count}/{value.denominator}" if count else f"of {value.denominator}"
    percent = "" if value.percent is None else f"{value.percent}%"
    return _parts(f"{count} ({percent})" if count and percent else count or percent, _interval(value.interval, "%"))


@published.register
def _(value: values.Subjects) -> str:
    fraction = values.Fraction.model_construct(**{k: getattr(value, k) for k in values.Fraction.model_fields})
    return _parts(", ".join(value.subjects), published(fraction) if value.numerator is not None else "")


@published.register
def _(value: values.Median) -> str:
    return _parts(_with_range(f"median {value.median}", value), _interval(value.interval))


@published.register
def _(value: values.Mean) -> str:
    middle = f"mean {value.mean}{'' if value.sd is None else f' ± {value.sd}'}"
    return _parts(_with_range(middle, value), _interval(value.interval))


@published.register
def _(value: values.Range) -> str:
    return _unit(_range(value), value.unit)


@published.register
def _(value: values.Comparison) -> str:
    groups = " v ".join(f"{g.label} ({g.n})" if g.n is not None else g.label for g in value.groups)
    p = f"p = {value.p}" if value.p is not None else f"p < {value.p_less_than}" if value.p_less_than is not None else ""
    return _parts(p, groups, value.test, value.direction)


@published.register
def _(value: values.Endpoint) -> str:
    return f"{value.endpoint} ({value.rank})"


@published.register
def _(value: values.Stated) -> str:
    return "; ".join(f"{name}: {said}" for name, said in value.stated.items())


@published.register
def _(value: values.Subject) -> str:
    return _parts(value.subject, _stated(value))


@published.register
def _(value: values.Figure) -> str:
    return _parts(f"panel {value.panel}" if value.panel else "", ", ".join(value.subjects), _stated(value))


def _stated(value: values.Stated) -> str:
    return published(values.Stated(stated=value.stated))


def _parts(*texts: str) -> str:
    return "; ".join(t for t in texts if t)


def _interval(value: values.Interval | None, unit: str = "") -> str:
    if value is None:
        return ""
    method = f" ({value.method})" if value.method else ""
    return f"{value.level}% CI {value.low}{unit} to {value.high}{unit}{method}"


def _unit(text: str, unit: str) -> str:
    return f"{text}{'' if unit == '%' else ' '}{unit}" if unit and text else text


def _range(value: values.Range | values.Summary) -> str:
    if value.min is None:
        return "" if value.max is None else f"at most {value.max}"
    return f"at least {value.min}" if value.max is None else f"{value.min}–{value.max}"


def _with_range(middle: str, value: values.Summary) -> str:
    limits = _range(value)
    if value.unit == "%":
        return f"{middle}% ({limits}%)" if limits else f"{middle}%"
    return _unit(f"{middle} ({limits})" if limits else middle, value.unit)
