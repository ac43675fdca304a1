"""Each check finds the mistake it is for, and lets the sound statement pass."""

import random
import statistics
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.concordance.checks import CHECKS
from analysis.concordance.concord import findings, read_source
from analysis.concordance.printed import rounded, span
from analysis.concordance.usual_intervals import USUAL
from analysis.methods.rates.intervals import binomial_interval
from tests.analysis.concordance.writing import fact, facts
from tests.each import each

ROOT = Path(__file__).parents[3]


def count(n, d=None, percent=None, **others):
    value = {"numerator": n, "denominator": d, "percent": percent}
    return fact("proportion", {k: v for k, v in value.items() if v is not None}, **others)


def comparison(n1, n2, test="", **p):
    groups = [{"label": "x", "n": n1}, {"label": "y", "n": n2}]
    return fact("comparison", {"test": test, "groups": groups, **p})


def intervals_named(n, *subjects):
    return fact("subjects", {"subjects": list(subjects), "numerator": n})


def repeats(value, kind="proportion"):
    return fact(kind, value, name="b", links={"repeats": "a"})


def interval(low, high, method="", *, n=7, d=10, percent=70, level=95, **others):
    found = {"low": low, "high": high, "method": method, "level": level}
    value = {"numerator": n, "denominator": d, "percent": percent}
    return fact("proportion", {k: v for k, v in value.items() if v is not None} | {"interval": found}, **others)


def mean_interval(low, high, method=""):
    limits = {"low": str(low), "high": str(high), "method": method}
    return fact("mean_sd", {"mean": "5.0", "sd": "6.0", "n": 24, "interval": limits})


def in_abstract(written, where="Abstract"):
    return written | {"where": where}


