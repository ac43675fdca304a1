"""The hazard ratio by the second route: the partial likelihood, risk set by risk set, and its zero by bisection."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from analysis.recompute.exact.chi_square import upper_tail
from analysis.recompute.trial.compared import Timed, coded, timed, two_groups
from analysis.recompute.trial.sample import COUNTED, NOTED, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.hazard_ratio import HazardRatio

CONTEXT = "hazard_ratio"
CHECK = "proportional_hazards"
ASCENT = "partial likelihood summed over risk sets; its maximum by Newton's method in plain sums, profile by bisection"
FURTHEST = 30.0
"""A log hazard ratio, in standard deviations of its covariate, that no maximum of a likelihood lies beyond."""


@dataclass(frozen=True)
class GroupSample(Sample):
    """Subjects and events of one group."""

    size: int
    events: int

    def promises(self) -> Iterator[Promise]:
        """Yield both numbers."""
        yield from self.give(CONTEXT, {"n": self.size, "n.event": self.events}, COUNTED)


@dataclass(frozen=True)
class RatioSample(Sample):
    """Subjects of two groups, with their times, strata and covariates."""

    subjects: tuple[Timed, ...]
    step: HazardRatio

    def promises(self) -> Iterator[Promise]:
        """Yield the ratio, its limits, both p-values, and the check of the model."""
        found = self._found()
        for name in ("estimate", "conf.low", "conf.high", "p.value", "p.value.lr"):
            yield from self.give(CONTEXT, {name: found.get(name)}, ASCENT)
        yield from self.give(CONTEXT, {"conf.level": self.step.conf_level}, NOTED)
        yield from self.give(CHECK, {"statistic": found.get("zph"), "p.value": found.get("p.zph")}, ASCENT)

    def _found(self) -> dict[str, Value]:
        if {s.group for s in self.subjects} != {0, 1} or not any(s.event for s in self.subjects):
            return {}
        rows = [[float(s.group == 0), *map(float, z)] for s, z in zip(self.subjects, coded(self.subjects), strict=True)]
        risk = Likelihood(self.subjects, rows, self.step.ties)
        start = [0.0] * risk.width
        if not risk.told_apart:
            return {}
        best, peak = risk.climb(start, range(risk.width))
        known = peak is not None
        found: dict[str, Value] = {}
        top = risk.value(best)
        if self.step.limits == "profile":
            least = top - NormalDist().inv_cdf((1 + self.step.conf_level) / 2) ** 2 / 2
            low, high = (risk.profile(best, least, sign) for sign in (-1, 1))
            found |= {"conf.low": None if low is None else math.exp(low)}
            found |= {"conf.high": None if high is None else math.exp(high)}
        if not known:
            return found
        inverse = risk.inverse_information(best)
        error = math.sqrt(inverse[0][0])
        if self.step.limits == "wald":
            half = NormalDist().inv_cdf((1 + self.step.conf_level) / 2) * error
            found |= {"conf.low": math.exp(best[0] - half), "conf.high": math.exp(best[0] + half)}
        reduced, _ = risk.climb(start, range(1, risk.width))
        found |= {"estimate": math.exp(best[0]), "p.value": math.erfc(abs(best[0]) / error / math.sqrt(2))}
        found |= {"p.value.lr": upper_tail(max(0.0, 2 * (top - risk.value(reduced))), 1)}
        zph = risk.change(best)
        return found if zph is None else {**found, "zph": zph, "p.zph": upper_tail(zph, 1)}

    def for_r(self) -> RJob | None:
        """Return times, events and groups; of two groups as they are, without strata and covariates."""
        step = self.step
        if step.strata or step.covariates or {s.group for s in self.subjects} != {0, 1}:
            return None
        values = tuple((s.time, int(s.event), s.group) for s in self.subjects)
        return RJob(kind="cox", size=len(values), conf_level=step.conf_level, option=step.ties, values=values)


def samples(cohort: Cohort, step: HazardRatio) -> Iterator[Sample]:
    """Yield both groups, then their ratio."""
    groups = two_groups(cohort, step)
    subjects = timed(groups, step, step.data, step.covariates)
    for i, group in enumerate(groups):
        own = [s for s in subjects if s.group == i]
        yield GroupSample(group.on(step.data), len(own), sum(s.event for s in own))
    yield RatioSample(replace(cohort.on(step.data), group1=step.by), subjects, step)


Vector = list[float]
Matrix = list[list[float]]


@dataclass(frozen=True)
class Likelihood:
    """The partial likelihood of some subjects."""

    subjects: tuple[Timed, ...]
    rows: list[Vector]
    ties: str

    @property
    def width(self) -> int:
        """How many coefficients."""
        return len(self.rows[0])

    @property
    def told_apart(self) -> bool:
        """Whether no covariate follows from the others in all risk sets."""
        return solved(self._sums([0.0] * self.width)[2], [0.0] * self.width) is not None

    def value(self, beta: Vector) -> float:
        """Return the logarithm of the partial likelihood."""
        return self._sums(beta)[0]

    def inverse_information(self, beta: Vector) -> Matrix:
        """Return the covariance of the coefficients."""
        information = self._sums(beta)[2]
        columns = [solved(information, [float(i == j) for i in range(self.width)]) for j in range(self.width)]
        return [[column[i] for column in columns if column is not None] for i in range(self.width)]

    def climb(self, start: Vector, free: Sequence[int]) -> tuple[Vector, float | None]:
        """Return the coefficients of the maximum over some of them, and its height; None where it rises without end."""
        beta = list(start)
        begun = self._sums(start)[2]
        for _ in range(90):
            if not free:
                return beta, self.value(beta)
            height, score, information, _ = self._sums(beta)
            inner = [[information[i][j] for j in free] for i in free]
            step = solved(inner, [score[i] for i in free])
            if step is None:
                return beta, None
            gain = math.fsum(score[i] * s for i, s in zip(free, step, strict=True))
            if gain < 1e-22:
                flat = any(information[i][i] < 1e-9 * begun[i][i] for i in free)
                return beta, None if flat else height
            share = 1.0
            while share > 1e-12:
                there = list(beta)
                for i, s in zip(free, step, strict=True):
                    there[i] += share * s
                if self.value(there) >= height - 1e-13 * abs(height):
                    break
                share /= 2
            beta = there
        return beta, None

    def profile(self, best: Vector, least: float, sign: int) -> float | None:
        """Return where the profile falls to a height on one side of the best; None where it stays above."""

        def above(first: float) -> bool:
            beta, _ = self.climb([first, *best[1:]], range(1, self.width))
            return self.value(beta) > least

        inside, outside = best[0], best[0] + sign
        while above(outside):
            outside += sign * abs(outside - inside)
            if abs(outside - inside) > 5 * FURTHEST:
                return None
        for _ in range(70):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if above(middle) else (inside, middle)
        return (inside + outside) / 2

    def change(self, beta: Vector) -> float | None:
        """Return the score statistic of a first coefficient that changes with the fall of the pooled curve."""
        each = self._sums(beta)[3]
        falls = self._falls()
        middle = math.fsum(falls[t] for t, _, _ in each) / len(each)
        late = [falls[t] - middle for t, _, _ in each]
        width = range(self.width)
        score = math.fsum(g * u[0] for g, (_, u, _) in zip(late, each, strict=True))
        plain = [[math.fsum(v[i][j] for _, _, v in each) for j in width] for i in width]
        mixed = [math.fsum(g * v[0][j] for g, (_, _, v) in zip(late, each, strict=True)) for j in width]
        squared = math.fsum(g * g * v[0][0] for g, (_, _, v) in zip(late, each, strict=True))
        weights = solved(plain, mixed)
        if weights is None:
            return None
        spread = squared - math.fsum(a * b for a, b in zip(mixed, weights, strict=True))
        return score**2 / spread if spread > 1e-9 * squared else None

    def _falls(self) -> dict[object, float]:
        """Return, of each time of an event, how far the pooled curve had fallen before it."""
        found: dict[object, float] = {}
        curve = 1.0
        for t in sorted({s.time for s in self.subjects if s.event}):
            found[t] = 1 - curve
            n = sum(s.time >= t for s in self.subjects)
            curve *= 1 - sum(s.time == t and s.event for s in self.subjects) / n
        return found

    def _sums(self, beta: Vector) -> tuple[float, Vector, Matrix, list[tuple[object, Vector, Matrix]]]:
        """Return the log-likelihood, its slope and curvature, and the part of each event time in these."""
        width = range(self.width)
        line = [math.fsum(b * x for b, x in zip(beta, row, strict=True)) for row in self.rows]
        top = max(line)
        weight = [math.exp(v - top) for v in line]
        height: list[float] = []
        each: list[tuple[object, Vector, Matrix]] = []
        for within in sorted({s.stratum for s in self.subjects}):
            own = sorted(
                (i for i, s in enumerate(self.subjects) if s.stratum == within),
                key=lambda i: self.subjects[i].time,
                reverse=True,
            )
            s0, s1, s2 = 0.0, [0.0] * self.width, [[0.0] * self.width for _ in width]
            at = 0
            while at < len(own):
                t = self.subjects[own[at]].time
                tied: list[int] = []
                while at < len(own) and self.subjects[own[at]].time == t:
                    i = own[at]
                    s0 += weight[i]
                    for a in width:
                        s1[a] += weight[i] * self.rows[i][a]
                        for b in width:
                            s2[a][b] += weight[i] * self.rows[i][a] * self.rows[i][b]
                    tied += [i] if self.subjects[i].event else []
                    at += 1
                if tied:
                    parts, slope, curve = self._at_time(tied, weight, (s0, s1, s2))
                    height += [line[i] for i in tied] + [-part - top for part in parts]
                    each.append((t, slope, curve))
        score = [math.fsum(u[a] for _, u, _ in each) for a in width]
        information = [[math.fsum(v[a][b] for _, _, v in each) for b in width] for a in width]
        return math.fsum(height), score, information, each

    def _at_time(
        self, tied: Sequence[int], weight: Vector, below: tuple[float, Vector, Matrix]
    ) -> tuple[Vector, Vector, Matrix]:
        """Return logarithms of the risk of each tied event in turn, and what they add to slope and curvature."""
        width = range(self.width)
        s0, s1, s2 = below
        slope = [math.fsum(self.rows[i][a] for i in tied) for a in width]
        curve = [[0.0] * self.width for _ in width]
        logs = []
        for turn in range(len(tied)):
            gone = turn / len(tied) if self.ties == "efron" else 0.0
            all_of = s0 - gone * math.fsum(weight[i] for i in tied)
            mean = [(s1[a] - gone * math.fsum(weight[i] * self.rows[i][a] for i in tied)) / all_of for a in width]
            logs.append(math.log(all_of))
            for a in width:
                slope[a] -= mean[a]
                for b in width:
                    of_tied = math.fsum(weight[i] * self.rows[i][a] * self.rows[i][b] for i in tied)
                    curve[a][b] += (s2[a][b] - gone * of_tied) / all_of - mean[a] * mean[b]
        return logs, slope, curve


def solved(matrix: Matrix, vector: Vector) -> Vector | None:
    """Return the solution of linear equations by elimination with the largest pivot; None where they have none."""
    rows = [[*row, v] for row, v in zip(matrix, vector, strict=True)]
    size = len(rows)
    largest = max((abs(v) for row in matrix for v in row), default=0.0)
    for i in range(size):
        pivot = max((abs(rows[j][i]), j) for j in range(i, size))[1]
        rows[i], rows[pivot] = rows[pivot], rows[i]
        if abs(rows[i][i]) <= 1e-12 * max(largest, 1e-12):
            return None
        for j in range(size):
            if j != i:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][-1] / rows[i][i] for i in range(size)]
