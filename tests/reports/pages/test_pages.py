"""The manuscript's prose holds no number of its own: each is looked up in the results."""

import re
from pathlib import Path

import pytest

from reports.layout.lookup import Lookup
from reports.outputs.captions import ENVIRONMENT
from reports.pages.page import Page
from sap.text.problems import UserError
from tests.each import each
from tests.reading import read

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("index.qmd", "sap.qmd")

NAMES = ("CLL-1", "interleukin-6", "E9(R1)", "90 days", "180 days", "365 days", "assumption A4")
"""Names, promised time points and words quoted from the letter: none of them is a result."""


def without_code(text: str) -> str:
    """Return the prose of a page: no header, no cells, no inline code, headings, citations, links or attributes."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`", "", text)
    text = re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[?@[\w-]+(?:; @[\w-]+)*\]?", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"\{[#.][^}]*\}", "", text)


def numbers(text: str) -> list[str]:
    prose = without_code(text)
    for name in NAMES:
        prose = prose.replace(name, "")
    return re.findall(r"[^\s]*\d[^\s]*", prose)


def test_the_prose_of_the_manuscript_holds_no_digit():
    assert numbers((ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")) == []


def test_a_number_typed_into_the_prose_is_found():
    text = (ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")
    typed = text.replace("subjects died:", "subjects (40%) died:", 1)
    assert typed != text
    assert numbers(typed) == ["(40%)"]


@pytest.fixture(scope="module")
def page(plan, results) -> Page:
    return Page(plan, Lookup(results))


def calls(name: str) -> list[str]:
    text = (ROOT / "reports" / name).read_text(encoding="utf-8")
    inline = re.findall(r"`\{python\} (page\.[^`]+)`", text)
    cells = re.findall(r"^page\.\w+\(.*\)$", text, flags=re.MULTILINE)
    return inline + cells


@each("call", [c for name in PAGES for c in calls(name) if ".figure(" not in c and ".table(" not in c])
def test_every_number_and_section_a_page_asks_for_exists(page, call, capsys, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "docx,pdf")
    said = eval(call, {"page": page})
    printed = capsys.readouterr().out
    text = said.data if said is not None else printed
    assert text.strip()
    assert said is None or "None" not in text
    assert "nan" not in text.lower().split()


@each("kind", ["table", "figure"])
def test_the_manuscript_shows_promised_outputs_alone_and_those_of_the_primary_analysis(plan, kind):
    shown = {re.search(r'"(.*?)"', c)[1] for c in calls("index.qmd") if f"page.{kind}(" in c}
    promised = {o.id for o in plan.outputs if (o.kind == "table") == (kind == "table")}
    primary = {a.id for a in plan.analyses if a.purpose == "primary"}
    needed = {o.id for o in plan.outputs if o.id in promised and primary & set(o.analyses)}
    assert needed <= shown <= promised


def test_cross_references_lead_to_what_the_page_shows(plan):
    text = (ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")
    there = {("tbl-" if o.kind == "table" else "fig-") + o.id.partition("-")[2].lower() for o in plan.outputs}
    assert set(re.findall(r"@((?:tbl|fig)-[\w-]+)", text)) <= there


def test_every_citation_is_in_the_bibliography_and_every_entry_is_cited():
    cited = set(re.findall(r"@([a-z]+\d{4}\w*)", (ROOT / "reports" / "index.qmd").read_text(encoding="utf-8")))
    listed = set(
        re.findall(r"^@\w+\{([^,]+),", (ROOT / "reports" / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert cited == listed


def test_inline_numbers_are_those_of_the_results_formatted(page):
    assert read(page.ratio("AN-RESP", context="proportion")) == "7/10"
    assert read(page.value("AN-RESP", "estimate")) == "70.0%"
    assert read(page.ci("AN-RESP", context="proportion")) == "95% CI 34.8% to 93.3%"
    assert read(page.p("AN-PEAK")) == "= 0.033"
    assert read(page.set_size("DLTE")) == "9"


def test_an_interval_carries_the_level_of_its_own_method(page):
    for where in ({"context": "survival_at", "level": "90"}, {"context": "survival", "level": "median"}):
        assert read(page.ci("AN-OS", **where)).startswith("95% CI ")
    assert read(page.ci("AN-OS", context="follow_up_reverse_km")).startswith("95% CI ")
    assert read(page.ci("AN-PEAK", context="shift")).startswith("95% CI ")


@each("kind", ["table", "figure"])
def test_an_output_that_the_plan_does_not_have_is_told_with_what_is_near(page, kind):
    with pytest.raises(UserError, match=r"The plan has no table or figure 'T-DLTT'\. Did you mean 'T-DLT'\?"):
        getattr(page, kind)("T-DLTT")
