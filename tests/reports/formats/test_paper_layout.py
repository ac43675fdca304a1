"""What makes a document of paper of a page: its title block, contents, what stays together, and what stays on a screen."""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath

import docx as word
import pypdf
import pytest

from reports.engines.embedded.site import execute_pages
from reports.formats.documents import documents
from reports.formats.docx import SECTION, SHORT
from reports.formats.paper import Running, blocks
from reports.words.file_names import PLAN_PAGE
from sap.reading.read import read_plan

ROOT = Path(__file__).resolve().parents[3]
PLAN = read_plan(ROOT / "sap" / "plan.yml")
CONFIG = """\
project:
  type: website
  render: [reports/sap.qmd]
website:
  title: Toy
format:
  html:
    toc: true
    toc-depth: 2
    number-sections: true
"""
TEXT = """\
---
title: Statistical analysis plan
subtitle: Replaced
keywords: [one, two]
---

## Analyses

### Of the first {#sec-first}

**ADSL**: Subjects

| Id | Purpose |
|----|---------|
| AN-CRS | Safety |

#### Too deep

## About the page {.unnumbered .screen}

Only a screen needs this.

### And this

So it says.

## Signatures

| Role | Name | Signature |
|------|------|-----------|
| Statistician | | |
| Investigator | | |

LONG

::: {.provenance role="contentinfo" aria-label="Where"}

Plan
:   A plan

:::
"""
LONG = "| Item | N |\n|---|---|\n" + "".join(f"| line {i} | {i} |\n" for i in range(SHORT + 5))
SECTIONS = "".join(
    f'<tr><th colspan="2">Part {part}</th></tr>' + "<tr><td>n</td><td>1</td></tr><tr><td>CI</td><td>2</td></tr>" * 3
    for part in range(3)
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    root = tmp_path_factory.mktemp("toy")
    (root / "reports").mkdir()
    (root / "_quarto.yml").write_text(CONFIG, encoding="utf-8")
    table = f"\n\n```{{=html}}\n<table><thead><tr><th>a</th><th>b</th></tr></thead>{SECTIONS}</table>\n```\n"
    (root / PLAN_PAGE).write_text(TEXT.replace("LONG", LONG + table), encoding="utf-8")
    pages = execute_pages(root, [PurePosixPath(PLAN_PAGE)], {}, lambda _: None)
    return documents(pages, ["docx", "pdf"], Running("PLAN 1.0", "Rows.", ""), blocks(PLAN))


@pytest.fixture(scope="module")
def document(files):
    return word.Document(io.BytesIO(files["documents/analysis-plan.docx"]))


@pytest.fixture(scope="module")
def xml(files) -> str:
    with zipfile.ZipFile(io.BytesIO(files["documents/analysis-plan.docx"])) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture(scope="module")
def pdf(files):
    return pypdf.PdfReader(io.BytesIO(files["documents/analysis-plan.pdf"]))


def text_of(pdf) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_plan_names_its_id_version_date_and_authors_on_its_first_page_and_in_its_properties(document, pdf):
    d = PLAN.plan
    subject = f"{d.id}, version {d.version}, {d.date}"
    first = " ".join(pdf.pages[0].extract_text().split())
    opening = [p.text for p in document.paragraphs[:5]]
    for told in (subject, d.title, ", ".join(d.authors)):
        assert told in first
        assert told in opening
    assert (pdf.metadata.subject, pdf.metadata.author) == (subject, ", ".join(d.authors))
    assert pdf.metadata["/Keywords"] == "one, two"
    properties = document.core_properties
    assert (properties.subject, properties.author) == (subject, "; ".join(d.authors))
    assert properties.keywords == "one, two"


def test_word_has_keywords_and_contents_as_the_pdf_has(document, pdf, xml):
    assert "Keywords one · two" in [p.text for p in document.paragraphs]
    listed = [p.text for p in document.paragraphs if p.style.name.startswith("toc ")]
    assert listed == ["1  Analyses", "1.1  Of the first", "2  Signatures", "Provenance of this document"]
    assert 'TOC \\o "1-2"' in xml
    assert re.findall('w:fldCharType="(begin|separate|end)"', xml) == ["begin", "separate", "end"]
    anchors = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', xml)
    assert set(anchors) <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert "Of the first" in pdf.pages[0].extract_text()


def test_what_is_about_the_screen_is_not_printed_and_the_foot_has_a_heading(document, pdf):
    for text in (text_of(pdf), "\n".join(p.text for p in document.paragraphs)):
        assert "Only a screen" not in text
        assert "So it says" not in text
        assert "Provenance of this document" in text


def test_a_row_to_sign_in_is_tall(document, pdf):
    (signatures,) = [t for t in document.tables if t.rows[0].cells[0].text == "Role"]
    for row in signatures.rows[1:]:
        assert [cell.text.count("\n") for cell in row.cells] == [0, 2, 2]
        assert all(cell.text.endswith("____") for cell in row.cells[1:])
    assert text_of(pdf).count("_" * 18) == 4


def test_what_announces_a_table_and_its_head_stand_with_its_first_rows(document, xml):
    announced = next(p for p in document.paragraphs if p.text == "ADSL: Subjects")
    assert announced.style.name == "Keep Next"
    assert announced.style.paragraph_format.keep_with_next
    kept = [["<w:keepNext/>" in row for row in table.split("</w:tr>")[:-1]] for table in tables(xml)]
    long = next(rows for rows in kept if len(rows) == SHORT + 6)
    assert long[:2] == [True, True]
    assert long[-3:] == [True, True, False]
    assert not any(long[2:-3])


def test_a_short_section_of_a_long_table_stands_on_one_page(xml):
    rows = next(t for t in tables(xml) if "Part 0" in t).split("</w:tr>")[:-1]
    assert len(rows) == 22 > SHORT
    assert SECTION >= 7
    ends = [i for i, row in enumerate(rows) if "<w:keepNext/>" not in row]
    assert ends == [7, 14, 21]


def test_an_id_is_one_word(document, xml, pdf):
    assert "AN</w:t><w:noBreakHyphen/><w:t" in xml
    assert "AN-CRS" in [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    assert "AN-CRS" in text_of(pdf)


def tables(xml: str) -> list[str]:
    return re.findall(r"<w:tbl>.*?</w:tbl>", xml, re.DOTALL)
