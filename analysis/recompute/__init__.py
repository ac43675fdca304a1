"""Double programming: every statistic of the report by another route, from the plan's words and the data alone."""

from analysis.recompute.comparison.check import Check, read_checks, to_csv
from analysis.recompute.comparison.compare import CUT, CUTOFF, SecondRoute, by_records, checked, recompute
from analysis.recompute.comparison.reading import READING
from analysis.recompute.comparison.reading import in_words as reading_in_words
from analysis.recompute.files.read import Files

__all__ = [
    "CUT",
    "CUTOFF",
    "READING",
    "Check",
    "Files",
    "SecondRoute",
    "by_records",
    "checked",
    "read_checks",
    "reading_in_words",
    "recompute",
    "to_csv",
]
