"""Every row of the results is reached by a second route, and a wrong row or a wrong datum does not go unseen."""

import ast
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data.load import Study, load
from analysis.recompute import Check, recompute, to_csv
from analysis.recompute.comparison.check import COLUMNS, agree
from analysis.results.ard import Results
from analysis.running.run import run
from sap.model.part import Reference
from sap.reading.read import read_plan
from tests.each import each

SOURCES = sorted((Path(__file__).parents[3] / "analysis" / "recompute").glob("*.py"))


@pytest.fixture(scope="module")
def checks(study: Study, results: Results) -> tuple[Check, ...]:
    return recompute(study, results, with_r=False)


@pytest.fixture(scope="module")
def other(root: Path) -> Study:
    folder = root / "tests" / "other_trial"
    return load(read_plan(folder / "plan.yml"), folder / "data")


def of(checks: tuple[Check, ...], verdict: str) -> list[tuple[str, ...]]:
    return [
        (c.analysis_id, c.group1_level, c.variable, c.variable_level, c.context, c.stat_name)
        for c in checks
        if c.verdict == verdict
    ]


def without_rows(study: Study, dataset: str, kept) -> Study:
    frame = study.data[dataset]
    return Study(study.plan, {**study.data, dataset: frame[kept(frame)]}, study.sources)


def altered(study: Study, dataset: str, column: str, chosen, value) -> Study:
    frame = study.data[dataset].copy()
    rows = frame.index[chosen(frame)][:1]
    assert len(rows) == 1, "the test altered nothing"
    frame.loc[rows, column] = value
    return Study(study.plan, {**study.data, dataset: frame}, study.sources)


def test_every_row_of_the_study_agrees(checks, results):
    assert len(checks) == len(results.rows)
    assert Counter(c.verdict for c in checks) == {"agrees": len(results.rows)}


def test_every_row_of_another_trial_agrees(other):
    results = run(other)
    checks = recompute(other, results, with_r=False)
    assert len(checks) == len(results.rows)
    assert Counter(c.verdict for c in checks) == {"agrees": len(results.rows)}


def test_every_row_has_exactly_one_check_in_the_order_of_the_results(checks, results):
    def place(x):
        return (
            x.analysis_id,
            x.group1,
            x.group1_level,
            x.variable,
            x.variable_level,
            x.context,
            x.stat_name,
        )

    assert [place(c) for c in checks] == [place(r) for r in results]


def test_not_estimable_rows_are_not_estimable_by_the_second_route(checks):
    absent = [c for c in checks if c.reported is None and c.stat_name in {"estimate", "conf.low", "conf.high"}]
    assert absent
    assert all(c.recomputed is None and c.verdict == "agrees" for c in absent)


def test_text_is_compared_as_text(checks):
    listed = [c for c in checks if c.reported_text]
    assert {c.variable for c in listed} >= {"BOR", "CRITERIA", "DLTFL"}
    assert all(c.reported_text == c.recomputed_text and c.difference is None for c in listed)


def kinds(results: Results) -> list[tuple[str, str]]:
    return sorted({(r.context, r.stat_name) for r in results if r.stat is not None})


def test_a_planted_error_in_any_kind_of_statistic_is_caught(study, results, checks):
    rows = list(results.rows)
    planted = []
    for context, name in kinds(results):
        at = next(i for i, r in enumerate(rows) if (r.context, r.stat_name) == (context, name) and r.stat is not None)
        value = rows[at].stat
        rows[at] = replace(rows[at], stat=value * (1 + 1e-6) if value else 1e-6)
        planted.append(at)
    found = recompute(study, Results(tuple(rows)), with_r=False)
    assert [i for i, c in enumerate(found) if c.verdict == "differs"] == sorted(planted)
    assert len(planted) > 30


def test_a_planted_text_is_caught(study, results):
    rows = list(results.rows)
    planted = []
    for variable in ("BOR", "CRITERIA", "DLTFL", "OS"):
        at = next(i for i, r in enumerate(rows) if r.variable == variable and r.stat_text)
        rows[at] = replace(rows[at], stat_text=rows[at].stat_text + "x")
        planted.append(at)
    found = recompute(study, Results(tuple(rows)), with_r=False)
    assert [i for i, c in enumerate(found) if c.verdict == "differs"] == sorted(planted)


def test_a_number_where_nothing_can_be_estimated_is_caught_and_the_reverse(study, results):
    rows = list(results.rows)
    absent = next(i for i, r in enumerate(rows) if r.stat is None and r.error and r.stat_name == "conf.high")
    present = next(i for i, r in enumerate(rows) if r.stat is not None and r.stat_name == "conf.high")
    rows[absent] = replace(rows[absent], stat=488.0)
    rows[present] = replace(rows[present], stat=None, error="not estimable")
    found = recompute(study, Results(tuple(rows)), with_r=False)
    assert {i for i, c in enumerate(found) if c.verdict == "differs"} == {absent, present}


