"""Kinetics: peak, time to peak, area under the curve, last quantifiable day, geometric summary of a group."""

from analysis.methods.course import Peak, last_quantifiable, peak
from analysis.methods.exposure import Area, AreaRule, auc
from analysis.methods.geometric import Geometric, geometric_cv
from analysis.methods.quantification import BelowQuantification, replace_below_quantification

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