WHOLE = count(10, 24, name="whole")
TEXT = fact("count", {"numerator": 4}, name="text")
CASES = {
    "percentage of its fraction": [
        ([count(4, 6, 67)], [count(4, 6, 50)], "4 of 6 is 66.7%, not 50%. 50% would be 3 of 6 or 4 of 8."),
        ([count(2, 3, 66.7)], [count(2, 3, 66.6)], "The digits were cut off"),
        ([count(1, 8, 12)], [count(1, 8, 14)], "1 of 8 is 12.5%, not 14%."),  # a half may be rounded either way
        ([count(1, 8, 13)], [count(0, 5, 3)], "0 of 5 is 0.0%, not 3%. No other count of either gives it."),
        ([count(2000, 2001, 100)], [count(2000, 2001, 98)], "2000 of 2001 is 99.95%, not 98%."),
        ([count(2000, 2001, "100.0")], [count(1, 20001, 1)], "1 of 20001 is 0.005%, not 1%."),
    ],
    "percentage that some fraction gives": [
        ([count(None, 24, 42)], [count(None, 24, 40)], "9 of 24 is 37.5% and 10 of 24 is 41.7%"),
        ([count(4, None, 50)], [count(4, None, 70)], "4 is 70% of no whole number"),
        ([count(None, 3, 33.3)], [count(None, 3, 33.4)], "No whole count out of 3 gives 33.4%"),
    ],
    "digits of a percentage": [
        (
            [count(None, 100, "1.0")],
            [count(None, 10, "70.0")],
            "1 decimal where one subject of 10 is 10 percentage points",
        ),
        ([count(None, 10, 70)], [count(None, 800, "25.00")], "2 decimals"),
    ],
    "part of its whole": [
        ([count(5, 5)], [count(6, 5)], "6 of 5: the part is larger than its whole."),
        ([count(5, 5, 100)], [count(1, None, 104)], "104% of a whole is more than all of it."),
        (
            [WHOLE, count(5, 10, links={"part_of": "whole"})],
            [WHOLE, count(11, links={"part_of": "whole"})],
            "11 is more than the 10 of 'whole'.",
        ),
        (
            [WHOLE, count(5, 24, links={"part_of": "whole"})],
            [WHOLE, count(5, 12, links={"part_of": "whole"})],
            "Out of 12, where 'whole' gives 10 or 24.",
        ),
        (
            [WHOLE, count(5, 24, links={"same_denominator": "whole"})],
            [WHOLE, count(5, 23, links={"same_denominator": "whole"})],
            "Out of 23, where 'whole' is out of 24.",
        ),
    ],
    "parts add up": [
        (
            [count(4, name="x"), count(6, name="y"), count(10, links={"parts": ["x", "y"]})],
            [count(4, name="x"), count(5, name="y"), count(10, links={"parts": ["x", "y"]})],
            "4 ('x') + 5 ('y') = 9, not 10.",
        ),
    ],
    "no more than each of its conditions": [
        (
            [count(9, name="x"), count(7, name="y"), count(7, links={"requires": ["x", "y"]})],
            [count(9, name="x"), count(7, name="y"), count(8, links={"requires": ["x", "y"]})],
            "8 are counted, and only 7 in 'y'.",
        ),
    ],
    "number of those named": [
        ([intervals_named(2, "3", "7")], [intervals_named(3, "3", "7")], "2 named, 3 counted."),
        ([intervals_named(2, "3", "7")], [intervals_named(2, "3", "3")], "3 named twice."),
    ],
    "said twice": [
        (
            [count(7, 10), repeats({"numerator": 7})],
            [count(7, 10), repeats({"numerator": 8})],
            "The count is 8 here and 7 in 'a' (Text).",
        ),
        (
            [count(7, 10), repeats({"percent": 70})],
            [count(7, 10), repeats({"percent": 71})],
            "It is 71% here and 7 of 10, 70.0%, in 'a' (Text).",
        ),
        (
            [count(19, None, 62), repeats({"numerator": 19, "percent": 62})],
            [count(19, None, 62), repeats({"numerator": 18, "percent": 56})],
            "The count is 18 here and 19 in 'a' (Text); the percentage is 56% here and 62% there.",
        ),
        (
            [interval(39.7, 89.2), repeats({"percent": 70, "interval": {"low": 40, "high": 89}})],
            [interval(39.7, 89.2), repeats({"percent": 70, "interval": {"low": 41, "high": 89}})],
            "The lower confidence limit is 41% here and 39.7% in 'a' (Text).",
        ),
        (
            [fact("median_range", {"median": 50.53}), repeats({"median": 50.5}, "median_range")],
            [fact("median_range", {"median": 50.53}), repeats({"median": 50.6}, "median_range")],
            "The median is 50.6 here and 50.53 in 'a' (Text).",
        ),
        (
            [comparison(7, 3, p=0.04), fact("comparison", {"p": 0.04}, name="b", links={"repeats": "a"})],
            [comparison(7, 3, p=0.04), comparison(7, 2, p=0.04) | {"id": "b", "links": {"repeats": "a"}}],
            "The comparison is of x (7) against y (2) here and x (7) against y (3) in 'a' (Text).",
        ),
        (
            [intervals_named(2, "3", "7"), repeats({"numerator": 2})],
            [intervals_named(2, "3", "7"), repeats({"numerator": 3})],
            "count is 3",
        ),
    ],
    "limit and range": [
        (
            [
                fact("median_range", {"median": 12, "min": 6, "max": 14}),
                limit := fact("limit", {"max": 14, "holds_for": "everyone"}, name="b", links={"about": "a"}),
            ],
            [fact("median_range", {"median": 12, "min": 6, "max": 18}), limit],
            "It is said of everyone, and the range in 'a' (Text) is 6 to 18. It is true of the median, 12.",
        ),
        (
            [fact("median_range", {"median": 12}), limit],
            [fact("median_range", {"median": 16}), limit],
            "The median in 'a' (Text) is 16, beyond the limit.",
        ),
    ],
    "range and middle in order": [
        (
            [fact("range", {"min": 1, "max": 1})],
            [fact("range", {"min": 4, "max": 2})],
            "The range runs from 4 down to 2.",
        ),
        (
            [fact("median_range", {"median": 91, "min": 48, "max": 91})],
            [fact("median_range", {"median": 93, "min": 48, "max": 91})],
            "The median 93 is above the largest value, 91.",
        ),
        (
            [fact("mean_sd", {"mean": "5.0", "min": 5, "max": 9})],
            [fact("mean_sd", {"mean": 3.2, "min": 5, "max": 9})],
            "The mean 3.2 is below the smallest value, 5.",
        ),
    ],
    "median of whole values": [
        (
            [fact("median_range", {"median": 43.5, "n": 10, "step": 1})],
            [fact("median_range", {"median": 43.4, "n": 10, "step": 1})],
            "The median of 10 values in steps of 1 is a multiple of 0.5, and 43.4 is none.",
        ),
        (
            [fact("median_range", {"median": 43.5, "step": 1})],
            [fact("median_range", {"median": 43.5, "n": 11, "step": 1})],
            "is a multiple of 1, and 43.5 is none",
        ),
        (
            [fact("median_range", {"median": 5, "min": 2, "step": 1})],
            [fact("median_range", {"median": 5, "min": 2.5, "step": 1})],
            "The minimum 2.5 is no value on a grid of 1.",
        ),
    ],
    "mean of whole values (GRIM)": [
        # Brown and Heathers' own example: 28 whole numbers cannot have the mean 5.19.
        (
            [fact("mean_sd", {"mean": 5.18, "n": 28, "step": 1})],
            [fact("mean_sd", {"mean": 5.19, "n": 28, "step": 1})],
            "28 values in steps of 1 cannot have the mean 5.19; the nearest are 5.179 and 5.214.",
        ),
    ],
    "standard deviation of whole values (GRIMMER)": [
        # 1, 3, 4, 4, 5 has the mean 3.4 and the standard deviation 1.517 (1.356 of the population).
        (
            [fact("mean_sd", {"mean": 3.4, "sd": 1.52, "n": 5, "step": 1})],
            [fact("mean_sd", {"mean": 3.4, "sd": 1.05, "n": 5, "step": 1})],
            "5 values in steps of 1 with the mean 3.4 cannot have the standard deviation 1.05.",
        ),
        # The sum of squares would have to be even where the sum is odd.
        (
            [fact("mean_sd", {"mean": 3.4, "sd": 1.36, "n": 5, "step": 1})],
            [fact("mean_sd", {"mean": 3.4, "sd": 0.74, "n": 5, "step": 1})],
            "cannot have the standard deviation 0.74",
        ),
    ],
    "standard deviation within its range": [
        (
            [fact("mean_sd", {"mean": "5.0", "sd": 5.1, "n": 24, "min": "0.0", "max": "10.0"})],
            [fact("mean_sd", {"mean": "5.0", "sd": 5.3, "n": 24, "min": "0.0", "max": "10.0"})],
            "The standard deviation 5.3 is more than values from 0.0 to 10.0 with the mean 5.0 allow, 5.159.",
        ),
        (
            [fact("mean_sd", {"mean": 5, "sd": 1.5, "n": 24, "min": "0.0", "max": "10.0"})],
            [fact("mean_sd", {"mean": 5, "sd": 1.3, "n": 24, "min": "0.0", "max": "10.0"})],
            "is less than 24 values from 0.0 to 10.0 have at least",
        ),
        (
            [fact("mean_sd", {"mean": 1, "sd": 2, "min": 0, "max": 9})],
            [fact("mean_sd", {"mean": 1, "sd": -2})],
            "negative",
        ),
    ],
    "endpoint with a result": [
        (
            [WHOLE, fact("endpoint", {"endpoint": "toxicity", "rank": "primary", "result": "whole"})],
            [fact("endpoint", {"endpoint": "toxicity", "rank": "primary"})],
            "The primary endpoint is named (toxicity) and its result is not reported.",
        ),
    ],
    "p-value of a named test": [
        ([comparison(7, 3, "t test", p=0.2)], [comparison(7, 3, p=0.2)], "p = 0.2 is given and the test is not named."),
    ],
    "p-value within reach": [
        (
            [comparison(7, 3, "exact Wilcoxon test", p_less_than=0.05)],
            [comparison(7, 2, "exact Wilcoxon test", p_less_than=0.05)],
            "With 7 v 2, the exact Wilcoxon test cannot give p < 0.05 without ties: its smallest p is 0.0556, or"
            " 0.0278 with ties.",
        ),
        (
            [comparison(7, 3, "Wilcoxon test", p_less_than=0.05)],
            [comparison(7, 2, "Wilcoxon test", p_less_than=0.05)],
            "If the test is an exact two-sided one of ranks without ties, 7 v 2 cannot give p < 0.05: its smallest p is",
        ),
        # One of 120 arrangements may be the only one so far out on either side; of 20, with groups of one size, two are.
        ([comparison(7, 3, "permutation test", p=0.008)], [comparison(7, 3, "permutation test", p=0.007)], "0.00833"),
        ([comparison(3, 3, "permutation test", p=0.1)], [comparison(3, 3, "permutation test", p=0.05)], "is 0.1."),
        # R: fisher.test(matrix(c(7, 0, 0, 2), 2))$p.value is 0.02777778, one of 36 and not two.
        (
            [comparison(7, 2, "Fisher's exact test", p=0.028)],
            [comparison(7, 2, "Fisher's exact test", p=0.02)],
            "With 7 v 2, Fisher's exact test cannot give p = 0.02: its smallest p is 0.0278.",
        ),
        (
            [comparison(4, 3, "one-sided exact Wilcoxon test", p=0.029)],
            [comparison(4, 3, "one-sided exact Wilcoxon test", p=0.02)],
            "the one-sided exact Wilcoxon test cannot give p = 0.02: its smallest p is 0.0286.",
        ),
        (
            [comparison(40, 40, "t test", p="0.001")],
            [fact("comparison", {"p": "0.000", "test": "t test"})],
            "p = 0.000 is printed, and no test gives p = 0: it should be p < 0.001.",
        ),
        (
            [comparison(40, 40, "t test", p_less_than="0.001")],
            [comparison(40, 40, "t test", p=0)],
            "p = 0 is printed, and no test gives p = 0: it should be p < 0.001.",
        ),
        ([comparison(7, 3, "t test", p=0.5)], [comparison(7, 3, "t test", p=1.4)], "p = 1.4 is no probability."),
    ],
    "confidence interval around its estimate": [
        (
            [interval(39.7, 89.2)],
            [interval(71, 89)],
            "The estimate, 7 of 10 (70.0%), lies outside its confidence interval, 71% to 89%.",
        ),
        ([interval(70, 70)], [interval(89.2, 39.7)], "The confidence interval runs from 89.2% down to 39.7%."),
        (
            [interval("36.6", "100.0")],
            [interval("36.6", "103.4")],
            "The confidence interval is 36.6% to 103.4%, and a percentage lies between 0 and 100.",
        ),
        # Printed to whole numbers, 66.7% may stand in an interval up to 67, and a median of 12.4 in one from 12.
        ([interval(22, 67, n=2, d=3, percent=66.7)], [interval(22, 66, n=2, d=3, percent=66.7)], "2 of 3 (66.7%)"),
        (
            [fact("median_range", {"median": 12.4, "interval": {"low": 12, "high": 15}})],
            [fact("median_range", {"median": 11.4, "interval": {"low": 12, "high": 15}})],
            "The estimate, 11.4, lies outside its confidence interval, 12 to 15.",
        ),
    ],
    "confidence interval of its method": [
        (
            [interval(34.8, 93.3, "Clopper–Pearson")],
            [interval(39.7, 89.2, "Clopper–Pearson")],
            "Clopper–Pearson gives 34.8% to 93.3% for 7 of 10 (95%), not 39.7% to 89.2%. It is the 95% interval by Wilson.",
        ),
        (
            [interval(39.7, 89.2)],
            [interval(45, 88)],
            "No usual method gives 45% to 88% for 7 of 10 at 95% (Clopper–Pearson: 34.8% to 93.3%), and the paper does not",
        ),
        # By count alone where the percentage is not printed, and by the percentage where the count is not.
        ([interval(35, 93, percent=None)], [interval(35, 90, "exact", percent=None)], "gives 34.8% to 93.3%"),
        ([interval(35, 93, n=None)], [interval(35, 90, "exact", n=None)], "gives 34.8% to 93.3%"),
        # R: t.test on 24 values with mean 5 and sd 6 gives 2.466 to 7.534, by the normal quantile 2.600 to 7.400.
        (
            [mean_interval(2.5, 7.5, "Student's t")],
            [mean_interval(2.0, 8.0, "t distribution")],
            "5.0 ± 6.0 of 24 has the 95% interval 2.47 to 7.53 by Student's t, not 2.0 to 8.0.",
        ),
        ([mean_interval(2.6, 7.4)], [mean_interval(3.0, 7.0)], "not 3.0 to 7.0; the paper does not name its method."),
    ],
    "proportion with its confidence interval": [
        (
            [interval(34.8, 93.3)],
            [count(7, 10, 70)],
            "7 of 10 is given without a confidence interval; the Clopper–Pearson 95% interval is 35% to 93%.",
        ),
        ([fact("count", {"percent": 70}), interval(1, 99, name="b")], [count(None, None, 70)], "70% is given without"),
        (
            [count(7, 10), interval(34.8, 93.3, name="b", links={"repeats": "a"})],
            [count(7, 10), interval(34.8, 93.3, name="b")],
            "7 of 10 is given without",
        ),
    ],
    "result outside the abstract": [
        (
            [in_abstract(count(4, 10), "Abstract; Results"), TEXT],
            [in_abstract(count(4, 10)), TEXT],
            "Stated in the abstract alone: the body of the paper does not give it.",
        ),
        (
            [in_abstract(fact("dose", {"stated": {"drug": "500 mg"}})), TEXT | {"links": {"repeats": "a"}}],
            [in_abstract(fact("dose", {"stated": {"drug": "500 mg"}}), "Abstract: methods"), TEXT],
            "Stated in the abstract alone",
        ),
        (
            [in_abstract(count(4, 10, links={"repeats": "text"})), TEXT],
            [in_abstract(fact("median_range", {"median": 3}), "Summary"), TEXT],
            "Stated in the abstract alone",
        ),
        (
            [in_abstract(fact("endpoint", {"endpoint": "toxicity", "rank": "primary", "result": "text"})), TEXT],
            [in_abstract(fact("endpoint", {"endpoint": "toxicity", "rank": "primary"})), TEXT],
            "Stated in the abstract alone",
        ),
    ],
    "median follow-up with its method": [
        (
            [fact("follow_up", {"median": 173, "method": "reverse Kaplan–Meier"})],
            [fact("follow_up", {"median": 173, "unit": "days"})],
            "The median follow-up of 173 days is given without its method",
        ),
    ],
}
PAIRS = [(name, *case) for name, cases in CASES.items() for case in cases]


