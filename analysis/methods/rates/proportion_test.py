"""Exact tests of a proportion against a planned value, each named after the interval it matches."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import betainc, betaincc
from scipy.stats import binomtest

from analysis.methods.common.interval import check_choice, check_counts, check_probability
from analysis.methods.rates.binomial_tail import at_least, at_most

TestDefinition = Literal["central", "minimum-likelihood", "blaker", "mid-p"]
_TIE = 1 + 1e-7


@dataclass(frozen=True)
class ExactTest:
    """Exact test of a binomial proportion.

    Attributes
    ----------
    x, n : int
        Events and subjects.
    p0 : float
        Proportion under the null hypothesis.
    p_value : float
        Two-sided p-value under ``definition``.
    p_less, p_greater : float
        One-sided p-values, against a true proportion below p0 and above p0; mid-P under "mid-p".
    definition : str
        Definition of the two-sided p-value.
    """

    x: int
    n: int
    p0: float
    p_value: float
    p_less: float
    p_greater: float
    definition: str


def exact_test(x: int, n: int, p0: float, definition: TestDefinition = "central") -> ExactTest:
    r"""Exact test of a proportion against p0, two-sided by a named definition.

    With X binomial (n, p0), :math:`F = P(X \le x)` and :math:`G = P(X \ge x)`:

    - ``central``: :math:`\min(1, 2 \min(F, G))`, the test the Clopper–Pearson interval inverts;
    - ``minimum-likelihood``: :math:`\sum P(X = j)` over the j with :math:`P(X = j) \le P(X = x)`, the test of R's
      ``binom.test`` [1]_, inverted by ``minimum_likelihood``;
    - ``blaker``: :math:`t = \min(F, G)` plus the largest opposite tail probability not above t [2]_, inverted by
      ``blaker``;
    - ``mid-p``: as central, with half of :math:`P(X = x)` in each tail, inverted by ``mid_p``.

    A test and an interval of the same definition never contradict each other; of different definitions they may.
    Probabilities that agree to 1e-7 count as equal, as in R.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    p0 : float
        Null proportion in [0, 1].
    definition : {"central", "minimum-likelihood", "blaker", "mid-p"}
        Definition of the two-sided p-value.

    Returns
    -------
    ExactTest
        Two-sided and one-sided p-values.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, p0 is outside [0, 1], or the definition has no such name.

    References
    ----------
    .. [1] Hirji KF. Exact Analysis of Discrete Data. Chapman and Hall/CRC; 2006: chapter 3.
    .. [2] Blaker H. Confidence curves and improved exact confidence intervals for discrete distributions. Canadian
           Journal of Statistics 2000;28:783-798.
    """
    x, n = check_counts(x, n)
    p0 = check_probability(p0, "p0")
    check_choice(definition, get_args(TestDefinition), "definition")
    less, greater = at_most(x, n, p0), at_least(x, n, p0)
    if definition == "mid-p":
        less, greater = (less + at_most(x - 1, n, p0)) / 2, (greater + at_least(x + 1, n, p0)) / 2
    if definition == "minimum-likelihood":
        p_value = float(binomtest(x, n, p0).pvalue)
    elif definition == "blaker":
        p_value = _acceptability(n, p0, less, greater)
    else:
        p_value = 2 * min(less, greater)
    return ExactTest(x, n, p0, min(1.0, p_value), less, greater, definition)


def _acceptability(n: int, p0: float, less: float, greater: float) -> float:
    tail = min(less, greater)
    k = np.arange(n)
    # The tails of the other side: P(X <= k) for k below n, or P(X >= k) for k above 0.
    opposite = betaincc(k + 1, n - k, p0) if greater <= less else betainc(k + 1, n - k, p0)
    return tail + float(opposite[opposite <= tail * _TIE].max(initial=0.0))
