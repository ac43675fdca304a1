"""Data that are there but sparse: what cannot be estimated says why, and everything else is computed."""

import pytest

from analysis.data.load import validate
from analysis.recompute import recompute
from analysis.running.run import run


def only(broken, keep, *names):
    """Keep the rows of some datasets for which `keep` holds."""
    for name in names:
        broken.keep(name, keep)


def analysed(plan, broken):
    found = validate(plan, broken.folder)
    assert found.study is not None, found.failures
    results = run(found.study)
    checks = recompute(found.study, results, with_r=False)
    assert {c.verdict for c in checks} == {"agrees"}
    return found.warnings, {
        (r.analysis_id, r.context, r.variable_level, r.group1_level, r.stat_name): r for r in results
    }


def test_without_kinetics_the_peak_is_not_estimable_and_the_response_is(plan, broken):
    only(broken, lambda _: False, "ADCK")
    warnings, rows = analysed(plan, broken)
    assert [(f.dataset, f.rule) for f in warnings] == [("ADCK", "empty")]
    p = rows["AN-PEAK", "rank_test", "", "", "p.value"]
    assert p.stat is None
    assert p.error.startswith("not estimable: no value in group")
    assert rows["AN-RESP", "proportion", "CR / CRi", "", "estimate"].stat == 0.7


def test_a_parameter_without_rows_is_a_warning(plan, broken):
    only(broken, lambda r: r["PARAMCD"] != "MRD", "ADRS")
    warnings, rows = analysed(plan, broken)
    assert [(f.dataset, f.rule, f.value) for f in warnings] == [("ADRS", "parameter", "MRD")]
    assert rows["AN-RESP", "proportion", "CR / CRi", "", "n"].stat == 7


def test_without_adverse_events_every_treated_subject_is_warned_of(plan, broken):
    only(broken, lambda _: False, "ADAE")
    warnings, rows = analysed(plan, broken)
    assert [f.rule for f in warnings].count("X21") == 10
    assert rows["AN-DLT", "proportion", "Y", "", "n"].stat == 0


def test_one_subject_is_analysed_and_missing_ones_are_told(plan, broken):
    only(broken, lambda r: r["USUBJID"] == "RECON-02", *plan.datasets)
    warnings, rows = analysed(plan, broken)
    assert ("planned_n", "1 subjects were treated, the plan names 10.") in {(f.rule, f.message) for f in warnings}
    assert rows["AN-OS", "survival", "median", "", "estimate"].stat == 87
    assert rows["AN-PEAK", "shift", "", "", "estimate"].error


@pytest.mark.parametrize("peak", ["5", "0.1"])
def test_equal_peaks_compare_nothing(plan, broken, peak):
    head, *rows = broken.rows("ADCK")
    value = head.index("AVAL")
    broken.write("ADCK", [head, *([*r[:value], peak if r[value] else "", *r[value + 1 :]] for r in rows)])
    _, found = analysed(plan, broken)
    assert found["AN-PEAK", "rank_test", "", "", "p.value"].error == "not estimable: all values are equal"
    assert found["AN-PEAK", "summary", "", "CR/CRi", "median"].stat == float(peak)