def test_a_row_missing_from_the_results_is_caught(study, results):
    at = next(i for i, r in enumerate(results.rows) if r.context == "rank_test")
    rest = results.rows[:at] + results.rows[at + 1 :]
    found = recompute(study, Results(rest), with_r=False)
    assert len(found) == len(results.rows)
    assert found[-1].verdict == "differs"
    assert found[-1].route == "promised by the plan, missing from the results"
    assert (found[-1].context, found[-1].reported) == ("rank_test", None)


def test_a_row_the_plan_does_not_promise_is_never_called_a_pass(study, results):
    extra = replace(results.rows[-1], analysis_id="AN-EXTRA")
    found = recompute(study, Results((*results.rows, extra)), with_r=False)
    assert found[-1].verdict == "not recomputed"
    assert found[-1].route == "not recomputed: the plan does not promise this row"


def test_a_variable_with_several_values_a_subject_has_no_second_route_and_says_so(study, results):
    analyses = list(study.plan.analyses)
    step = next(s for s in analyses[3].steps if s.method == "summary")
    several = step.model_copy(update={"variable": Reference(dataset="ADLB", variable="AVAL")})
    analyses[3] = analyses[3].model_copy(
        update={"steps": tuple(several if s is step else s for s in analyses[3].steps)}
    )
    plan = study.plan.model_copy(update={"analyses": tuple(analyses)})
    found = recompute(Study(plan, study.data, study.sources), results, with_r=False)
    reasons = {c.route for c in found if c.verdict == "not recomputed"}
    assert reasons == {"not recomputed: ADLB.AVAL has several values a subject"}


def test_a_dropped_death_is_caught(study, results):
    censored = altered(study, "ADTTE", "CNSR", lambda f: f["CNSR"] == 0, 1.0)
    contexts = {c[4] for c in of(recompute(censored, results, with_r=False), "differs")}
    assert {"survival", "survival_at", "at_risk", "curve", "follow_up_reverse_km", "subject"} <= contexts


def test_a_dropped_response_is_caught(study, results):
    lost = without_rows(study, "ADRS", lambda f: ~((f["AVALC"] == "CRi") & (f["USUBJID"] == "RECON-03")))
    differing = of(recompute(lost, results, with_r=False), "differs")
    assert ("AN-RESP", "", "BOR", "CR / CRi", "proportion", "n") in differing
    assert any(c[4] == "rank_test" for c in differing)


def test_an_altered_grade_is_caught(study, results):
    def long_syndrome(frame):
        syndrome = frame["AEDECOD"] == "Cytokine release syndrome"
        return syndrome & (frame["USUBJID"] == "RECON-10") & (frame["ATOXGR"] >= 3)

    milder = altered(study, "ADAE", "ATOXGR", long_syndrome, 1.0)
    differing = of(recompute(milder, results, with_r=False), "differs")
    assert any(c[4] == "criteria" for c in differing)


def test_an_altered_peak_is_caught(study, results):
    def highest(frame):
        return frame["AVAL"] == frame["AVAL"].max()

    lower = altered(study, "ADCK", "AVAL", highest, 1.5)
    contexts = {c[4] for c in of(recompute(lower, results, with_r=False), "differs")}
    assert {"summary", "subject", "shift"} <= contexts


def test_a_subject_dropped_from_the_safety_set_is_caught(study, results):
    fewer = altered(study, "ADSL", "SAFFL", lambda f: f["SAFFL"] == "Y", "N")
    differing = of(recompute(fewer, results, with_r=False), "differs")
    assert ("SETS", "", "USUBJID", "SAF", "analysis_set", "N") in differing


def test_the_csv_is_the_same_for_the_same_checks_and_has_one_line_a_check(study, results, checks):
    text = to_csv(checks)
    assert text == to_csv(recompute(study, results, with_r=False))
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert len(text.splitlines()) == len(checks) + 1
    assert "\r" not in text
    assert "nan" not in text.lower()


def test_agreement_is_relative_and_absolute_near_zero():
    assert agree(1e6, 1e6 * (1 + 9e-10))
    assert not agree(1e6, 1e6 * (1 + 2e-9))
    assert agree(0.0, 9e-15)
    assert not agree(0.0, 2e-14)
    assert agree(None, None)
    assert not agree(None, 0.0)
    assert agree(float("inf"), float("inf"))
    assert not agree(float("inf"), float("-inf"))
    assert not agree(float("inf"), 1.0)


@each("source", SOURCES, ids=lambda p: p.name)
def test_the_second_route_shares_no_statistics_with_the_first(source):
    allowed = {"analysis.data.load", "analysis.results.ard"}
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            first = name.split(".")[0]
            assert first not in {"numpy", "scipy", "statsmodels", "lifelines", "pingouin", "reports"}, name
            assert first != "analysis" or name in allowed or name.startswith("analysis.recompute"), name
