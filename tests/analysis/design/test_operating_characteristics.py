"""What the planned number of subjects can show, held to R and to counting by hand."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.operating_characteristics import (
    at_least_one,
    operating_characteristics,
    planned_intervals,
    stopping_bounds,
    stopping_table,
)
from sap.model.design import BetaPrior, StoppingRule
from tests.each import each

RULE = StoppingRule(
    text="Stop.", prior=BetaPrior(a=1, b=1), unacceptable_rate=0.3, probability=0.9, looks=(3, 6, 9)
)  # fmt: skip


def test_at_least_one_is_one_minus_the_chance_of_none():
    # R: 1 - (1 - c(.01, .1, .3))^10
    found = at_least_one(10, (0.01, 0.1, 0.3))
    assert [r.true_rate for r in found] == [0.01, 0.1, 0.3]
    assert [r.probability for r in found] == pytest.approx([0.09561792499119559, 0.6513215599, 0.9717524751], rel=1e-14)


def test_what_never_and_what_always_happens():
    assert [r.probability for r in at_least_one(10, (0, 1))] == [0, 1]
    assert [r.probability for r in at_least_one(0, (0.5, 1))] == [0, 0]


def test_a_tiny_rate_keeps_its_digits():
    # 10 p to first order; 1 - (1 - 1e-18)^10 would be 0
    assert at_least_one(10, (1e-18,))[0].probability == pytest.approx(1e-17, rel=1e-12)


def test_the_planned_interval_of_every_possible_result():
    # R: for (x in 0:10) binom.test(x, 10)$conf.int
    found = planned_intervals(10, 0.95)
    assert [r.x for r in found] == list(range(11))
    limits = {r.x: (r.interval.conf_low, r.interval.conf_high) for r in found}
    assert limits[0] == pytest.approx((0, 0.3084971078187608), rel=1e-12)
    assert limits[1] == pytest.approx((0.002528578544461786, 0.445016117028195435), rel=1e-12)
    assert limits[5] == pytest.approx((0.1870860284473986, 0.8129139715526015), rel=1e-12)
    assert found[5].width == pytest.approx(0.8129139715526015 - 0.1870860284473986, rel=1e-12)
    assert found[5].estimate == 0.5


def test_widths_are_the_same_for_events_and_for_subjects_without():
    widths = [r.width for r in planned_intervals(10, 0.9)]
    assert widths == pytest.approx(widths[::-1], rel=1e-12)


def test_posterior_probabilities_at_the_first_looks():
    first, second, _ = stopping_table(RULE)
    # R: pbeta(.3, 1 + 0:3, 1 + 3:0, lower.tail = FALSE); by hand: (7/10)^4 for x = 0
    assert [r.prob_above for r in first] == pytest.approx([0.2401, 0.6517, 0.9163, 0.9919], rel=1e-12)
    # R: pbeta(.3, 1 + 3:5, 1 + 3:1, lower.tail = FALSE)
    assert [r.prob_above for r in second[3:6]] == pytest.approx([0.873964, 0.9712045, 0.9962092], rel=1e-12)
    assert [r.stop for r in first] == [False, False, True, True]


def test_the_smallest_counts_that_stop():
    # R: sapply(c(3, 6, 9), function(n) min(which(pbeta(.3, 1 + 0:n, 1 + n:0, lower.tail = FALSE) >= .9)) - 1)
    assert stopping_bounds(RULE) == (2, 4, 5)


def test_a_probability_that_is_reached_exactly_stops():
    # Beta(1, 1) and one event in one subject: P(rate > 1/2) = 3/4
    rule = RULE.model_copy(update={"unacceptable_rate": 0.5, "probability": 0.75, "looks": (1,)})
    assert stopping_bounds(rule) == (1,)


def test_a_look_that_can_never_stop_has_no_bound():
    # Beta(1, 1) and three of three: P(rate > 0.9) = 1 - 0.9^4 = 0.34
    rule = RULE.model_copy(update={"unacceptable_rate": 0.9})
    assert stopping_bounds(rule)[0] is None
    (found,) = operating_characteristics(rule, (0.2,), 10)
    assert found.stopped_by[0] == 0


# R: s <- as.matrix(expand.grid(rep(list(0:1), 9))); for p: w <- apply(s, 1, function(s) prod(ifelse(s == 1, p, 1 - p)));
# hit <- sapply(1:3, function(k) rowSums(s[, 1:c(3, 6, 9)[k]]) >= c(2, 4, 5)[k]);
# sapply(1:3, function(k) sum(w[apply(hit[, 1:k, drop = FALSE], 1, any)]));
# sum(w * apply(hit, 1, function(h) if (any(h)) c(3, 6, 9)[which(h)[1]] else 10))
@each(
    ("rate", "stopped_by", "subjects"),
    [
        (0.1, (0.028, 0.028243, 0.028525852), 9.802745148),
        (0.3, (0.216, 0.227907, 0.254912076), 8.413366924),
        (0.5, (0.5, 0.546875, 0.6484375), 6.2109375),
    ],
)
def test_operating_characteristics_by_every_sequence_of_subjects_in_r(rate, stopped_by, subjects):
    (found,) = operating_characteristics(RULE, (rate,), 10)
    assert found.stopped_by == pytest.approx(stopped_by, rel=1e-12)
    assert found.expected_subjects == pytest.approx(subjects, rel=1e-12)


def test_a_trial_that_no_look_stops_has_the_planned_number_of_subjects():
    # By hand: one event in one subject stops, so 1 subject with probability p and all planned with 1 - p.
    rule = RULE.model_copy(update={"unacceptable_rate": 0.5, "probability": 0.75, "looks": (1,)})
    for planned, expected in ((1, 1), (3, 0.2 * 1 + 0.8 * 3), (10, 0.2 * 1 + 0.8 * 10)):
        (found,) = operating_characteristics(rule, (0.2,), planned)
        assert found.expected_subjects == pytest.approx(expected, rel=1e-14)
    # The R code above, with `else 9`: a trial complete at its last look has nobody after it.
    rates = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
    for planned, ends in ((9, (8.96, 5.86)), (10, (9.95, 6.21))):
        sizes = [o.expected_subjects for o in operating_characteristics(RULE, rates, planned)]
        assert (round(sizes[0], 2), round(sizes[-1], 2)) == ends
        goes_on = [1 - o.stopped_by[-1] for o in operating_characteristics(RULE, rates, planned)]
        last = [o.expected_subjects for o in operating_characteristics(RULE, rates, 9)]
        assert sizes == pytest.approx([s + (planned - 9) * p for s, p in zip(last, goes_on, strict=True)], rel=1e-12)


rules = st.builds(
    StoppingRule,
    text=st.just("Stop."),
    prior=st.builds(BetaPrior, a=st.floats(0.1, 5), b=st.floats(0.1, 5)),
    unacceptable_rate=st.floats(0.05, 0.9),
    probability=st.floats(0.5, 0.99),
    looks=st.sets(st.integers(1, 6), min_size=1).map(lambda found: tuple(sorted(found))),
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(rules, st.floats(0, 1))
def test_enumerating_looks_is_enumerating_sequences(rule, rate):
    bounds = stopping_bounds(rule)
    stopped, subjects = [0.0] * len(rule.looks), 0.0
    for sequence in product((0, 1), repeat=rule.looks[-1]):
        weight = 1.0
        for event in sequence:
            weight *= rate if event else 1 - rate
        hits = [b is not None and sum(sequence[:n]) >= b for n, b in zip(rule.looks, bounds, strict=True)]
        stopped = [s + weight * any(hits[: k + 1]) for k, s in enumerate(stopped)]
        subjects += weight * next((n for n, hit in zip(rule.looks, hits, strict=True) if hit), 7)
    (found,) = operating_characteristics(rule, (rate,), 7)
    assert found.stopped_by == pytest.approx(stopped, abs=1e-12)
    assert found.expected_subjects == pytest.approx(subjects, abs=1e-11)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(rules)
def test_more_events_never_speak_against_stopping(rule):
    for look in stopping_table(rule):
        assert [r.stop for r in look] == sorted(r.stop for r in look)


def test_a_last_look_after_the_planned_number_is_refused():
    with pytest.raises(ValueError, match="the last look comes after 9 subjects, and 8 are planned"):
        operating_characteristics(RULE, (0.1,), 8)


@each("rate", [-0.1, 1.1, float("nan")])
def test_a_rate_that_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match="must be a probability between 0 and 1"):
        at_least_one(10, (rate,))
    with pytest.raises(ValueError, match="must be a probability between 0 and 1"):
        operating_characteristics(RULE, (rate,), 10)


@each("n", [0, -1, 2.5])
def test_a_number_of_subjects_that_is_none_is_refused(n):
    with pytest.raises(ValueError, match=r"n must be"):
        planned_intervals(n, 0.95)
