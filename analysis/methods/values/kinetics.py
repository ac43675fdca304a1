"""Kinetics: peak, time to peak, area under the curve, last quantifiable day, geometric summary of a group."""

from analysis.methods.values.course import Peak, last_quantifiable, peak
from analysis.methods.values.exposure import Area, AreaRule, auc
from analysis.methods.values.geometric import Geometric, geometric_cv
from analysis.methods.values.quantification import BelowQuantification, replace_below_quantification

__all__ = [
    "Area",
    "AreaRule",
    "BelowQuantification",
    "Geometric",
    "Peak",
    "auc",
    "geometric_cv",
    "last_quantifiable",
    "peak",
    "replace_below_quantification",
]
