"""Values below the limit of quantification, replaced by the planned rule."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common.interval import check_choice, check_vector
from analysis.methods.values.course import check_flags, require

BelowQuantification = Literal["zero", "half", "lloq", "missing"]


def replace_below_quantification(
    values: ArrayLike, below: ArrayLike, lloq: ArrayLike, rule: BelowQuantification
) -> NDArray[np.float64]:
    """Values with those below the lower limit of quantification (LLOQ) replaced by the planned rule.

    Parameters
    ----------
    values : array_like of float, shape (m,)
        Values, 0 or more; those below quantification may be NaN.
    below : array_like of bool, shape (m,)
        Whether each value is below quantification.
    lloq : float or array_like of float, shape (m,)
        Lower limit of quantification, above 0, in the unit of the values.
    rule : {"zero", "half", "lloq", "missing"}
        What a value below quantification becomes: 0, LLOQ / 2, LLOQ, or NaN.

    Returns
    -------
    ndarray of float, shape (m,)
        A new array; NaN only under the rule "missing".

    Raises
    ------
    ValueError
        If a value not below quantification is missing or under its limit, a value below quantification is at or
        above it, a value is negative or infinite, a limit is not above 0, or the lengths differ.
    """
    value = check_vector(values, "values")
    flags = check_flags(below, value.size)
    check_choice(rule, get_args(BelowQuantification), "rule")
    shape = np.shape(lloq)
    if shape not in {(), value.shape}:
        raise ValueError(f"lloq must be one number or one for each of the {value.size} values.")
    limits = check_vector(np.atleast_1d(lloq), "lloq")
    if not (np.isfinite(limits).all() and (limits > 0).all()):
        raise ValueError("lloq must be finite and above 0.")
    require(value[~flags], np.isfinite(value[~flags]), "a quantifiable value is missing or infinite")
    limit = np.broadcast_to(limits, value.shape)
    require(value, ~(value < 0), "a value is negative")
    require(value, flags | (value >= limit), "a value under its lloq is not marked as below quantification")
    require(value, ~flags | ~(value >= limit), "a value at or above its lloq is marked as below quantification")
    replacement = {"zero": 0 * limit, "half": limit / 2, "lloq": limit, "missing": np.full(value.shape, np.nan)}
    return np.where(flags, replacement[rule], value)
