"""The quality page claims what was compared, and nothing more."""

from dataclasses import replace

import pytest

from analysis.design.coverage_curves import MOST, coverage_curves, read_curves, to_csv
from analysis.pipeline.evidence import Evidence, Record
from analysis.recompute import recompute
from reports.figures.coverage import draw_coverage
from reports.pages.quality import double_programming, evidence_table

AGREES = Evidence("Intervals", "Blaker", ("R",), 426, 3.4e-15, 1e-9, "agrees")


@pytest.fixture(scope="module")
def checks(study, results):
    return recompute(study, results, with_r=False)


def test_without_a_record_nothing_is_claimed():
    shown = evidence_table(Record(current=False, rows=()))
    assert "no record of a test run" in shown
    assert "agrees" not in shown


def test_a_record_of_other_code_says_so_and_claims_nothing():
    shown = evidence_table(Record(current=False, rows=(replace(AGREES, verdict="not run"),)))
    assert "have changed since the tests ran" in shown
    assert "agree" not in shown


def test_a_method_without_reference_values_is_named():
    shown = evidence_table(
        Record(current=True, rows=(AGREES, replace(AGREES, method="Peak", cases=0, verdict="not run")))
    )
    assert "1 of 2 methods agree with their references, in 426 values" in shown
    assert "Not compared with a reference: Peak" in shown


def test_a_value_that_differs_is_shown_as_differing(checks):
    first = next(c for c in checks if c.stat_name == "estimate")
    planted = replace(first, recomputed=0.5, difference=0.1, verdict="differs")
    shown = double_programming([planted], {})
    assert "<td>differs</td>" in shown


def test_of_very_many_values_that_differ_the_page_lists_the_first_and_says_of_how_many(checks):
    one = replace(checks[0], verdict="differs")
    shown = double_programming([one] * 300, {})
    assert shown.count("<td>differs</td>") == 250
    assert "The first 250 of 300 are listed here" in shown


def test_a_value_without_a_second_route_is_not_called_not_estimable(checks):
    first = next(c for c in checks if c.stat_name == "estimate")
    shown = double_programming([replace(first, recomputed=None, verdict="not recomputed", route="no second route")], {})
    assert "not recomputed: no second route" in shown
    assert "<td>NE</td>" not in shown


def test_values_of_single_subjects_that_agree_are_counted_and_one_that_differs_is_listed(checks):
    course = [c for c in checks if (c.analysis_id, c.context) == ("AN-TEMP", "profile_subject")]
    assert f"the {len(course)} that agree are counted and not listed" in double_programming(course, {})
    shown = double_programming([replace(course[0], verdict="differs"), *course[1:]], {})
    assert (shown.count("<td>differs</td>"), shown.count("<td>agrees</td>")) == (1, 0)


def test_without_r_the_column_says_not_run(checks):
    shown = double_programming(checks, {})
    assert shown.count("| not run |") >= len({c.analysis_id for c in checks})
    assert "/ 0 |" not in shown


def test_coverage_written_and_read_again_is_the_same(plan, tmp_path):
    curves = coverage_curves(plan)
    path = tmp_path / "coverage.csv"
    path.write_text(to_csv(curves), encoding="utf-8")
    assert to_csv(read_curves(path)) == to_csv(curves)


def test_the_planned_interval_never_covers_less_than_its_level(plan, tmp_path):
    """Clopper–Pearson keeps its level at every true rate; Wilson does not (Brown, Cai and DasGupta 2001)."""
    curves = {c.conf_type: min(c.coverage) for c in coverage_curves(plan)}
    assert curves["clopper-pearson"] >= 0.95
    assert curves["wilson"] < 0.9
    alt = draw_coverage(coverage_curves(plan), tmp_path / "coverage.svg")
    assert "Clopper–Pearson 96.1%" in alt


def test_a_trial_of_very_many_subjects_has_no_curves_and_ends(plan, tmp_path):
    study = plan.study.model_copy(update={"planned_n": MOST + 1})
    (tmp_path / "coverage.csv").write_text(to_csv(coverage_curves(plan.model_copy(update={"study": study}))))
    assert read_curves(tmp_path / "coverage.csv") == ()
