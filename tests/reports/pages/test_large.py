"""Of a large trial pages show the beginning of what is long, and lead to the whole of it on pages of its own."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from analysis.pipeline.listings import listings_json
from analysis.recompute import recompute, to_csv
from reports.engines.embedded.links import check_beside
from reports.outputs.figure import figure, numbers_in_figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.pages import large
from reports.pages.apart import packed
from reports.pages.large import listing_on_page, pages_apart, table_on_page
from reports.pages.quality import double_programming
from reports.trace.links import record_links
from reports.words.file_names import LATER
from tests.opened_run import opened_run


class Rows(HTMLParser):
    """The rows of the bodies of tables, as text, without headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self._inside = self._heading = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._inside = self._inside or tag == "tbody"
        self._heading = ("class", "gt_group_heading_row") in attrs if tag == "tr" else self._heading
        if tag == "tr" and self._inside and not self._heading:
            self.rows.append("")

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "tbody"

    def handle_data(self, data):
        if self._inside and self.rows and not self._heading:
            self.rows[-1] += data.strip() + "|"


@pytest.fixture(scope="module")
def run(study, results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    (folder / "listings.json").write_text(listings_json(study), encoding="utf-8")
    (folder / "checks.csv").write_text(to_csv(recompute(study, results, with_r=False)), encoding="utf-8")
    return replace(opened_run(study, results), folder=folder)


@pytest.fixture
def small_pages(monkeypatch):
    """A page may hold so little that this trial is a large one."""
    for name, most in {"LARGE": 6_000, "BEGINNING": 2_000, "MOST": 5_000, "_FEW": 50}.items():
        monkeypatch.setattr(large, name, most)


def parts(made, name):
    """The pages of one thing, first to last."""
    found = {path: text.decode() for path, text in made.items() if re.search(rf"/{name}(\.\d+)?\.html$", path)}
    return [found[path] for path in sorted(found, key=lambda p: (len(p), p))]


def test_a_trial_as_small_as_this_one_has_records_and_checks_alone(run):
    assert {path.split("/")[1] for path in pages_apart(run)} == {"trace", "quality"}


@pytest.mark.usefixtures("small_pages")
def test_the_pages_of_a_large_table_have_all_its_lines_and_the_page_of_all_the_first(run):
    whole = table(run.plan, run.lookup, run.plan.output("T-DLT"))
    shown, found = table_on_page(run, whole), parts(pages_apart(run), "tables/T-DLT")
    assert len(found) > 1
    lines = Rows(html_table(whole)).rows
    assert [row for text in found for row in Rows(text).rows] == lines
    first = Rows(shown).rows
    assert 0 < len(first) < len(lines)
    assert first == lines[: len(first)]
    assert f"of {len(whole.lines)} lines" in shown
    assert re.findall('href="(tables/[^"]+)"', shown) == [
        f"tables/T-DLT{'' if i == 1 else f'.{i}'}.html" for i in range(1, len(found) + 1)
    ]


@pytest.mark.usefixtures("small_pages")
def test_the_pages_of_a_large_listing_have_all_its_records(run):
    spec = next(s for s in run.plan.listings if s.id == "L-RESP")
    content = run.listings[spec.id]
    shown, found = listing_on_page(run.plan, spec, content), parts(pages_apart(run), "listings/L-RESP")
    assert len(found) > 1
    assert sum(len(Rows(text).rows) for text in found) == len(content.rows)
    assert 0 < len(Rows(shown).rows) < len(content.rows)
    assert f"of {len(content.rows)} records" in shown


@pytest.mark.usefixtures("small_pages")
def test_the_checks_of_an_analysis_stand_on_pages_of_their_own(run):
    checks = [c for c in large.read_checks(run.folder / "checks.csv") if c.analysis_id == "AN-OS"]
    shown, found = double_programming(checks, {}), parts(pages_apart(run), "quality/AN-OS")
    listed = large.listed_checks(checks)
    assert sum(len(Rows(text).rows) for text in found) == len(listed) > 20
    assert f"{len(checks)} statistics by both routes: {len(checks)} agree" in shown
    assert "quality/AN-OS.html" in shown


@pytest.mark.usefixtures("small_pages")
def test_every_link_of_the_pages_apart_arrives(run, tmp_path):
    made = pages_apart(run)
    assert made == pages_apart(run)
    for path, content in made.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    ids = {o.id.lower() for o in (*run.plan.outputs, *run.plan.listings)} | {
        f"sec-{a.id.lower()}" for a in run.plan.analyses
    }
    pages = "".join(f'<p id="{i}"></p>' for i in sorted(ids))
    for name in ("tables", "listings", "quality", "trace", "sap"):
        (tmp_path / "reports" / f"{name}.html").write_text(pages, encoding="utf-8")
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    check_beside(tmp_path, LATER)
    assert 'href="../trace/AN-DLT.html#' in parts(made, "tables/T-DLT")[0]


def test_of_many_numbers_in_a_figure_the_records_are_named(run, tmp_path, monkeypatch):
    picture = figure(run.plan, run.lookup, run.plan.output("F-OS"), tmp_path)
    links = record_links(run.plan, run.results)
    monkeypatch.setattr("reports.outputs.figure.LISTED", len(picture.rows) - 1)
    cut = numbers_in_figure(links, picture.rows)
    assert "<table" not in cut
    assert f"{len(picture.rows)} numbers are drawn" in cut
    assert '<a href="trace/AN-OS.html">AN-OS</a>' in cut


def test_parts_hold_every_item_once_and_no_more_than_fits():
    assert packed([3, 3, 3, 9, 1], lambda n: n, 6) == [[3, 3], [3], [9], [1]]
    assert packed([], len, 6) == [[]]
