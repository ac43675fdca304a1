"""What methods of several families share: an estimate and its limits, an interval, checks of what is put in."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Literal, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Sides = Literal["two-sided", "lower", "upper"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_Choice = TypeVar("_Choice", bound=str)
_LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True)
class Interval:
    """A confidence (or credible) interval, with the label without which it cannot be read.

    Attributes
    ----------
    conf_low, conf_high : float
        Limits, in the unit of the estimate; a limit that does not exist is the edge of the parameter space
        (0 or 1 for a proportion, plus or minus infinity for a shift).
    conf_level : float
        Confidence level, in (0, 1); for a one-sided bound, the level of that bound.
    conf_type : str
        Name of the method, with the side where it is one-sided ("clopper-pearson, one-sided upper").
    """

    conf_low: float
    conf_high: float
    conf_level: float
    conf_type: str


def check_level(conf_level: float) -> float:
    """Return a confidence level as a float, or say why it is not one."""
    level = check_real(conf_level, "conf_level")
    if not 0 < level < 1:
        raise ValueError(f"conf_level must be strictly between 0 and 1 (0.95 for 95%), not {conf_level!r}.")
    return level


def check_probability(value: float, name: str) -> float:
    """Return a probability as a float."""
    probability = check_real(value, name)
    if not 0 <= probability <= 1:
        raise ValueError(f"{name} must be a probability between 0 and 1, not {value!r}.")
    return probability


def check_positive(value: float, name: str) -> float:
    """Return a finite number above zero as a float."""
    number = check_real(value, name)
    if not (np.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be a finite number above 0, not {value!r}.")
    return number


def check_count(value: float, name: str) -> int:
    """Return a count (0, 1, 2, ...) as an int."""
    number = check_real(value, name)
    if not np.isfinite(number) or number != int(number) or number < 0:
        raise ValueError(f"{name} must be a whole number, 0 or more, not {value!r}.")
    if number > _LARGEST_COUNT:
        raise ValueError(f"{name} must be below 2^31, not {value!r}.")
    return int(number)


def check_counts(x: float, n: float) -> tuple[int, int]:
    """Return events and subjects as ints."""
    events, subjects = check_count(x, "x"), check_count(n, "n")
    if subjects == 0:
        raise ValueError("n must be at least 1: a proportion of no subjects does not exist.")
    if events > subjects:
        raise ValueError(f"x must not exceed n: {events} events among {subjects} subjects.")
    return events, subjects


def check_choice(value: _Choice, choices: tuple[_Choice, ...], name: str) -> _Choice:
    """Return the name of a rule or definition if it is one that exists."""
    # A missing value of pandas cannot even be looked for.
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}.")
    return value


def check_sample(values: ArrayLike, name: str) -> Floats:
    """Return one group's measurements as a float array, shape (n,), n at least 1."""
    sample = check_vector(values, name)
    if sample.size == 0:
        raise ValueError(f"{name} is empty: a group needs at least one value.")
    if not np.isfinite(sample).all():
        where = np.flatnonzero(~np.isfinite(sample)).tolist()
        raise ValueError(f"{name} has missing or infinite values at positions {where}: remove or replace them first.")
    return sample


def check_vector(values: ArrayLike, name: str) -> Floats:
    """Return values as a one-dimensional float array; None, and what a numpy mask hides, becomes NaN."""
    try:
        raw = np.ma.asarray(values) if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be one-dimensional: {error}.") from error
    # numpy would read the text "1.5" and even dates as numbers.
    if raw.dtype.kind not in "biufO" or any(isinstance(value, str | bytes) for value in raw.flat):
        raise ValueError(f"{name} must be numbers, not values of type {raw.dtype}.")
    try:
        vector = np.ma.filled(raw.astype(np.float64), np.nan)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be numbers: {error}.") from error
    if vector.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not of shape {vector.shape}.")
    return vector


def check_real(value: object, name: str) -> float:
    """Return a number as a float; True and False are not numbers here."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number:
        raise ValueError(f"{name} must be a number, not {value!r}.")
    try:
        return float(cast("Real", value))
    except OverflowError as error:
        raise ValueError(f"{name} must be a number a computer can hold: {error}.") from error


def check_bool(value: object, name: str) -> bool:
    """Return an option that is on or off."""
    is_option = isinstance(value, bool | np.bool_)
    if not is_option:
        raise ValueError(f"{name} must be True or False, not {value!r}.")
    return bool(value)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A point estimate with its confidence limits; what is not estimable is None and carries a reason.

    Attributes
    ----------
    estimate : float or None
        Point estimate, in the unit of the method; None when not estimable.
    conf_low, conf_high : float or None
        Limits, same unit; None when not estimable.
    std_err : float or None
        Standard error of the estimate, same unit, where the method has one.
    conf_level : float or None
        Two-sided confidence level in (0, 1).
    conf_type : str or None
        Name of the interval ("log-log", "plain", ...).
    reason : str or None
        Why the estimate is None; None if and only if there is an estimate.
    conf_low_reason, conf_high_reason : str or None
        Why that limit is None although there is an estimate.

    Raises
    ------
    ValueError
        If a number is NaN, or if an estimate is missing without a reason or present with one.
    """

    estimate: float | None
    conf_low: float | None = None
    conf_high: float | None = None
    std_err: float | None = None
    conf_level: float | None = None
    conf_type: str | None = None
    reason: str | None = None
    conf_low_reason: str | None = None
    conf_high_reason: str | None = None

    def __post_init__(self) -> None:
        numbers = (self.estimate, self.conf_low, self.conf_high, self.std_err)
        if any(number is not None and math.isnan(number) for number in numbers):
            raise ValueError("An estimate or limit that does not exist is None with a reason, never NaN.")
        if (self.estimate is None) != (self.reason is not None):
            raise ValueError("Give a reason when there is no estimate, and only then.")

    @property
    def estimable(self) -> bool:
        """Whether there is a point estimate."""
        return self.estimate is not None