def checked(paper):
    """Return what the checks find in all statements of a paper."""
    known = paper.by_id()
    return [finding for fact in paper.in_order() for finding in findings(fact, known)]


def found(name, written):
    return [c for c in checked(facts(*written)) if c.check == name]


@each(("name", "sound", "wrong", "message"), PAIRS)
def test_a_sound_statement_passes(name, sound, wrong, message):
    made = found(name, sound)
    assert made
    assert all(c.holds for c in made)


@each(("name", "sound", "wrong", "message"), PAIRS)
def test_a_planted_mistake_is_found(name, sound, wrong, message):
    told = [c.message for c in found(name, wrong) if not c.holds]
    assert any(message in one for one in told), told


def test_every_check_has_a_planted_mistake_a_definition_and_a_source():
    assert {name for check in CHECKS for name in check.names} == set(CASES)
    assert all(check.about and check.sources for check in CHECKS)


def test_what_only_a_reading_contradicts_is_a_question_and_no_contradiction():
    parts = [count(6, name="x"), count(2, name="y")]
    links = {"parts": ["x", "y"], "requires": ["y"], "under": "the two are apart"}
    whole = fact("count", {"numerator": 6}, links=links)
    paper = facts(*parts, whole)
    raised = [c for c in findings(paper.by_id()["a"], paper.by_id()) if not c.holds]
    assert {c.check for c in raised} == {"parts add up", "no more than each of its conditions"}
    assert {c.weight for c in raised} == {"under a reading"}
    assert all("if the two are apart" in c.message.lower() for c in raised)


