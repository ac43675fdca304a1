"""Two independent samples by ranks: test, shift, effect sizes, normal approximation."""

from analysis.methods.ranks.rank_distribution import RankDistribution, TwoSided, rank_distribution
from analysis.methods.ranks.rank_effect import RankEffect, rank_effect
from analysis.methods.ranks.rank_test import NormalApproximation, RankTest, normal_approximation, rank_test
from analysis.methods.ranks.shift import Shift, hodges_lehmann

__all__ = [
    "NormalApproximation",
    "RankDistribution",
    "RankEffect",
    "RankTest",
    "Shift",
    "TwoSided",
    "hodges_lehmann",
    "normal_approximation",
    "rank_distribution",
    "rank_effect",
    "rank_test",
]
