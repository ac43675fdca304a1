"""The step on a state entered during follow-up: by hand, against R, what must hold whatever the data, and refusals."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.load import load
from analysis.data.sample import Sample
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.logrank import logrank
from analysis.recompute.comparison.check import agree
from analysis.recompute.comparison.compare import recompute
from analysis.recompute.time_dependent import StatesSample
from analysis.recompute.trial.sample import Place
from analysis.running.run import run
from analysis.steps.time_dependent import time_dependent
from sap.methods.time_dependent import TimeDependent
from sap.text.problems import UserError
from tests.analysis.methods.survival_reference import read
from tests.analysis.methods.survival_strategies import quick
from tests.each import each
from tests.reference_check import agrees

HEART = read("heart_transplants.json")
SOURCE = HEART.pop("_source")
BEFORE, AFTER = "Not transplanted", "Transplanted"
# A dies at 10; B is transplanted at 5 and dies at 20; C is transplanted at 10 and censored at 30; D dies at 25.
HAND = [(10, 1, None), (20, 1, 5), (30, 0, 10), (25, 1, None)]


def made(**options):
    given_here = {"data": "T", "exposure": "ADSL.TXDAY", "exposed": AFTER, "unexposed": BEFORE, "landmarks": (20,)}
    return TimeDependent(method="time_dependent", **(given_here | options))


def analysed(plan, subjects, **options):
    names = [f"S{i}" for i in range(len(subjects))]
    columns = list(zip(*subjects, strict=True)) if subjects else ((), (), ())
    times = pd.DataFrame({"USUBJID": names, "AVAL": columns[0], "CNSR": [1 - e for e in columns[1]]})
    times = times.assign(STARTDT=pd.Timestamp("2020-01-01"))
    people = pd.DataFrame({"USUBJID": names, "TXDAY": pd.Series(columns[2], dtype="float64")})
    return time_dependent(made(**options), Sample(tuple(names), {"T": times, "ADSL": people}, plan, "the set"))


def stat(stats, context, level, name):
    (found,) = (s for s in stats if (s.context, s.variable_level, s.stat_name) == (context, level, name))
    return found


def value(stats, context, level, name):
    return stat(stats, context, level, name).stat


def test_the_test_and_the_curves_by_hand(plan):
    stats = analysed(plan, HAND, landmarks=(5, 10, 20, 25))
    # At 10 one of A, C, D (unexposed) and B (exposed) dies; at 20 one of D and B, C; at 25 one of D and C.
    assert value(stats, "mantel_byar", AFTER, "observed") == 1
    assert value(stats, "mantel_byar", AFTER, "expected") == pytest.approx(1 / 4 + 2 / 3 + 1 / 2)
    assert value(stats, "mantel_byar", BEFORE, "expected") == pytest.approx(3 / 4 + 1 / 3 + 1 / 2)
    assert value(stats, "mantel_byar", "", "statistic") == pytest.approx((5 / 12) ** 2 / (3 / 16 + 2 / 9 + 1 / 4))
    assert value(stats, "mantel_byar", "", "n.compared") == 3
    by_hand = {f"{BEFORE}, day 5": 1, f"{BEFORE}, day 10": 2 / 3, f"{BEFORE}, day 25": 0, f"{AFTER}, day 20": 1 / 2}
    for level, survival in by_hand.items():
        assert value(stats, "simon_makuch_at", level, "estimate") == pytest.approx(survival), level
    assert [value(stats, "states", AFTER, n) for n in ("n", "n.event", "n.censor", "time", "first")] == [2, 1, 1, 35, 5]
    assert [value(stats, "states", BEFORE, n) for n in ("n", "n.event", "n.leave", "time")] == [4, 2, 2, 50]


def test_ever_against_never_would_have_credited_the_time_until_transplantation(plan):
    # As fixed groups B and C are transplanted from day 0, and A dies while both are: expected 1/2 more of an event.
    fixed = logrank([t for t, _, _ in HAND], [e for _, e, _ in HAND], [x is not None for _, _, x in HAND])
    here = value(analysed(plan, HAND), "mantel_byar", AFTER, "expected")
    assert fixed.expected[1] - here == pytest.approx(2 / 4 - 1 / 4)


def test_a_landmark_analysis_by_hand(plan):
    stats = analysed(plan, [*HAND, (3, 1, None), (7, 0, 2)], landmark=8, landmarks=(5, 8, 20, 40))
    at = {n: value(stats, "landmark_groups", "", n) for n in ("n", "n.event.before", "n.censor.before", "n.later")}
    assert at == {"n": 4, "n.event.before": 1, "n.censor.before": 1, "n.later": 1}
    assert [value(stats, "landmark_groups", BEFORE, n) for n in ("N", "n.event")] == [3, 2]
    # A of A, C and D dies at 10; B, the only one transplanted by then, at 20.
    assert value(stats, "landmark_at", f"{BEFORE}, day 20", "estimate") == pytest.approx(2 / 3)
    assert value(stats, "landmark_at", f"{AFTER}, day 20", "estimate") == 0
    late = stat(stats, "landmark_at", f"{BEFORE}, day 40", "estimate")
    assert late.error == "not estimable: day 40 is after the last observed time, day 30"
    # A day up to the landmark is no day of this analysis.
    days = {s.variable_level.rpartition(" ")[2] for s in stats if s.context == "landmark_at"}
    assert days == {"20", "40"}


def test_before_anybody_entered_survival_is_not_100_percent_but_unknown(plan):
    early = stat(analysed(plan, HAND, landmarks=(5,)), "simon_makuch_at", f"{AFTER}, day 5", "estimate")
    assert (early.stat, early.error) == (None, "not estimable: nobody was transplanted before day 5")


def test_a_state_left_before_the_curves_begin_is_not_called_one_that_nobody_entered(plan):
    # The only subject transplanted, on day 5, dies on day 20; the curves run from day 22.
    late = [(20, 1, 5), (30, 0, None), (25, 1, None)]
    found = stat(analysed(plan, late, landmarks=(28,), start=22), "simon_makuch_at", f"{AFTER}, day 28", "estimate")
    assert found.error == ("not estimable: nobody transplanted was followed beyond day 22, from which the curves run")
    never = stat(analysed(plan, late[1:], landmarks=(28,), start=22), "simon_makuch_at", f"{AFTER}, day 28", "estimate")
    assert never.error == "not estimable: nobody was transplanted before day 28"


def test_past_the_last_time_in_a_state_nothing_is_carried_forward(plan):
    late = stat(analysed(plan, HAND, landmarks=(28,)), "simon_makuch_at", f"{BEFORE}, day 28", "estimate")
    assert late.error == "not estimable: day 28 is after the last day observed in this state, 25"


def test_days_without_anybody_at_risk_are_told_beside_the_number(plan):
    stats = analysed(plan, [(6, 0, 2), (25, 1, 10), (30, 0, None)])
    assert stat(stats, "simon_makuch_at", f"{AFTER}, day 20", "estimate").warning == (
        "nobody was at risk from day 6 to day 10"
    )


def test_few_events_are_called_few_beside_p(plan):
    p = stat(analysed(plan, HAND), "mantel_byar", "", "p.value")
    assert p.warning == "fewer than 5 events are expected in a state: the p-value is approximate and exploratory"
    assert "asymptotic, exploratory" in p.method
    many = [(d, 1, 0 if d % 2 else None) for d in range(1, 41)]
    assert stat(analysed(plan, many), "mantel_byar", "", "p.value").warning == ""


def test_no_hazard_ratio_is_given_and_the_plan_says_why(plan):
    assert not any("hazard" in s.stat_label.lower() for s in analysed(plan, HAND))
    assert "No hazard ratio is estimated" in made().in_words
    assert "landmark analysis" not in made().in_words
    assert "landmark analysis" in made(landmark=8).in_words


def test_entries_that_do_not_count_as_dated_are_told(plan):
    stats = analysed(plan, [(10, 1, -3), (20, 1, 20), (30, 0, 40), (5, 0, None)])
    shown = stat(stats, "states", AFTER, "n")
    assert shown.stat == 1
    assert shown.warning == (
        "1 entered before the start and count as exposed from the start; "
        "2 entered on or after the last day of follow-up and do not count as exposed"
    )


def test_nobody_has_no_estimate_and_every_row_says_why(plan):
    stats = analysed(plan, [], landmark=10, at_risk=(0, 20))
    assert {s.error for s in stats if s.stat is None and not s.stat_text} == {
        "not estimable: there are no times in the set",
        "not estimable: nobody was transplanted",
        "not estimable: nobody was not transplanted",
    }
    same = analysed(plan, HAND, landmark=10, at_risk=(0, 20))
    keys = [
        [(s.context, s.variable_level, s.stat_name) for s in x if s.context != "simon_makuch"] for x in (stats, same)
    ]
    assert keys[0] == keys[1]


@each(("subject", "tested"), [((10, 1, None), False), ((10, 0, 4), False), ((0, 1, 0), False)])
def test_one_subject_has_a_curve_and_no_test(plan, subject, tested):
    stats = analysed(plan, [subject], landmark=2)
    assert (value(stats, "mantel_byar", "", "p.value") is not None) is tested
    assert value(stats, "states", "", "N") == 1


def test_a_subject_without_a_time_is_left_out_and_said_to_be(plan):
    stats = analysed(plan, [*HAND, (np.nan, 0, 3)])
    n = stat(stats, "states", "", "N")
    assert (n.stat, n.warning) == (4, "1 of 5 subjects have no time and are left out")


@each("name", HEART)
def test_the_numbers_are_those_of_r_on_heart_transplants_and_on_the_study(plan, name):
    case = HEART[name]
    days, landmark, start = case["days"], case["landmark"], case["start"]
    subjects = list(zip(case["time"], case["event"], case["entered"], strict=True))
    stats = analysed(plan, subjects, landmarks=days, landmark=landmark, start=start)
    test = f'{SOURCE}: coxph(Surv(start, stop, event) ~ exposed, ties = "exact")$score'
    for key, stat_name in (("chi_square", "statistic"), ("p", "p.value")):
        agrees(value(stats, "mantel_byar", "", stat_name), case[key], method="mantel_byar", source=test, case=name)
    fit = f"{SOURCE}: summary(survfit(Surv(start, stop, event) ~ 1), times), pyears"
    years = {"subjects": "n", "events": "n.event", "follow_up": "time"}
    for key, stat_name in years.items():
        got = [value(stats, "states", label, stat_name) for label in (BEFORE, AFTER)]
        agrees(got, case[key], method=f"follow_up_in {stat_name}", source=fit, case=name)
    left_out = [value(stats, "landmark_groups", "", n) for n in ("n.event.before", "n.censor.before")]
    agrees(left_out, case["left_out"], method="landmark_subset left out", source=fit, case=name)
    columns = {"n.risk": "n.risk", "estimate": "surv", "conf.low": "lower", "conf.high": "upper"}
    for state, label in enumerate((BEFORE, AFTER)):
        for stat_name, key in columns.items():
            got = [value(stats, "simon_makuch_at", f"{label}, day {d}", stat_name) for d in days]
            # R carries survival past the last time of a state; here it is not estimable.
            pairs = zip(case[f"{key}.{state}"], case[f"known.{state}"], strict=True)
            wanted = [v if known or key == "n.risk" else None for v, known in pairs]
            agrees(got, wanted, method=f"simon_makuch {stat_name}", source=fit, case=f"{name} {label}")
            after = [d for d in days if d > landmark]
            got = [value(stats, "landmark_at", f"{label}, day {d}", stat_name) for d in after]
            wanted = case[f"landmark.{key}.{state}"]
            agrees(got, wanted, method=f"landmark_subset {stat_name}", source=fit, case=f"{name} {label}")


DAYS = st.integers(0, 15)
FOLLOWED = st.lists(
    st.tuples(DAYS, st.integers(0, 1), st.one_of(st.none(), st.integers(-2, 16))), min_size=0, max_size=12
)


@quick
@given(st.lists(st.tuples(DAYS, st.integers(0, 1)), min_size=1, max_size=12))
def test_with_nobody_exposed_the_curve_is_kaplan_and_meiers(plan, subjects):
    stats = analysed(plan, [(t, e, None) for t, e in subjects], at_risk=(0,))
    curve = kaplan_meier([t for t, _ in subjects], [e for _, e in subjects])
    got = [s.stat for s in stats if (s.context, s.stat_name) == ("simon_makuch", "estimate")]
    assert got == pytest.approx(curve.surv.tolist())
    assert value(stats, "mantel_byar", "", "p.value") is None
    assert value(stats, "states", BEFORE, "time") == sum(t for t, _ in subjects)


@quick
@given(st.lists(st.tuples(DAYS, st.integers(0, 1), st.booleans()), min_size=2, max_size=12))
def test_a_state_entered_on_day_0_gives_the_log_rank_test_of_two_groups(plan, subjects):
    stats = analysed(plan, [(t, e, 0 if x else None) for t, e, x in subjects])
    groups = [x for _, _, x in subjects]
    if len(set(groups)) < 2:
        return
    two = logrank([t for t, _, _ in subjects], [e for _, e, _ in subjects], groups)
    assert value(stats, "mantel_byar", "", "statistic") == pytest.approx(two.statistic)
    assert value(stats, "mantel_byar", AFTER, "expected") == pytest.approx(two.expected[1])


@quick
@given(
    FOLLOWED, st.integers(0, 8), st.integers(1, 10), st.sampled_from(["log-log", "log", "plain", "logit", "arcsine"])
)
def test_the_second_route_agrees_on_anything(plan, subjects, start, landmark, scale):
    options = {"start": start, "landmark": landmark, "conf_type": scale, "landmarks": (8, 12, 20), "at_risk": (9, 14)}
    stats = analysed(plan, subjects, **options)
    sample = StatesSample(
        Place("A", "SAF", "", "", "T"),
        tuple(Fraction(t) for t, _, _ in subjects),
        tuple(bool(e) for _, e, _ in subjects),
        tuple(None if x is None else Fraction(x) for _, _, x in subjects),
        made(**options),
        at_risk=options["at_risk"],
    )
    second = {(p.context, p.variable_level, p.stat_name): p.value for p in sample.promises()}
    first = {(s.context, s.variable_level, s.stat_name): s.stat_text or s.stat for s in stats}
    assert first.keys() == second.keys()
    for key, got in first.items():
        wanted = second[key]
        same = got == wanted if isinstance(got, str) else agree(got, None if wanted is None else float(wanted))
        assert same, (key, got, wanted)


def test_where_the_start_is_day_1_every_day_is_one_later_and_every_duration_the_same(plan):
    subjects = [*HAND, (3, 1, None), (7, 0, 2), (9, 1, 0), (0, 1, None)]
    days = {"landmarks": (5, 10, 20, 25), "at_risk": (0, 8, 15)}
    later = {name: tuple(d + 1 for d in of) for name, of in days.items()}
    from_1 = plan.model_copy(update={"conventions": plan.conventions.model_copy(update={"origin_day": 1})})
    moved = [(t + 1, e, None if x is None else x + 1) for t, e, x in subjects]
    zero = analysed(plan, subjects, landmark=8, **days)
    one = analysed(from_1, moved, landmark=9, **later)
    assert len(zero) == len(one) > 100
    for a, b in zip(zero, one, strict=True):
        shift = 1 if a.stat_name == "first" else 0
        here = (a.context, a.variable_level, a.stat_name)
        assert (b.stat, b.stat_text) == (None if a.stat is None else pytest.approx(a.stat + shift), a.stat_text), here
    # B and C are in the state for 20 - 5 and 30 - 10 days, those transplanted on days 2 and 0 for 5 and 9.
    assert value(one, "states", AFTER, "time") == 15 + 20 + 5 + 9
    assert value(one, "states", AFTER, "first") == 1


def test_without_days_in_the_plan_subjects_at_risk_are_counted_on_regular_ones(plan):
    counted = {s.variable_level: s.stat for s in analysed(plan, HAND) if s.context == "simon_makuch_risk"}
    assert {level.rpartition(" ")[2] for level in counted} == {"0", "5", "10", "15", "20", "25", "30"}


def test_a_time_that_starts_on_another_day_than_the_infusion_is_refused_by_subject(plan, study):
    def frame(start):
        times = {"USUBJID": ["RECON-01"], "AVAL": [5.0], "CNSR": [0.0], "STARTDT": pd.to_datetime([start])}
        entered = pd.DataFrame({"USUBJID": ["RECON-01"], "DAY": [2.0]})
        return {"OS": pd.DataFrame(times), "HSCT": entered, "ADSL": study.data["ADSL"]}

    step = made(data="OS", exposure="HSCT.DAY")
    one = Sample(("RECON-01",), frame("2017-02-06"), plan, "the set")
    assert time_dependent(step, one)
    with pytest.raises(ValueError, match="and OS starts on another day for RECON-01"):
        time_dependent(step, Sample(("RECON-01",), frame("2017-02-07"), plan, "the set"))


def changed(content, **options):
    (step,) = (s for a in content["analyses"] for s in a["steps"] if s["method"] == "time_dependent")
    step.update(options)


@each(
    ("options", "message"),
    [
        ({"data": "RFS"}, "HSCT.DAY counts days since first treatment, and ADTTE RFS starts at another day"),
        ({"exposure": "BOR.BOR"}, "BOR.BOR is not a number of days"),
        ({"exposure": "ENGN.AVAL"}, "ENGN.AVAL is not the day on which something began"),
        ({"exposure": "HSCT.DAYS"}, "HSCT has no variable 'DAYS'"),
        ({"data": "HSCT"}, "time-to-event derivation"),
        ({"exposed": "Not transplanted"}, "both states are called the same"),
        ({"start": 91}, "landmarks has day 90, before the curves start on day 91"),
        ({"landmarks": [180, 90]}, "landmarks must be days since the start in increasing order"),
        ({"by": "RSPGRP"}, "the states are the groups: leave out by"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_the_plan(planned, options, message):
    with pytest.raises(UserError, match=message):
        planned(lambda content: changed(content, **options))


@each("options", [{"data": "PFS"}, {"exposure": "BOR.RSPDAY"}, {"exposure": "ADSL.LDDAYS"}])
def test_what_starts_at_the_infusion_is_accepted(planned, options):
    assert planned(lambda content: changed(content, **options))


def test_both_routes_agree_on_the_study_with_another_start(planned, root):
    study = load(
        planned(lambda content: changed(content, start=19, conf_type="plain", at_risk=[19, 90])), root / "data"
    )
    checks = [c for c in recompute(study, run(study), with_r=False) if c.analysis_id == "AN-OSHSCT"]
    assert {c.verdict for c in checks} == {"agrees"}