def test_a_limit_that_is_said_of_nobody_in_particular_is_a_question():
    open_limit = fact("limit", {"max": 14}, name="b", links={"about": "a"})
    raised = found("limit and range", [fact("median_range", {"median": 12, "min": 6, "max": 18}), open_limit])
    assert [(c.holds, c.weight) for c in raised] == [(False, "under a reading")]
    assert raised[0].message.startswith("If it is meant of everyone, the range in 'a' (Text) contradicts it, 6 to 18.")


@each(
    ("test", "p", "weight"),
    [
        ("", {"p_less_than": 0.05}, "under a reading"),  # it may be another test
        ("exact Wilcoxon test", {"p": 0.03}, "under a reading"),  # 1 of 36 where values are tied
        ("exact Wilcoxon test", {"p": 0.02}, "inconsistent"),  # below 1 of 36
    ],
)
def test_a_p_value_out_of_reach_is_a_contradiction_only_of_an_exact_test_whatever_the_ties(test, p, weight):
    raised = found("p-value within reach", [comparison(7, 2, test, **p)])
    assert [(c.holds, c.weight) for c in raised] == [(False, weight)]


def test_a_difference_from_what_is_concluded_and_not_printed_rests_on_the_reading():
    text, figure = comparison(7, 3, p=0.04), comparison(7, 2, p=0.04) | {"id": "b", "basis": "read"}
    of_read = found("said twice", [text, figure | {"links": {"repeats": "a"}}])
    named = found("said twice", [text, figure | {"links": {"repeats": "a", "under": "y leaves out one"}}])
    printed = found("said twice", [text, figure | {"links": {"repeats": "a"}, "basis": "published"}])
    assert [c.weight for c in (*of_read, *named, *printed)] == ["under a reading", "under a reading", "inconsistent"]
    assert of_read[0].message.endswith("if this is read rightly from the paper, which does not print it.")
    assert named[0].message.endswith("in 'a' (Text), if y leaves out one.")


