"""Simon's two-stage designs against R, by their definition, and by hand."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.methods.early.two_stage import two_stage, two_stage_designs
from tests.each import each
from tests.reference_check import agrees

FILE = Path(__file__).resolve().parents[3] / "reference" / "designs_rates_tests.json"
FOUND = json.loads(FILE.read_text("utf-8"))["simon"]
GRID = 1.01e-4


@each("case", FOUND)
def test_optimal_and_minimax_designs_are_those_of_clinfun(case):
    found = two_stage_designs(case["p0"], case["p1"], case["alpha"], case["beta"], 60)
    for name, got in zip(("optimal", "minimax"), found, strict=True):
        wanted = case["designs"][name]
        assert (got.r1, got.n1, got.r, got.n) == tuple(wanted[k] for k in ("r1", "n1", "r", "n"))
        numbers = (got.expected_n, got.stop_early), (wanted["en_p0"], wanted["pet_p0"])
        agrees(*numbers, method="two_stage_designs", source="R clinfun::ph2simon", case=f"{name} {case['p0']}")


@each("design", [(c["p0"], d) for c in FOUND for d in c["designs"].values()])
def test_estimate_and_p_are_those_of_clinfun_and_limits_on_its_grid(design):
    p0, plan = design
    r1, n1, r, n = (plan[k] for k in ("r1", "n1", "r", "n"))
    for row in plan["inference"]:
        x = row["x"]
        got = two_stage(x, (r1, n1, r, n), p0)
        where = {"source": "R clinfun::twostage.inference", "case": f"{r1}/{n1} {r}/{n} x={x}"}
        agrees(got.estimate, row["umvue"], method="two_stage estimate", **where)
        assert got.p_value == pytest.approx(row["p"], rel=1e-9, abs=1e-13)
        if x > 0:
            assert got.conf_low == pytest.approx(row["lower"], abs=GRID)
            assert two_stage(x - 1, (r1, n1, r, n), p0).conf_high == pytest.approx(row["upper"], abs=GRID)


@given(st.integers(1, 12), st.integers(1, 12), st.floats(0.05, 0.95), st.data())
def test_the_estimate_is_unbiased_and_rises(n1, n2, rate, data):
    r1 = data.draw(st.integers(0, n1 - 1))
    n = n1 + n2
    estimate = [two_stage(x, (r1, n1, r1, n), 0.5).estimate for x in range(n + 1)]
    mean = sum(binom.pmf(x, n1, rate) * estimate[x] for x in range(r1 + 1))
    for x1 in range(r1 + 1, n1 + 1):
        mean += sum(binom.pmf(x1, n1, rate) * binom.pmf(k, n2, rate) * estimate[x1 + k] for k in range(n2 + 1))
    assert mean == pytest.approx(rate)
    assert estimate == sorted(estimate)


def test_by_hand_two_stages_of_one_subject():
    found = two_stage(1, (0, 1, 1, 2), 0.5)
    assert found.estimate == 1
    assert found.p_value == 0.5
    assert (found.rejected, found.stopped) == (False, False)
    assert two_stage(0, (0, 1, 1, 2), 0.5).stopped


@each(
    ("call", "message"),
    [
        (lambda: two_stage(1, (3, 2, 4, 9), 0.1), "^design"),
        (lambda: two_stage(10, (1, 4, 4, 9), 0.1), "^x must"),
        (lambda: two_stage(1, (1, 4, 4, 9), 1), "^p0 must"),
        (lambda: two_stage_designs(0.3, 0.2, 0.1, 0.1), "^p0 and p1"),
        (lambda: two_stage_designs(0.1, 0.3, 0, 0.1), "^alpha"),
        (lambda: two_stage_designs(0.1, 0.3, 0.05, 0.2, 10), "^n_max"),
    ],
)
def test_what_is_no_design_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
