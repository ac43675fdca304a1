"""The step on competing risks: a case worked by hand, what must hold on the study, and what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.data.load import load
from analysis.data.sample import Sample
from analysis.recompute.comparison.compare import recompute
from analysis.results.ard import Results
from analysis.running.run import run
from analysis.steps.competing_risks import competing_risks
from sap.methods.competing_risks import CompetingRisks
from sap.text.problems import UserError
from tests.each import each

RELAPSE, DEATH = "Relapse", "Death without relapse"
# At 10 one of five relapses, at 20 one of four dies, at 30 one is censored, at 40 one of two relapses.
TIMES = pd.DataFrame(
    [
        ("A", 10.0, 0.0, RELAPSE),
        ("B", 20.0, 0.0, DEATH),
        ("C", 30.0, 1.0, ""),
        ("D", 40.0, 0.0, RELAPSE),
        ("E", 50.0, 1.0, ""),
    ],
    columns=["USUBJID", "AVAL", "CNSR", "EVNTDESC"],
)


def estimated(plan, times=TIMES, subjects=("A", "B", "C", "D", "E")):
    step = CompetingRisks(method="competing_risks", data="T", causes=(RELAPSE, DEATH), landmarks=(5, 25, 45, 60))
    return competing_risks(step, Sample(subjects, {"T": times}, plan, "the set"))


def stat(stats, context, level, name):
    (found,) = (s for s in stats if (s.context, s.variable_level, s.stat_name) == (context, level, name))
    return found


def test_incidence_is_events_over_at_risk_times_survival_free_of_any_event(plan):
    stats = estimated(plan)
    by_hand = {
        f"{RELAPSE}, day 5": 0,
        f"{RELAPSE}, day 25": 1 / 5,
        f"{DEATH}, day 25": 4 / 5 * 1 / 4,
        f"{RELAPSE}, day 45": 1 / 5 + 3 / 5 * 1 / 2,
        f"{DEATH}, day 45": 1 / 5,
    }
    for level, value in by_hand.items():
        assert stat(stats, "incidence_at", level, "estimate").stat == pytest.approx(value, abs=1e-15), level
    assert [stat(stats, "incidence_at", f"day {d}", "n.risk").stat for d in (5, 25, 45, 60)] == [5, 3, 1, 0]


def test_it_is_never_one_minus_kaplan_meier_of_the_cause(plan):
    # With deaths censored, relapse at 45 would be 1 - 4/5 * 1/2 = 0.6.
    assert stat(estimated(plan), "incidence_at", f"{RELAPSE}, day 45", "estimate").stat == pytest.approx(0.5)


def test_past_the_last_time_nothing_is_estimated_and_it_says_why(plan):
    late = stat(estimated(plan), "incidence_at", f"{DEATH}, day 60", "estimate")
    assert late.stat is None
    assert late.error == "not estimable: time 60 is after the last observed time, 50"


def test_an_event_that_is_no_cause_is_refused_by_name(plan):
    with pytest.raises(ValueError, match="none of its causes: 'Infection'"):
        estimated(plan, TIMES.replace(DEATH, "Infection"))


def test_a_subject_without_a_time_is_left_out_and_said_to_be(plan):
    n = stat(estimated(plan, subjects=("A", "B", "Z")), "incidence", "", "N")
    assert (n.stat, n.warning) == (2, "1 of 3 subjects have no time and are left out")


def test_on_nobody_every_landmark_says_why(plan):
    stats = estimated(plan, subjects=())
    assert (
        stat(stats, "incidence_at", f"{DEATH}, day 25", "conf.low").error
        == "not estimable: there are no times in the set"
    )


def test_the_incidences_of_the_study_are_those_of_its_times(results: Results):
    # By hand from the times of the study: two relapses of ten by day 80; deaths at 64 and 130 with 9 and 6 at risk,
    # event-free 9/10 and 7/10: 1/10 + 7/10 * 1/6.
    at = {r.variable_level: r.stat for r in results if r.context == "incidence_at" and r.stat_name == "estimate"}
    assert at["Relapse or progression, day 180"] == pytest.approx(2 / 10)
    assert at["Death without relapse or progression, day 180"] == pytest.approx(1 / 10 + 7 / 10 / 6)


@each("scale", ["log", "plain"])
def test_both_routes_agree_on_the_other_scales(planned, root: Path, scale):
    def change(content):
        for step in (s for a in content["analyses"] for s in a["steps"] if s["method"] == "competing_risks"):
            step["conf_type"] = scale

    study = load(planned(change), root / "data")
    checks = [c for c in recompute(study, run(study), with_r=False) if c.context.startswith("incidence")]
    assert {c.verdict for c in checks} == {"agrees"}


def test_causes_must_be_the_events_of_the_parameter(planned):
    def change(content):
        (step,) = (s for a in content["analyses"] if a["id"] == "AN-CIR" for s in a["steps"])
        step["causes"] = ["Relapse or progresion", "Death without relapse or progression"]

    with pytest.raises(UserError, match="the causes must be the events of ADTTE PFS"):
        planned(change)
