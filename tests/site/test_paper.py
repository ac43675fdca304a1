"""What comes out when a page is printed: nothing stands apart from its heading, and nothing is left folded away."""

import io
import unicodedata

import pypdf
import pytest

PARTS = """() => [...document.querySelectorAll('main section[id]')].flatMap(section => {
    const heading = section.querySelector(':scope > h2');
    const first = section.querySelector('tbody :is(th, td):not(:empty), figcaption');
    return heading && first ? [[heading.innerText, first.innerText]] : [];
})"""


def printed(site, browser, name: str) -> tuple[list[str], list[list[str]]]:
    """Return the text of each sheet of a page, and the headings of its sections with what stands first below each."""
    page = browser.new_page()
    page.goto((site.folder / "reports" / f"{name}.html").as_uri())
    parts = page.evaluate(PARTS)
    sheets = [close(sheet.extract_text()) for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    page.close()
    return sheets, [[close(text) for text in part] for part in parts]


def close(text: str) -> str:
    """Return a text without its spaces and ligatures: how lines are set on paper is nothing that was said."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(("name", "least"), [("tables", 20), ("figures", 12)])
def test_a_heading_is_on_the_sheet_of_its_table_or_figure(site, browser, name, least):
    sheets, parts = printed(site, browser, name)
    assert len(parts) >= least
    apart = []
    for heading, first in parts:
        places = [sheet.rpartition(heading)[2] for sheet in sheets if heading in sheet]
        # The last place is the heading; one before it is the contents of the page.
        if not places or first[:40] not in places[-1]:
            apart.append((heading, first))
    assert apart == []


def test_links_to_files_and_the_numbers_of_figures_are_for_the_screen(site, browser):
    text = "".join(printed(site, browser, "figures")[0])
    assert close("Open the picture") not in text
    assert "Download" not in text
    assert close("Numbers in this figure") not in text


def test_on_paper_what_is_folded_away_is_whole_without_a_script(site, browser):
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto((site.folder / "reports" / "reconciliation.html").as_uri())
    folds = page.locator("main details.callout")
    assert folds.count() > 0
    assert page.locator("main details.callout[open]").count() == 0
    reasons = folds.locator("li").count()
    printed_text = "".join(s.extract_text() for s in pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    plain.close()
    assert printed_text.count(", step ") >= reasons > 5


def test_what_tells_of_the_screen_alone_is_not_printed(site, browser):
    assert close("Show the code of one number") not in "".join(printed(site, browser, "index")[0])
