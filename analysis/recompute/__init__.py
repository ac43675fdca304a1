"""Double programming: every statistic of the report by another route, from the plan's words and the data alone."""

from analysis.recompute.comparison.check import Check, read_checks, to_csv
from analysis.recompute.comparison.compare import CUT, CUTOFF, SecondRoute, by_records, checked, recompute

__all__ = ["CUT", "CUTOFF", "Check", "SecondRoute", "by_records", "checked", "read_checks", "recompute", "to_csv"]
