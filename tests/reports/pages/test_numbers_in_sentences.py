"""Numbers in a sentence lead to their records, and a post hoc one cannot be quoted without the label."""

import re
from dataclasses import replace

import pytest

from analysis.results.ard import Results
from reports.layout.lookup import Lookup
from reports.pages.page import Page
from reports.trace.links import LONGEST, full_value, record_links
from reports.words.numbers import shown
from tests.each import each
from tests.reading import LINK, read

CALLS = [
    ("value", ("AN-RESP", "estimate"), {}, 1),
    ("ratio", ("AN-RESP",), {"context": "proportion"}, 1),
    ("ci", ("AN-RESP",), {"context": "proportion"}, 2),
    ("p", ("AN-PEAK",), {}, 1),
    ("in_words", ("AN-PEAK", "estimate", "points"), {"context": "shift"}, 1),
]


@pytest.fixture(scope="module")
def page(plan, results) -> Page:
    return Page(plan, Lookup(results))


def changed(page: Page, **fields: object) -> Page:
    """Return the page with a field of every result changed."""
    return Page(page.plan, Lookup(Results(tuple(replace(r, **fields) for r in page.lookup.results))))


def test_a_number_leads_to_the_row_it_was_looked_up_in(page, results):
    rows = {r.anchor: r for r in results}
    for name, names, where, _ in CALLS:
        for text, anchor, _short in LINK.findall(getattr(page, name)(*names, **where).data):
            assert re.sub(r"\\(.)", r"\1", text).partition("/")[0] == shown(rows[anchor])


def test_a_count_with_its_denominator_is_one_link_to_the_count(page):
    ((text, anchor, short),) = LINK.findall(page.ratio("AN-RESP", context="proportion").data)
    assert text == "7/10"
    assert anchor.startswith("an-resp-n-")
    assert "= 7 of 10 · " in short


@each(("name", "names", "where", "links"), CALLS)
def test_each_number_is_one_link(page, name, names, where, links):
    assert len(LINK.findall(getattr(page, name)(*names, **where).data)) == links


@each(("name", "names", "where", "links"), CALLS)
def test_a_post_hoc_result_is_quoted_with_its_label_once(page, name, names, where, links):
    told = read(getattr(changed(page, reason="post hoc"), name)(*names, **where))
    assert told.endswith(" (post hoc)")
    assert told.count("post hoc") == 1
    assert "post hoc" not in read(getattr(page, name)(*names, **where))


@each(("name", "names", "where", "links"), CALLS)
def test_what_cannot_be_estimated_leads_to_the_reason_and_is_labelled_too(page, name, names, where, links):
    absent = changed(page, stat=None, error="not estimable: nobody", reason="post hoc")
    told = getattr(absent, name)(*names, **where)
    assert LINK.findall(told.data)
    assert read(told).endswith(" (post hoc)")


def test_a_set_that_only_a_post_hoc_analysis_uses_is_labelled(page):
    assert read(page.set_size("SAF")) == "10"
    assert read(changed(page, reason="post hoc").set_size("SAF")) == "10 (post hoc)"


def test_a_p_value_below_its_decimals_is_less_than(page):
    assert read(changed(page, stat=0.0004).p("AN-PEAK")) == "< 0.001"


def test_the_short_form_names_analysis_statistic_value_n_and_method(page):
    ((_, _, short),) = LINK.findall(page.value("AN-DLT", "estimate").data)
    assert short == "AN-DLT: Dose-limiting toxicity, proportion = 0.444444 · n = 9 · Clopper–Pearson exact binomial…"


def test_a_limit_says_its_level_of_confidence(page):
    row = page.lookup.row("AN-DLT", "conf.low", context="proportion")
    assert page.links.short(row).startswith("AN-DLT: Dose-limiting toxicity, lower 95% limit = 0.136996 · n = 9")


def test_names_keep_their_capitals_within_a_short_form(page):
    row = page.lookup.row("AN-PEAK", "estimate", context="shift")
    assert ", Hodges–Lehmann shift = 35.7 · n = 10" in page.links.short(row)


def test_the_size_of_a_set_has_no_size_of_its_own(page):
    row = page.lookup.row("SETS", "N", context="analysis_set", level="DLTE")
    assert page.links.short(row) == "SETS: DLT-evaluable set (DLTE), subjects in the analysis set = 9 · Count"


def test_a_comparison_is_of_those_who_were_compared(page):
    row = page.lookup.row("AN-PEAK-S1", "p.value", context="rank_test")
    assert " · n = 9" in page.links.short(row)


@each("long", ["one two three " * 30, "x" * 300])
def test_a_short_form_is_cut_between_words_and_keeps_its_value(page, long):
    row = replace(page.lookup.row("AN-DLT", "n", context="proportion"), method=long)
    assert re.search(r"= 4 of 9( · (one|two|three)( \w+)*…)?$", page.links.short(row))
    unknown = page.links.short(replace(row, analysis_id="AN-X", variable_level=long))
    assert "= 4" in unknown
    assert len(unknown) <= LONGEST


def test_the_n_of_a_group_is_the_groups(page):
    ((_, _, short),) = LINK.findall(page.value("AN-PEAK", "median", variable="PEAK", group="CR/CRi").data)
    assert "n = 7" in short


def test_every_short_form_is_shorter_than_a_hundred_characters(plan, results):
    links = record_links(plan, results)
    assert max(len(links.short(r)) for r in results) <= LONGEST < 100


def test_in_a_document_that_stands_alone_a_number_is_no_link(plan, results, monkeypatch):
    row = results.of("AN-DLT")[0]
    linked = record_links(plan, results)
    monkeypatch.setenv("QUARTO_PROFILE", "manuscript")
    alone = record_links(plan, results)
    assert f">{alone.html(row)}</a>" in linked.html(row)
    assert f"[{alone.markdown(row)}](trace/{row.analysis_id}.html#" in linked.markdown(row)


def test_the_full_value_says_why_there_is_none(results):
    row = next(r for r in results if r.error and r.context != "subject")
    assert full_value(row) == row.error
    assert full_value(replace(row, error="", stat_text="")) == "no value"


def test_a_missing_value_of_a_subject_is_no_value_and_not_an_estimate(page, results):
    number = next(r for r in results if r.error and r.context == "subject")
    text = next(r for r in results if r.context == "subject" and r.stat is None and not (r.stat_text or r.error))
    for row in (number, text):
        assert full_value(row) == shown(row) == "no value"
        assert page.links.html(row).endswith(">no value</a>")


@each("hostile", ['"]{onclick=alert(1)}', "](x) <script>alert(1)</script>", "a\\", "`{=html}`"])
def test_words_of_the_data_are_text_in_a_link(page, hostile):
    pandoc = pytest.importorskip("pypandoc")
    row = replace(page.lookup.row("AN-RESP", "estimate"), variable_level=hostile, stat=None, stat_text=hostile)
    html = pandoc.convert_text(page.links.markdown(row), "html", format="markdown-smart", extra_args=["--wrap=none"])
    assert html.count("<") == html.count("</") * 2
    assert re.fullmatch(
        r'<p><a href="trace/[\w-]+\.html#[\w-]+" class="traced" data-trace="[^"<>]*">[^<>]*</a></p>\s*', html
    )
