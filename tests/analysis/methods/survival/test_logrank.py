"""The log-rank test and its Peto-Peto form against R's survdiff."""

import math

import pytest

from analysis.methods.survival.logrank import logrank
from tests.analysis.methods.survival_reference import LOGRANK, PUBLISHED, name
from tests.each import each
from tests.reference_check import agrees


@each(("form", "rho"), [("logrank", 0), ("peto_rho1", 1)])
@each("case", LOGRANK, ids=name)
def test_every_part_of_the_test_is_that_of_survdiff(case, form, rho):
    data, expected = case["data"], case[form]
    result = logrank(data["time"], data["status"], data["group"], rho)
    # survdiff names its groups "g$group=A" in the order of the strata.
    order = [expected["groups"].index(f"g$group={label}") for label in result.groups]
    wanted = [expected["chisq"], expected["p"], expected["df"]]
    wanted += [expected[column][k] for column in ("n", "obs", "exp") for k in order]
    wanted += [expected["var"][k][m] for k in order for m in order]
    got = [result.statistic, result.p_value, result.df, *result.n.tolist()]
    got += [*result.observed.tolist(), *result.expected.tolist(), *result.variance.ravel().tolist()]
    source = f"R survival 3.5.3 survdiff(Surv(time, status) ~ group, rho = {rho})"
    agrees(got, wanted, method=f"logrank rho={rho}", source=source, case=case["name"])


def test_a_published_log_rank_test():
    published = PUBLISHED["logrank"][0]
    arms = published["a"] + published["b"]
    times = [float(str(t).rstrip("+")) for t in arms]
    events = [not str(t).endswith("+") for t in arms]
    result = logrank(times, events, ["a"] * len(published["a"]) + ["b"] * len(published["b"]))
    # scipy test_survival.py TestLogRank, from R survdiff, prints 12 and 10 digits.
    agrees(result.statistic, published["chisq"], method="logrank", source=published["src"], case="published")
    agrees(result.p_value, published["p"], method="logrank", source=published["src"], case="published")


def test_the_log_rank_test_of_the_aml_trial():
    aml = next(case for case in LOGRANK if case["name"] == "aml")["data"]
    # cran/survival tests/doaml.Rout.save prints one decimal.
    result = logrank(aml["time"], aml["status"], aml["group"])
    assert round(result.statistic, 1) == PUBLISHED["km_aml"]["logrank_chisq"]


def test_times_equal_up_to_float_noise_are_ties():
    noisy = logrank([0.1 + 0.2, 0.3, 0.7, 1], [1, 1, 0, 1], ["A", "B", "A", "B"])
    clean = logrank([0.3, 0.3, 0.7, 1], [1, 1, 0, 1], ["A", "B", "A", "B"])
    assert noisy.statistic == clean.statistic


def test_three_groups_have_two_degrees_of_freedom():
    # R: survdiff(Surv(c(1,2,3,4,5,6,7,8,9), c(1,1,0,1,1,1,0,1,1)) ~ rep(1:3, 3))$chisq
    result = logrank(range(1, 10), [1, 1, 0, 1, 1, 1, 0, 1, 1], [1, 2, 3] * 3)
    assert result.df == 2
    agrees(result.statistic, 1.4785976571728292, method="logrank", source="R survdiff", case="three groups")


@each(
    ("time", "event", "reason"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], "no subject had the event"),
        ([1, 2, 8, 9], [0, 0, 1, 1], "only one group was at risk when events occurred"),
        ([5, 5, 5, 5], [1, 1, 1, 1], "every event took all who were then at risk"),
    ],
)
def test_where_there_is_no_test_there_is_a_reason(time, event, reason):
    # R prints chisq = 0 on 0 degrees of freedom, or NaN.
    result = logrank(time, event, ["A", "A", "B", "B"])
    assert (result.statistic, result.p_value, result.df) == (None, None, 0)
    assert result.reason.startswith(reason)


@each(
    ("group", "message"),
    [
        (["A", "A", "A"], "two groups; there is only 'A'"),
        (["A", "B"], "3 labels are needed"),
        (["A", None, "B"], r"missing at positions \[1\]"),
        ([1.0, 2.0, math.nan], r"missing at positions \[2\]"),
        (["A", math.nan, "B"], r"missing at positions \[1\]"),
    ],
)
def test_bad_groups_are_errors(group, message):
    with pytest.raises(ValueError, match=message):
        logrank([1, 2, 3], [1, 1, 1], group)


def test_bad_data_and_weights_are_errors():
    with pytest.raises(ValueError, match="negative"):
        logrank([1, -2], [1, 1], ["A", "B"])
    with pytest.raises(ValueError, match="rho must be a finite number"):
        logrank([1, 2], [1, 1], ["A", "B"], math.nan)
