"""Each check finds the mistake it is for, and lets the sound statement pass."""

import statistics
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.concordance.checks import CHECKS, checked, definitions
from analysis.concordance.printed import rounded, span
from analysis.concordance.source import read_source
from tests.analysis.concordance.writing import fact, facts

ROOT = Path(__file__).parents[3]


def count(n, d=None, percent=None, **others):
    value = {"numerator": n, "denominator": d, "percent": percent}
    return fact("proportion", {k: v for k, v in value.items() if v is not None}, **others)


def comparison(n1, n2, test="", **p):
    groups = [{"label": "x", "n": n1}, {"label": "y", "n": n2}]
    return fact("comparison", {"test": test, "groups": groups, **p})


def named(n, *subjects):
    return fact("subjects", {"subjects": list(subjects), "numerator": n})


def repeats(value, kind="proportion"):
    return fact(kind, value, name="b", links={"repeats": "a"})


WHOLE = count(10, 24, name="whole")
CASES = {
    "percentage of its fraction": [
        ([count(4, 6, 67)], [count(4, 6, 50)], "4 of 6 is 66.7%, not 50%. 50% would be 3 of 6 or 4 of 8."),
        ([count(2, 3, 66.7)], [count(2, 3, 66.6)], "The digits were cut off"),
        ([count(1, 8, 12)], [count(1, 8, 14)], "1 of 8 is 12.5%, not 14%."),  # a half may be rounded either way
        ([count(1, 8, 13)], [count(0, 5, 3)], "0 of 5 is 0.0%, not 3%. No other count of either gives it."),
    ],
    "percentage that some fraction gives": [
        ([count(None, 24, 42)], [count(None, 24, 40)], "9 of 24 is 37.5% and 10 of 24 is 41.7%"),
        ([count(4, None, 50)], [count(4, None, 70)], "4 is 70% of no whole number"),
        ([count(None, 3, 33.3)], [count(None, 3, 33.4)], "No whole count out of 3 gives 33.4%"),
    ],
    "digits of a percentage": [
        ([count(1, 100, 1.0)], [count(7, 10, "70.0")], "1 decimal where one subject of 10 is 10 percentage points"),
        ([count(7, 10, 70)], [count(200, 800, "25.00")], "2 decimals"),
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
        ([named(2, "3", "7")], [named(3, "3", "7")], "2 named, 3 counted."),
        ([named(2, "3", "7")], [named(2, "3", "3")], "3 named twice."),
    ],
    "said twice": [
        (
            [count(7, 10), repeats({"numerator": 7})],
            [count(7, 10), repeats({"numerator": 8})],
            "count 8 here, 7 in 'a'",
        ),
        ([count(7, 10), repeats({"percent": 70})], [count(7, 10), repeats({"percent": 71})], "71% and 7 of 10"),
        (
            [fact("median_range", {"median": 50.53}), repeats({"median": 50.5}, "median_range")],
            [fact("median_range", {"median": 50.53}), repeats({"median": 50.6}, "median_range")],
            "median 50.6 here, 50.53",
        ),
        (
            [comparison(7, 3, p=0.04), fact("comparison", {"p": 0.04}, name="b", links={"repeats": "a"})],
            [comparison(7, 3, p=0.04), comparison(7, 2, p=0.04) | {"id": "b", "links": {"repeats": "a"}}],
            "x (7) against y (2) here, x (7) against y (3)",
        ),
        ([named(2, "3", "7"), repeats({"numerator": 2})], [named(2, "3", "7"), repeats({"numerator": 3})], "count 3"),
    ],
    "limit and range": [
        (
            [
                fact("median_range", {"median": 12, "min": 6, "max": 14}),
                limit := fact("limit", {"max": 14, "holds_for": "everyone"}, name="b", links={"about": "a"}),
            ],
            [fact("median_range", {"median": 12, "min": 6, "max": 18}), limit],
            "not of everyone: the range in 'a' (Text) is 6 to 18.",
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
            "With 7 v 2, the exact Wilcoxon test cannot give p < 0.05: its smallest p is 0.0556.",
        ),
        ([comparison(7, 3, "permutation test", p=0.017)], [comparison(7, 3, "permutation test", p=0.016)], "0.0167"),
        ([comparison(7, 3, "t test", p=0.5)], [comparison(7, 3, "t test", p=1.4)], "p = 1.4 is no probability."),
    ],
    "median follow-up with its method": [
        (
            [fact("follow_up", {"median": 173, "method": "reverse Kaplan–Meier"})],
            [fact("follow_up", {"median": 173, "unit": "days"})],
            "The median follow-up of 173 days is given without its method",
        ),
    ],
}
PAIRS = [pytest.param(name, *case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


def found(name, written):
    return [c for c in checked(facts(*written)) if c.check == name]


@pytest.mark.parametrize(("name", "sound", "wrong", "message"), PAIRS)
def test_a_sound_statement_passes(name, sound, wrong, message):
    made = found(name, sound)
    assert made
    assert all(c.holds for c in made)


@pytest.mark.parametrize(("name", "sound", "wrong", "message"), PAIRS)
def test_a_planted_mistake_is_found(name, sound, wrong, message):
    told = [c.message for c in found(name, wrong) if not c.holds]
    assert any(message in one for one in told), told


def test_every_check_has_a_planted_mistake_a_definition_and_a_source():
    defined = definitions()
    assert {n for d in defined for n in d.names} == set(CASES)
    assert len(defined) == len(CHECKS)
    assert all(d.about and d.sources for d in defined)


def test_what_only_a_reading_contradicts_is_a_question_and_no_contradiction():
    parts = [count(6, name="x"), count(2, name="y")]
    links = {"parts": ["x", "y"], "requires": ["y"], "under": "the two are apart"}
    raised = [c for c in checked(facts(*parts, count(6, links=links))) if not c.holds]
    assert {c.check for c in raised} == {"parts add up", "no more than each of its conditions"}
    assert {c.weight for c in raised} == {"not stated"}
    assert all("if the two are apart" in c.message.lower() for c in raised)


def test_a_limit_that_is_said_of_nobody_in_particular_is_a_question():
    open_limit = fact("limit", {"max": 14}, name="b", links={"about": "a"})
    raised = found("limit and range", [fact("median_range", {"median": 12, "min": 6, "max": 18}), open_limit])
    assert [(c.holds, c.weight) for c in raised] == [(False, "not stated")]


def test_an_unnamed_test_out_of_reach_of_exact_ranks_is_a_question():
    raised = found("p-value within reach", [comparison(7, 2, p_less_than=0.05)])
    assert [(c.holds, c.weight) for c in raised] == [(False, "not stated")]


def test_the_example_has_one_planted_mistake_a_check_and_no_other():
    source = (ROOT / "examples/facts.yml").read_text(encoding="utf-8")
    raised = [c for c in checked(read_source(ROOT / "examples/facts.yml").facts) if not c.holds]
    assert {c.check for c in raised} == set(CASES)
    assert len(raised) == source.count("# Planted:") == len({c.fact for c in raised})


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


@pytest.mark.parametrize(
    ("text", "low", "high"), [("50", "49.5", "50.5"), ("50.0", "49.95", "50.05"), ("-0.10", "-0.105", "-0.095")]
)
def test_a_printed_number_stands_for_what_rounds_to_it(text, low, high):
    found = span(Decimal(text))
    assert (found.low, found.high) == (Fraction(low), Fraction(high))
