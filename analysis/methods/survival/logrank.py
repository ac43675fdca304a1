"""Do groups differ in their time to event? The log-rank test with its weights, and by its permutation distribution."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from analysis.methods.common import Flags, Floats, Ints, check_real
from analysis.methods.survival.time_to_event import TOLERANCE, check_survival, read_only

LARGEST = 1_000_000
"""Number of allocations beyond which the chi-square approximation is the test to use."""


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


def logrank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    rho: float = 0.0,
    *,
    gamma: float = 0.0,
    stratum: ArrayLike | None = None,
) -> LogRank:
    r"""Test whether survival differs between two or more groups [1]_, [2]_.

    At each event time with *d* events among *n* at risk, :math:`n_k` of them in group *k*, the events of group
    *k* have, given the margins, the hypergeometric mean and covariance

    .. math:: e_k = d \frac{n_k}{n}, \qquad
              v_{kl} = d \frac{n - d}{n - 1} \frac{n_k}{n} \left(1_{k=l} - \frac{n_l}{n}\right).

    With weights :math:`w = \hat S(t-)^\rho (1 - \hat S(t-))^\gamma` from the pooled curve,
    :math:`O - E = \sum w (d_k - e_k)` has covariance :math:`V = \sum w^2 v`, and the statistic is
    :math:`(O - E)' V^- (O - E)`. With strata, both are summed over the strata, each with its own curve.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    group : array_like, shape (n,)
        Labels of two or more groups.
    rho : float
        0 for the log-rank test, 1 for the Peto-Peto modification of Gehan's test (R's ``survdiff(rho = 1)``).
    gamma : float
        Above 0, late differences weigh more (the family G(rho, gamma) of Fleming and Harrington).
    stratum : array_like, shape (n,), optional
        Labels of strata within which the groups are compared.

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
    rows = Rows(start=always, stop=times, event=events, index=index)
    parts = [rows] if stratum is None else rows.within(check_labels(stratum, times.size, "stratum"))
    return compare_groups(parts, labels, rho, gamma)


def check_groups(group: ArrayLike, size: int) -> tuple[tuple[object, ...], Ints]:
    """Return the sorted labels of two or more groups and each subject's position among them, shape (size,)."""
    subjects = check_labels(group, size, "group")
    try:
        labels = tuple(sorted(set(subjects), key=lambda label: (type(label).__name__, label)))
    except TypeError as error:
        raise ValueError(f"group must hold plain labels such as text or whole numbers: {error}.") from error
    if len(labels) < 2:
        raise ValueError(f"A comparison needs two groups; there is only {labels[0]!r}.")
    positions = {label: position for position, label in enumerate(labels)}
    return labels, np.array([positions[label] for label in subjects], dtype=np.int64)


