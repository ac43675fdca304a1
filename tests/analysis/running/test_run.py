"""The plan is run as promised: the four results, what cannot be estimated, and files that never differ."""

import math
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import get_args

import pytest

from analysis.data.load import load, validate
from analysis.recompute import recompute
from analysis.results.ard import Results, read_results
from analysis.results.tasks import tasks
from analysis.running.run import run
from sap.plan.plan import Output
from tests.each import each


def value(results: Results, analysis_id: str, stat: str, **where: str) -> float | None:
    (row,) = (
        r
        for r in results.of(analysis_id)
        if r.stat_name == stat and all(getattr(r, name) == wanted for name, wanted in where.items())
    )
    return row.stat


# binom.test(7, 10)$conf.int in R 4.2.2: 0.3475471499 0.9332604888; the letter: 7/10, 70 %.
def test_seven_of_ten_subjects_responded(results):
    at = {"context": "proportion"}
    assert value(results, "AN-RESP", "n", **at) == 7
    assert value(results, "AN-RESP", "N", **at) == 10
    assert value(results, "AN-RESP", "estimate", **at) == 0.7
    assert value(results, "AN-RESP", "conf.low", **at) == pytest.approx(0.34754715, abs=1e-8)
    assert value(results, "AN-RESP", "conf.high", **at) == pytest.approx(0.93326049, abs=1e-8)


def test_eight_would_have_responded_if_responses_after_transplantation_counted(results):
    assert value(results, "AN-RESP-S1", "n", context="proportion") == 8


# Hand-worked in test_dlt.py: RECON-03, -07, -08 and -10 of nine evaluable; RECON-05 died on day 15 without a DLT.
def test_four_of_nine_evaluable_subjects_had_a_dose_limiting_toxicity(results):
    assert value(results, "AN-DLT", "n", context="proportion") == 4
    assert value(results, "AN-DLT", "N", context="proportion") == 9
    assert value(results, "AN-DLT-S3", "N", context="proportion") == 10


# binom.test(4, 9, alternative = "less")$conf.int[2] in R 4.2.2 solves pbinom(4, 9, p) = 0.05.
def test_the_upper_bound_is_the_rate_at_which_so_few_events_are_one_in_twenty(results):
    p = value(results, "AN-DLT", "conf.high", context="proportion_upper_bound")
    assert sum(math.comb(9, k) * p**k * (1 - p) ** (9 - k) for k in range(5)) == pytest.approx(0.05, abs=1e-12)


# The letter: six of ten alive at the end; median follow-up 173 days (15 to 488).
def test_four_of_ten_subjects_died_and_follow_up_is_that_of_the_letter(results):
    assert value(results, "AN-OS", "n.event", context="survival") == 4
    assert value(results, "AN-OS", "N", context="survival") == 10
    followed = [value(results, "AN-OS", s, context="follow_up_observed") for s in ("median", "min", "max")]
    assert followed == [173, 15, 488]


# By hand: deaths on days 15, 64 and 87 with 10, 9 and 8 at risk: S(90) = 9/10 x 8/9 x 7/8.
def test_survival_at_ninety_days_is_seven_tenths(results):
    assert value(results, "AN-OS", "estimate", context="survival_at", variable_level="90") == pytest.approx(
        0.7, abs=1e-15
    )


def test_survival_past_the_last_observed_time_is_not_estimated(planned, study):
    longer = planned(lambda p: p["analyses"][2]["steps"][0].update(landmarks=[90, 600]))
    found = run(type(study)(longer, study.data, study.sources))
    (row,) = (
        r for r in found.of("AN-OS") if (r.context, r.variable_level, r.stat_name) == ("survival_at", "600", "estimate")
    )
    assert row.stat is None
    assert row.error.startswith("not estimable: ")


