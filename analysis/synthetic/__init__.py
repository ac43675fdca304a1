"""A synthetic trial drawn from a plan and its schemas, before there are any data.

Nothing is fitted and nothing is learned from a real subject: the plan says what may stand in each cell, the options
say how often, and a seeded generator draws.
"""

from analysis.synthetic.options import SyntheticOptions
from analysis.synthetic.trial import synthetic_data

__all__ = ["SyntheticOptions", "synthetic_data"]
