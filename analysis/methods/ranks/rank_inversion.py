r"""The distribution of the sum of a sample's ranks by numerical inversion, for samples too large to count allocations.

The generating function of how many are drawn (K) and the sum of what they score (S) is a product over the values,

.. math:: \sum_{k,s} P(K = k, S = s) z^k q^s = \prod_j (1 - p_j + p_j z q^{a_j})^{t_j}

with :math:`t_j` values of score :math:`a_j`, each drawn with probability :math:`p_j`. Where the odds of :math:`p_j`
are :math:`\exp(\lambda + \beta a_j)`, the conditional distribution of S given K = n is the permutation distribution
times :math:`\exp(\beta s)`: with :math:`\beta = 0` the distribution itself, else its tail, raised above the rounding
[1]_. On the unit circle the product is evaluated where it is not negligible, and transformed back.

References
----------
.. [1] Daniels HE. Tail probability approximations. International Statistical Review 1987;55:37-48 (tilting).
"""

import math
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.optimize import brentq
from scipy.special import expit, gammaln

Floats = NDArray[np.float64]
_NEGLIGIBLE = 50.0
"""What is below exp(-50) is left out: millions of such terms make less than 1e-14."""
_PART = 24
"""Factors multiplied before points that have become negligible are dropped."""
_POINTS = 100_000
"""Points evaluated at once."""
_LEAST_VARIANCE = 80.0
"""Of the number drawn: with less, hardly a point is negligible."""
_FEW = 320
"""Values of which every point may be evaluated, once, for a far tail."""
_SAME = 1e-6
_TINY = 5e-324


