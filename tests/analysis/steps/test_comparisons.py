"""Arms compared: both routes and R agree in every form, and what cannot be estimated says why."""

import shutil
from dataclasses import replace

import pytest

from analysis.recompute import recompute
from analysis.running.run import run
from tests.each import each

PLACEBO = "Placebo"


def changed(study, **edits):
    """Return the study with some of its datasets edited."""
    return replace(study, data={**study.data, **{name: edit(study.data[name].copy()) for name, edit in edits.items()}})


def analysed(study, *, with_r=False):
    results = run(study)
    checks = recompute(study, results, with_r=with_r)
    assert [c for c in checks if c.verdict != "agrees"] == []
    assert [c for c in checks if c.r_agrees is False] == []
    return results, checks


def arm(study, name):
    adsl = study.data["ADSL"]
    return set(adsl.loc[adsl["TRT01P"] == name, "USUBJID"])


def test_both_routes_agree_and_r_where_it_is_there(compared_arms):
    _, checks = analysed(compared_arms, with_r=shutil.which("Rscript") is not None)
    if shutil.which("Rscript") is not None:
        asked = {c.context for c in checks if c.r_agrees}
        assert {"logrank", "hazard_ratio", "two_proportions", "kruskal_wallis"} <= asked


def few(study, each):
    """Return the study with the first subjects of each dose alone."""

    def first(frame):
        treated = frame.dropna(subset=["TRTSDT"])
        return treated[treated.groupby("DOSELVL").cumcount() < each]

    return changed(study, ADSL=first)


def test_of_few_subjects_every_assignment_is_counted_by_both_routes_and_r(compared_arms):
    results, checks = analysed(few(compared_arms, 3), with_r=shutil.which("Rscript") is not None)
    rows = {r.step: r for r in results.of("VALUES") if (r.context, r.stat_name) == ("kruskal_wallis", "p.value")}
    assert rows["1"].stat_label == "Exact p"
    assert "chi-square" not in rows["1"].warning
    assert rows["2"].stat_label == "Approximate p"
    assert "p is that of chi-square: there are more than 0 assignments" in rows["2"].warning
    if shutil.which("Rscript") is not None:
        asked = [c for c in checks if (c.context, c.stat_name) == ("kruskal_wallis", "p.value")]
        assert [c.r_agrees for c in asked] == [True, True]


def test_values_alike_or_of_nobody_are_no_comparison(compared_arms):
    def told(study):
        rows, _ = analysed(study)
        return {
            r.error for r in rows.of("VALUES") if (r.step, r.context, r.stat_name) == ("1", "kruskal_wallis", "p.value")
        }

    assert told(changed(compared_arms, ADSL=lambda f: f.assign(AGE=60.0))) == {"not estimable: all values are equal"}
    gone = arm(compared_arms, PLACEBO)
    without = changed(compared_arms, ADSL=lambda f: f[~f["USUBJID"].isin(gone)])
    assert told(without) == {"not estimable: no value in group Placebo"}


def _never_in(study, label):
    inside = arm(study, label)

    def censored(frame):
        frame.loc[frame["USUBJID"].isin(inside), "CNSR"] = 1.0
        return frame

    return changed(study, ADTTE=censored)


def test_an_arm_without_events_has_no_hazard_ratio_but_a_limit(compared_arms):
    results, _ = analysed(_never_in(compared_arms, PLACEBO))
    rows = {(r.step, r.context, r.stat_name): r for r in results.of("HAZARDS") if not r.group1_level}
    for step in ("1", "2", "3"):
        assert "no maximum" in rows[step, "hazard_ratio", "estimate"].error, step
    assert rows["2", "hazard_ratio", "conf.low"].stat > 1
    assert rows["2", "hazard_ratio", "conf.high"].stat is None
    assert {r.stat for r in results.of("TIMES") if r.stat_name == "p.value"} != {None}


def test_on_the_day_the_last_of_an_arm_has_the_event_survival_differs_without_limits(compared_arms):
    inside = arm(compared_arms, PLACEBO)

    def ended(frame):
        own = frame["USUBJID"].isin(inside)
        frame.loc[own, "CNSR"] = 0.0
        frame.loc[own & (frame["AVAL"] > 167), "AVAL"] = 168.0
        return frame

    results, _ = analysed(changed(compared_arms, ADTTE=ended), with_r=shutil.which("Rscript") is not None)
    rows = {
        r.stat_name: r
        for r in results.of("MEANS")
        if (r.step, r.context, r.variable_level) == ("1", "survival_difference", "168") and not r.group1_level
    }
    assert rows["estimate"].stat > 0
    for name in ("conf.low", "conf.high", "p.value"):
        assert "not defined where a curve is 0" in rows[name].error