def check_labels(labels: ArrayLike, size: int, name: str) -> list[object]:
    """Return labels, one a subject and none missing, shape (size,)."""
    # As objects: in an array of text a missing label would become the text "nan".
    values = np.array(labels, dtype=object)
    if isinstance(labels, np.ma.MaskedArray):
        values[np.ma.getmaskarray(labels)] = None
    if values.shape != (size,):
        raise ValueError(f"{name} has shape {values.shape}; {size} labels are needed, one a subject.")
    missing = np.flatnonzero(pd.isna(values)).tolist()
    if missing:
        raise ValueError(f"{name} is missing at positions {missing}: assign these subjects or leave them out.")
    found: list[object] = values.tolist()
    return found


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows at risk on (start, stop], each with whether it ended in the event and the position of its group."""

    start: Floats
    stop: Floats
    event: Flags
    index: Ints

    def within(self, stratum: list[object]) -> list["Rows"]:
        """Return the rows of each stratum, in the order in which the strata come."""
        masks = (np.array([label == one for label in stratum], dtype=np.bool_) for one in dict.fromkeys(stratum))
        return [Rows(self.start[m], self.stop[m], self.event[m], self.index[m]) for m in masks]


def compare_groups(strata: Sequence[Rows], labels: tuple[object, ...], rho: float, gamma: float = 0.0) -> LogRank:
    """Return the log-rank test of the rows of one or more strata."""
    exponents = tuple(check_real(value, name) for value, name in ((rho, "rho"), (gamma, "gamma")))
    if not np.isfinite(exponents).all():
        value, name = (gamma, "gamma") if np.isfinite(exponents[0]) else (rho, "rho")
        raise ValueError(f"{name} must be a finite number, not {value!r}.")
    parts = [_compared(rows, len(labels), *exponents) for rows in strata]
    observed, expected, variance = (np.sum([part[i] for part in parts], axis=0) for i in range(3))
    # The rows of the covariance add up to 0, so it has no inverse; rounding must not hide that.
    df = int(np.linalg.matrix_rank(variance, hermitian=True, rtol=TOLERANCE))
    inverse = np.linalg.pinv(variance, hermitian=True, rtol=TOLERANCE)
    difference = observed - expected
    statistic = float(difference @ inverse @ difference) if df else None
    return LogRank(
        groups=labels,
        n=read_only(np.bincount(np.concatenate([r.index for r in strata]), minlength=len(labels)).astype(np.int64)),
        observed=read_only(observed),
        expected=read_only(expected),
        variance=read_only(variance),
        statistic=statistic,
        df=df,
        p_value=None if statistic is None else float(chdtrc(df, statistic)),
        reason=None if statistic is not None else _no_test(expected, np.hstack([part[3] for part in parts])),
    )


def _compared(rows: Rows, groups: int, rho: float, gamma: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return observed and expected events and their covariance in one stratum, and who was at risk at each event."""
    # lifelines and statsmodels do not merge times that differ by float noise and give no expected events;
    # lifelines' weights "peto" are not those of rho = 1.
    instants = np.unique(rows.stop[rows.event])
    member = (rows.index == np.arange(groups)[:, np.newaxis]).astype(float)
    at_risk = member @ ((rows.start[:, np.newaxis] < instants) & (rows.stop[:, np.newaxis] >= instants))
    events = member @ (rows.event[:, np.newaxis] & (rows.stop[:, np.newaxis] == instants))
    n, d = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / n
    before = np.concatenate(([1.0], np.cumprod(1 - d / n)))[:-1]
    weight = before**rho * (1 - before) ** gamma
    observed, expected = events @ weight, (d * share) @ weight
    # With one subject at risk (n - d) / (n - 1) is 0 / 0, and counts as 0.
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    return observed, expected, np.diag(share @ spread) - (share * spread) @ share.T, at_risk


def _no_test(expected: Floats, at_risk: Floats) -> str:
    if not at_risk.shape[1]:
        return "no subject had the event"
    if not expected.any():
        return "every event came at the first time of all, which weighs nothing"
    if (expected > 0).sum() == 1:
        return "only one group was at risk when events occurred"
    if ((at_risk > 0).sum(axis=0) == 1).all():
        return "only one group was at risk at each event"
    took = "took all who were then at risk in more than one group, so the groups could not differ"
    if (at_risk > 0).sum(axis=0).min() > 1:
        return f"every event {took}"
    return f"every event came while only one group was at risk, or {took}"


@dataclass(frozen=True)
class ExactLogRank:
    """Result of the exact log-rank test of two groups.

    Attributes
    ----------
    groups : tuple, length 2
        Labels of the groups, sorted.
    statistic : float
        Observed less expected events in the first group.
    p_value : float or None
        Two-sided: probability of an allocation with a statistic at least as far from 0. None without events.
    p_less, p_greater : float or None
        One-sided: fewer, or more, events in the first group than expected.
    p_min_attainable : float or None
        Smallest two-sided p-value that any allocation of these times could give.
    n_allocations : int
        Number of equally likely allocations.
    reason : str or None
        Why there is no test.
    """

    groups: tuple[object, ...]
    statistic: float
    p_value: float | None
    p_less: float | None
    p_greater: float | None
    p_min_attainable: float | None
    n_allocations: int
    reason: str | None = None


