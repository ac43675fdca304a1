"""Do the values of a quantity lie above a number as often as below it? The exact sign test, and the median."""

from typing import Final

from sap.methods.sign_test import SignTest

from analysis.data.sample import Block, Sample, digits, numbers
from analysis.results.ard import Statistic, number_text
from analysis.steps import PANDAS, Method


def sign_test(step: SignTest, sample: Sample) -> list[Statistic]:
    """Return the counts and the test (context ``sign_test``), and the median with its interval (``sign_median``)."""
    from analysis.methods.ranks.sign_test import sign_test as held_against

    values = numbers(sample.column(step.variable))
    found = held_against(list(values), step.versus, step.conf_level)
    at = {"variable": step.variable.variable, "variable_level": number_text(step.versus)}
    test = Block(context="sign_test", method="Sign test, exact, two-sided", **at)
    median = Block(context="sign_median", method="Median, interval between order statistics", **at)
    nobody = f"there are no values in {sample.name}"
    few = "too few values for the confidence level" if len(values) else nobody
    places = digits(max(step.digits, 1))
    return [
        test.stat("N", "Subjects", len(sample.subjects), "xx"),
        test.stat("n.above", "Values above", found.above, "xx"),
        test.stat("n.below", "Values below", found.below, "xx"),
        test.stat("n.tied", "Values equal", found.tied, "xx"),
        test.stat("p.value", "p-value", found.p_value, "p", reason="no value differs from the number"),
        median.stat("estimate", "Median", found.median, places, reason=nobody),
        median.stat("conf.low", "Lower confidence limit", found.conf_low, places, reason=few),
        median.stat("conf.high", "Upper confidence limit", found.conf_high, places, reason=few),
        median.stat("conf.level", "Confidence level", step.conf_level, "xx%"),
    ]


METHOD: Final = Method(statistics=sign_test, libraries=("scipy", *PANDAS))