def test_the_peak_of_responders_is_higher_by_the_exact_test(results):
    p = value(results, "AN-PEAK", "p.value", context="rank_test")
    smallest = value(results, "AN-PEAK", "p.value.min", context="rank_test")
    assert p < 0.05
    # 7 v 3 without ties: choose(10, 3) = 120 equally likely rankings, two of them most extreme.
    assert smallest == pytest.approx(2 / 120, abs=1e-15)
    assert p >= smallest


def test_every_kind_of_figure_a_plan_can_promise_is_drawn():
    kinds = set(get_args(Output.model_fields["kind"].annotation))
    for kind in kinds - {"table"}:
        module = import_module(f"reports.figures.{kind.removesuffix('_figure')}")
        assert callable(module.draw), f"draw a {kind} in the file of its name in reports/figures"


def test_every_promised_analysis_and_sensitivity_analysis_has_results_in_the_plans_order(plan, results):
    promised = [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
    assert [t.id for t in tasks(plan)] == promised
    assert list(dict.fromkeys(r.analysis_id for r in results)) == ["SETS", *promised]


def test_the_analysis_sets_have_the_sizes_read_from_the_data(results):
    sizes = {r.variable_level: r.stat for r in results.of("SETS") if r.context == "analysis_set"}
    assert sizes == {"ENR": 10, "SAF": 10, "DLTE": 9, "RSPE": 10, "CKE": 10, "RESPND": 7, "TRANSP": 6}


def test_steps_whose_rows_have_one_name_keep_their_step_their_dataset_and_a_link_of_their_own(planned, study):
    flags = ("CRS", "NEURO", "NEUTRO", "ANAEM")

    def added(p):
        described = {"method": "summary", "variable": "ADSL.AGE"}
        compared = {"method": "rank_comparison", "variable": "ADSL.AGE", "by": "RSPNR", "digits": 0}
        p["analyses"][1]["steps"] = [
            *({"method": "binomial", "variable": f"{flag}.OCCURFL", "event": ["Y"]} for flag in flags),
            *(described | {"by": "RSPNR"}, compared, described),
            {"method": "by_subject", "variables": [f"{flag}.OCCURFL" for flag in flags]},
        ]

    changed = type(study)(planned(added), study.data, study.sources)
    results = run(changed)
    analysis = changed.plan.analyses[1]
    rows = results.of(analysis.id)
    counts = {r.dataset: r.stat for r in rows if (r.context, r.stat_name) == ("proportion", "n")}
    listed = {(r.dataset, r.variable_level): r.stat_text for r in rows if r.context == "subject"}
    assert list(counts) == list(flags)
    assert counts == {f: sum(listed[f, s] == "Y" for s in study.data["ADSL"]["USUBJID"]) for f in flags}
    means = [(r.step, r.stat) for r in rows if (r.context, r.stat_name, r.group1_level) == ("summary", "mean", "")]
    assert [step for step, _ in means] == ["7"]
    of_groups = {r.step for r in rows if r.context == "summary" and r.group1_level}
    assert of_groups == {"5", "6"}
    anchors = [r.anchor for r in results]
    assert len(set(anchors)) == len(anchors)
    assert {c.verdict for c in recompute(changed, results, with_r=False)} == {"agrees"}
    assert read_back(results).to_csv() == results.to_csv()
    assert [r.anchor for r in read_back(results)] == anchors


def read_back(results):
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(results.to_csv())
        file.flush()
        return read_results(Path(file.name))


def test_a_step_that_the_data_do_not_allow_is_not_estimable_and_the_others_are_done(study):
    kept = study.plan.model_copy(
        update={"analyses": tuple(a for a in study.plan.analyses if a.id in {"AN-OS", "AN-OSHSCT"})}
    )
    adtte = study.data["ADTTE"].copy()
    first = adtte.index[adtte["PARAMCD"] == "OS"][0]
    adtte.loc[first, "STARTDT"] += timedelta(days=1)
    changed = type(study)(kept, {**study.data, "ADTTE": adtte}, study.sources)
    results = run(changed)
    undone = [r for r in results.of("AN-OSHSCT") if r.context == "mantel_byar" and r.stat_name == "p.value"]
    assert [r.stat for r in undone] == [None]
    assert "OS starts on another day for RECON-" in undone[0].error
    done = [r for r in results.of("AN-OS") if (r.context, r.stat_name) == ("survival", "N")]
    assert [r.stat for r in done] == [10]
    verdicts = {c.analysis_id: c.verdict for c in recompute(changed, results, with_r=False) if c.stat_name == "p.value"}
    assert verdicts["AN-OSHSCT"] == "not recomputed"


@pytest.fixture
def without_members(planned, study):
    """Results when a set of the plan has no subject at all."""

    def of(*sets: str) -> Results:
        def nobody(p):
            for s in p["analysis_sets"]:
                if s["id"] in sets:
                    s["where"] = {"dataset": "ADSL", "variable": "AGE", "comparator": "GT", "value": 119}

        return run(type(study)(planned(nobody), study.data, study.sources))

    return of


def test_an_empty_set_is_not_estimable_with_the_reason_and_the_rest_is_computed(results, without_members):
    found = without_members("RSPE")
    assert value(found, "AN-RESP", "N", context="proportion") == 0
    (row,) = (r for r in found.of("AN-RESP") if r.context == "proportion" and r.stat_name == "estimate")
    assert row.stat is None
    assert row.error == "not estimable: there are no subjects in analysis set RSPE"
    for other in ("AN-DLT", "AN-OS", "AN-PEAK"):
        assert found.of(other) == results.of(other)


@each(("set_id", "analysis_id"), [("DLTE", "AN-DLT"), ("RSPE", "AN-RESP"), ("SAF", "AN-OS"), ("CKE", "AN-PEAK")])
def test_every_analysis_of_an_empty_set_still_gives_every_statistic_a_page_shows(
    results, without_members, set_id, analysis_id
):
    """Rows by subject, by time of the curve and by category met depend on the data; all others must be there."""
    found = without_members(set_id)
    of_data = {"subject", "curve"}
    for task in (analysis_id, *(i for i in {r.analysis_id for r in results} if i.startswith(f"{analysis_id}-S"))):
        promised = {r.identity for r in results.of(task) if r.context not in of_data and r.analysis_set == set_id}
        assert promised <= {r.identity for r in found.of(task)}
        for row in (r for r in found.of(task) if r.analysis_set == set_id):
            counted = row.stat_name.startswith(("n", "N", "conf.level"))
            assert row.stat is None or counted, row


def test_an_empty_group_is_not_estimable_with_its_name(planned, study):
    """Every response is counted as CR/CRi: nobody is left to compare with."""

    def one_group(p):
        p["groupings"][0]["levels"] = [
            {"label": "All", "values": ["CR", "CRi", "PR", "NR"]},
            {"label": "None", "values": ["NE"]},
        ]

    found = run(type(study)(planned(one_group), study.data, study.sources))
    (row,) = (r for r in found.of("AN-PEAK") if r.context == "rank_test" and r.stat_name == "p.value")
    assert row.stat is None
    assert row.error == "not estimable: no value in group None"
    assert value(found, "AN-PEAK", "n", context="summary", variable="PEAK", group1_level="All") == 10
    assert value(found, "AN-RESP", "n", context="proportion") == 7


def test_a_trial_without_any_adverse_event_has_no_dose_limiting_toxicity(plan, broken):
    broken.keep("ADAE", lambda cells: False)
    found = run(load(plan, broken.folder))
    assert value(found, "AN-DLT", "n", context="proportion") == 0
    assert value(found, "AN-DLT", "conf.low", context="proportion") == 0
    # 1 - 0.05^(1/9): the largest rate at which nine subjects without an event are one in twenty.
    bound = value(found, "AN-DLT", "conf.high", context="proportion_upper_bound")
    assert bound == pytest.approx(1 - 0.05 ** (1 / 9), abs=1e-12)


def test_a_trial_of_one_subject_runs(plan, broken):
    for dataset in plan.datasets:
        broken.keep(dataset, lambda cells: cells["USUBJID"] == "RECON-06")
    broken.append(
        "ADRS",
        STUDYID="CLL1-AML-RECON",
        USUBJID="RECON-06",
        PARAMCD="OVRLRESP",
        AVALC="CR",
        ADT="2018-06-01",
        ADY="313",
    )
    found = run(load(plan, broken.folder))
    assert value(found, "AN-RESP", "estimate", context="proportion") == 1
    (sd,) = (r for r in found.of("AN-PEAK") if (r.context, r.variable, r.stat_name) == ("summary", "TPEAK", "sd"))
    assert sd.error == "not estimable: it needs two values"


def test_a_subject_without_a_response_counts_among_all_and_not_among_responders(plan, broken):
    """Nothing is imputed: RECON-06 was assessed for residual disease only."""
    broken.keep("ADRS", lambda cells: cells["USUBJID"] != "RECON-06" or cells["PARAMCD"] == "MRD")
    broken.keep("ADTTE", lambda cells: cells["USUBJID"] != "RECON-06" or cells["PARAMCD"] not in {"RFS", "DOR"})
    everybody = plan.model_copy(
        update={"analyses": tuple(a.model_copy(update={"analysis_set": "SAF"}) for a in plan.analyses)}
    )
    found = run(load(everybody, broken.folder))
    assert (value(found, "AN-RESP", "n", context="proportion"), value(found, "AN-RESP", "N", context="proportion")) == (
        6,
        10,
    )


def test_what_a_definition_cannot_be_applied_to_is_told_with_its_rows_and_all_at_once(planned, broken):
    def asked(p):
        p["analyses"][1]["steps"].append({"method": "summary", "variable": "ADLB.AVAL"})
        start = {"name": "ASTDT", "label": "Start", "type": "date", "missing": True}
        p["datasets"]["ADAE"].setdefault("variables", []).append(start)

    other = broken.row_of("ADAE", AEDECOD="Anaemia")
    broken.set("ADAE", other, AEBODSYS="Infections and infestations")
    undated = broken.row_of("ADAE", AEDECOD="Cytokine release syndrome")
    broken.set("ADAE", undated, ASTDT="", ASTDY="")
    checked = validate(planned(asked), broken.folder)
    told = {(f.dataset, f.row, f.column, f.rule) for f in checked.failures if f.severity == "error"}
    assert ("ADAE", other, "AEBODSYS", "two_classes") in told
    assert ("ADAE", undated, "ASTDT", "undated") in told
    assert {f[:1] + f[2:] for f in told if f[3] == "several"} == {("ADLB", "AVAL", "several")}
    (several,) = (f for f in checked.failures if f.rule == "several")
    assert several.message.startswith("AN-RESP takes one value of ADLB.AVAL a subject, and 10 subjects have several")


def test_a_value_below_its_limit_that_is_not_flagged_is_refused_with_its_row(plan, broken):
    row = broken.row_of("ADCK", AVAL="0.11")
    broken.set("ADCK", row, AVAL="0.05")
    checked = validate(plan, broken.folder)
    assert checked.study is None
    assert [(f.rule, f.dataset, f.row, f.column) for f in checked.failures] == [("X20", "ADCK", row, "AVAL")]


def test_a_sensitivity_analysis_keeps_everything_but_the_one_thing_it_changes(plan, results):
    """The set of subjects, the data and the event stay; only the definition of dose-limiting toxicity differs."""
    for other in ("AN-DLT-S1", "AN-DLT-S2"):
        assert value(results, other, "N", context="proportion") == 9
        assert {r.analysis_set for r in results.of(other)} == {"DLTE"}


def test_progress_names_each_analysis_as_it_starts(plan, study):
    told = []
    run(study, told.append)
    assert told == [t.id for t in tasks(plan)]
