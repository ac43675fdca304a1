"""Tables, listings and figures as RTF: read back, they show what the pages show, on every page with title and source."""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from analysis.pipeline.listings import listings_json
from analysis.results.listings_file import read_listings
from reports.formats.documents import rtf_files
from reports.formats.grid import DIGIT, Grid, GridCell, Mark, grid
from reports.formats.paper import Running
from reports.formats.rtf import TEXT, escaped, rtf
from reports.formats.rtf_pages import Line, height, pages
from reports.formats.tlf import FiledOutput, filed_outputs
from reports.layout.lookup import Lookup
from reports.outputs.table import table
from tests.each import each
from tests.opened_run import opened_run
from tests.reading_rtf import read_rtf

WORDS = Running("PLAN 1.0 · A trial", "The rows are a reconstruction.", "DRAFT")


def cell(text: str, span: int = 1) -> GridCell:
    return GridCell((Mark(text),), span)


def filed(content: Grid, notes: tuple[str, ...] = ()) -> FiledOutput:
    titles = ("Listing 16.2.1", "Everything", "Safety set (SAF), N = 10")
    return FiledOutput("L-ALL", titles, content, tuple(map(cell, notes)), "Source: ADSL. Plan: PLAN 1.0.", WORDS)


@pytest.fixture(scope="module")
def long_listing():
    head = ((cell("Subject"), cell("What was seen"), cell("Day")),)
    rows = tuple((cell(f"S-{i:03}"), cell("words " * 25), cell(str(i))) for i in range(90))
    return read_rtf(rtf(filed(Grid(head, rows, ()), ("Days since infusion.",))))


def test_a_long_listing_repeats_its_title_its_head_its_notes_and_its_source(long_listing):
    assert len(long_listing.pages) > 4
    for page in long_listing.pages:
        assert page.paragraphs[0] == "Listing 16.2.1\nEverything\nSafety set (SAF), N = 10"
        assert page.rows[0] == ["Subject", "What was seen", "Day"]
        assert page.paragraphs[-2:] == ["Days since infusion.", "Source: ADSL. Plan: PLAN 1.0."]


def test_no_row_is_lost_or_doubled_where_a_page_ends(long_listing):
    rows = [row[0] for page in long_listing.pages for row in page.rows[1:]]
    assert rows == [f"S-{i:03}" for i in range(90)]


def test_every_page_says_which_it_is_of_how_many_and_what_the_rows_are(long_listing):
    assert long_listing.header == "PLAN 1.0 · A trial   DRAFT\nPage # of 1"
    assert long_listing.footer == "The rows are a reconstruction."


def test_the_number_of_pages_is_a_field():
    content = rtf(filed(Grid((), ((cell("a"), cell("b")),), ())))
    assert r"\chpgn" in content
    assert "NUMPAGES" in content


@each("text", ["µé ≥3 × 10^9/L", "−∞ to ∞", "a\\b {c}", "日本 😀", "e_i $x$ \\alpha", "Łódź – “quoted”"])
def test_any_text_comes_back_as_it_was(text):
    page = read_rtf(rtf(filed(Grid((), ((cell(text), cell("1")),), ()), (text,)))).pages[0]
    assert [page.rows[-1][0], page.paragraphs[-2]] == [text, text]
    assert escaped(text).isascii()


def test_a_heading_stands_over_its_rows_and_again_where_they_go_on():
    rows = [(cell("First", 2),), (cell("a"), cell("1")), (cell("Second", 2),)]
    rows += [(cell(f"b{i}"), cell("1")) for i in range(60)]
    pages = read_rtf(rtf(filed(Grid(((cell(""), cell("N")),), tuple(rows), ())))).pages
    assert pages[0].rows[1:5] == [["First"], ["a", "1"], ["Second"], ["b0", "1"]]
    assert pages[1].rows[1] == ["Second (continued)"]


def test_rows_that_fit_on_a_page_stand_on_one():
    rows = tuple((cell(f"Item {i}"), cell("4/9 (44.4%)")) for i in range(29))
    notes = tuple("A note that explains a word." for _ in range(3))
    assert len(read_rtf(rtf(filed(Grid(((cell(""), cell("Planned\nN = 9")),), rows, ()), notes))).pages) == 1


