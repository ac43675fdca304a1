"""Fisher's exact test and the conditional odds ratio against R."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.rates.two_proportions import fisher_exact, odds_ratio
from tests.analysis.methods.exact_reference import FISHER, PUBLISHED, limits
from tests.each import each
from tests.reference_check import agrees

moderate = settings(max_examples=60, deadline=None, derandomize=True)


def table_name(case):
    return "-".join(str(cell) for row in case["table"] for cell in row)


def groups(case):
    """Give x1, n1, x2, n2; a table whose second row is empty is read by columns, which changes no statistic."""
    (a, b), (c, d) = case["table"]
    return (a, a + b, c, c + d) if c + d else (a, a + c, b, b + d)


every_table = each("case", FISHER, ids=table_name)


@every_table
def test_p_values_are_those_of_fisher_test(case):
    table = groups(case)
    likelihood, central, mid = (fisher_exact(*table, name) for name in ("minimum-likelihood", "central", "mid-p"))
    for method, actual, expected, source in [
        ("fisher_exact minimum-likelihood", likelihood.p_value, case["p"]["two_sided"], "R fisher.test(M)"),
        ("fisher_exact less", likelihood.p_less, case["p"]["less"], "R fisher.test(M, alternative='less')"),
        ("fisher_exact greater", likelihood.p_greater, case["p"]["greater"], "R fisher.test(alternative='greater')"),
        ("fisher_exact central", central.p_value, case["twice_min_tail"], "R 2 * min(less, greater)"),
        ("fisher_exact mid-p", mid.p_value, case["midp_two_sided"], "R dhyper, half of the equally probable"),
    ]:
        agrees(actual, expected, method=method, source=source, case=str(case["table"]))


@every_table
def test_odds_ratio_is_the_conditional_one(case):
    source = "R bisection of the conditional likelihood"
    estimate = odds_ratio(*groups(case)).estimate
    expected = case["cmle_or_accurate"]
    agrees(estimate, expected, method="odds_ratio", source=source, case=str(case["table"]))


@every_table
def test_odds_ratio_limits_put_alpha_in_each_tail(case):
    table, source = groups(case), "R bisection of the conditional tails"
    for ci in case["ci_accurate"]:
        level, label = ci["level"], f"{case['table']} at {ci['level']}"
        actual = limits(odds_ratio(*table, level).interval)
        agrees(actual, ci["two_sided"], method="odds_ratio interval", source=source, case=label)
        lower = odds_ratio(*table, level, sides="lower").interval.conf_low
        agrees(lower, ci["lower_1sided"], method="odds_ratio lower", source=source, case=label)
        upper = odds_ratio(*table, level, sides="upper").interval.conf_high
        agrees(upper, ci["upper_1sided"], method="odds_ratio upper", source=source, case=label)


def test_the_example_of_exact2x2():
    published = PUBLISHED["fisher_2x2"]
    (a, b), (c, d) = published["table"]
    table = (a, a + b, c, c + d)
    assert fisher_exact(*table).p_value == pytest.approx(published["p_minlike"], abs=5e-6)
    assert fisher_exact(*table, "central").p_value == pytest.approx(published["p_central"], abs=5e-6)
    ratio = odds_ratio(*table)
    assert ratio.estimate == pytest.approx(published["OR"], abs=5e-6)
    assert limits(ratio.interval) == pytest.approx(published["ci_central"], abs=1e-5)


def test_margins_that_leave_one_table_have_no_odds_ratio():
    ratio = odds_ratio(0, 7, 0, 3)
    assert ratio.estimate is None
    assert "every odds ratio" in ratio.reason
    assert limits(ratio.interval) == [0, float("inf")]
    assert fisher_exact(0, 7, 0, 3).p_value == 1


@st.composite
def tables(draw):
    n1, n2 = draw(st.integers(1, 25)), draw(st.integers(1, 25))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


@moderate
@given(tables(), st.floats(0.6, 0.999))
def test_the_central_test_never_contradicts_the_interval(table, level):
    interval = odds_ratio(*table, level).interval
    one_inside = interval.conf_low < 1 < interval.conf_high
    assert one_inside == (fisher_exact(*table, "central").p_value > 1 - level)


@moderate
@given(tables())
def test_exchanging_the_groups_inverts_the_odds_ratio(table):
    x1, n1, x2, n2 = table
    ratio, inverse = odds_ratio(x1, n1, x2, n2), odds_ratio(x2, n2, x1, n1)
    assert fisher_exact(x1, n1, x2, n2).p_value == pytest.approx(fisher_exact(x2, n2, x1, n1).p_value, rel=1e-9, abs=0)
    if ratio.estimate and ratio.estimate < float("inf"):
        assert inverse.estimate == pytest.approx(1 / ratio.estimate, rel=1e-9)
        assert inverse.interval.conf_high == pytest.approx(1 / ratio.interval.conf_low, rel=1e-9)
        assert ratio.interval.conf_low < ratio.estimate < ratio.interval.conf_high


@each("function", [fisher_exact, odds_ratio])
@each("table", [(7, 10, 0, 0), (0, 0, 1, 2), (11, 10, 1, 2), (1, 2, -1, 3), (1, 2, 0.5, 3)])
def test_bad_tables_are_errors(function, table):
    with pytest.raises(ValueError, match="must"):
        function(*table)


def test_bad_options_are_errors():
    with pytest.raises(ValueError, match="conf_level"):
        odds_ratio(1, 2, 1, 2, 95)
    with pytest.raises(ValueError, match="definition must be one of"):
        fisher_exact(1, 2, 1, 2, "midp")
