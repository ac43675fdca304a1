"""One proportion and two: intervals, exact tests, posterior, comparison, coverage."""

from analysis.methods.acceptability import blaker, minimum_likelihood
from analysis.methods.binomial_interval import BINOMIAL_METHODS, BinomialMethod, binomial_interval
from analysis.methods.clopper_pearson import clopper_pearson
from analysis.methods.coverage import Coverage, coverage
from analysis.methods.difference import Difference, difference_interval
from analysis.methods.posterior import BetaPosterior, beta_posterior
from analysis.methods.proportion_intervals import agresti_coull, jeffreys, mid_p, wilson
from analysis.methods.proportion_test import ExactTest, exact_test
from analysis.methods.two_proportions import FisherTest, OddsRatio, fisher_exact, odds_ratio

__all__ = [
    "BINOMIAL_METHODS",
    "BetaPosterior",
    "BinomialMethod",
    "Coverage",
    "Difference",
    "ExactTest",
    "FisherTest",
    "OddsRatio",
    "agresti_coull",
    "beta_posterior",
    "binomial_interval",
    "blaker",
    "clopper_pearson",
    "coverage",
    "difference_interval",
    "exact_test",
    "fisher_exact",
    "jeffreys",
    "mid_p",
    "minimum_likelihood",
    "odds_ratio",
    "wilson",
]