def lines(*texts: str, heading: str = "") -> list[Line]:
    return [Line(heading, (cell(text), cell("1"))) for text in texts]


def first_cells(parted: list[list[Line]]) -> list[list[str]]:
    return [[line.cells[0].text for line in page] for page in parted]


def test_the_last_page_has_more_than_a_row_or_two():
    parted = pages(lines(*map(str, range(11))), [10.0] * 11, 10.0, 100.0)
    assert [len(page) for page in parted] == [7, 4]


def test_a_page_ends_before_a_section_or_a_subject_that_would_be_parted():
    sections = [*lines(*"abcdefg", heading="One"), *lines(*"hijklm", heading="Two")]
    assert [len(page) for page in pages(sections, [10.0] * 13, 10.0, 100.0)] == [7, 6]
    subjects = lines(*["S1"] * 9, *["S2"] * 6)
    assert first_cells(pages(subjects, [10.0] * 15, 10.0, 100.0)) == [["S1"] * 9, ["S2"] * 6]


def test_rows_set_in_that_go_on_say_below_what_they_stand():
    body = lines("Blood", *[f"{DIGIT * 2}term {i}" for i in range(14)], heading="Events")
    first, second = pages(body, [10.0] * 15, 10.0, 100.0)
    assert {line.heading for line in first} == {"Events"}
    assert {line.heading for line in second} == {"Events (continued)"}
    assert second[0].cells[0].text == "Blood (continued)"
    assert [line for page in (first, second) for line in page if "term" in line.cells[0].text] == [
        *body[1 : len(first)],
        *[Line("Events (continued)", line.cells) for line in body[len(first) :]],
    ]


def test_a_long_word_and_a_long_text_take_the_lines_they_need():
    assert height("one two", 2.0, 8) == 1
    assert height("one\ntwo", 2.0, 8) == 2
    assert height("words " * 40, 2.0, 8) == height("words " * 20, 1.0, 8) >= 6
    assert height("x" * 200, 1.0, 8) > 5


def test_a_page_is_filled_with_rows_of_one_line_where_there_is_room():
    head = tuple(map(cell, ("Subject", "Analysis Start Relative Day (study day)", "Analysis Date", "Term")))
    row = tuple(map(cell, ("RECON-01", "-5", "2017-07-02", "Cytokine release syndrome")))
    found = read_rtf(content := rtf(filed(Grid((head,), (row,) * 60, ()))))
    assert len(found.pages) == 2
    assert found.pages[0].rows[-1] == [c.text for c in row]
    assert r"RECON\_01" in content
    assert r"2017\_07\_02" in content
    assert r"-5" in content


def test_no_row_is_broken_and_heads_are_marked_as_heads():
    content = rtf(filed(Grid(((cell("a"), cell("b")),), ((cell("1"), cell("2")),) * 3, ())))
    assert content.count(r"\trowd\trhdr\trkeep") == 1
    assert content.count(r"\trowd") == content.count(r"\trkeep") == 4


def test_the_file_says_what_it_is_and_when_it_was_sealed_and_not_when_it_was_made(run):
    content = rtf(filed(Grid((), ((cell("a"), cell("b")),), ())))
    assert r"{\info{\title Listing 16.2.1. Everything}{\subject PLAN 1.0" in content
    assert r"\creatim" not in content
    sealed = run.provenance.model_copy(update={"state": "sealed", "sealed_at": "2025-01-31T10:00:00Z"})
    with TemporaryDirectory() as folder:
        output = next(filed_outputs(replace(run, provenance=sealed), Path(folder)))
    assert output.source.endswith("As sealed on 2025-01-31.")


def test_a_figure_fills_the_page_and_has_words(made):
    content = made["tlf/F-OS.rtf"].decode("ascii")
    (wide,), (high,) = (re.findall(rf"\\pic{side}goal(\d+)", content) for side in "wh")
    assert int(wide) > 0.9 * 1440 * TEXT or int(high) > 4.7 * 1440
    assert r"{\pict{\*\picprop{\sp{\sn wzDescription}{\sv " in content
    assert "Meier curve with confidence band" in content.split("wzDescription")[1][:200]


