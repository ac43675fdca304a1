"""Numbers as they are printed: the one place that rounds.

Rounding is half away from zero on the decimal value, as SAS and most journals do; Python's own formatting rounds
half to even on the binary value (0.125 to 0.12, 2.675 to 2.67).
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from analysis.results.ard import HALVES, ONGOING, RECORD, Row, number_text

NOT_ESTIMABLE = "NE"
NO_VALUE = "no value"
BY_SUBJECT = "subject"
"""Part of a method whose rows are values of subjects: where one is missing, nothing was to be estimated."""
MINUS = "−"
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Wide enough for every finite double."""


def rounded(value: float, places: int) -> str:
    """Return a number with a fixed count of decimals, rounded half away from zero."""
    return _fixed(Decimal(number_text(value)), places)


def _fixed(value: Decimal, places: int) -> str:
    exact = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    shown = f"{abs(exact):f}"
    return MINUS + shown if exact < 0 else shown


def percent(share: float, places: int = 1) -> str:
    """Return a share in percent: "0.0%" of none and "100.0%" of all, and "<0.1%" or ">99.9%" of nearly so.

    A share that agrees with none or with all in 15 significant digits is that.
    """
    value, least = Decimal(number_text(share)).scaleb(2, _EXACT), Decimal(1).scaleb(-places)
    if 0 < value < least / 2:
        return f"<{least}%"
    if 100 - least / 2 <= value < 100:
        return f">{100 - least}%"
    return f"{_fixed(value, places)}%"


def stated(share: float) -> str:
    """Return a share that the plan states in percent, as exact as it is stated: "95%", "97.5%", "99.9%".

    So is every level of confidence printed, and every probability and rate that is a rule's.
    """
    return f"{number_text(100 * share)}%"


def bound_name(level: str) -> str:
    """Return what a bound is called wherever it is printed; beside a two-sided interval its level alone says little."""
    return f"one-sided {level} upper bound"


def p_value(value: float, digits: int = 3) -> str:
    """Return a p-value with `digits` decimals, or "<0.001" where it would show as zero; near one it rounds, as SAS."""
    smallest = Decimal(1).scaleb(-digits)
    return f"<{smallest}" if Decimal(number_text(value)) < smallest else rounded(value, digits)


def p_equals(row: Row, digits: int) -> str:
    """Return a p-value as it follows "p" in a sentence: "= 0.173", "< 0.001"."""
    text = shown(row, digits)
    return text.replace("<", "< ") if text.startswith("<") else f"= {text}"


def how_many(n: int, what: str) -> str:
    """Return a count with its noun: "1 error", "2 errors"."""
    return f"{n} {what}{'' if n == 1 else 's'}"


def formatted(value: float | None, fmt: str, p_digits: int = 3) -> str:
    """Return a statistic as its format says."""
    if value is None:
        return NOT_ESTIMABLE
    if math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    if fmt == "p":
        return p_value(value, p_digits)
    if not fmt:
        return number_text(value).replace("-", MINUS)
    if fmt == "%":
        return stated(value)
    if fmt == HALVES:
        return rounded(value, 1).removesuffix(".0")
    places = len(fmt.removesuffix("%").partition(".")[2])
    return percent(value, places) if fmt.endswith("%") else rounded(value, places)


def shown(row: Row, p_digits: int = 3) -> str:
    """Return a row of the ARD as it is printed; text stands as it is, and in the place of a number it is beside."""
    if no_value(row):
        return ONGOING if row.error.endswith(f": {ONGOING}") else NO_VALUE
    if row.stat_text or (row.stat is None and not row.error):
        return row.stat_text
    return formatted(row.stat, row.fmt, p_digits)


def no_value(row: Row) -> bool:
    """Return whether a row is the missing value of a subject, or what a record of a subject lacks."""
    return row.context in {BY_SUBJECT, RECORD} and row.stat is None and not row.stat_text
