"""The reporting checklist: every item with its place or its reason, and what a person is told of a wrong mark."""

import re
from html import unescape

import pytest

from reports.pages.consort import SILENT, ConsortPage
from sap.guidelines.report_items import ITEMS, NUMBERS
from sap.reading.read import read_plan
from sap.text.problems import PlanError
from tests.each import each
from tests.opened_run import ROOT

LINE = re.compile(
    r'<tr id="item-[\w-]+"( class="missing")?><td>([\w.]+)</td><th scope="row">(.*?)</th><td>(.*?)</td></tr>'
)


def lines(page, capsys):
    """What the page says of each item, and whether it is reported."""
    page.items()
    return {number: (not missing, unescape(said)) for missing, number, _, said in LINE.findall(capsys.readouterr().out)}


def written(folder, head="", body="", plan=None):
    """The checklist of a study whose manuscript has this title block and these headings."""
    (folder / "index.qmd").write_text(f"---\ntitle: A trial\n{head}---\n{body}\n", encoding="utf-8")
    return ConsortPage(plan or read_plan(ROOT / "tests/other_trial/plan.yml"), folder)


def test_each_item_stands_once_in_the_order_of_a_report(plan, capsys):
    assert tuple(lines(ConsortPage(plan, ROOT / "reports"), capsys)) == NUMBERS


def test_of_this_study_each_item_has_a_place_or_a_reason_and_the_head_counts_them(plan, capsys):
    page = ConsortPage(plan, ROOT / "reports")
    said = lines(page, capsys)
    reported = [n for n, (there, _) in said.items() if there]
    assert SILENT not in {words for _, words in said.values()}
    page.counts()
    head = capsys.readouterr().out
    assert (
        f"**{len(reported)} of {len(ITEMS)} items are reported.** {len(ITEMS) - len(reported)} are not, for a" in head
    )
    assert re.findall(r"\]\(#item-([\w-]+)\)", head) == [n.lower().replace(".", "-") for n in said if n not in reported]


def test_an_item_of_which_nobody_speaks_is_told_and_counted(tmp_path, capsys):
    page = written(tmp_path)
    assert lines(page, capsys)["23"] == (False, SILENT)
    page.counts()
    silent = capsys.readouterr().out.partition("the manuscript says nothing: ")[2]
    assert "[23](#item-23)" in silent


def test_a_heading_reports_items_under_the_name_of_its_chapter_and_the_title_block_for_the_title(tmp_path, capsys):
    body = '## Methods\n\n### Harms *looked* for {#sec-h .x consort="21 6b"}\n\n```\n## Not one {#sec-no consort="23"}\n```\n'
    said = lines(written(tmp_path, "consort: 1a\n", body), capsys)
    assert said["1a"] == (True, '<a href="index.html">Title</a>')
    assert said["21"] == said["6b"] == (True, '<a href="index.html#sec-h">Methods: Harms *looked* for</a>')
    assert said["23"] == (False, SILENT)


def test_a_reason_may_be_that_of_several_items_and_is_told_as_text(tmp_path, capsys):
    said = lines(written(tmp_path, "not-reported:\n  8a 9: One <b>arm</b>.\n  23: Not yet.\n"), capsys)
    assert said["8a"] == said["9"] == (False, "One <b>arm</b>.")
    assert said["23"] == (False, "Not yet.")


@each(
    ("head", "body", "line", "told"),
    [
        (
            "",
            '\n## A {#sec-a consort="2a"}',
            5,
            "there is no item '2a' in the reporting checklist. CONSORT-DEFINE has 2a.1, 2a.2, 2a.3 in",
        ),
        ("", '\n## A {.x consort="4a"}', 5, "this heading reports items and has no anchor to lead to. Name one"),
        ("consort: 99\n", "", 3, "there is no item '99' in the reporting checklist."),
        ("not-reported:\n  4a: We forgot.\n  99: No.\n", "", 5, "there is no item '99' in the reporting checklist."),
        ("not-reported:\n  4a:\n", "", 4, "item 4a has no reason. Say in a sentence"),
        ("not-reported:\n  4a: ' '\n", "", 4, "item 4a has no reason. Say in a sentence"),
        ("not-reported:\n  4a: No.\n  4b 4a: No.\n", "", 5, "item 4a has two reasons. Keep one."),
        ("not-reported: [4a]\n", "", 3, "not-reported holds items with a reason for each."),
        (
            "not-reported:\n  4b: No.\n  4a: No.\n",
            '\n## Who {#sec-who consort="4a"}',
            5,
            "item 4a has a reason not to be reported, and is reported (Who).",
        ),
        (
            "not-reported:\n  17a: No.\n",
            "",
            4,
            "and is reported (tables and figures). Take away the reason, or the mark.",
        ),
    ],
)
def test_a_wrong_mark_is_told_with_its_file_and_line(tmp_path, head, body, line, told):
    with pytest.raises(PlanError) as error:
        written(tmp_path, head, body).items()
    assert f"{tmp_path / 'index.qmd'}:{line}: " in str(error.value)
    assert told in str(error.value)


def test_outputs_of_this_study_stand_where_a_reviewer_looks_for_them(plan, tmp_path, capsys):
    said = lines(written(tmp_path, plan=plan), capsys)
    shown = {
        n: set(re.findall(r'href="(?:table|figure|listing)s.html#([\w-]+)"', words)) for n, (_, words) in said.items()
    }
    assert shown["13a"] == {"f-flow"}
    assert shown["15"] == {"t-demog", "t-prod"}
    assert shown["16"] == shown["13b"] == {"t-disp", "f-flow"}
    assert shown["D11"] == {"t-expo", "t-prod", "l-expo"}
    assert {"t-peak", "f-cart-course", "f-cyto"} <= shown["D12"]
    assert {"t-ae", "t-aeov", "t-shiftn", "t-crs", "t-death", "t-dlt", "l-ae", "l-death", "l-narr"} <= shown["19"]
    assert {"t-dlt", "f-dlt", "t-resp", "t-os"} <= shown["17a"]
    assert {"t-peak", "t-corr"} <= shown["18"]
    assert not shown["17a"] & {"t-ae", "t-demog", "t-disp", "t-corr", "t-expo"}
    assert not shown["19"] & {"t-resp", "t-os", "t-demog", "t-disp"}


def test_of_another_trial_outputs_are_found_without_a_word_of_its_author(tmp_path, capsys):
    said = lines(written(tmp_path), capsys)
    assert {n for n in ("15", "17a", "19") if said[n][0]} == {"15", "17a", "19"}


def test_the_plan_s_document_reports_what_the_plan_answers_and_nothing_else(plan, tmp_path, capsys):
    said = lines(written(tmp_path, plan=plan), capsys)
    assert 'href="sap.html#item-13c"' in said["D7"][1]
    assert 'href="sap.html#item-e3"' in said["D3"][1]
    proportion = plan.sample_size.proportion.model_copy(update={"stopping": None})
    size = plan.sample_size.model_copy(update={"proportion": proportion})
    without = plan.model_copy(update={"sample_size": size, "dlt_rules": ()})
    said = lines(written(tmp_path, plan=without), capsys)
    assert said["D7"] == said["D3"] == (False, SILENT)


def test_a_reason_against_what_the_plan_answers_is_refused_at_its_line(plan, tmp_path):
    with pytest.raises(PlanError, match=r"index.qmd:4: item 7a has a reason .* \(Plan: Sample size\)"):
        written(tmp_path, "not-reported:\n  7a: We forgot.\n", plan=plan).items()
