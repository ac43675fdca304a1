"""What stands beside the pages can be taken away, and no page offers what is not there."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
import yaml

from analysis.pipeline.listings import listings_json
from analysis.results.ard import COLUMNS
from analysis.results.listings_file import read_listings
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.links import check_beside
from reports.formats.bundle import _leading_out
from reports.formats.csv_files import csv_files
from reports.layout.lookup import Lookup
from reports.outputs.captions import ENVIRONMENT, of_document, of_output, of_picture, offered
from reports.outputs.table import table
from reports.words.file_names import BESIDE, LATER
from tests.opened_run import hidden, opened_run

ROOT = Path(__file__).resolve().parents[3]


def test_without_a_command_that_makes_files_none_is_offered(monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert of_output("T-DLT", "Table 14.3.1") == ""
    assert of_document("manuscript", "Manuscript") == ""


def test_pages_of_a_site_that_quarto_renders_by_itself_offer_the_records_which_its_end_makes(monkeypatch, tmp_path):
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    for name, made in (("html", True), ("docx", False)):
        (tmp_path / name).write_text(json.dumps({"format": {"identifier": {"base-format": name}}}), encoding="utf-8")
        monkeypatch.setenv("QUARTO_EXECUTE_INFO", str(tmp_path / name))
        assert ("../csv/T-DLT.csv" in of_output("T-DLT", "Table 1")) == made
    for where in (".", "reports/starter"):
        assert yaml.safe_load((ROOT / where / "_quarto.yml").read_text(encoding="utf-8"))["project"]["post-render"] == (
            "reports/postrender.py"
        )


def test_each_format_that_is_made_is_offered_and_no_other(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, offered({"csv", "pdf"})[ENVIRONMENT])
    assert 'href="../csv/T-DLT.csv"' in of_output("T-DLT", "Table 14.3.1")
    assert 'aria-label="Table 14.3.1 as CSV"' in of_output("T-DLT", "Table 14.3.1")
    assert "rtf" not in of_output("T-DLT", "Table 14.3.1")
    assert 'href="../documents/manuscript.pdf"' in of_document("manuscript", "Manuscript")
    assert "docx" not in of_document("manuscript", "Manuscript")


def test_the_picture_of_a_figure_is_always_offered_and_says_of_which(monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    link = '<a href="fig/f-os.svg" aria-label="Open the picture of Figure 14.2.4">Open the picture</a>'
    picture = PurePosixPath("fig/f-os.svg")
    assert of_output("F-OS", "Figure 14.2.4", picture) == of_picture(picture, "Figure 14.2.4")
    assert f"{link}</p>" in of_picture(picture, "Figure 14.2.4")
    monkeypatch.setenv(ENVIRONMENT, offered({"csv"})[ENVIRONMENT])
    assert f'{link} · Download: <a href="../csv/F-OS.csv"' in of_output("F-OS", "Figure 14.2.4", picture)


def test_the_name_of_a_picture_is_a_link_whatever_is_in_it():
    assert 'href="fig/a%20b%23c.svg"' in of_picture(PurePosixPath("fig/a b#c.svg"), "x")


@pytest.fixture(scope="module")
def run(study, results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    (folder / "listings.json").write_text(listings_json(study), encoding="utf-8")
    return replace(opened_run(study, results), folder=folder)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def test_every_output_and_listing_has_its_records_and_they_are_the_same_each_time(run):
    made = csv_files(run)
    specs = (*run.plan.outputs, *run.plan.listings)
    assert set(made) == {f"csv/{spec.id}.csv" for spec in specs}
    assert csv_files(run) == made
    assert all(len(content) < 3_000_000 and b"\r" not in content for content in made.values())


def test_every_number_of_a_table_is_in_its_records_to_full_precision(run, results):
    made = csv_files(run)
    for output in run.plan.outputs:
        if output.kind != "table":
            continue
        head, *rows = read(made[f"csv/{output.id}.csv"])
        assert tuple(head) == COLUMNS
        whole = {tuple(row) for row in read(results.to_csv().encode())}
        assert {tuple(row) for row in rows} <= whole
        kept = {tuple(row) for row in rows}
        content = table(run.plan, Lookup(run.results), output)
        for row in (r for line in content.lines for cell in line.cells for r in cell.rows):
            (line,) = read(type(results)((row,)).to_csv().encode())[1:]
            assert tuple(line) in kept, (output.id, line)


def test_a_listing_is_its_records(run):
    for name, found in read_listings(run.folder / "listings.json").items():
        head, *rows = read(csv_files(run)[f"csv/{name}.csv"])
        assert (tuple(head), [tuple(r) for r in rows]) == (found.columns, [tuple(r) for r in found.rows])


def test_where_pages_hide_the_subjects_so_do_the_records(run):
    from reports.run.shown import subject_names, with_names

    plan = hidden(run.plan)
    subjects = run.entered and sorted({s for e in run.entered for s in e.subjects})
    names = subject_names(plan, subjects)
    secret = replace(run, plan=plan, results=with_names(run.results, names))
    assert subjects
    made = csv_files(secret)
    assert not [name for name, content in made.items() if any(s.encode() in content for s in subjects)]


@pytest.fixture
def site(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "T.csv").write_text("a", encoding="utf-8")
    return tmp_path


def test_a_link_to_a_file_that_was_not_made_is_refused(site):
    page = site / "reports" / "tables.html"
    page.write_text('<a href="../csv/T.csv">CSV</a> <a href="sap.html#x">x</a>', encoding="utf-8")
    check_beside(site, BESIDE)
    page.write_text('<a href="../csv/T.csv">CSV</a> <a href="../tlf/T.rtf">RTF</a>', encoding="utf-8")
    with pytest.raises(RenderError, match=r"offers tlf/T\.rtf, which was not made"):
        check_beside(site, BESIDE)


def test_a_link_between_a_page_and_the_records_that_does_not_arrive_is_refused(site):
    page, record = site / "reports" / "tables.html", site / "reports" / "trace" / "A.html"
    record.parent.mkdir()
    record.write_text('<p id="n">1</p> <a href="../tables.html#t">back</a> <a href="#n">n</a>', encoding="utf-8")
    page.write_text('<p id="t"><a href="trace/A.html#n">1</a></p>', encoding="utf-8")
    check_beside(site, LATER)
    page.write_text('<p id="t"><a href="trace/A.html#m">1</a></p>', encoding="utf-8")
    with pytest.raises(RenderError, match=r"the link to #m leads nowhere: reports/trace/A\.html has none"):
        check_beside(site, LATER)
    page.write_text('<a href="trace/A.html#n">1</a>', encoding="utf-8")
    with pytest.raises(RenderError, match=r"the link to #t leads nowhere: reports/tables\.html has none"):
        check_beside(site, LATER)
    page.write_text('<p id="t"><a href="trace/B.html#n">1</a></p>', encoding="utf-8")
    with pytest.raises(RenderError, match=r"offers reports/trace/B\.html, which was not made"):
        check_beside(site, LATER)


def test_in_a_bundle_links_lead_out_of_the_folder_of_the_pages():
    page = b'<a href="../tlf/T.rtf">RTF</a> <a href="../csv/T.csv">CSV</a> <a href="sap.html">plan</a>'
    assert _leading_out(page) == (
        b'<a href="../../tlf/T.rtf">RTF</a> <a href="../../csv/T.csv">CSV</a> <a href="sap.html">plan</a>'
    )