def test_a_percentage_beside_its_fraction_has_no_digits_too_many():
    assert found("digits of a percentage", [count(2, 3, 66.7)]) == []


def test_a_percentage_that_contradicts_its_fraction_is_asked_for_no_interval():
    assert found("proportion with its confidence interval", [count(4, 6, 50)]) == []


@each("kind", ["background", "interpretation", "statement"])
def test_what_is_no_result_may_stand_in_the_abstract_alone(kind):
    assert found("result outside the abstract", [in_abstract(fact(kind, {})), TEXT]) == []


def test_where_the_abstract_is_all_that_was_read_nothing_is_missing_from_the_body():
    title = fact("count", {"numerator": 4}, name="title", where="Title")
    assert found("result outside the abstract", [in_abstract(count(4, 10)), title | {"where": "Title"}]) == []


@each(
    ("method", "weight"),
    [
        ("Clopper–Pearson", "inconsistent"),
        ("exact binomial", "inconsistent"),
        ("Wald", "inconsistent"),
        ("", "not stated"),
    ],
)
def test_an_interval_contradicts_only_a_method_that_is_named(method, weight):
    raised = found("confidence interval of its method", [interval(45, 88, method)])
    assert [(c.holds, c.weight) for c in raised] == [(False, weight)]


@each("method", ["bootstrap", "bootstrap, normal approximation", "Kaplan–Meier", "exact, two-stage design"])
def test_an_interval_by_a_method_that_counts_do_not_settle_is_not_held(method):
    assert found("confidence interval of its method", [interval(45, 88, method)]) == []


