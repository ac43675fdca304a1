"""Any interval for a proportion by the name the plan gives it."""

from collections.abc import Callable
from typing import Literal, get_args

from analysis.methods.common.interval import Interval, check_choice
from analysis.methods.rates.acceptability import blaker, minimum_likelihood
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.proportion_intervals import agresti_coull, jeffreys, mid_p, wilson

BinomialMethod = Literal[
    "clopper-pearson", "mid-p", "blaker", "minimum-likelihood", "wilson", "jeffreys", "agresti-coull"
]
BINOMIAL_METHODS: tuple[BinomialMethod, ...] = get_args(BinomialMethod)


def binomial_interval(x: int, n: int, conf_level: float = 0.95, method: BinomialMethod = "clopper-pearson") -> Interval:
    """Two-sided confidence interval for a binomial proportion by the named method.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).
    method : str
        "clopper-pearson", "mid-p", "blaker", "minimum-likelihood", "wilson", "jeffreys" or "agresti-coull"; formula
        and reference are with the function of that name.

    Returns
    -------
    Interval
        Limits as proportions, labelled with the method.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, the level is outside (0, 1), or the method has no such name.
    """
    return _function(method)(x, n, conf_level)


def _function(method: BinomialMethod) -> Callable[[int, int, float], Interval]:
    check_choice(method, BINOMIAL_METHODS, "method")
    functions: dict[BinomialMethod, Callable[[int, int, float], Interval]] = {
        "clopper-pearson": clopper_pearson,
        "mid-p": mid_p,
        "blaker": blaker,
        "minimum-likelihood": minimum_likelihood,
        "wilson": wilson,
        "jeffreys": jeffreys,
        "agresti-coull": agresti_coull,
    }
    return functions[method]
