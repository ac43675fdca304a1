"""The flow of subjects: a trial of twelve counted by hand, and what must hold whatever the data and the clauses are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.data.sample import Sample
from analysis.recompute import recompute
from analysis.reconcile.reconcile import unplanned
from analysis.results.entered_file import key, keyed
from analysis.running.entered import entered
from analysis.running.run import expected, run
from analysis.steps.disposition import disposition
from sap.methods.disposition import REST, Disposition
from sap.model.clause import Condition
from sap.model.sets import AnalysisSet
from sap.plan.diff import changes, touched
from sap.text.problems import PlanError
from tests.each import each


def where(variable, value, comparator="EQ", dataset="ADSL"):
    return Condition(dataset=dataset, variable=variable, comparator=comparator, value=value)


def reason(label, *clause, **options):
    return {"label": label, "where": where(*clause, **options)}


# Twelve subjects, A to L. By hand: enrolled A-K (L not eligible); infused A-I (J died first, K for no reason that is
# recorded); followed A-H (I was lost). In the set A-F; of G and H, H died and G is neither.
SUBJECTS = tuple("ABCDEFGHIJKL")
ADSL = pd.DataFrame(
    {
        "USUBJID": SUBJECTS,
        "ENRLFL": ["Y"] * 11 + ["N"],
        "ELIGFL": ["Y"] * 11 + ["N"],
        "TRTSDT": pd.to_datetime(["2024-01-01"] * 9 + [None] * 3),
        "DTHFL": ["Y", "Y", "", "", "", "", "", "Y", "", "Y", "", "Y"],
        "FUFL": ["Y"] * 8 + [""] * 4,
        "SETFL": ["Y"] * 6 + [""] * 3 + ["Y"] + [""] * 2,
    }
)
STEP = Disposition.model_validate(
    {
        "method": "disposition",
        "stages": [
            {"label": "Enrolled", "where": where("ENRLFL", "Y"), "lost": [reason("Not eligible", "ELIGFL", "N")]},
            {
                "label": "Infused",
                "where": where("TRTSDT", "", "NE"),
                "lost": [reason("Died", "DTHFL", "Y"), reason("Withdrew", "DTHFL", "WITHDREW")],
            },
            {"label": "Followed", "where": where("FUFL", "Y"), "lost": []},
        ],
        "outcomes": [reason("Died at last", "DTHFL", "Y"), reason("Alive", "DTHFL", "")],
        "sets": [
            {"analysis_set": "EVAL", "left_out": [reason("Died early", "DTHFL", "Y")]},
            {"analysis_set": "EVALI", "among": "Infused"},
        ],
    }
)
BY_HAND = {
    "Lost before Enrolled": 1,
    "Lost before Enrolled: Not eligible": 1,
    "Enrolled": 11,
    "Lost before Infused": 2,
    "Lost before Infused: Died": 1,
    "Lost before Infused: Withdrew": 0,
    f"Lost before Infused: {REST}": 1,
    "Infused": 9,
    "Lost before Followed": 1,
    f"Lost before Followed: {REST}": 1,
    "Followed": 8,
    "Died at last": 3,
    "Alive": 5,
    "EVAL": 6,
    "Left out of EVAL": 2,
    "Left out of EVAL: Died early": 1,
    f"Left out of EVAL: {REST}": 1,
    "EVALI": 6,
    "Left out of EVALI": 3,
    f"Left out of EVALI: {REST}": 3,
}


@pytest.fixture(scope="module")
def with_sets(plan):
    sets = [AnalysisSet(id=i, title=i, text=i, where=where("SETFL", "Y")) for i in ("EVAL", "EVALI")]
    return plan.model_copy(update={"analysis_sets": (*plan.analysis_sets, *sets)})


def counts(stats, name="n"):
    return {s.variable_level: s.stat for s in stats if s.stat_name == name}


def test_a_trial_of_twelve_counted_by_hand(with_sets):
    stats = disposition(STEP, Sample(SUBJECTS, {"ADSL": ADSL}, with_sets, "all"))
    assert counts(stats) == BY_HAND
    assert set(counts(stats, "N").values()) == {12}
    assert counts(stats, "p") == {level: n / 12 for level, n in BY_HAND.items()}


def test_a_subject_of_the_set_who_did_not_reach_the_stage_is_warned_of_and_not_counted(with_sets):
    stats = disposition(STEP, Sample(SUBJECTS, {"ADSL": ADSL}, with_sets, "all"))
    (warning,) = {s.warning for s in stats if s.variable_level == "EVAL" and s.warning}
    assert warning == "1 of 7 subjects of the set did not reach the stage 'Followed' and are not counted here"


def test_of_two_reasons_that_fit_the_first_one_counts(with_sets):
    outcomes = [reason("First", "ENRLFL", "Y"), reason("Second", "DTHFL", "Y")]
    step = Disposition.model_validate(STEP.model_dump(by_alias=True) | {"outcomes": outcomes})
    found = counts(disposition(step, Sample(SUBJECTS, {"ADSL": ADSL}, with_sets, "all")))
    assert (found["First"], found["Second"]) == (8, 0)


def test_one_subject_is_a_trial(with_sets):
    found = counts(disposition(STEP, Sample(("J",), {"ADSL": ADSL}, with_sets, "all")))
    assert {k: v for k, v in found.items() if v} == {
        "Enrolled": 1,
        "Lost before Infused": 1,
        "Lost before Infused: Died": 1,
    }


def test_without_subjects_every_number_is_zero_and_no_percentage_is_estimable(with_sets):
    stats = disposition(STEP, Sample((), {"ADSL": ADSL}, with_sets, "the set"))
    assert set(counts(stats).values()) == {0}
    assert {s.error for s in stats if s.stat_name == "p"} == {"not estimable: there are no subjects in the set"}


def random_trial(seed):
    """Return subjects with flags drawn at random, and a disposition of 1 to 6 stages and 0 to 8 sets."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 40))
    flags = {f"F{i}": np.where(rng.random(n) < rng.random(), "Y", "N") for i in range(20)}
    adsl = pd.DataFrame({"USUBJID": [f"S{i}" for i in range(n)], **flags})

    def reasons():
        return [reason(f"R{i}", f"F{int(rng.integers(20))}", "Y") for i in range(int(rng.integers(0, 4)))]

    n_stages, n_sets = int(rng.integers(1, 7)), int(rng.integers(0, 9))
    stages = [{"label": f"S{i}", "where": where(f"F{i}", "Y"), "lost": reasons()} for i in range(n_stages)]
    among = [None if rng.random() < 0.5 else f"S{int(rng.integers(n_stages))}" for _ in range(n_sets)]
    sets = [{"analysis_set": f"A{i}", "among": a, "left_out": reasons()} for i, a in enumerate(among)]
    outcomes = [{**r, "label": f"O{i}"} for i, r in enumerate(reasons())]
    step = {"method": "disposition", "stages": stages, "outcomes": outcomes, "sets": sets}
    defined = [AnalysisSet(id=f"A{i}", title="x", text="x", where=where(f"F{i + 6}", "Y")) for i in range(n_sets)]
    return Disposition.model_validate(step), adsl, defined