@each("name", ["clopper-pearson", "blaker", "minimum-likelihood"])
def test_any_exact_interval_may_be_called_exact(name):
    low, high = (f"{100 * limit:.1f}" for limit in limits_of(name))
    made = found("confidence interval of its method", [interval(low, high, "exact binomial")])
    assert [c.holds for c in made] == [True]


def limits_of(name):
    exact = binomial_interval(7, 10, 0.95, name)
    return exact.conf_low, exact.conf_high


def test_of_a_large_sample_the_methods_are_not_all_named():
    made = found("confidence interval of its method", [interval(46.9, 53.1, n=500, d=1000, percent=50)])
    assert [(c.holds, c.message) for c in made] == [
        (
            True,
            "Clopper–Pearson, like 11 others, gives this interval for 500 of 1000; the paper does not name its method.",
        )
    ]


def test_a_percentage_that_hundreds_of_counts_give_is_held_against_no_interval():
    assert found("confidence interval of its method", [interval(39, 40, n=None, d=100000, percent=40)]) == []


def test_no_subject_with_the_event_may_have_the_one_sided_bound():
    """R: binom.test(0, 10)$conf.int is 0 to 0.3085, with alternative = "less" 0 to 0.2589."""
    for high in (30.8, 25.9):
        made = found("confidence interval of its method", [interval(0, high, "exact", n=0, percent=0)])
        assert [c.holds for c in made] == [True]


