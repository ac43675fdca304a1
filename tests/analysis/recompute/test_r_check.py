"""R fills the third column where it is, and is "not run", never a pass, where it is not."""

import shutil
import sys
from contextlib import nullcontext

import pytest

from analysis.data.load import Study
from analysis.recompute import recompute
from analysis.recompute.comparison import r_check
from analysis.results.ard import Results


def without_r(study: Study, results: Results) -> set[str]:
    checks = recompute(study, results)
    assert all(c.verdict == "agrees" for c in checks)
    assert all(c.r_value is None and c.r_agrees is None for c in checks)
    return {c.r_route for c in checks}


def test_without_r_on_the_path_the_column_says_not_run(study, results, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert without_r(study, results) == {"not run: R is not on this machine"}


def test_a_program_that_fails_is_not_run_with_the_reason(study, results, monkeypatch):
    monkeypatch.setattr(r_check.shutil, "which", lambda _: sys.executable)
    (route,) = without_r(study, results)
    assert route.startswith("not run: R failed: ")


def test_a_program_that_cannot_be_started_is_not_run(study, results, monkeypatch, tmp_path):
    monkeypatch.setattr(r_check.shutil, "which", lambda _: str(tmp_path / "Rscript"))
    assert without_r(study, results) == {"not run: R cannot be started (No such file or directory)"}


def test_an_answer_that_cannot_be_read_is_not_run(study, results, monkeypatch):
    monkeypatch.setattr(r_check, "_running", lambda _program, _folder: nullcontext(lambda: ""))
    monkeypatch.setattr(r_check.shutil, "which", lambda _: "Rscript")
    assert without_r(study, results) == {"not run: R's answer cannot be read (FileNotFoundError)"}


def test_a_run_that_takes_too_long_is_not_run(study, results, monkeypatch):
    monkeypatch.setattr(r_check, "SECONDS", 0)
    monkeypatch.setattr(r_check.shutil, "which", lambda _: sys.executable)
    assert without_r(study, results) == {"not run: R took longer than 0 seconds"}


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not on this machine")
def test_r_agrees_with_every_statistic_it_computes(study, results):
    checks = recompute(study, results)
    if all(c.r_route.startswith("not run: R failed") for c in checks):
        pytest.fail(checks[0].r_route)
    asked = [c for c in checks if c.r_agrees is not None]
    assert [c for c in asked if not c.r_agrees] == []
    assert {c.context for c in asked} >= {
        "proportion",
        "proportion_upper_bound",
        "survival",
        "survival_at",
        "curve",
        "mantel_byar",
        "simon_makuch",
        "simon_makuch_at",
        "follow_up_reverse_km",
        "summary",
        "rank_test",
        "shift",
        "effect",
    }
