"""Two proportions by the score of Miettinen and Nurminen, by Newcombe, Wald, Mantel and Haenszel, against R."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from analysis.methods.rates import score
from analysis.methods.rates.score import mantel_haenszel, newcombe, score_limits, wald_ratio
from tests.reference_check import agrees, number

FOUND = json.loads((Path(__file__).resolve().parents[3] / "reference" / "compare_proportions.json").read_text("utf-8"))
RATESCI = "R ratesci 1.0.0 scoreci(skew=FALSE, bcf=TRUE, precis=12)"
MANTEL = "R mantelhaen.test; Mantel-Haenszel risk difference with Sato's variance, as compare_proportions.json states"
DEVIATES = {
    "difference": lambda t, v: score._of_difference([t], v),
    "ratio": score._of_ratio,
    "odds_ratio": score._of_odds,
}


def holds(got, wanted, z, deviate, case):
    """Whether a limit is R's to 1e-9, or R's solves the equation worse by far: its root is searched for."""
    wanted = number(wanted)
    if wanted is None or not math.isfinite(wanted) or abs(got - wanted) <= 1e-9 * max(1, abs(wanted)):
        agrees(got, wanted, rel=1e-7, method="score_limits", source=RATESCI, case=case)
        return
    ours, theirs = (min(abs(deviate(v) - z), abs(deviate(v) + z)) for v in (got, wanted))
    assert ours < 1e-14 < 1e-10 < theirs, (case, got, wanted)


def test_score_limits_are_those_of_ratesci():
    for i, case in enumerate(FOUND["two"]):
        table = (case["x1"], case["n1"], case["x2"], case["n2"])
        for at in case["by_level"]:
            z = float(ndtri((1 + at["level"]) / 2))
            for measure, deviate in DEVIATES.items():
                wanted, found = at[measure]["miettinen_nurminen"], score_limits([table], measure, at["level"])
                where = f"{i} {measure} {at['level']}"
                assert found.p_value == pytest.approx(wanted["p_two_sided"], rel=1e-8), where
                if found.estimate is None:  # R: limits 0 and Inf of a ratio that is not defined
                    assert (number(wanted["lower"]), number(wanted["upper"])) == (0, math.inf), where
                    continue
                for got, of in ((found.conf_low, "lower"), (found.conf_high, "upper")):
                    holds(got, wanted[of], z, lambda v, t=table, d=deviate: d(t, v), where)


def test_newcombe_and_wald_limits_are_those_of_their_formulas_in_r():
    for i, case in enumerate(FOUND["two"]):
        table = (case["x1"], case["n1"], case["x2"], case["n2"])
        for at in case["by_level"]:
            agrees(
                newcombe(*table, at["level"]),
                at["difference"]["newcombe"],
                method="newcombe",
                source="R, method 10",
                case=str(i),
            )
            for measure, name in (("ratio", "katz_log"), ("odds_ratio", "woolf")):
                found, wanted = wald_ratio(table, measure, at["level"]), at[measure][name]
                if found is None:  # R's formula divides by 0, or says NA
                    continue
                agrees(found, wanted, method="wald_ratio", source=f"R, {name}", case=f"{i} {measure}")


def test_strata_are_combined_as_r_combines_them():
    for i, case in enumerate(FOUND["strata"]):
        tables = list(zip(case["x1"], case["n1"], case["x2"], case["n2"], strict=True))
        found, wanted = score_limits(tables), case["miettinen_nurminen_mh"]
        agrees(found.p_value, case["cmh"]["p"], method="score_limits strata", source=MANTEL, case=f"{i} p")
        got = (found.estimate, found.conf_low, found.conf_high)
        for value, of in zip(got, (wanted["est"], wanted["lower"], wanted["upper"]), strict=True):
            assert value == pytest.approx(of, abs=1e-9), (i, value, of)
        risk, odds = mantel_haenszel(tables), mantel_haenszel(tables, "odds_ratio")
        got = [risk.estimate, risk.conf_low, risk.conf_high]
        agrees(
            got,
            [case["rd_mh"]["estimate"], *case["rd_mh"]["ci"]],
            method="mantel_haenszel",
            source=MANTEL,
            case=f"{i} difference",
        )
        agrees(odds.estimate, case["cmh"]["or_mh"], method="mantel_haenszel", source=MANTEL, case=f"{i} odds ratio")
        if odds.conf_low is not None:
            limits = [odds.conf_low, odds.conf_high]
            agrees(limits, case["cmh"]["or_ci_rbg"], method="mantel_haenszel", source=MANTEL, case=f"{i} limits")


def test_a_published_interval():
    # Newcombe 1998, table II, 56/70 and 48/80: method 10 gives 0.0524 to 0.3339; traps.md: 0.05283, 0.33817 by the score with N/(N-1).
    assert [round(v, 4) for v in newcombe(56, 70, 48, 80)] == [0.0524, 0.3339]
    found = score_limits([(56, 70, 48, 80)])
    assert (round(found.conf_low, 5), round(found.conf_high, 5)) == (0.05283, 0.33817)


def test_nobody_in_both_groups_by_hand():
    # Each likeliest pair under a difference d > 0 is (d, 0): d² = z² d (1 - d)/10 * 20/19, so d = z²/(9.5 + z²).
    z = float(ndtri(0.975))
    found = score_limits([(0, 10, 0, 10)])
    assert found.conf_high == pytest.approx(z**2 / (9.5 + z**2), rel=1e-12)
    assert found.conf_low == pytest.approx(-found.conf_high, rel=1e-12)


counts = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@given(counts)
def test_groups_in_turn_turn_the_difference(table):
    x1, n1, x2, n2 = table
    one, other = score_limits([table]), score_limits([(x2, n2, x1, n1)])
    assert one.conf_low == pytest.approx(-other.conf_high, abs=1e-12)
    assert one.conf_low - 1e-12 <= one.estimate <= one.conf_high + 1e-12


@given(st.lists(counts, min_size=1, max_size=4))
def test_a_stratum_of_one_group_counts_for_nothing(tables):
    assert score_limits([*tables, (2, 5, 0, 0)]) == score_limits(tables)
    assert mantel_haenszel([*tables, (0, 0, 1, 3)]) == mantel_haenszel(tables)


@given(counts, st.sampled_from(["difference", "ratio", "odds_ratio"]))
def test_p_and_limits_agree_on_no_difference(table, measure):
    found = score_limits([table], measure, 0.95)
    if found.estimate is not None and abs(found.p_value - 0.05) > 1e-6:
        none = 0 if measure == "difference" else 1
        assert (found.conf_low < none < found.conf_high) == (found.p_value > 0.05)


@pytest.mark.parametrize(
    ("tables", "measure", "reason"),
    [
        ([(0, 5, 0, 6)], "ratio", "nobody in either group has the event"),
        ([(5, 5, 6, 6)], "odds_ratio", "everybody in both groups has the event"),
    ],
)
def test_a_ratio_that_is_not_defined_has_a_reason(tables, measure, reason):
    assert reason in score_limits(tables, measure).reason


def test_without_both_groups_nothing_is_compared():
    with pytest.raises(ValueError, match="no stratum has subjects of both groups"):
        score_limits([(1, 3, 0, 0)])