# R: binom.test(7, 10), prop.test(7, 10, correct = FALSE), prop.test(7, 10), 0.7 ± qnorm(.975) * sqrt(.021),
# qbeta(c(.025, .975), 7.5, 3.5), plogis(qlogis(.7) ± qnorm(.975) * sqrt(1/7 + 1/3)); Agresti and Coull by their formula.
OF_SEVEN = {
    "Clopper–Pearson": ("34.755", "93.326"),
    "Wilson": ("39.678", "89.221"),
    "Wilson with continuity correction": ("35.367", "91.905"),
    "Wald": ("41.597", "98.403"),
    "Jeffreys": ("39.418", "90.731"),
    "Agresti–Coull": ("39.233", "89.666"),
    "logit": ("37.632", "90.023"),
}


@each("name", OF_SEVEN)
def test_an_interval_without_a_method_is_told_by_its_digits(name):
    made = found("confidence interval of its method", [interval(*OF_SEVEN[name])])
    assert [c.holds for c in made] == [True]
    assert made[0].message.startswith(name)
    assert made[0].message.endswith("gives this interval for 7 of 10; the paper does not name its method.")


@given(st.integers(1, 60).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), st.integers(0, 2))
def test_no_rounded_interval_of_a_usual_method_is_ever_raised(fraction, digits):
    n, d = fraction
    for usual in USUAL:
        limits = usual.limits(n, d, 0.95)
        if limits is None:
            continue
        low, high = (printed(Fraction(100 * min(1, max(0, limit))), digits).replace("−", "-") for limit in limits)
        statement = interval(low, high, usual.name, n=n, d=d, percent=None)
        assert [c.message for c in checked(facts(statement)) if not c.holds] == []


def test_an_interval_that_leaves_out_no_event_at_all_is_only_the_one_that_does():
    """R: qbeta(c(.025, .975), .5, 10.5) is 0.0000479 to 0.2172; the boundary rule would begin it at 0."""
    made = [
        found("confidence interval around its estimate", [interval(low, "21.720", n=0, percent=0)])[0].holds
        for low in ("0.005", "0.500")
    ]
    assert made == [True, False]


def test_the_example_has_one_planted_mistake_a_check_and_no_other():
    source = (ROOT / "examples/facts.yml").read_text(encoding="utf-8")
    paper = read_source(ROOT / "examples/facts.yml").facts
    known = paper.by_id()
    raised = [(f.id, found.check) for f in paper.in_order() for found in findings(f, known) if not found.holds]
    assert {check for _, check in raised} == set(CASES)
    assert len(raised) == source.count("# Planted:") == len({name for name, _ in raised})


whole_numbers = st.lists(st.integers(0, 40), min_size=2, max_size=40)
places = st.integers(0, 3)


def printed(value, digits):
    return rounded(Fraction(value), digits)