@each("seed", range(60))
def test_whatever_the_data_the_numbers_add_up(plan, seed):
    step, adsl, defined = random_trial(seed)
    sample = Sample(tuple(adsl["USUBJID"]), {"ADSL": adsl}, plan.model_copy(update={"analysis_sets": defined}), "all")
    stats = disposition(step, sample)
    n = counts(stats)

    def reasons(start):
        return sum(v for level, v in n.items() if level.startswith(f"{start}: "))

    before = len(adsl)
    for stage in step.stages:
        lost = n.get(f"Lost before {stage.label}", 0)
        assert n[stage.label] <= before
        assert n[stage.label] + lost == before
        assert reasons(f"Lost before {stage.label}") == lost
        before = n[stage.label]
    if step.outcomes:
        ended = [s.stat for s in stats if s.context == "outcome" and s.stat_name == "n"]
        assert sum(ended) == before
    for counted in step.sets:
        left = n.get(f"Left out of {counted.analysis_set}", 0)
        assert n[counted.analysis_set] + left == n[step.stages[step.among(counted)].label]
        assert reasons(f"Left out of {counted.analysis_set}") == left


# The letter: ten enrolled, ten treated, six alive at the last follow-up.
def test_ten_were_enrolled_ten_treated_and_six_are_alive(results):
    found = {r.variable_level: r.stat for r in results.of("AN-DISP") if r.stat_name == "n"}
    assert (found["Enrolled"], found["Received the infusion"]) == (10, 10)
    assert (found["Alive at the last contact"], found["Died from any cause"]) == (6, 4)
    assert (found["DLTE"], found["Left out of DLTE: Died before day 28 without dose-limiting toxicity"]) == (9, 1)


