"""`sap render --to docx,pdf,rtf`: the documents of the report itself hold the numbers of its results."""

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import docx as word
import pypdf
import pytest

from reports.layout.lookup import Lookup
from reports.outputs.table import table
from reports.run.shown import read_run
from sap.reading.post_hoc import read_whole_plan
from sap.seal.results import MANIFEST
from tests.each import each
from tests.reading_rtf import read_rtf

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = ("manuscript", "analysis-plan")
TABLES = ("T-DLT", "T-DEMOG")
HOME: dict[str, Path] = {}


@dataclass(frozen=True)
class Made:
    folder: Path
    results: Path
    said: str

    def docx(self, name: str):
        return word.Document(io.BytesIO((self.folder / "documents" / f"{name}.docx").read_bytes()))

    def pdf(self, name: str) -> list[str]:
        read = pypdf.PdfReader(self.folder / "documents" / f"{name}.pdf")
        return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in read.pages]


@pytest.fixture
def made(sap, tmp_path_factory) -> Made:
    """Rendered once: a run and two pages take some seconds."""
    if not HOME:
        HOME["folder"] = tmp_path_factory.mktemp("formats")
        where = ["--results", HOME["folder"] / "results", "--out", HOME["folder"] / "out"]
        done = sap("render", "--unlocked", "--engine", "embedded", "--to", "docx,pdf,rtf", *where)
        assert done.code == 0, done.said
        (HOME["folder"] / "said").write_text(done.out, encoding="utf-8")
    home = HOME["folder"]
    return Made(home / "out", home / "results", (home / "said").read_text(encoding="utf-8"))


@pytest.fixture
def run(made):
    return read_run(read_whole_plan(ROOT / "sap" / "plan.yml"), made.results)


def cells(run, output_id: str) -> list[str]:
    content = table(run.plan, Lookup(run.results), run.plan.output(output_id))
    return [cell.text for line in content.lines for cell in line.cells]


def test_documents_and_outputs_are_written_with_their_digests_and_no_page(made, run):
    found = {p.relative_to(made.folder).as_posix() for p in made.folder.rglob("*") if p.is_file()}
    wanted = {f"documents/{name}.{ending}" for name in DOCUMENTS for ending in ("docx", "pdf")}
    wanted |= {f"tlf/{spec.id}.rtf" for spec in (*run.plan.outputs, *run.plan.listings)}
    assert wanted <= found
    assert not [name for name in found if name.endswith(".html")]
    listed = dict(reversed(line.split("  ", 1)) for line in (made.folder / MANIFEST).read_text().splitlines())
    assert set(listed) == found - {MANIFEST}
    assert all(hashlib.sha256((made.folder / n).read_bytes()).hexdigest() == d for n, d in listed.items())
    assert f"Open {made.folder}" in made.said


@each("output_id", TABLES)
def test_the_manuscript_in_word_has_every_number_of_a_table_in_a_table(made, run, output_id):
    planned = cells(run, output_id)
    assert len(planned) > 10
    # Numbers are set in by blanks that do not break, so that their points stand below each other.
    texts = [
        [c.text.replace("\u00a0", "") for row in t.rows for c in row.cells] for t in made.docx("manuscript").tables
    ]
    assert any("\u00a0" in c.text for t in made.docx("manuscript").tables for row in t.rows for c in row.cells)
    # Marks of notes stand right behind a cell's text.
    assert any(in_order(planned, text) for text in texts)


@each("output_id", TABLES)
def test_the_manuscript_as_pdf_has_every_number_of_a_table_in_order(made, run, output_id):
    text = re.sub(r"\s", "", "".join(made.pdf("manuscript")))
    at = text.index(re.sub(r"\s", "", f"{run.plan.output(output_id).title}"))
    at = text.index(re.sub(r"\s", "", cells(run, output_id)[0]), at)
    for cell in cells(run, output_id):
        found = text.find(re.sub(r"\s", "", cell), at)
        assert found >= 0, cell
        at = found


@each("output_id", TABLES)
def test_the_rtf_has_every_number_of_a_table(made, run, output_id):
    pages = read_rtf((made.folder / "tlf" / f"{output_id}.rtf").read_text(encoding="ascii")).pages
    assert in_order(cells(run, output_id), [c for page in pages for row in page.rows for c in row])


def in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(any(text.startswith(cell) for text in rest) for cell in wanted)


@each("name", DOCUMENTS)
def test_captions_of_word_and_pdf_are_the_same_and_in_order(made, name):
    text = "".join("".join(made.pdf(name)).split())
    captions = [p.text for p in made.docx(name).paragraphs if p.style.name in {"Table Caption", "Image Caption"}]
    for kind in ("Table", "Figure"):
        numbers = [int(n) for c in captions for n in re.findall(rf"^{kind}\u00a0(\d+)\.", c)]
        assert numbers == list(range(1, len(numbers) + 1))
        # In the PDF a figure moves to where there is room: past a table, but not past another figure.
        at = 0
        for caption in (c for c in captions if c.startswith(kind)):
            at = text.index("".join(caption.split()), at)


def test_the_manuscript_has_tables_and_figures_and_the_plan_is_mostly_tables(made):
    manuscript = made.docx("manuscript")
    page = (ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")
    assert len(manuscript.tables) >= page.count("page.table(") >= 2
    assert len(manuscript.inline_shapes) == page.count("page.figure(")
    assert len(made.docx("analysis-plan").tables) > 15


@each("name", DOCUMENTS)
def test_nothing_went_wrong_in_a_document(made, name):
    document = made.docx(name)
    texts = [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]
    for text in ("\n".join(texts), "\n".join(made.pdf(name))):
        for fault in ("Traceback", "?@", "<a ", "<div", "data-trace", "trace.qmd", "{=html}"):
            assert fault not in text


@each("name", DOCUMENTS)
def test_every_page_says_that_it_is_a_reconstruction_and_a_draft(made, name):
    section = made.docx(name).sections[0]
    assert "reconstruction" in section.footer.paragraphs[0].text
    assert "DRAFT" in section.header.paragraphs[0].text
    for page in made.pdf(name):
        assert "reconstruction, not patient data" in page
        assert "DRAFT" in page


@each("name", DOCUMENTS)
def test_a_document_can_be_read_by_a_screen_reader(made, name):
    read = pypdf.PdfReader(made.folder / "documents" / f"{name}.pdf")
    assert b"pdfuaid:part" in read.trailer["/Root"]["/Metadata"].get_object().get_data()


@each(
    ("to", "said"),
    [
        ("html,jats", "JATS is written by Quarto alone"),
        ("html,docs", "there is no format 'docs'. Did you mean 'docx'?"),
        (" , ", "names no format"),
    ],
)
def test_formats_that_are_not_made_are_refused_with_a_way_on(sap, tmp_path, to, said):
    done = sap("render", "--unlocked", "--to", to, "--results", tmp_path / "r", "--out", tmp_path / "o")
    assert done.code == 2
    assert said in done.err
    assert not list(tmp_path.iterdir())


def test_documents_alone_do_not_replace_a_site(sap, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("a site", encoding="utf-8")
    done = sap("render", "--unlocked", "--to", "pdf", "--results", tmp_path / "r", "--out", site)
    assert done.code == 3
    assert "add html to --to" in done.err
    assert (site / "index.html").read_text(encoding="utf-8") == "a site"