@given(whole_numbers, places)
def test_no_summary_of_real_whole_numbers_is_ever_called_impossible(values, digits):
    n, mean = len(values), Fraction(sum(values), len(values))
    squares = sum((v - mean) ** 2 for v in values)
    limits = {"min": min(values), "max": max(values), "n": n, "step": 1}
    median = fact("median_range", {"median": printed(statistics.median(values), digits), **limits})
    sample, population = ((squares / k) for k in (n - 1, n))
    for variance in (sample, population):
        sd = f"{Decimal(variance.numerator).__truediv__(Decimal(variance.denominator)).sqrt():.{digits}f}"
        spread = fact("mean_sd", {"mean": printed(mean, digits), "sd": sd, **limits})
        wrong = [c.message for f in (median, spread) for c in checked(facts(f)) if not c.holds]
        assert wrong == []


@given(st.integers(1, 300).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), places)
def test_no_rounded_percentage_of_a_real_fraction_is_ever_called_wrong(fraction, digits):
    n, d = fraction
    percent = printed(Fraction(100 * n, d), digits)
    for statement in (count(n, d, percent), count(None, d, percent), count(n, None, percent) if n else count(n, d)):
        assert [c.message for c in checked(facts(statement)) if not c.holds and c.weight == "inconsistent"] == []


@each(("text", "low", "high"), [("50", "49.5", "50.5"), ("50.0", "49.95", "50.05"), ("-0.10", "-0.105", "-0.095")])
def test_a_printed_number_stands_for_what_rounds_to_it(text, low, high):
    found = span(Decimal(text))
    assert (found.low, found.high) == (Fraction(low), Fraction(high))


@each("number", ["1e300", "1e-301", "1" + "0" * 40, "-1e30", 1e300])
def test_a_number_that_no_paper_prints_is_refused(number):
    with pytest.raises(ValidationError, match="no number that a paper prints"):
        facts(fact("mean_sd", {"mean": number}))


def test_a_count_of_more_than_anybody_counts_is_refused():
    with pytest.raises(ValidationError, match="less than or equal to 1000000000"):
        facts(fact("count", {"numerator": 10**18}))


EXTREMES = ["0", "1e29", "-9e29", "1e-300", "0.5", "7", "100.00", "33.3", "99.9999999999999999999999", "3e15"]
COUNTS = [0, 1, 3, 200, 10**8, 10**9]
_VALUES = {
    "proportion": ("numerator", "denominator", "percent", "interval"),
    "median_range": ("n", "step", "min", "max", "median", "interval"),
    "mean_sd": ("n", "step", "min", "max", "mean", "sd", "interval"),
    "range": ("min", "max"),
    "limit": ("min", "max"),
    "comparison": ("p", "p_less_than", "test", "groups"),
}


def _extreme(chance, key):
    """Return a value of one key, from the ends of what is let in."""
    if key in {"numerator", "denominator", "n"}:
        return chance.choice(COUNTS)
    if key == "interval":
        return {
            "low": chance.choice(EXTREMES),
            "high": chance.choice(EXTREMES),
            "level": chance.choice(["95", EXTREMES[8]]),
        }
    if key == "groups":
        return [{"label": name, "n": chance.choice(COUNTS)} for name in "AB"]
    return "an exact rank test" if key == "test" else chance.choice(EXTREMES)


def test_facts_at_the_ends_of_what_is_let_in_are_judged_and_never_fail():
    chance, judged = random.Random(20260131), 0
    for _ in range(1500):
        written = []
        for name in "ab":
            kind, keys = chance.choice(list(_VALUES.items()))
            value = {key: _extreme(chance, key) for key in keys if chance.random() < 0.8}
            links = {"repeats": "a"} if name == "b" else {}
            written.append(fact(kind, value, name=name, links=links))
        try:
            found = facts(*written)
        except ValidationError:
            continue
        judged += bool(checked(found))
    assert judged > 300


@each(
    ("value", "places", "shown"),
    [
        (Fraction(10**30 + 1, 3), 2, "333333333333333333333333333333.67"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(-7, 2), 0, "−4"),
    ],
)
def test_a_number_of_any_size_is_rounded_with_halves_away_from_zero(value, places, shown):
    assert rounded(value, places) == shown