def logrank_exact(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> ExactLogRank:
    r"""Test whether survival differs between two groups, by all allocations of subjects to them [1]_.

    The log-rank difference of the first group is a sum of scores that do not depend on the allocation,

    .. math:: O - E = \sum_{i \in 1} \left( \delta_i - \sum_{t_j \le t_i} \frac{d_j}{n_j} \right),

    so its distribution over all :math:`\binom{n}{n_1}` allocations is counted in whole numbers, ties and all. It
    has mean 0 and the two-sided p-value is :math:`P(|O - E| \ge |o - e|)`. The test is exact when allocation does
    not affect censoring; the chi-square test asks less of the censoring and needs more subjects.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    group : array_like, shape (n,)
        Labels of two groups.

    Returns
    -------
    ExactLogRank
        Without events there is no test: None and a reason.

    Raises
    ------
    ValueError
        As `kaplan_meier`; if there are not two groups; if there are more than a million allocations.

    References
    ----------
    .. [1] Heimann G, Neuhaus G. Permutational distribution of the log-rank statistic under random censorship with
       applications to carcinogenicity assays. Biometrics 1998;54:168-184.
    """
    times, events = check_survival(time, event)
    labels, index = check_groups(group, times.size)
    if len(labels) != 2:
        raise ValueError(f"The exact log-rank test compares two groups, not {len(labels)}: use logrank.")
    first = index == 0
    n_allocations = math.comb(times.size, int(first.sum()))
    if n_allocations > LARGEST:
        raise ValueError(f"{n_allocations} allocations are too many to count (at most {LARGEST}): use logrank instead.")
    scores, unit = _whole_scores(times, events)
    observed = sum(score for score, chosen in zip(scores, first, strict=True) if chosen)
    if not events.any():
        return ExactLogRank(labels, 0.0, None, None, None, None, n_allocations, "no subject had the event")
    counts = _sums_of_subsets(scores, int(first.sum()))
    extreme = max(abs(total) for total in counts)

    def share(numbers: list[int]) -> float:
        return sum(numbers) / n_allocations

    return ExactLogRank(
        groups=labels,
        statistic=float(Fraction(observed, unit)),
        p_value=share([k for total, k in counts.items() if abs(total) >= abs(observed)]),
        p_less=share([k for total, k in counts.items() if total <= observed]),
        p_greater=share([k for total, k in counts.items() if total >= observed]),
        p_min_attainable=share([k for total, k in counts.items() if abs(total) == extreme]),
        n_allocations=n_allocations,
    )


def _whole_scores(time: Floats, event: Flags) -> tuple[list[int], int]:
    """Return the log-rank scores times a common denominator, and that denominator."""
    hazards = {
        t: Fraction(int((event & (time == t)).sum()), int((time >= t).sum())) for t in np.unique(time[event]).tolist()
    }
    scores = [
        int(occurred) - sum((h for s, h in hazards.items() if s <= t), Fraction(0))
        for t, occurred in zip(time.tolist(), event.tolist(), strict=True)
    ]
    unit = math.lcm(*(score.denominator for score in scores))
    return [int(score * unit) for score in scores], unit


def _sums_of_subsets(scores: list[int], size: int) -> Counter[int]:
    """Count the subsets of a given size by the sum of their scores."""
    counts: list[Counter[int]] = [Counter({0: 1})] + [Counter() for _ in range(size)]
    for position, score in enumerate(scores):
        for chosen in range(min(size, position + 1), 0, -1):
            for total, number in counts[chosen - 1].items():
                counts[chosen][total + score] += number
    return counts[size]
