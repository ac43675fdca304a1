"""What a reader finds on rendered pages: numbers, captions, links, folding, contents, nothing fetched but pictures."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest


@pytest.fixture(scope="module")
def page(site):
    return (site / "reports" / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(page):
    """The page as a reader sees it: no tags, single spaces."""
    body = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", "", body).split())


def test_references_carry_the_number_of_what_they_name(page):
    def link(label, words):
        return f'<a href="#{label}" class="quarto-xref">{words}</a>'.replace("~", "\u00a0")

    assert link("fig-os", "Figure~1") + " shows survival" in page
    assert f"response is in {link('tbl-resp', 'Table~1')} and {link('tbl-wide', '2')}." in page
    assert f"{link('fig-os', 'Fig.~1')}, {link('sec-results', 'Section~3')}." in page
    assert f"{link('tbl-resp', 'Table~1')} begins a sentence" in page


def test_the_heading_of_a_callout_is_no_section(page, text):
    assert "3 Results" in text
    assert page.count("Definition of toxicity") == 1


def test_the_caption_stands_above_a_table_and_below_a_figure(page):
    table = page[page.index('id="tbl-resp"') : page.index("</figure>", page.index('id="tbl-resp"'))]
    assert table.index("Table\u00a01:") < table.index("<table")
    assert "Response, full analysis set." in table
    figure = page[page.index('id="fig-os"') : page.index("</figure>", page.index('id="fig-os"'))]
    assert figure.index("<img") < figure.index("Figure\u00a01:")
    assert 'alt="A falling step curve."' in figure
    assert "<em>Kaplan–Meier</em>" in figure


def test_a_markdown_table_gives_its_caption_to_its_label(text):
    assert "Table 2: Table as Markdown." in text.replace("\u00a0", " ")


def test_raw_html_of_a_table_keeps_its_markup(page):
    assert "<table class='gt_table'><tr><td>7 &amp; 3</td></tr></table>" in page


def test_every_table_scrolls_in_a_named_box_that_takes_the_keyboard(page):
    boxes = re.findall(r'<div class="scroll" role="region" tabindex="0" aria-labelledby="([^"]+)">', page)
    assert [box for box in boxes if box.startswith("tbl-")] == ["tbl-resp-caption", "tbl-wide-caption"]
    assert all(f'id="{box}"' in page for box in boxes)


def test_plain_values_are_escaped_and_markdown_objects_are_not(page):
    assert "Escaped: a*b_c [x] &lt;i&gt; $5$." in page
    assert "Number: 0.7." in page
    assert '<a href="sap.html#sec-limits" class="traced" title="AN-RESP">70.0%</a>' in page
    assert "Raw: <b>bold</b>." in page


def test_cells_run_in_this_interpreter_at_the_root_of_the_project(text):
    assert "Interpreter: True. Root: True." in text


def test_citations_lead_to_the_bibliography(page):
    assert '<a href="#ref-wang2022" role="doc-biblioref">Wang 2022</a>' in page
    assert 'id="ref-wang2022"' in page


def test_callouts_say_their_kind_and_fold(page, text):
    assert "Important Read this first" in text
    assert re.search(r'<div class="callout callout-important" role="note">', page)
    assert re.search(r'<details class="callout callout-note"><summary>\s*<span class="callout-kind">Note</span>', page)


def test_code_is_shown_folded_or_hidden_as_asked(page):
    assert '<details class="code-fold"><summary>Show how</summary>' in page
    assert "seven + 1" in page
    assert ">8<" not in page
    assert "seen 7" in page
    assert "import os" not in page


def test_the_contents_name_numbered_sections_without_repeating_identifiers(page):
    assert page.count('<a href="#sec-results"><span class="toc-section-number">3</span> Results</a>') == 2
    assert '<a href="#references">References</a>' in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_page_without_contents_has_none(site):
    assert 'class="contents' not in (site / "reports" / "sap.html").read_text(encoding="utf-8")


def test_navigation_names_every_page_and_marks_this_one(page):
    nav = page[page.index('<nav aria-label="Pages">') : page.index("</nav>")]
    assert '<a href="index.html" aria-current="page">A <em>small</em> trial</a>' in nav
    assert '<a href="sap.html">Analysis plan</a>' in nav


def test_the_title_block_shows_who_what_and_when(page, text):
    assert "<title>A small trial – Toy trial</title>" in page
    assert "<h1>A <em>small</em> trial</h1>" in page
    assert '<time datetime="2025-01-31">January 31, 2025</time>' in page
    for words in ("Ten subjects", "Ada Example", "Institute of Examples", "Second Author", "phase 1 · exact limits"):
        assert words in text
    assert "Of ten subjects, <strong>seven</strong> responded." in page


def test_landmarks_language_and_footer(page):
    assert '<html lang="en">' in page
    assert '<a class="skip" href="#content">' in page
    assert page.count("<main id=") == page.count("<h1>") == 1
    assert "Synthetic rows." in page


def test_own_style_comes_after_the_base(page):
    assert page.index("--paper") < page.index(".traced { color: teal }")


def test_mathematics_needs_no_script(site):
    page = (site / "reports" / "sap.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert "<script" not in page


def test_links_from_other_pages_arrive(site):
    page = (site / "reports" / "sap.html").read_text(encoding="utf-8")
    assert '<a href="index.html#tbl-resp">the results</a>' in page


def test_a_linked_file_of_the_project_comes_along(site):
    assert (site / "reports" / "fig" / "km.svg").is_file()


def test_the_front_door_leads_to_the_first_page(site):
    assert "content=\"0;URL='reports/index.html'\"" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_outside_the_page_but_the_pictures_beside_it(site):
    loaded = []

    class Loads(HTMLParser):
        def handle_starttag(self, tag, attrs):
            loaded.extend(v for n, v in attrs if n in {"src", "srcset", "data"} or (tag == "link" and n == "href"))

    for name in ("index.html", "reports/index.html", "reports/sap.html"):
        content = (site / name).read_text(encoding="utf-8")
        Loads().feed(content)
        assert not re.search(r"url\((?!['\"]?data:)|@import", content)
    beside = [value for value in loaded if not value.startswith("data:")]
    assert beside == ["fig/km.svg"]
    assert all((site / "reports" / name).is_file() for name in beside)
