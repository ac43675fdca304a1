"""The mathematics of the methods, by the names a plan's documents give them: arrays in, numbers out.

Each has its formula, its reference and what it refuses in its docstring (``help(methods.clopper_pearson)``).
"""

from analysis.methods.early.two_stage import two_stage, two_stage_designs
from analysis.methods.multiple.families import fixed_sequence, graphical_test, step_procedure
from analysis.methods.ranks.correlation import rank_correlation
from analysis.methods.ranks.rank_effect import rank_effect
from analysis.methods.ranks.rank_test import normal_approximation, rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import blaker, exact_test, minimum_likelihood
from analysis.methods.rates.intervals import agresti_coull, binomial_interval, coverage, jeffreys, mid_p, wilson
from analysis.methods.rates.posterior import beta_posterior
from analysis.methods.rates.two_proportions import difference_interval, fisher_exact, odds_ratio
from analysis.methods.states.switch import censor_at, landmark_subset, split_at
from analysis.methods.states.time_dependent import mantel_byar, simon_makuch
from analysis.methods.survival.bpcp import bpcp, bpcp_at
from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
from analysis.methods.survival.curve_estimates import median, n_risk_at, quantile, restricted_mean, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier, reverse_kaplan_meier
from analysis.methods.survival.logrank import logrank, logrank_exact
from analysis.methods.values.course import auc, last_quantifiable, peak, replace_below_quantification
from analysis.methods.values.description import count, describe, geometric_cv

__all__ = [
    "aalen_johansen",
    "agresti_coull",
    "auc",
    "beta_posterior",
    "binomial_interval",
    "blaker",
    "bpcp",
    "bpcp_at",
    "censor_at",
    "clopper_pearson",
    "count",
    "coverage",
    "describe",
    "difference_interval",
    "exact_test",
    "fisher_exact",
    "fixed_sequence",
    "geometric_cv",
    "graphical_test",
    "hodges_lehmann",
    "incidence_at",
    "jeffreys",
    "kaplan_meier",
    "landmark_subset",
    "last_quantifiable",
    "logrank",
    "logrank_exact",
    "mantel_byar",
    "median",
    "mid_p",
    "minimum_likelihood",
    "n_risk_at",
    "normal_approximation",
    "odds_ratio",
    "peak",
    "quantile",
    "rank_correlation",
    "rank_effect",
    "rank_test",
    "replace_below_quantification",
    "restricted_mean",
    "reverse_kaplan_meier",
    "simon_makuch",
    "split_at",
    "step_procedure",
    "survival_at",
    "two_stage",
    "two_stage_designs",
    "wilson",
]