def test_a_listing_without_records_says_so():
    rows = ((cell("No subject has such a record.", 2),),)
    page = read_rtf(rtf(filed(Grid(((cell("Subject"), cell("Day")),), rows, ())))).pages[0]
    assert ["No subject has such a record."] in page.rows


def test_marks_of_notes_are_raised():
    content = rtf(filed(grid("<table><tr><td>NE<sup>a</sup></td><td>1</td></tr></table>")))
    assert r"NE{\super a}" in content


@pytest.fixture(scope="module")
def run(study, results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    (folder / "listings.json").write_text(listings_json(study), encoding="utf-8")
    return replace(opened_run(study, results.with_stamp("DRAFT")), folder=folder)


@pytest.fixture(scope="module")
def made(run):
    return rtf_files(run)


def test_each_output_of_the_plan_has_its_file(run, made):
    ids = [output.id for output in (*run.plan.outputs, *run.plan.listings)]
    assert sorted(Path(name).stem for name in made if name.endswith(".rtf")) == sorted(ids)


def test_the_same_run_gives_the_same_files(run, made):
    assert rtf_files(run) == made


@each("output_id", ["T-DLT", "T-OS"])
def test_every_number_of_a_table_is_in_its_file_in_its_place(run, made, output_id):
    content = table(run.plan, Lookup(run.results), run.plan.output(output_id))
    pages = read_rtf(made[f"tlf/{output_id}.rtf"].decode("ascii")).pages
    # Marks of notes stand right behind a cell's text.
    rows = [row for page in pages for row in page.rows if len(row) == len(content.columns) + 1][1:]
    body = [row for row in rows if row[0] or not row[1].endswith(tuple("0123456789"))]
    assert len(body) >= len(content.lines)
    found = iter(body)
    for line in content.lines:
        row = next(r for r in found if r[0].startswith(line.label))
        for shown, planned in zip(row[1:], line.cells, strict=True):
            assert shown.startswith(planned.text), (line.label, row)


def test_every_file_has_number_title_population_and_source(run, made):
    specs = {spec.id: spec for spec in (*run.plan.outputs, *run.plan.listings)}
    version = f"{run.plan.plan.id} {run.plan.plan.version}"
    for name, content in made.items():
        if not name.endswith(".rtf"):
            continue
        spec = specs[Path(name).stem]
        for page in read_rtf(content.decode("ascii")).pages:
            number, title, population = page.paragraphs[0].split("\n")
            assert number.split()[-1] == spec.number
            assert title == spec.title
            assert re.search(r"\((\w+)\)(?:, N = \d+|; \d+ of \d+ subjects have a record)$", population)
            assert page.paragraphs[-1].startswith("Source: ")
            promised = "".join(f", {a}" for a in getattr(spec, "analyses", ()))
            assert f"Plan: {version}{promised}. Program: executable-sap" in page.paragraphs[-1]


def test_every_page_says_that_it_is_a_reconstruction_and_a_draft(made):
    for name, content in made.items():
        if name.endswith(".rtf"):
            read = read_rtf(content.decode("ascii"))
            assert "reconstruction" in read.footer
            assert "DRAFT" in read.header
            assert "Traceback" not in read.text


def test_a_figure_is_a_picture(run, made):
    figures = [o.id for o in run.plan.outputs if o.id.startswith("F-")]
    assert figures
    for figure in figures:
        assert read_rtf(made[f"tlf/{figure}.rtf"].decode("ascii")).pictures == 1


def test_a_listing_shows_every_record(run, made, study):
    for name, records in read_listings(run.folder / "listings.json").items():
        pages = read_rtf(made[f"tlf/{name}.rtf"].decode("ascii")).pages
        rows = [row for page in pages for row in page.rows[1:] if len(row) == len(records.columns)]
        assert [row for row in rows if row[0]] == [[" ".join(c.split()) for c in r] for r in records.rows]
