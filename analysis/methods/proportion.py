"""One proportion and two: intervals, exact tests, posterior, comparison."""

from analysis.methods.clopper_pearson import clopper_pearson

__all__ = ["clopper_pearson"]
