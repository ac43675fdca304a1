"""What was promised is held against what was run: what is missing, changed, not estimable or nobody's is named."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.recompute import recompute
from analysis.reconcile.lines import ANALYSES, Reconciled, read_reconciled, to_csv
from analysis.reconcile.reconcile import reconcile
from analysis.results.ard import Results
from analysis.results.tasks import tasks
from analysis.running.run import expected, run
from sap.plan.plan import Plan
from sap.reading.post_hoc import read_whole_plan
from sap.text.problems import UserError
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
OTHER = ROOT / "tests" / "other_trial"
MISSING = "there are no results of it"


@pytest.fixture(scope="module")
def trials(whole, with_post_hoc) -> list[tuple[Plan, Results]]:
    other = read_whole_plan(OTHER / "plan.yml")
    return [(whole, with_post_hoc), (other, run(load(other, OTHER / "data")))]


@pytest.fixture
def held(plan):
    """Return a function that holds results against the plan; every listing was made."""

    def hold(results: Results, ran: Plan = plan, promised: Plan = plan) -> tuple[Reconciled, ...]:
        return reconcile(promised, ran, results, listed={x.id for x in ran.listings})

    return hold


def line(lines: tuple[Reconciled, ...], name: str, part: str = "analysis", step: str = "") -> Reconciled:
    (found,) = [r for r in lines if (r.id, r.part, r.step) == (name, part, step)]
    return found


def without(results: Results, **where: str) -> Results:
    kept = tuple(r for r in results if any(getattr(r, k) != v for k, v in where.items()))
    assert len(kept) < len(results.rows)
    return Results(kept)


def test_a_method_run_on_nobody_gives_what_it_gives_on_any_data(trials):
    for plan, results in trials:
        promised = {(r.identity, r.step) for r in expected(plan)}
        assert len(promised) > 300
        assert promised <= {(r.identity, r.step) for r in results}


def test_of_a_whole_run_everything_was_run_and_every_row_belongs(trials):
    for plan, results in trials:
        lines = reconcile(plan, plan, results, listed={x.id for x in plan.listings})
        assert {r.status for r in lines} <= {"run", "partly not estimable", "not estimable"}
        assert not [r for r in lines if r.part == "rows"]
        assert [r.id for r in lines if r.part in ANALYSES] == [t.id for t in tasks(plan)]


def test_what_cannot_be_estimated_is_named_with_its_reason(held, results):
    found = line(held(results), "AN-OS")
    assert found.status == "partly not estimable"
    assert "Median (OS, median): the survival curve does not come down to 0.5" in found.why
    assert found.not_estimable == len(
        [r for r in results.of("AN-OS") if r.error and r.context not in {"curve", "subject"}]
    )
    assert line(held(results), "AN-RESP").status == "run"


def test_when_nobody_is_analysed_nothing_can_be_estimated(held, plan, results):
    """Counts and levels still have values; the estimates have none."""
    sizes = tuple(replace(r, stat=0.0) for r in results.of("SETS"))
    found = held(Results((*sizes, *expected(plan))))
    assert {line(found, name).status for name in ("AN-DLT", "AN-RESP", "AN-OS", "AN-PEAK")} == {"not estimable"}
    assert {r.status for r in found if r.part in ANALYSES} <= {"not estimable", "run"}
    assert "there are no subjects in nobody" in line(found, "AN-RESP").why
    assert line(found, "AN-RESP", "step", "3").status == "run"


def test_an_analysis_without_rows_was_not_run_and_its_outputs_say_so(held, results):
    found = held(without(results, analysis_id="AN-PEAK"))
    assert (line(found, "AN-PEAK").status, line(found, "AN-PEAK").why) == ("not run", MISSING)
    assert line(found, "AN-PEAK", "step", "1").status == "not run"
    assert line(found, "T-PEAK", "table").status == "partly run"
    assert "AN-PEAK: not run" in line(found, "T-PEAK", "table").why
    assert line(found, "AN-OS").status == "partly not estimable"


def test_a_step_without_rows_makes_its_analysis_partly_run(held, results):
    found = held(without(results, analysis_id="AN-DLT", step="2"))
    assert line(found, "AN-DLT").status == "partly run"
    assert line(found, "AN-DLT", "step", "2").status == "not run"
    assert line(found, "AN-DLT", "step", "1").status == "run"


def test_one_missing_statistic_is_named(held, results):
    found = held(without(results, analysis_id="AN-RESP", step="1", stat_name="conf.high"))
    assert line(found, "AN-RESP", "step", "1").status == "partly run"
    assert "missing: Upper limit (BOR, CR / CRi)" in line(found, "AN-RESP").why


def test_missing_values_of_subjects_are_counted(held, results):
    subject = next(r.variable_level for r in results.of("AN-RESP") if r.context == "subject")
    found = held(without(results, analysis_id="AN-RESP", context="subject", variable_level=subject))
    assert line(found, "AN-RESP").status == "partly run"
    assert "2 of 20 individual values are missing" in line(found, "AN-RESP").why


def test_without_any_results_nothing_was_run(held):
    found = held(Results(()))
    assert {r.status for r in found if r.part in ANALYSES} == {"not run"}
    assert {r.status for r in found if r.part in {"table", "figure"}} == {"not run"}


def test_a_listing_that_was_not_made_is_named(plan, results):
    lines = reconcile(plan, plan, results, listed=())
    assert {r.status for r in lines if r.part == "listing"} == ({"not run"} if plan.listings else set())


def test_a_foreign_analysis_is_nobodys(held, results):
    foreign = tuple(replace(r, analysis_id="AN-EXTRA") for r in results.of("AN-RESP"))
    found = held(Results((*results.rows, *foreign)))
    assert line(found, "AN-EXTRA", "result").reason == "not in the plan"
    rows = [r for r in found if r.part == "rows"]
    assert {(r.id, r.why) for r in rows} == {("AN-EXTRA", "the plan has no analysis AN-EXTRA")}
    assert sum(r.found for r in rows) == len(foreign)


@each(
    ("change", "why"),
    [
        ({"step": "9"}, "has no step 9"),
        ({"step": "2"}, "step 2 (distribution) does not give them"),
        ({"analysis_set": "SAF"}, "of the analysis set SAF, the plan says RSPE"),
        ({"reason": "post hoc"}, "are labelled 'post hoc' and are 'specified in SAP'"),
        ({"stat_name": "odds"}, "step 1 (binomial) does not give them"),
    ],
)
def test_a_row_in_the_wrong_place_is_nobodys(held, results, change, why):
    first = next(r for r in results.of("AN-RESP") if r.context == "proportion" and r.stat_name == "estimate")
    moved = Results(tuple(replace(r, **change) if r is first else r for r in results))
    (found,) = [r for r in held(moved) if r.part == "rows"]
    assert (found.id, found.found) == ("AN-RESP", 1)
    assert why in found.why


def test_the_size_of_a_set_that_the_plan_does_not_have_is_nobodys(held, results):
    size = next(r for r in results.of("SETS"))
    found = held(Results((*results.rows, replace(size, variable_level="ITT", analysis_set="ITT"))))
    assert [r.why for r in found if r.part == "rows"] == ["the plan has no analysis set ITT"]


def test_post_hoc_analyses_are_told_apart_from_the_plan(held, plan, whole, with_post_hoc):
    found = held(with_post_hoc, ran=whole)
    reasons = {r.id: r.reason for r in found if r.part == "result"}
    assert {i for i, reason in reasons.items() if reason == "post hoc"} == {"PH-MDS-RESP", "PH-MDS-OS"}
    assert line(found, "PH-MDS-RESP").reason == "post hoc"
    assert line(found, "T-PH-MDS", "table").reason == "post hoc"
    assert Counter(r.reason for r in found if r.part == "table")["specified in SAP"] == sum(
        o.kind == "table" for o in plan.outputs
    )
    assert {r.reason for r in with_post_hoc.of("PH-MDS-OS")} == {"post hoc"}


def test_the_second_route_agrees_on_post_hoc_analyses(whole, with_post_hoc):
    checks = recompute(load(whole, ROOT / "data"), with_post_hoc, with_r=False)
    own = [c for c in checks if c.analysis_id.startswith("PH-")]
    assert len(own) > 100
    assert {c.verdict for c in own} == {"agrees"}


def test_an_analysis_added_to_the_plan_after_the_seal_is_not_in_the_sealed_plan(held, plan, whole, with_post_hoc):
    smuggled = [a.model_copy(update={"reason": "specified in SAP"}) for a in whole.analyses]
    ran = whole.model_copy(update={"analyses": tuple(smuggled)})
    found = held(Results(tuple(replace(r, reason="specified in SAP") for r in with_post_hoc)), ran=ran)
    assert line(found, "PH-MDS-OS", "result").reason == "not in the sealed plan"
    assert line(found, "PH-MDS-OS").reason == "not in the sealed plan"


def test_an_analysis_changed_after_the_seal_was_run_otherwise(held, planned, study):
    def milder(content: dict) -> None:
        content["analyses"][2]["steps"][0]["conf_type"] = "log"

    ran = planned(milder)
    found = held(run(replace(study, plan=ran)), ran=ran)
    assert line(found, "AN-OS").status == "run otherwise"
    assert "log-log" in line(found, "AN-OS").why
    assert line(found, "AN-RESP").status == "run"
    assert line(found, "T-OS", "table").status == "run otherwise"


def test_an_output_taken_out_after_the_seal_was_not_made(held, plan, results):
    ran = plan.model_copy(update={"outputs": plan.outputs[1:]})
    assert line(held(results, ran=ran), plan.outputs[0].id, "table").status == "not run"


def test_a_reconciliation_written_and_read_again_is_the_same(held, results, tmp_path):
    lines = held(results)
    file = tmp_path / "reconciliation.csv"
    file.write_text(to_csv(lines), encoding="utf-8")
    assert read_reconciled(file) == lines
    file.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UserError, match="is not a reconciliation"):
        read_reconciled(file)
    file.write_text(to_csv(lines).replace(",65,", ",many,", 1), encoding="utf-8")
    with pytest.raises(UserError, match="is damaged near line"):
        read_reconciled(file)