@dataclass(frozen=True)
class Scores:
    """Midranks of a pooled sample, of which n are drawn.

    Attributes
    ----------
    steps : ndarray of float, shape (k,)
        The distinct midranks from 0, in their largest unit.
    sizes : ndarray of float, shape (k,)
        How many values have each.
    unit, least : float
        ``least + unit * step`` is a midrank.
    n : int
        How many are drawn.
    """

    steps: Floats
    sizes: Floats
    unit: float
    least: float
    n: int

    @classmethod
    def of(cls, midranks: Floats, n: int) -> Self:
        """Return the scores of a pooled sample."""
        values, sizes = np.unique(midranks, return_counts=True)
        doubled = np.rint(2 * (values - values[0])).astype(np.int64)
        unit = int(np.gcd.reduce(doubled)) or 1
        return cls((doubled // unit).astype(np.float64), sizes.astype(np.float64), unit / 2, float(values[0]), n)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest sum of midranks."""
        every = np.repeat(self.steps, self.sizes.astype(np.int64))
        return self.sum_of(float(every[: self.n].sum())), self.sum_of(float(every[-self.n :].sum()))

    def sum_of(self, steps: float) -> float:
        """Return the sum of midranks that a sum of steps stands for."""
        return self.n * self.least + self.unit * steps

    def probability_of_end(self, side: Literal[-1, 1]) -> float:
        """Return the probability of the least or the greatest sum, no less than the smallest positive float."""
        left, found = self.n, 0.0
        for size in (self.sizes if side < 0 else self.sizes[::-1]).astype(np.int64).tolist():
            if left <= size:
                found = _log_choose(size, left)
                break
            left -= size
        return math.exp(max(found - _log_choose(int(self.sizes.sum()), self.n), math.log(_TINY)))


def distribution_of_sum(scores: Scores) -> tuple[Floats, Floats]:
    """Return sums of midranks about their mean, ascending, and the probability of each, right to 1e-14.

    Parameters
    ----------
    scores : Scores
        What is drawn from.

    Returns
    -------
    tuple of ndarray
        Sums and probabilities; sums further out have less than 1e-20 together.
    """
    sums, joint = _joint(scores, 0.0)
    joint = np.maximum(joint, 0)
    return scores.n * scores.least + scores.unit * sums, joint / joint.sum()


def tail_of_sum(scores: Scores, at: float, side: Literal[-1, 1]) -> float:
    """Return P(S <= at) for side -1, P(S >= at) for side 1, right to about 1e-11 of its value where it is small.

    Parameters
    ----------
    scores : Scores
        What is drawn from.
    at : float
        A sum of midranks; it need not be attainable.
    side : {-1, 1}
        Lower or upper tail.

    Returns
    -------
    float
        Right in its digits to 1e-20 at least (of 1,000 v 1,000 values to 1e-100); further out, near complete
        separation, it is some orders of magnitude too large. The smallest positive float where it is smaller still.
    """
    end = scores.ends[side > 0]
    if side * (at - end) > _SAME * scores.unit:
        return 0.0
    edge = scores.probability_of_end(side)
    if side * (end - at) < _SAME * scores.unit:
        return edge
    wanted = (at - scores.n * scores.least) / scores.unit
    tilt = _tilt_towards(scores, wanted)
    sums, joint = _joint(scores, tilt)
    beyond = side * (sums - wanted) > -_SAME
    # The product of 1 + odds over all values takes the tilt off again.
    log_odds, shift = _log_odds(scores, tilt)
    constant = float(scores.sizes @ np.logaddexp(0, log_odds)) - _log_choose(int(scores.sizes.sum()), scores.n)
    logs = constant - scores.n * shift - tilt * (sums[beyond] - scores.n * _centre(scores))
    found = math.fsum((np.exp(np.clip(logs, -745, 700)) * np.maximum(joint[beyond], 0)).tolist())
    return min(1.0, max(found, edge))


def can_be_inverted(n: int, total: int) -> bool:
    """Return whether most of the circle is negligible, so that inverting the transform is quick."""
    return n * (total - n) > _NEGLIGIBLE * total


def _joint(scores: Scores, tilt: float) -> tuple[Floats, Floats]:
    """Return whole sums of steps about their mean under a tilt, and P(K = n, S = s) of each."""
    drawn = expit(_log_odds(scores, tilt)[0])
    spread = scores.sizes * drawn * (1 - drawn)
    off = scores.steps - _centre(scores)
    total = float(scores.sizes.sum())
    # So many points that what falls on another's place is negligible (Hoeffding's and Bernstein's inequalities).
    wide = _reach(float(scores.sizes @ off**2), float(spread @ off**2), float(np.abs(off).max()))
    points = next_fast_len(math.ceil(2 * wide) + 2, real=True)
    circle = min(int(total) + 1, math.ceil(_reach(total, float(spread.sum()), 1.0)) + 1)
    place = np.rint(scores.steps).astype(np.int64)
    bound = np.fft.rfft(np.bincount(place % points, weights=spread, minlength=points)).conj()
    kept = np.flatnonzero(spread.sum() - np.abs(bound) <= _NEGLIGIBLE)
    angles = 2 * math.pi * np.arange(circle) / circle
    transform = np.zeros(points // 2 + 1, dtype=np.complex128)
    for some in np.array_split(kept, max(1, kept.size * circle // _POINTS)):
        least = np.abs(bound[some])[:, None] * np.cos(angles + np.angle(bound[some])[:, None])
        row, column = np.nonzero(spread.sum() - least <= _NEGLIGIBLE)
        terms = _product(place, scores.sizes, drawn, (some[row], points), angles[column])
        terms *= np.exp(-1j * angles[column] * scores.n)
        transform[some] = np.bincount(row, terms.real, some.size) + 1j * np.bincount(row, terms.imag, some.size)
    start = math.floor(float((scores.sizes * drawn) @ scores.steps)) - points // 2
    turned = 2 * math.pi * ((np.arange(transform.size) * start) % points) / points
    joint = np.fft.irfft((transform * np.exp(-1j * turned)).conj(), points) / circle
    return start + np.arange(points, dtype=np.float64), joint


def _reach(squares: float, variance: float, largest: float) -> float:
    """Return how far a sum of independent terms lies from its mean with probability exp(-50) at most."""
    third = largest * _NEGLIGIBLE / 3
    return min(math.sqrt(_NEGLIGIBLE / 2 * squares), third + math.sqrt(third**2 + 2 * _NEGLIGIBLE * variance))


def _product(
    place: NDArray[np.int64],
    sizes: Floats,
    drawn: Floats,
    of_sum: tuple[NDArray[np.int64], int],
    of_number: Floats,
) -> NDArray[np.complex128]:
    """Return the product over the values at points on the unit circle, 0 where it is negligible."""
    turn, points = of_sum
    found = np.zeros(turn.size, dtype=np.complex128)
    open_ = np.arange(turn.size)
    running = np.ones(turn.size, dtype=np.complex128)
    # Neighbouring ranks turn alike: taken far apart, they show early what is negligible.
    order = np.argsort(np.arange(place.size) * 0.6180339887498949 % 1)
    for start in range(0, place.size, _PART):
        for j in order[start : start + _PART]:
            angle = of_number[open_] + 2 * math.pi / points * (turn[open_] * place[j] % points)
            factor = 1 - drawn[j] + drawn[j] * np.exp(1j * angle)
            running *= factor if sizes[j] == 1 else factor ** sizes[j]
        left = np.abs(running) > math.exp(-_NEGLIGIBLE)
        open_, running = open_[left], running[left]
    found[open_] = running
    return found


def _log_odds(scores: Scores, tilt: float) -> tuple[Floats, float]:
    """Return the logarithm of the odds of each score so that n are drawn on average, and its constant part."""
    total = float(scores.sizes.sum())
    tilted = tilt * (scores.steps - _centre(scores))
    even = math.log(scores.n / (total - scores.n))
    if tilt == 0:
        return tilted + even, even
    far = float(np.abs(tilted).max())
    shift = float(brentq(lambda c: scores.sizes @ expit(tilted + c) - scores.n, even - far - 1, even + far + 1))
    return tilted + shift, shift


def _tilt_towards(scores: Scores, wanted: float) -> float:
    """Return the tilt under which the mean is a sum, or the largest under which the number drawn still varies."""
    mean = scores.n * _centre(scores)
    side = 1.0 if wanted > mean else -1.0
    least = _LEAST_VARIANCE if scores.sizes.sum() > _FEW else _LEAST_VARIANCE / 6

    def short(tilt: float) -> bool:
        drawn = expit(_log_odds(scores, side * tilt)[0])
        short_of_it = side * (wanted - float((scores.sizes * drawn) @ scores.steps)) > 0
        return short_of_it and float(scores.sizes @ (drawn * (1 - drawn))) > least

    low, high = 0.0, 1e-3 / float(scores.steps[-1])
    while short(high):
        low, high = high, 2 * high
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return side * low


def _centre(scores: Scores) -> float:
    return float(scores.sizes @ scores.steps / scores.sizes.sum())


def _log_choose(total: int, n: int) -> float:
    return float(gammaln(total + 1) - gammaln(n + 1) - gammaln(total - n + 1))
