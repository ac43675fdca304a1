"""The Clopper–Pearson interval: the planned interval for a proportion."""

from statsmodels.stats.proportion import proportion_confint

from analysis.methods.common import Interval, Sides, check_choice, check_counts, check_level

_STATSMODELS_ALTERNATIVE = {"two-sided": "two-sided", "lower": "smaller", "upper": "larger"}


def clopper_pearson(x: int, n: int, conf_level: float = 0.95, sides: Sides = "two-sided") -> Interval:
    r"""Clopper–Pearson confidence interval for a binomial proportion, two-sided or one-sided.

    The interval inverts the two one-sided exact binomial tests [1]_. With :math:`\alpha = 1 - ` level, split in
    two when two-sided and spent on one side otherwise,

    .. math:: p_L = B(\alpha_L;\; x,\; n - x + 1), \qquad p_U = B(1 - \alpha_U;\; x + 1,\; n - x)

    where :math:`B(q; a, b)` is the q-quantile of the beta distribution; :math:`p_L = 0` at x = 0 and
    :math:`p_U = 1` at x = n.

    Parameters
    ----------
    x, n : int
        Subjects with the event, and all subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).
    sides : {"two-sided", "lower", "upper"}
        "lower" gives the one-sided lower bound (upper limit 1), "upper" the one-sided upper bound (lower limit 0),
        each at the whole confidence level.

    Returns
    -------
    Interval
        Limits as proportions; ``conf_type`` says which side.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, or the level is outside (0, 1).

    References
    ----------
    .. [1] Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the
           binomial. Biometrika 1934;26:404-413.
    """
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    check_choice(sides, ("two-sided", "lower", "upper"), "sides")
    # statsmodels names the alternatives the other way round from R and scipy: its "larger" is an upper bound.
    low, high = proportion_confint(x, n, alpha=1 - level, method="beta", alternative=_STATSMODELS_ALTERNATIVE[sides])
    conf_type = "clopper-pearson" if sides == "two-sided" else f"clopper-pearson, one-sided {sides}"
    return Interval(float(low), float(high), level, conf_type)
