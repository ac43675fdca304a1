"""The checks of a paper's own numbers, by topic; each needs the facts alone and knows no study."""

from typing import Final

from analysis.concordance.check import Check
from analysis.concordance.checks import counts, intervals, percents, ranges, repeated, reporting, whole_values

CHECKS: Final = tuple(
    found
    for topic in (percents, intervals, counts, repeated, ranges, whole_values, reporting)
    for found in vars(topic).values()
    if isinstance(found, Check)
)
"""In the order of their topics, and of the lines on which they stand."""
