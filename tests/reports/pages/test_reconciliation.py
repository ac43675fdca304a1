"""The page of the reconciliation says what was run, what was not, what is post hoc, and how the plan was amended."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.reconcile.reconcile import reconcile
from analysis.results.ard import Results
from reports.pages.outputs import NONE, post_hoc_section
from reports.pages.reconciliation import (
    NOTHING_READ,
    outputs_table,
    paragraph,
    planned_table,
    reasons,
    results_table,
    strangers,
    summary,
)
from reports.pages.seal import (
    NO_SEAL,
    amendments,
    amendments_section,
    chain,
    code_compared,
    open_seal,
    print_amendments,
    signatures,
)
from reports.plan_document.steps import methods
from reports.run.shown import LOCK, PLAN, ShownRun
from reports.words.stamp import provenance_block
from sap.plan.plan import Plan
from sap.seal.lock import CodeSeal, Lock, write_lock
from sap.seal.plan_history import plan_history
from sap.seal.sealing import with_amendment, with_data, with_plan
from sap.seal.signatures import make_keys, read_private_key, signed
from tests.each import each
from tests.provenances import PROVENANCE

ROOT = Path(__file__).resolve().parents[3]
AT = "2026-11-20T08:00:00Z"


@pytest.fixture
def lines(plan):
    """Return a function that reconciles results with the plan; every listing was made."""

    def of(results: Results, ran: Plan = plan):
        return reconcile(plan, ran, results, listed={x.id for x in ran.listings})

    return of


def without(results: Results, analysis_id: str) -> Results:
    return Results(tuple(r for r in results if r.analysis_id != analysis_id))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> tuple[Lock, Path]:
    """A plan that was sealed, amended before data lock, amended after it, and signed by one person."""
    folder = tmp_path_factory.mktemp("sealed")
    plan, lock_file = folder / "plan.yml", folder / "sap.lock"
    shutil.copytree(ROOT / "data", folder / "data")
    text = (ROOT / "sap" / "plan.yml").read_text(encoding="utf-8")
    plan.write_text(text, encoding="utf-8")
    lock = with_plan(Lock(), lock_file, plan, folder / "data", by="A. Statistician", reason="", at=AT)
    text = re.sub(r'version: "[\d.]+"', 'version: "9.2"', text, count=1).replace("conf_type: log-log", "conf_type: log")
    plan.write_text(text, encoding="utf-8")
    lock = with_amendment(
        lock, lock_file, plan, folder / "data", by="B. Statistician", reason="Scale <b>|</b> of R", at=AT
    )
    lock = with_data(lock, plan, folder / "data", by="D. Manager", reason="", at=AT)
    text = text.replace('version: "9.2"', 'version: "9.3"').replace(
        "who received an infusion.", "who got an infusion.", 1
    )
    plan.write_text(text, encoding="utf-8")
    lock = with_amendment(lock, lock_file, plan, folder / "data", by="A. Statistician", reason="Wording", at=AT)
    make_keys(folder / "key")
    lock = signed(lock, read_private_key(folder / "key"), by="P. Investigator", at=AT)
    write_lock(lock_file, lock)
    return lock, plan


def test_of_a_whole_run_the_sentences_say_that_all_was_run(lines, results, plan):
    told = summary(lines(results))
    assert f"All {len(plan.analyses)} planned analyses were run." in told
    beside = sum(len(a.sensitivity) for a in plan.analyses)
    assert f"All {beside} sensitivity and supplementary analyses were run." in told
    assert f"All {len(plan.outputs)} planned tables and figures were made." in told
    assert "No post hoc analysis was run." in told
    absent = sum(
        bool(r.error) and r.context not in {"curve", "incidence_curve", "profile", "record", "subject"} for r in results
    )
    assert f"{absent} of their" in told


def test_an_analysis_that_was_not_run_is_named_in_the_sentences(lines, results, plan):
    told = summary(lines(without(results, "AN-PEAK")))
    n = len(plan.analyses)
    assert f"{n - 1} of {n} planned analyses were run as promised: AN-PEAK was not run." in told
    assert "F-PEAK" in told
    assert "| not run |" in planned_table(lines(without(results, "AN-PEAK")), plan)


def test_each_planned_analysis_leads_to_its_section_and_its_records(lines, results, plan):
    shown = planned_table(lines(results), plan)
    assert "[AN-DLT](sap.qmd#sec-an-dlt)" in shown
    assert "[AN-DLT-S1](sap.qmd#sec-an-dlt)" in shown
    assert "[partly not estimable](trace/AN-OS.html)" in shown
    assert "Promised" not in shown


def test_what_could_not_be_estimated_stands_with_its_reason(lines, results):
    shown = reasons(lines(results))
    assert "**AN-OS**, step 1" in shown
    assert "does not come down to 0.5" in shown


def test_outputs_are_listed_where_not_all_that_they_show_was_run(lines, results):
    assert "Each was made" in outputs_table(lines(results))
    shown = outputs_table(lines(without(results, "AN-PEAK")))
    assert "Each was made" not in shown
    assert shown.count("| partly run: AN-PEAK: not run |") == 2
    assert "T-DLT" not in shown


def test_rows_that_belong_to_nothing_are_named(lines, results):
    foreign = tuple(replace(r, analysis_id="AN-EXTRA") for r in results.of("AN-RESP"))
    found = lines(Results((*results.rows, *foreign)))
    assert "the plan has no analysis AN-EXTRA" in strangers(found)
    assert "| not in the plan |" in results_table(found)
    assert "belong to nothing in the plan" in summary(found)
    assert strangers(lines(results)) == ""


def test_post_hoc_analyses_are_called_so_everywhere(lines, with_post_hoc, whole, plan):
    found = lines(with_post_hoc, whole)
    assert "2 post hoc analyses were run: PH-MDS-RESP, PH-MDS-OS." in summary(found)
    assert "| post hoc |" in results_table(found)
    assert "PH-MDS" not in planned_table(found, plan)
    assert "PH-MDS" not in outputs_table(found)
    assert results_table(found).count("| post hoc |") == 2
    assert "2 post hoc analyses were run" in paragraph(found)


def test_the_methods_of_the_manuscript_are_the_promised_ones(plan, whole):
    dlt = plan.analyses[0]
    alone = whole.model_copy(update={"analyses": (dlt, *(a for a in whole.analyses if a.reason == "post hoc"))})
    assert "Kaplan and Meier" not in methods(alone)


@pytest.fixture
def opened(whole, with_post_hoc, tmp_path) -> ShownRun:
    return ShownRun(whole, with_post_hoc, tmp_path, provenance=None)


def test_post_hoc_outputs_are_numbered_apart_and_say_what_is_planned(plan, opened, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.pages.outputs.DOCUMENTS", tmp_path)
    shown = post_hoc_section(plan, opened)
    assert "Post hoc table PH.1. Response by transformation" in shown
    assert "Post hoc figure PH.2. Overall survival" in shown
    assert "Promised by the plan and shown beside: AN-RESP." in shown
    assert "#tbl-" not in shown
    assert "#fig-" not in shown
    assert "Made because" in shown
    assert "after the data were seen" in shown
    assert "ADSL.MDSAMLFL" in shown
    assert "{#sec-ph-mds-resp}" in shown


def test_without_post_hoc_analyses_the_section_says_so(plan, results, tmp_path):
    assert post_hoc_section(plan, ShownRun(plan, results, tmp_path, provenance=None)) == NONE


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Counter()

    def handle_starttag(self, tag, attrs):
        self.found[tag] += 1


def test_the_seal_says_what_came_before_the_data_and_what_after(sealed):
    lock, _ = sealed
    shown = chain(lock)
    assert "The plan was sealed on 2026-11-20, before the data were sealed, but the data files were already in" in shown
    assert "It was amended once before and once after the data were sealed." in shown
    assert "amendment 1, before data lock, but the data files were already in the folder" in shown
    assert "When amendment 1 was sealed, data files were already in the folder." in shown
    assert "amendment 2, after data lock" in shown
    assert all(e.sha256 in shown for e in lock.entries)


def test_each_amendment_stands_with_its_exact_change_and_what_it_touches(sealed):
    lock, plan = sealed
    shown = amendments(lock, plan_history(lock, plan))
    first, second = shown.split("**Amendment 2", 1)
    assert "version 9.2" in first
    assert "B. Statistician, before data lock" in first
    assert "changes from log\\-log to log" in first or "changes from log-log to log" in first
    assert "Analyses it touched: AN-OS" in first
    assert "after data lock" in second
    assert lock.amendments[1].plan.former in second
    tags = _Tags()
    tags.feed(first)
    assert "b" not in tags.found


def test_an_analysis_says_when_it_was_promised(sealed, lines, results, plan):
    lock, file = sealed
    shown = planned_table(lines(results), plan, lock, plan_history(lock, file))
    assert "with the plan, before data lock, but the data files were already in the folder" in shown
    assert "touched by amendment 1 (before data lock, but" in shown


@pytest.fixture
def late_lines(sealed, plan, results):
    """A reconciliation in which an analysis was added, and one changed, by amendments after data lock."""
    late = {"AN-RESP": "by amendment 2, after data lock", "AN-OS": "changed by amendment 2, after data lock"}
    return reconcile(plan, plan, results, listed={x.id for x in plan.listings}, late=late)


def test_what_was_promised_after_data_lock_says_so_wherever_it_is_called_planned(late_lines):
    assert "| planned, by amendment 2, after data lock |" in results_table(late_lines)
    assert "| planned, changed by amendment 2, after data lock |" in results_table(late_lines)
    told = "AN-RESP by amendment 2, after data lock; AN-OS changed by amendment 2, after data lock."
    assert told in summary(late_lines)
    assert told in paragraph(late_lines)


def test_what_was_promised_before_has_nothing_added(lines, results):
    found = lines(results)
    assert {r.promised_by for r in found} == {""}
    assert "after data lock" not in results_table(found) + summary(found)
    assert (
        f"{len(n := [r for r in found if r.part == 'result'])} of {len(n)} analyses in the results: planned"
        in results_table(found)
    )


def test_a_sealed_plan_that_cannot_be_read_is_not_replaced_by_the_plan_itself(results, plan):
    found = reconcile(None, plan, results, listed=())
    assert NOTHING_READ in summary(found).replace("\\", "")
    assert "were run." not in summary(found)
    assert NOTHING_READ in planned_table(found, plan)
    assert "planned" not in results_table(found)
    assert "not reconciled" in results_table(found)


@each(("sha256", "says"), [("e5" * 32, "same code as sealed at commit abcabcabcabc"), ("0" * 64, "")])
def test_the_code_of_a_run_is_compared_by_its_content(sha256, says):
    code = CodeSeal(version="0.1.0", commit="abc" * 13, tree="", dirty=False, sha256=sha256, files={})
    lock = Lock().with_entry("code", by="A", reason="", at=AT, code=code)
    shown = code_compared(lock, PROVENANCE)
    assert says in shown
    assert ("is not the code that is sealed" in shown) == (not says)
    assert ("content of each file is compared" in shown) == bool(says)
    assert code_compared(None, PROVENANCE) == ""
    assert (says in provenance_block(PROVENANCE, code)) or not says
    assert "content is compared" not in provenance_block(PROVENANCE)


def test_who_signed_what_is_listed(sealed):
    lock, _ = sealed
    assert "| P. Investigator | 2026-11-20 | 1 to 4 of 4 |" in signatures(lock).replace("P\\.", "P.")
    assert "Nobody has signed" in signatures(lock.model_copy(update={"signatures": ()}))


@each("section", [chain, amendments_section])
def test_without_a_seal_the_page_says_so(section):
    assert NO_SEAL in section(None)
    assert NO_SEAL in section(Lock())


def test_a_plan_sealed_after_its_data_says_so(sealed, tmp_path):
    _, plan = sealed
    copy = tmp_path / "plan.yml"
    shutil.copy(plan, copy)
    lock = with_data(Lock(), copy, plan.parent / "data", by="D", reason="", at=AT)
    lock = with_plan(lock, tmp_path / "sap.lock", copy, plan.parent / "data", by="A", reason="", at=AT)
    assert "after the data were sealed. It has not been amended." in chain(lock)


def test_a_page_with_a_damaged_seal_says_that_it_cannot_be_read(sealed, tmp_path, monkeypatch, capsys):
    _, plan = sealed
    monkeypatch.setenv(PLAN, str(plan))
    monkeypatch.setenv(LOCK, str(tmp_path / "sap.lock"))
    assert open_seal().lock is None
    (tmp_path / "sap.lock").write_text("{", encoding="utf-8")
    assert open_seal().unread
    print_amendments()
    told = capsys.readouterr().out
    assert "cannot be read" in told
    assert NO_SEAL not in told


def test_a_page_whose_kept_text_is_gone_still_shows_the_seal(sealed, tmp_path, monkeypatch):
    lock, plan = sealed
    shutil.copy(plan, tmp_path / "plan.yml")
    write_lock(tmp_path / "sap.lock", lock)
    monkeypatch.setenv(PLAN, str(tmp_path / "plan.yml"))
    monkeypatch.setenv(LOCK, str(tmp_path / "sap.lock"))
    found = open_seal()
    assert found.lock == lock
    assert "kept copy" in found.fault
    assert not found.unread
