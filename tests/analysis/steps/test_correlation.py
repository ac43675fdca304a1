"""The step on correlations: who enters, what is said where nothing can be estimated, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.data.load import load
from analysis.data.sample import Sample
from analysis.recompute.comparison.compare import recompute
from analysis.results.ard import Results
from analysis.running.entered import entered
from analysis.running.run import run
from analysis.steps.correlation import correlation
from sap.methods.correlation import Correlation
from sap.text.problems import UserError
from tests.each import each

VALUES = pd.DataFrame(
    {
        "USUBJID": ["A", "B", "C", "D", "E", "F"],
        "DOSE": [1.0, 1.0, 2.0, 2.0, 3.0, np.nan],
        "PEAK": [0.0, 5.0, 4.0, 9.0, 12.0, 7.0],
        "SAME": [1.0] * 6,
    }
)
SUBJECTS = tuple(VALUES["USUBJID"])
NAMES = ["N", "estimate", "conf.low", "conf.high", "conf.level", "p.value", "p.value.min", "p.type"]


def step(coefficient="spearman", other="PEAK") -> Correlation:
    return Correlation(
        method="correlation", variable="D.DOSE", with_variable=f"D.{other}", coefficient=coefficient, digits=2
    )


def estimated(plan, subjects=SUBJECTS, values=VALUES, **options):
    stats = correlation(step(**options), Sample(subjects, {"D": values}, plan, "the set"))
    assert [s.stat_name for s in stats] == NAMES
    return {s.stat_name: s for s in stats}


# Centred midranks -1.5 -1.5 0.5 0.5 2 of the doses against -2 0 -1 1 2 of the peaks: S = 7, over the root of 9 times 10.
# With b the peak at dose 3 and s the sum of the two at dose 1, S = 1.5 b - 2 s: of 30 arrangements 7 is reached by b = 2
# with s = -3 or -2 and by b = 1 with s = -3, and -7 by their mirror images.
def test_subjects_without_both_values_are_left_out_and_counted(plan):
    found = estimated(plan)
    assert found["N"].stat == 5
    assert found["N"].warning == "1 of 6 subjects have not both values and are left out"
    assert found["estimate"].stat == pytest.approx(7 / 90**0.5)
    assert found["p.value"].stat == pytest.approx(6 / 30)
    # 9 is reached in full order alone.
    assert found["p.value.min"].stat == pytest.approx(2 / 30)
    assert found["estimate"].warning == "tied values share midranks"
    assert found["p.type"].stat_text == "exact"
    assert {s.variable_level for s in found.values()} == {"D.PEAK"}
    assert {s.context for s in found.values()} == {"spearman"}


def test_kendall_counts_pairs(plan):
    # Of ten pairs two are tied in dose; of the other eight seven agree (not B with C).
    found = estimated(plan, coefficient="kendall")
    assert found["estimate"].stat == pytest.approx((7 - 1) / (8 * 10) ** 0.5)
    assert found["estimate"].warning == "tied pairs are neither concordant nor discordant"


@each("coefficient", ["spearman", "kendall"])
@each(
    ("subjects", "other", "reason"),
    [
        ((), "PEAK", "fewer than 3 pairs"),
        (("A",), "PEAK", "fewer than 3 pairs"),
        (("A", "C", "F"), "PEAK", "fewer than 3 pairs"),
        (SUBJECTS, "SAME", "all values of one variable are equal"),
    ],
)
def test_what_cannot_be_estimated_says_why(plan, coefficient, subjects, other, reason):
    found = estimated(plan, subjects, coefficient=coefficient, other=other)
    for name in ("estimate", "conf.low", "conf.high", "p.value", "p.value.min"):
        assert found[name].stat is None
        assert found[name].error == f"not estimable: {reason}"
    assert found["p.type"].stat_text == "not computed"
    assert found["conf.level"].stat == 0.95


def test_an_approximate_p_is_called_so_wherever_it_stands(plan):
    many = pd.DataFrame(
        {"USUBJID": [f"S{i}" for i in range(30)], "DOSE": range(30), "PEAK": [i * i % 31 for i in range(30)]}
    )
    found = estimated(plan, tuple(many["USUBJID"]), many)
    assert found["p.type"].stat_text == "approximate"
    assert found["p.value"].method.startswith("Spearman's rho; approximate p: t distribution")
    assert found["p.value.min"].error == "not estimable: p is approximate, which has no smallest value"


def test_both_coefficients_of_each_pair_are_results_of_one_analysis(results: Results):
    found = [r for r in results.of("AN-CORR") if r.stat_name == "estimate"]
    assert [(r.variable, r.context) for r in found] == [
        (variable, coefficient) for variable in ("CLL1PCT", "DOSE", "INFEFF") for coefficient in ("spearman", "kendall")
    ]
    assert {r.variable_level for r in found} == {"EXPAN.PEAK"}


def test_only_subjects_with_both_values_have_entered(plan, study):
    data = study.derived
    subjects = [e.subjects for e in entered(study) if e.method == "correlation"]
    assert {len(s) for s in subjects} == {10}
    without = dict(data) | {"EXPAN": data["EXPAN"].assign(PEAK=data["EXPAN"]["PEAK"].where(data["EXPAN"].index > 1))}
    other = replace(study)
    vars(other)["derived"] = without
    assert {len(e.subjects) for e in entered(other) if e.method == "correlation"} == {8}


def correlations(content):
    return [s for a in content["analyses"] for s in a["steps"] if s["method"] == "correlation"]


def test_a_variable_that_is_no_number_is_refused(planned):
    with pytest.raises(UserError, match=r"ADSL\.SEX is not a number, and a correlation is of two"):
        planned(lambda content: correlations(content)[0].update(variable="ADSL.SEX"))


def test_a_variable_against_itself_is_refused(planned):
    with pytest.raises(UserError, match=r"EXPAN\.PEAK is held against itself"):
        planned(lambda content: correlations(content)[0].update(variable="EXPAN.PEAK"))


def test_a_figure_of_subjects_who_are_not_listed_is_refused(planned):
    def change(content):
        (analysis,) = (a for a in content["analyses"] if a["id"] == "AN-CORR")
        analysis["steps"][-1]["variables"] = ["ADSL.CLL1PCT", "ADSL.DOSE", "EXPAN.PEAK"]

    with pytest.raises(UserError) as refused:
        planned(change)
    assert "AN-CORR does not list ADSL.INFEFF by subject" in str(refused.value)
    assert "AN-CORR does not list BOR.BOR by subject" in str(refused.value)


def test_marks_are_a_grouping_and_of_a_scatter_figure(planned):
    def change(content):
        for output in content["outputs"]:
            if output["id"] == "F-CORR":
                output["marks"] = "RSPGRO"
            if output["id"] == "F-PEAK":
                output["marks"] = "RSPGRP"

    with pytest.raises(UserError) as refused:
        planned(change)
    assert "no grouping 'RSPGRO'" in str(refused.value)
    assert "a dot_figure marks no groups" in str(refused.value)


def test_both_routes_agree_within_groups_and_on_ties(planned, root):
    def change(content):
        for one in correlations(content):
            one.update(by="RSPGRP", with_variable="ADSL.PRLINES")
        content["outputs"] = [o for o in content["outputs"] if o["kind"] != "scatter_figure"]

    study = load(planned(change), root / "data")
    found = run(study)
    rows = [r for r in found.of("AN-CORR") if r.context in {"spearman", "kendall"}]
    assert {r.group1_level for r in rows} == {"CR/CRi", "Not CR/CRi"}
    checks = [c for c in recompute(study, found, with_r=False) if c.context in {"spearman", "kendall"}]
    assert {c.verdict for c in checks} == {"agrees"}
    assert len(checks) == len(rows) == 2 * 6 * len(NAMES)
