"""The posterior of the plan: R values, a case by hand, the order of evaluation, the looks, and what is refused."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.load import load
from analysis.data.sample import Sample
from analysis.design.operating_characteristics import stopping_bounds
from analysis.recompute.comparison.compare import recompute
from analysis.running.run import run
from analysis.steps.posterior import posterior
from sap.methods.posterior import Posterior
from sap.model.design import BetaPrior
from sap.text.problems import UserError
from tests.each import each

STATED = {"prior": BetaPrior(a=1, b=1), "threshold": 0.3}


def estimated(plan, events, starts=None, **options):
    """Return the statistics of subjects A, B, C… with events Y, N or missing; all treated on one day unless given."""
    subjects = [chr(ord("A") + i) for i in range(len(events))]
    adsl = pd.DataFrame({"USUBJID": subjects, "TRTSDT": pd.to_datetime(starts or ["2020-01-01"] * len(events))})
    dlt = pd.DataFrame({"USUBJID": subjects, "DLTFL": events}).astype({"DLTFL": object})
    step = Posterior(method="posterior", variable="DLT.DLTFL", event=("Y",), **options)
    return posterior(step, Sample(tuple(subjects), {"ADSL": adsl, "DLT": dlt}, plan, "the set"))


def stat(stats, name, context="posterior", level="Y"):
    (found,) = (s for s in stats if (s.context, s.variable_level, s.stat_name) == (context, level, name))
    return found


def sequence(stats, name="n"):
    return [s.stat for s in stats if s.context == "posterior_sequence" and s.stat_name == name]


def numbers(results, analysis_id, context="posterior"):
    return {r.stat_name: r.stat for r in results.of(analysis_id) if r.context == context}


# R: a+x, b+n-x, their mean, qbeta(c(.5, .025, .975), a+x, b+n-x), pbeta(.3, a+x, b+n-x, lower.tail = FALSE)
@each(
    ("analysis_id", "expected"),
    [
        (
            "AN-DLTBAYES",
            (5, 6, 5 / 11, 0.45169415622366305, 0.18708602844739855, 0.737621923393055, 0.84973166740000017),
        ),
        (
            "AN-DLTBAYES-S1",
            (4.5, 5.5, 0.45, 0.44653893155429025, 0.17296775667284819, 0.745906132125384, 0.82954485661010013),
        ),
    ],
)
def test_four_of_nine_under_each_prior_as_in_r(results, analysis_id, expected):
    found = numbers(results, analysis_id)
    names = ("a", "b", "mean", "median", "conf.low", "conf.high", "prob.above")
    assert [found[n] for n in names] == pytest.approx(list(expected), rel=1e-12)


# RECON-03, -07, -08 and -10 of nine evaluable, infused in the order of their numbers; RECON-05 cannot be evaluated.
# R: n <- 1:9; x <- c(0, 0, 1, 1, 1, 2, 3, 3, 4); pbeta(.3, 1 + x, 1 + n - x, lower.tail = FALSE)
def test_events_and_probability_after_each_subject_of_the_study(results):
    rows = [r for r in results.of("AN-DLTBAYES") if r.context == "posterior_sequence"]
    assert [r.stat for r in rows if r.stat_name == "n"] == [0, 0, 1, 1, 1, 2, 3, 3, 4]
    assert [r.stat for r in rows if r.stat_name == "prob.above"] == pytest.approx(
        [0.49, 0.343, 0.6517, 0.52822, 0.420175, 0.6470695, 0.80589565, 0.729659098, 0.8497316674], rel=1e-12
    )
    assert [r.variable_level for r in rows if r.stat_name == "n"] == [str(k) for k in range(1, 10)]


def test_the_line_is_the_one_the_design_promises(plan, results):
    found = [r.stat for r in results.of("AN-DLTBAYES") if r.stat_name == "stop.at"]
    assert found == list(stopping_bounds(plan.sample_size.proportion.stopping)) == [2, 4, 5]


def test_no_event_in_one_subject_by_hand(plan):
    # Beta(1, 2): mean 1/3, P(p <= t) = 1 - (1 - t)^2.
    stats = estimated(plan, ["N"])
    assert stat(stats, "mean").stat == pytest.approx(1 / 3)
    assert stat(stats, "median").stat == pytest.approx(1 - math.sqrt(0.5))
    assert stat(stats, "conf.low").stat == pytest.approx(1 - math.sqrt(0.975))
    assert stat(stats, "prob.above").stat == pytest.approx(0.49)
    assert stat(stats, "n", "posterior_look", "3").error == "not estimable: only 1 of 3 subjects were evaluated"


def test_on_nobody_there_is_a_line_and_no_posterior(plan):
    stats = estimated(plan, [])
    assert (
        stat(stats, "mean").error == stat(stats, "reached").error == "not estimable: there are no subjects in the set"
    )
    assert stat(stats, "stop.at", "posterior_look", "3").stat == 2
    assert sequence(stats) == []


def test_subjects_stand_in_the_order_of_treatment_and_of_their_names_on_one_day(plan):
    days = ["2020-03-01", "2020-01-01", "2020-01-01", "2020-02-01"]
    assert sequence(estimated(plan, ["Y", "N", "Y", "N"], days)) == [0, 1, 1, 2]


def test_one_without_a_date_stands_last_and_it_is_said(plan):
    stats = estimated(plan, ["Y", "N", "N"], [None, "2020-01-02", "2020-01-01"])
    assert sequence(stats) == [0, 0, 1]
    assert stat(stats, "n").warning == "1 of 3 subjects have no start of treatment and stand last"


def test_one_without_a_value_has_no_event(plan):
    assert sequence(estimated(plan, ["Y", None, "N"])) == [1, 1, 1]


def test_the_first_look_that_stops_is_named(plan):
    stats = estimated(plan, ["N", "Y", "Y", "N", "N", "N"])
    assert stat(stats, "first.stop").stat_text == "after 3 subjects"
    assert stat(stats, "reached", "posterior_look", "3").stat_text == "yes"
    assert stat(stats, "reached", "posterior_look", "6").stat_text == "no"


def test_an_option_takes_the_place_of_what_the_rule_says(plan):
    stats = estimated(plan, ["Y", "N"], threshold=0.5)
    assert (stat(stats, "threshold").stat, stat(stats, "prior.a").stat) == (0.5, 1)
    assert stat(stats, "prob.above").stat == pytest.approx(0.5)


def test_a_look_at_which_nothing_stops_says_so(planned):
    plan = planned(lambda p: p["sample_size"]["proportion"]["stopping"].update(unacceptable_rate=0.9))
    least = stat(estimated(plan, ["N"]), "stop.at", "posterior_look", "3")
    assert (least.stat, least.error) == (None, "not estimable: no number of events stops at this look")


def test_one_event_more_raises_the_probability_and_the_order_does_not_change_the_end(plan):
    @settings(max_examples=30, deadline=None, derandomize=True)
    @given(st.lists(st.sampled_from("YN"), min_size=1, max_size=20), st.integers(0, 19))
    def holds(events, at):
        changed = [[c if i == at % len(events) else e for i, e in enumerate(events)] for c in "NY"]
        fewer, more, back = (
            stat(estimated(plan, e), "prob.above").stat for e in (*changed, list(reversed(changed[1])))
        )
        assert fewer < more
        assert back == more

    holds()


# --- the plan


def step_of(content, place="AN-DLTBAYES"):
    return next(a for a in content["analyses"] if a["id"] == place)["steps"][0]


def test_two_posteriors_of_one_event_need_labels_of_their_own(planned):
    def second_event(content):
        analysis = next(a for a in content["analyses"] if a["id"] == "AN-DLTBAYES")
        analysis["steps"].append(analysis["steps"][0] | {"prior": {"a": 2, "b": 2}, "threshold": 0.5})

    with pytest.raises(UserError, match=r"plan.yml:\d+ .*cannot tell it from step 1 of this analysis: both are post"):
        planned(second_event)


def test_a_posterior_needs_a_rule_for_its_event(planned):
    with pytest.raises(UserError, match=r"ADSL.STERFL = Y is not one of its events.*State prior and threshold"):
        planned(lambda content: step_of(content).update(variable="ADSL.STERFL"))


def test_a_posterior_without_a_stopping_rule_says_what_to_state(planned):
    def change(content):
        del content["sample_size"]["proportion"]["stopping"]

    with pytest.raises(UserError, match=r"plan.yml:\d+ at .*the plan has no stopping rule.*State prior and threshold"):
        planned(change)


def test_with_its_own_prior_and_rate_it_needs_no_rule(planned, root):
    def change(content):
        del content["sample_size"]["proportion"]["stopping"]
        for a in content["analyses"]:
            for s in (*a["steps"], *(s for x in a.get("sensitivity", ()) for s in x.get("steps", ()))):
                if s["method"] == "posterior":
                    s.update(prior={"a": 0.7, "b": 2.3}, threshold=0.25)

    study = load(planned(change), root / "data")
    found = run(study)
    contexts = {r.context for r in found.of("AN-DLTBAYES")}
    assert contexts == {"posterior", "posterior_sequence"}
    checks = [c for c in recompute(study, found, with_r=False) if c.context.startswith("posterior")]
    assert {c.verdict for c in checks} == {"agrees"}


def test_a_misspelt_event_is_an_error(planned):
    with pytest.raises(UserError, match="value 'YES'"):
        planned(lambda content: step_of(content).update(event=["YES"], prior={"a": 1, "b": 1}, threshold=0.3))


def test_a_posterior_by_group_is_refused():
    with pytest.raises(ValueError, match="leave out by"):
        Posterior(method="posterior", variable="DLT.DLTFL", event=("Y",), by="G", **STATED)
