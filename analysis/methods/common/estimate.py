"""The answer of a method about one number: the estimate and its limits, or the reason why there is none."""

import math
from dataclasses import dataclass


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
