"""One proportion and two: intervals, exact tests, posterior, comparison, coverage."""

from analysis.methods.rates.acceptability import blaker, minimum_likelihood
from analysis.methods.rates.binomial_interval import BINOMIAL_METHODS, BinomialMethod, binomial_interval
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.coverage import Coverage, coverage
from analysis.methods.rates.difference import Difference, difference_interval
from analysis.methods.rates.posterior import BetaPosterior, beta_posterior
from analysis.methods.rates.proportion_intervals import agresti_coull, jeffreys, mid_p, wilson
from analysis.methods.rates.proportion_test import ExactTest, exact_test
from analysis.methods.rates.two_proportions import FisherTest, OddsRatio, fisher_exact, odds_ratio

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
