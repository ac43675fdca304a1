"""The pages as a reviewer opens them: complete with their pictures, and holding the numbers of the results."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.tables import context_of
from sap.plan.plan import Plan
from sap.reading.read import read_plan

ROOT = Path(__file__).resolve().parents[2]


INLINE = frozenset({"a", "code", "em", "span", "strong", "sup"})
"""Tags that stand within a word or a number."""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag, attrs):
        self.quiet += tag in {"style", "script"}
        self.parts += [] if tag in INLINE else [" "]

    def handle_endtag(self, tag):
        self.quiet -= tag in {"style", "script"}
        self.parts += [] if tag in INLINE else [" "]

    def handle_data(self, data):
        if not self.quiet:
            self.parts.append(data)


def text_of(page: Path) -> str:
    parser = _Text()
    parser.feed(page.read_text(encoding="utf-8"))
    return " ".join("".join(parser.parts).split())


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(ROOT / "sap/plan.yml")


@pytest.fixture(scope="module")
def ard(site):
    with (site.results / "ard.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (r["analysis_id"], r["context"], r["variable_level"], r["group1_level"], r["variable"], r["stat_name"]): r[
            "stat"
        ]
        for r in rows
    }


def test_the_first_page_leads_to_the_manuscript(site):
    assert "reports/index.html" in (site.folder / "index.html").read_text(encoding="utf-8")
    assert {p.name for p in site.pages} >= {"index.html", "sap.html", "quality.html"}


def test_every_page_says_that_the_rows_are_a_reconstruction(site, plan):
    notice = " ".join(plan.study.data_notice.split())
    for page in (*site.pages, *site.records):
        assert notice in text_of(page), page.name


def test_the_results_hold_the_published_response_rate_and_deaths(ard):
    response = ("AN-RESP", "proportion", "CR / CRi", "", "BOR")
    assert float(ard[*response, "n"]) == 7
    assert float(ard[*response, "N"]) == 10
    # R 4.2.2: binom.test(7, 10)$conf.int
    assert float(ard[*response, "conf.low"]) == pytest.approx(0.34754715, abs=5e-9)
    assert float(ard[*response, "conf.high"]) == pytest.approx(0.93326049, abs=5e-9)
    assert float(ard["AN-OS", "survival", "", "", "OS", "n.event"]) == 4
    assert float(ard["AN-PEAK", "rank_test", "", "", "PEAK", "p.value"]) < 0.05


def test_the_manuscript_quotes_the_numbers_of_the_results(site, ard):
    """The figures are formatted here by another route than the report's: Python's own decimals."""
    text = text_of(site.folder / "reports/index.html")
    at = ("AN-OS", "survival_at", "180", "", "OS")
    survival, low, high = (100 * float(ard[*at, name]) for name in ("estimate", "conf.low", "conf.high"))
    assert f"{survival:.1f} %".replace(" ", "") in text
    assert f"95% CI {low:.1f}% to {high:.1f}%" in text
    dlt = ("AN-DLT", "proportion", "Y", "", "DLTFL")
    assert f"{float(ard[*dlt, 'n']):.0f}/{float(ard[*dlt, 'N']):.0f}" in text
    assert f"p = {float(ard['AN-PEAK', 'rank_test', '', '', 'PEAK', 'p.value']):.3f}" in text


def test_nothing_is_loaded_from_another_host(site):
    for page in [site.folder / "index.html", *site.pages, *site.records]:
        html = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']([^\"']+)", html)
        assert not [u for u in loaded if re.match(r"(?:https?:)?//", u)], page.name
        assert "@import" not in html


def test_every_reference_and_picture_is_found(site):
    for page in (*site.pages, *site.records):
        html = page.read_text(encoding="utf-8")
        assert "?@" not in html
        ids = set(re.findall(r"\bid=[\"']([^\"']+)", html))
        assert not set(re.findall(r"href=[\"']#([^\"']+)", html)) - ids, page.name


def test_the_pictures_stand_beside_the_pages_and_ask_for_nothing(site):
    for page in site.pages:
        shown = re.findall(r"<img\b[^>]*?\bsrc=[\"']([^\"']+)", page.read_text(encoding="utf-8"))
        for name in shown:
            picture = (page.parent / name).read_text(encoding="utf-8")
            assert picture.rstrip().endswith("</svg>"), (page.name, name)
            assert not re.search(r"<script|<foreignObject|@import|\bon\w+=|url\((?!#)", picture), name
            assert not re.search(r"(?:href|src)=[\"'](?!#)", picture), name
    figures = (site.folder / "reports" / "figures.html").read_text(encoding="utf-8")
    assert figures.count("<img ") == figures.count(">Open the picture</a>") > 10


@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_every_page_without_a_complaint(site, browser, width):
    for path in (*site.pages, *site.records):
        page = browser.new_page(viewport={"width": width, "height": 900})
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e, said=said: said.append(str(e)))
        page.on("request", lambda r, asked=asked: asked.append(r.url))
        page.goto(path.as_uri(), wait_until="load")
        assert said == [], (path.name, said)
        assert [u for u in asked if not u.startswith(("file:", "data:"))] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (path.name, width)
        page.close()


def test_the_manuscript_shows_each_table_and_figure_it_asks_for(site, browser):
    page = browser.new_page()
    page.goto((site.folder / "reports/index.html").as_uri())
    shown = page.evaluate(
        """() => ({
            tables: [...document.querySelectorAll('[id^="tbl-"] table')].filter(t => t.offsetHeight > 0).length,
            figures: [...document.querySelectorAll('[id^="fig-"] img, [id^="fig-"] svg')]
                .filter(i => i.getBoundingClientRect().height > 50).length,
            described: [...document.querySelectorAll('[id^="fig-"] img')].filter(i => i.alt.length > 40).length,
            broken: [...document.images].filter(i => i.naturalWidth === 0).length,
        })"""
    )
    page.close()
    text = (ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")
    tables, figures = text.count("page.table("), text.count("page.figure(")
    assert shown == {"tables": tables, "figures": figures, "described": figures, "broken": 0}


def test_the_quality_page_lists_every_statistic_and_none_that_differs(site):
    with (site.results / "checks.csv").open(encoding="utf-8", newline="") as file:
        checks = [c for c in csv.DictReader(file) if c["context"] != "reading"]
    with (site.results / "ard.csv").open(encoding="utf-8", newline="") as file:
        assert len(checks) == len(list(csv.DictReader(file)))
    assert {c["verdict"] for c in checks} == {"agrees"}
    pages = (site.folder / "reports/quality.html", *sorted((site.folder / "reports/quality").glob("*.html")))
    text = "".join(map(text_of, pages))
    listed = [c for c in checks if not context_of(c["context"]).of_subjects]
    assert len(listed) > 300
    assert text.count(" agrees ") >= len(listed)
    assert "R differs" not in text


AS_QUARTO = """() => {
  document.querySelector("head style").textContent = "";    // the style sheet of the other engine, and its navigation
  document.body.replaceChildren(document.querySelector("main"));
  for (const box of document.querySelectorAll('.scroll[aria-label="Table"]')) {
    for (const table of box.querySelectorAll(":scope > table:not([class])")) table.className = "caption-top table";
    box.replaceWith(...box.childNodes);
  }
  for (const figure of document.querySelectorAll("figure.float.tbl")) {
    figure.className = "quarto-float quarto-float-tbl figure";
    const box = figure.querySelector(":scope > .scroll"), plain = document.createElement("div");
    plain.append(...box.childNodes);
    box.replaceWith(plain);
  }
  return document.querySelectorAll("table.caption-top").length;
}"""
"""Makes of a page what Quarto makes of it: no box around a table, and of the style sheets the one that both have."""


def test_in_the_boxes_of_quarto_no_page_is_wider_than_a_phone(site, browser):
    bare, wide = {}, {}
    for path in site.pages:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto(path.as_uri())
        bare[path.stem] = page.evaluate(AS_QUARTO)
        wide[path.stem] = page.evaluate("document.scrollingElement.scrollWidth")
        page.close()
    assert {name: width for name, width in wide.items() if width > 390} == {}
    assert bare["sap"] > 10
    assert bare["quality"] > 2


def test_the_checklist_leads_to_places_that_exist_and_its_marks_harm_no_page(site):
    html = (site.folder / "reports/consort.html").read_text(encoding="utf-8")
    table = html.partition('<table class="items">')[2].partition("</table>")[0]
    links = re.findall(r'href="([\w-]+\.html)(?:#([^"]+))?"', table)
    assert len(links) > 50
    assert {"index.html", "sap.html", "tables.html", "figures.html", "listings.html"} == {page for page, _ in links}
    for page, anchor in links:
        text = (site.folder / "reports" / page).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in text, (page, anchor)
    manuscript = (site.folder / "reports/index.html").read_text(encoding="utf-8")
    assert manuscript.count(" data-consort=") > 10
    assert " consort=" not in manuscript