def test_without_any_event_nothing_is_compared(compared_arms):
    results, _ = analysed(changed(compared_arms, ADTTE=lambda f: f.assign(CNSR=1.0)))
    for r in results.of("HAZARDS") + results.of("TIMES"):
        if r.context in {"logrank", "hazard_ratio"} and r.stat_name in {"p.value", "estimate", "statistic"}:
            assert r.error == "not estimable: no subject had the event"


def test_an_arm_without_subjects_is_told(compared_arms):
    gone = arm(compared_arms, PLACEBO)
    results, _ = analysed(changed(compared_arms, ADSL=lambda f: f[~f["USUBJID"].isin(gone)]))
    told = {r.error for r in results if r.stat_name in {"p.value", "estimate"} and r.context == "hazard_ratio"}
    assert f"not estimable: no time in group {PLACEBO}" in told
    told = {r.error for r in results if r.stat_name in {"p.value", "estimate"} and r.context == "two_proportions"}
    assert f"not estimable: there are no subjects in {PLACEBO}" in told


def test_an_arm_of_one_subject_is_compared_or_says_why(compared_arms):
    gone = sorted(arm(compared_arms, PLACEBO))[1:]
    results, _ = analysed(changed(compared_arms, ADSL=lambda f: f[~f["USUBJID"].isin(gone)]))
    assert all((r.stat is None) == bool(r.error) for r in results if not r.stat_text)


def test_all_times_alike_are_no_comparison(compared_arms):
    results, _ = analysed(changed(compared_arms, ADTTE=lambda f: f.assign(AVAL=30.0, CNSR=0.0)))
    logrank = [r for r in results.of("TIMES") if r.context == "logrank" and r.stat_name == "p.value"]
    assert {r.error.removeprefix("not estimable: ") for r in logrank} == {
        "every event took all who were then at risk in more than one group, so the groups could not differ",
        "every event came at the first time of all, which weighs nothing",
    }


def test_a_constant_covariate_is_told(compared_arms):
    results, _ = analysed(changed(compared_arms, ADSL=lambda f: f.assign(AGE=60.0)))
    (row,) = [r for r in results.of("HAZARDS") if (r.step, r.stat_name, r.context) == ("4", "estimate", "hazard_ratio")]
    assert "cannot be told" in row.error


def test_a_stratum_of_one_arm_and_a_subject_without_stratum(compared_arms):
    def strata(frame):
        frame.loc[frame["TRT01P"] == PLACEBO, "STRECOG"] = 0.0
        frame.iloc[3, frame.columns.get_loc("STRLIVER")] = None
        return frame

    results, _ = analysed(changed(compared_arms, ADSL=strata))
    warnings = {r.warning for r in results if "left out" in r.warning}
    assert any(w.startswith("1 of 200 subjects lack a time or what the comparison reads") for w in warnings)
    assert any(w.startswith("1 of 100 subjects have no stratum") for w in warnings)


@each("share", ["nobody", "everybody"])
def test_a_ratio_of_nobody_or_everybody_is_not_defined(compared_arms, share):
    response = "PD" if share == "nobody" else "CR"
    treated = compared_arms.data["ADSL"].dropna(subset=["TRTSDT"])["USUBJID"]
    everyone = set(treated) & set(compared_arms.data["ADRS"]["USUBJID"])
    results, _ = analysed(
        changed(
            compared_arms,
            ADRS=lambda f: f.assign(AVALC=response),
            ADSL=lambda f: f[f["USUBJID"].isin(everyone)],
        )
    )
    odds = [r for r in results.of("RATIOS") if (r.step, r.stat_name) == ("3", "estimate")]
    assert [r.error for r in odds] == [
        f"not estimable: {share} in {'either group has' if share == 'nobody' else 'both groups has'} the event: "
        "their ratio is not defined"
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"limits": "newcombe", "strata": ["ECOG"]}, "do not hold within strata"),
        ({"limits": "newcombe", "measure": "ratio"}, "are not those of a ratio"),
        ({"test": "fisher", "strata": ["ECOG"]}, "one table, without strata"),
        ({"strata": ["ECOG", "ECOG"]}, "stands twice"),
        ({"strata": ["NONE"]}, "NONE"),
        ({"by": "DOSE"}, "has 3 groups, and two_proportions compares two"),
        ({"by": "DOSE", "between": ["20 mg", "20 mg"]}, "compared with itself"),
        ({"by": "DOSE", "between": ["20 mg", "30 mg"]}, "30 mg"),
    ],
)
def test_a_plan_that_asks_what_cannot_be_is_told(compared_arms, edit, told):
    from sap.methods.two_proportions import TwoProportions
    from sap.model.names import Names

    asked = {"method": "two_proportions", "variable": "BOR.BOR", "event": ["CR"], "by": "ARM", **edit}
    faults = list(TwoProportions.model_validate(asked).problems(Names(compared_arms.plan), ("steps", 0)))
    assert [f.message for f in faults if told in f.message], faults
