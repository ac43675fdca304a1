"""A page as DOCX and PDF: real tables, captions in order, references resolved, and head and foot on every page."""

import io
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from textwrap import dedent

import docx as word
import pypdf
import pytest

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.site import execute_pages
from reports.formats.documents import documents
from reports.formats.paper import Running

PAGE = PurePosixPath("reports/index.qmd")
WORDS = Running("PLAN 1.0 · A & B <trial>", "The rows are a reconstruction.", "DRAFT")
CONFIG = """\
project:
  type: website
  execute-dir: project
  render: [reports/index.qmd, reports/trace.qmd]
website:
  title: Toy
format:
  html:
    number-sections: true
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="144pt" height="72pt" viewBox="0 0 144 72"><path d="M0 0H144V72"/></svg>'
TEXT = """\
---
title: 'A trial of "X" \\\\ Y'
author:
  - name: Ada "A." Example
keywords: [one, two]
---

::: {.callout-important title="About the data"}
The rows are made.
:::

::: {.stamp aria-hidden="true"}
STAMP
:::

## Results {#sec-results}

Of [9](trace.qmd#row){.traced data-trace="x"} subjects, see @tbl-one, @tbl-two and @fig-one, and @sec-results. A [site](https://example.org/).
<span>Kept</span> words, and $x^2$.

::: {#tbl-one}

```{=html}
<div><style>td { color: red }</style><table class="gt_table">
<thead><tr><th></th><th class="gt_center">Planned<br>N = <a class="traced" href="trace.html#row">9</a></th></tr></thead>
<tbody><tr><th colspan="2">Section</th></tr>
<tr><th>n (%)</th><td class="gt_center"><a class="traced" href="trace.html#row">4</a> (44.4%)<sup>a</sup></td></tr></tbody>
<tfoot><tr><td colspan="2"><sup>a</sup> A note.</td></tr></tfoot></table></div>
```

One & only

:::

![The *figure*.](one.svg){#fig-one fig-alt="Bars that \\"rise\\"."}

```{=html}
<details class="figure-numbers"><summary>Numbers in this figure</summary><table><tr><td>HIDDEN</td></tr></table></details>
```

::: {#tbl-two}

| Id | Rule |
|----|--------------------|
| A1 | #1 *first* \\$5 \\@x \\[b\\] |

Two

:::

- a list
- of two
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("a toy – trial")
    (root / "reports").mkdir()
    (root / "_quarto.yml").write_text(CONFIG, encoding="utf-8")
    (root / PAGE).write_text(TEXT, encoding="utf-8")
    (root / "reports" / "trace.qmd").write_text("---\ntitle: Trace\n---\n\n## Row {#row}\n", encoding="utf-8")
    (root / "reports" / "one.svg").write_text(SVG, encoding="utf-8")
    return root


def made(project: Path, words: Running = WORDS) -> dict[str, bytes]:
    return documents(execute_pages(project, [PAGE], {}, lambda _: None), ["docx", "pdf"], words)


@pytest.fixture(scope="module")
def files(project):
    return made(project)


@pytest.fixture(scope="module")
def docx_file(files):
    return word.Document(io.BytesIO(files["documents/manuscript.docx"]))


@pytest.fixture(scope="module")
def pdf_file(files):
    return pypdf.PdfReader(io.BytesIO(files["documents/manuscript.pdf"]))


@pytest.fixture(scope="module")
def pdf_text(pdf_file):
    return " ".join(" ".join(page.extract_text() for page in pdf_file.pages).split()).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def docx_text(docx_file):
    cells = (cell.text for t in docx_file.tables for row in t.rows for cell in row.cells)
    return " ".join(" ".join([*(p.text for p in docx_file.paragraphs), *cells]).split())


def part(files: dict[str, bytes], name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(files["documents/manuscript.docx"])) as archive:
        return archive.read(name).decode()


def test_html_tables_and_markdown_tables_are_tables_of_word(docx_file):
    first, second = docx_file.tables
    assert [[c.text for c in row.cells] for row in first.rows] == [
        ["", "Planned\nN = 9"],
        ["Section", "Section"],
        ["n (%)", "4 (44.4%)a"],
    ]
    assert [c.text for c in second.rows[1].cells] == ["A1", "#1 first $5 @x [b]"]


def test_captions_stand_in_order_and_references_name_them(docx_file, docx_text, pdf_text):
    captions = [p.text for p in docx_file.paragraphs if p.style.name in {"Table Caption", "Image Caption"}]
    assert captions == ["Table\u00a01. One & only", "Figure\u00a01. The figure.", "Table\u00a02. Two"]
    for text in (docx_text, pdf_text):
        assert "see Table 1, Table 2 and Figure 1, and Section 1." in text.replace("\u00a0", " ")
        assert "?@" not in text


def test_what_only_a_screen_can_do_is_left_out(docx_text, pdf_text):
    for text in (docx_text, pdf_text):
        assert "Of 9 subjects" in text
        assert "Important: About the data" in text
        assert "A note." in text
        assert not {"HIDDEN", "STAMP", "color:"} & set(text.split())
        assert "Kept words" in text


def test_links_lead_out_of_the_document_or_within_it(files):
    links = part(files, "word/_rels/document.xml.rels")
    assert "https://example.org/" in links
    assert "trace" not in links
    text = part(files, "word/document.xml")
    assert 'w:anchor="tbl-one"' in text
    assert 'w:name="tbl-one"' in text


def test_every_page_says_plan_stamp_and_what_the_rows_are(docx_file, pdf_file):
    section = docx_file.sections[0]
    assert len(docx_file.sections) == 1
    assert section.header.paragraphs[0].text == "PLAN 1.0 · A & B <trial>\tDRAFT"
    assert section.footer.paragraphs[0].text.startswith("The rows are a reconstruction.")
    for number, page in enumerate(pdf_file.pages, start=1):
        text = page.extract_text()
        assert "PLAN 1.0 · A & B <trial>" in text
        assert "The rows are a reconstruction." in text
        assert f"Page {number} of {len(pdf_file.pages)}" in text
        assert "DRAFT" in text


def test_without_a_stamp_nothing_is_stamped(project):
    found = made(project, Running("PLAN 1.0", "Rows.", ""))
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(found["documents/manuscript.pdf"])).pages]
    assert not any("DRAFT" in text for text in texts)
    assert "DRAFT" not in part(found, "word/header1.xml")


def test_rows_stay_whole_and_heads_are_repeated(files):
    text = part(files, "word/document.xml")
    assert text.count("<w:tr>") == text.count("<w:cantSplit/>") == 5
    assert text.count("<w:tblHeader") == 2


def test_the_picture_is_pixels_in_word_and_curves_in_pdf_with_its_words(files, pdf_file):
    text = part(files, "word/document.xml")
    assert "Bars that &quot;rise&quot;." in text
    with zipfile.ZipFile(io.BytesIO(files["documents/manuscript.docx"])) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert [archive.read(name)[:4] for name in pictures] == [b"\x89PNG"]
    assert 'cx="1828800"' in text  # two inches, as it was drawn
    assert not any(page.images for page in pdf_file.pages)


def test_the_pdf_is_tagged_and_says_its_title_and_language(pdf_file):
    root = pdf_file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert pdf_file.metadata.title == "A trial of “X” \\ Y"
    assert pdf_file.metadata.author == 'Ada "A." Example'
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


def test_no_clock_and_no_name_of_a_folder_is_in_the_files(project, files):
    assert made(project) == files
    reader = pypdf.PdfReader(io.BytesIO(files["documents/manuscript.pdf"]))
    assert reader.metadata.creation_date is None
    assert "dcterms" not in part(files, "docProps/core.xml").replace("xmlns:dcterms", "")
    with zipfile.ZipFile(io.BytesIO(files["documents/manuscript.docx"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(b"paper-" in archive.read(name) for name in archive.namelist())


def test_the_same_text_gives_the_same_files_in_any_folder(project, tmp_path):
    cited = TEXT.replace("keywords:", "bibliography: references.bib\nkeywords:") + "\nSee [@one].\n\n::: {#refs}\n:::\n"
    found = []
    for name in ("here", "another – place"):
        shutil.copytree(project, tmp_path / name)
        (tmp_path / name / PAGE).write_text(cited, encoding="utf-8")
        (tmp_path / name / "reports" / "references.bib").write_text("@book{one, author={A}, title={B}, year={2020}}\n")
        found.append(made(tmp_path / name))
    assert found[0] == found[1]
    with zipfile.ZipFile(io.BytesIO(found[0]["documents/manuscript.docx"])) as archive:
        assert not any(
            b"custom.xml" in archive.read(name) or b"references.bib" in archive.read(name)
            for name in archive.namelist()
        )
        assert "docProps/custom.xml" not in archive.namelist()


def test_a_reference_to_nothing_is_refused_with_its_line(project, tmp_path):
    for name in ("_quarto.yml", "reports/trace.qmd"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((project / name).read_bytes())
    (tmp_path / PAGE).write_text(dedent("---\ntitle: A\n---\n\n## B\n\nSee @fig-none.\n"), encoding="utf-8")
    with pytest.raises(RenderError, match="@fig-none refers to nothing") as caught:
        made(tmp_path)
    assert (caught.value.file, caught.value.line) == (Path(PAGE), 7)