def test_a_set_is_as_large_here_as_everywhere(results):
    sizes = {r.variable_level: r.stat for r in results.of("SETS") if r.context == "analysis_set"}
    here = {r.variable_level: r.stat for r in results.of("AN-DISP") if (r.context, r.stat_name) == ("in_set", "n")}
    assert here == {name: sizes[name] for name in here}
    assert len(here) == 6


def test_each_number_names_the_subjects_it_counts(study, results):
    who = keyed(entered(study))
    rows = [r for r in results.of("AN-DISP") if r.stat_name == "n"]
    assert len(rows) > 30
    for row in rows:
        assert len(who[key(row)].subjects) == row.stat, row
    (died,) = (r for r in rows if r.variable_level.startswith("Left out of DLTE: Died"))
    assert who[key(died)].subjects == ("RECON-05",)


def test_the_second_route_follows_subjects_who_were_lost(study):
    adsl = study.data["ADSL"].copy()
    adsl.loc[adsl.index[:3], ["TRTSDT", "SAFFL"]] = [pd.NaT, "N"]
    adsl.loc[adsl.index[3], "LDSDT"] = pd.NaT
    fewer = replace(study, data={**study.data, "ADSL": adsl})
    results = run(fewer)
    lost = {r.variable_level: r.stat for r in results.of("AN-DISP") if (r.context, r.stat_name) == ("lost", "n")}
    assert (lost["Lost before Received lymphodepletion"], lost["Lost before Received the infusion"]) == (1, 3)
    assert unplanned(study.plan, expected(study.plan), results) == ()
    checks = [c for c in recompute(fewer, results, with_r=False) if c.analysis_id == "AN-DISP"]
    assert {c.verdict for c in checks} == {"agrees"}
    assert len(checks) == len(results.of("AN-DISP"))


@each(
    ("change", "message"),
    [
        (lambda s: s["stages"][1].update(label="Enrolled"), "'Enrolled' stands twice"),
        (lambda s: s["outcomes"][0].update(label=REST), "is what those are called whom nothing fits"),
        (lambda s: s["sets"][0].update(among="Infusd"), "no stage is called 'Infusd'"),
        (lambda s: s["sets"][0].update(analysis_set="SAFE"), "SAF"),
        (lambda s: s["stages"][0]["where"].update(value="YES"), "ENRLFL value"),
        (lambda s: s["stages"][1]["lost"][0]["where"].update(variable="DTHFLG"), "ADSL has no variable 'DTHFLG'"),
    ],
)
def test_a_mistake_in_the_plan_is_named(planned, change, message):
    def edit(content):
        (analysis,) = (a for a in content["analyses"] if a["id"] == "AN-DISP")
        change(analysis["steps"][0])

    with pytest.raises(PlanError) as refused:
        planned(edit)
    assert message in str(refused.value)


@pytest.fixture
def amended(planned):
    """A function that changes the step of the study's plan, or the whole of it, and reads the changed plan."""

    def of(change):
        def edit(content):
            (analysis,) = (a for a in content["analyses"] if a["id"] == "AN-DISP")
            change(analysis["steps"][0], content)

        return planned(edit)

    return of


@each(
    ("change", "words"),
    [
        (
            lambda step, _: step["stages"][3]["where"].update(value=2),
            "stage “Followed after the infusion”: where changes from OS.AVAL GE 1 to OS.AVAL GE 2",
        ),
        (lambda step, _: step["sets"][1].pop("among"), "set DLTE: among is removed (was “Received the infusion”)"),
        (
            lambda step, _: step["sets"][5]["left_out"][0].update(label="None"),
            "reason “Not transplanted” is renamed None",
        ),
    ],
)
def test_an_amendment_of_a_disposition_is_one_sentence(plan, amended, change, words):
    (told,) = changes(plan, amended(change))
    assert told.startswith("AN-DISP, step 1 (disposition)")
    assert words in told


def test_a_set_that_is_amended_touches_the_disposition_that_counts_it(plan, amended):
    def change(_, content):
        (chosen,) = (s for s in content["analysis_sets"] if s["id"] == "CKE")
        chosen["where"]["and"][1]["and"][1]["value"] = 3

    assert "AN-DISP" in touched(plan, amended(change))
