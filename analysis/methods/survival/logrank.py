"""Do groups differ in their time to event? The log-rank test and its Harrington-Fleming weights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from analysis.methods.common.interval import check_real
from analysis.methods.survival.time_to_event import TOLERANCE, Flags, Floats, Ints, check_survival, read_only


@dataclass(frozen=True, eq=False)
class LogRank:
    """Result of a log-rank test.

    Attributes
    ----------
    groups : tuple
        Labels of the groups, sorted; the arrays follow this order.
    n : array of int, shape (g,)
        Subjects in each group (rows at risk at some time, for start-stop data).
    observed, expected : array, shape (g,)
        Events observed, and expected if the groups did not differ, each weighted.
    variance : array, shape (g, g)
        Covariance of observed - expected.
    statistic : float or None
        Chi-square; None when not estimable.
    df : int
        Degrees of freedom: the rank of the covariance, groups that could be compared less 1.
    p_value : float or None
        Two-sided p-value from the chi-square distribution; None when not estimable.
    reason : str or None
        Why there is no test.
    """

    groups: tuple[object, ...]
    n: Ints
    observed: Floats
    expected: Floats
    variance: Floats
    statistic: float | None
    df: int
    p_value: float | None
    reason: str | None = None


def logrank(time: ArrayLike, event: ArrayLike, group: ArrayLike, rho: float = 0.0) -> LogRank:
    r"""Test whether survival differs between two or more groups [1]_, [2]_.

    At each event time with *d* events among *n* at risk, :math:`n_k` of them in group *k*, the events of group
    *k* have, given the margins, the hypergeometric mean and covariance

    .. math:: e_k = d \frac{n_k}{n}, \qquad
              v_{kl} = d \frac{n - d}{n - 1} \frac{n_k}{n} \left(1_{k=l} - \frac{n_l}{n}\right).

    With weights :math:`w = \hat S(t-)^\rho` from the pooled curve, :math:`O - E = \sum w (d_k - e_k)` has
    covariance :math:`V = \sum w^2 v`, and the statistic is :math:`(O - E)' V^- (O - E)`.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    group : array_like, shape (n,)
        Labels of two or more groups.
    rho : float
        0 for the log-rank test, 1 for the Peto-Peto modification of Gehan's test (R's ``survdiff(rho = 1)``).

    Returns
    -------
    LogRank
        Without events, or with expected events in one group only, there is no test: None and a reason.

    Raises
    ------
    ValueError
        As `kaplan_meier`; if a label is missing, there is one group only, or rho is not a finite number.

    References
    ----------
    .. [1] Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration.
       Cancer Chemother Rep 1966;50:163-170.
    .. [2] Harrington DP, Fleming TR. A class of rank test procedures for censored survival data. Biometrika
       1982;69:553-566.
    """
    times, events = check_survival(time, event)
    labels, index = check_groups(group, times.size)
    always = np.full(times.size, -np.inf)
    return compare_groups(start=always, stop=times, event=events, labels=labels, index=index, rho=rho)


def check_groups(group: ArrayLike, size: int) -> tuple[tuple[object, ...], Ints]:
    """Return the sorted labels of two or more groups and each subject's position among them, shape (size,).

    Raises
    ------
    ValueError
        If the length differs from `size`, a label is missing or cannot be compared, or there are fewer than two
        groups.
    """
    # As objects: in an array of text a missing label would become the group "nan".
    values = np.array(group, dtype=object)
    if isinstance(group, np.ma.MaskedArray):
        values[np.ma.getmaskarray(group)] = None
    if values.shape != (size,):
        raise ValueError(f"group has shape {values.shape}; {size} labels are needed, one a subject.")
    missing = np.flatnonzero(pd.isna(values)).tolist()
    if missing:
        raise ValueError(f"group is missing at positions {missing}: assign these subjects or leave them out.")
    subjects = values.tolist()
    try:
        labels = tuple(sorted(set(subjects), key=lambda label: (type(label).__name__, label)))
    except TypeError as error:
        raise ValueError(f"group must hold plain labels such as text or whole numbers: {error}.") from error
    if len(labels) < 2:
        raise ValueError(f"A comparison needs two groups; there is only {labels[0]!r}.")
    positions = {label: position for position, label in enumerate(labels)}
    return labels, np.array([positions[label] for label in subjects], dtype=np.int64)


def compare_groups(
    *, start: Floats, stop: Floats, event: Flags, labels: tuple[object, ...], index: Ints, rho: float
) -> LogRank:
    """Return the log-rank test of rows at risk on (start, stop], each in the group at its index.

    Parameters
    ----------
    start, stop, event, index : array, shape (m,)
        Rows: at risk from just after start until stop, event at stop or not, position of the group's label.
    labels : tuple, length g
        Labels of the groups.
    rho : float
        Exponent of the weights.

    Returns
    -------
    LogRank

    Raises
    ------
    ValueError
        If rho is not a finite number.
    """
    exponent = check_real(rho, "rho")
    if not np.isfinite(exponent):
        raise ValueError(f"rho must be a finite number, not {rho!r}.")
    # lifelines and statsmodels do not merge times that differ by float noise and give no expected events;
    # lifelines' weights "peto" are not those of rho = 1.
    instants = np.unique(stop[event])
    member = (index == np.arange(len(labels))[:, np.newaxis]).astype(float)
    at_risk = member @ ((start[:, np.newaxis] < instants) & (stop[:, np.newaxis] >= instants))
    events = member @ (event[:, np.newaxis] & (stop[:, np.newaxis] == instants))
    n, d = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / n
    weight = np.concatenate(([1.0], np.cumprod(1 - d / n)))[:-1] ** exponent
    observed, expected = events @ weight, (d * share) @ weight
    # With one subject at risk (n - d) / (n - 1) is 0 / 0, and counts as 0.
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    # The rows of the covariance add up to 0, so it has no inverse; rounding must not hide that.
    df = int(np.linalg.matrix_rank(variance, hermitian=True, rtol=TOLERANCE))
    inverse = np.linalg.pinv(variance, hermitian=True, rtol=TOLERANCE)
    difference = observed - expected
    statistic = float(difference @ inverse @ difference) if df else None
    return LogRank(
        groups=labels,
        n=read_only(member.sum(axis=1).astype(np.int64)),
        observed=read_only(observed),
        expected=read_only(expected),
        variance=read_only(variance),
        statistic=statistic,
        df=df,
        p_value=None if statistic is None else float(chdtrc(df, statistic)),
        reason=None if statistic is not None else _no_test(expected, at_risk),
    )


def _no_test(expected: Floats, at_risk: Floats) -> str:
    if not expected.any():
        return "no subject had the event"
    if (expected > 0).sum() == 1:
        return "only one group was at risk when events occurred"
    if ((at_risk > 0).sum(axis=0) == 1).all():
        return "only one group was at risk at each event"
    took = "took all who were then at risk in more than one group, so the groups could not differ"
    if (at_risk > 0).sum(axis=0).min() > 1:
        return f"every event {took}"
    return f"every event came while only one group was at risk, or {took}"
