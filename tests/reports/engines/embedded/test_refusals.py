"""What the embedded engine would show otherwise than Quarto is refused, by file, line and name."""

from __future__ import annotations

import pytest

from reports.engines.render import RenderError
from tests.each import each

HEAD = "---\ntitle: Page\n---\n\n"  # the text begins on line 5


def refusal(root, embed):
    with pytest.raises(RenderError) as caught:
        embed(root)
    assert not (root / "_site").exists()
    return caught.value


@each(
    ("body", "line", "name"),
    [
        ("Text.\n\n::: {.panel-tabset}\nx\n:::\n", 7, "the class .panel-tabset"),
        ("::: {.column-margin}\nx\n:::\n", 5, "the class .column-margin"),
        ("[x]{.aside}\n", 5, "the class .aside"),
        ("::: {.content-visible when-format='html'}\nx\n:::\n", 5, "the class .content-visible"),
        ("::: {layout-ncol=2}\nx\n:::\n", 5, "the attribute layout-ncol"),
        ("::: {.callout-danger}\nx\n:::\n", 5, "the callout .callout-danger"),
        ("a\n\n{{< include _methods.qmd >}}\n", 7, "shortcodes"),
        ("a {{< meta title >}} b\n", 5, "shortcodes"),
        ("::: {#thm-line}\nx\n:::\n", 5, "labels of the kind #thm-"),
        ("$$\nx\n$$ {#eq-line}\n", 7, "a label in this place"),
        ("See @eq-line.\n", 5, "references of the kind @eq-"),
        ("::: {#fig-a}\n\n![x](fig/km.svg){#fig-b}\n\nc\n:::\n", 7, "a figure or table within another"),
        ("a\n\nb\n:::\nc\n", 8, "neither opens nor closes"),
    ],
)
def test_a_construct_only_quarto_knows(tmp_path, make_project, embed, body, line, name):
    error = refusal(make_project(tmp_path, index=HEAD + body), embed)
    assert (str(error.file), error.line) == ("reports/index.qmd", line)
    assert name in error.message


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("a\n\nSee @fig-none.\n", 7, "@fig-none refers to nothing: no figure of this page has the label #fig-none"),
        ("See @tbl-none.\n", 5, "@tbl-none refers to nothing"),
        ("See @sec-none.\n", 5, "@sec-none refers to nothing"),
        ("# A {#sec-a .unnumbered}\n\nSee @sec-a.\n", 7, "@sec-a needs numbered sections"),
        ("![a](fig/km.svg){#fig-a}\n\n![b](fig/km.svg){#fig-a}\n", 5, "the label #fig-a is given twice"),
        ("![a](fig/km.svg){#fig-a}\n\n[See @fig-a; @wang]\n", 7, "mixes cross-references and literature"),
        ("As @nobody says.\n", 5, "@nobody is neither in the bibliography nor a cross-reference"),
        ("a\n\n![x](fig/none.svg)\n", 7, "there is no file fig/none.svg"),
        ("[x](other.qmd)\n", 5, "other.qmd leads to no page that is rendered"),
        ("[x](#nowhere)\n", 5, "the link to #nowhere leads nowhere"),
        ("[x](none.csv)\n", 5, "the link to none.csv leads to no file"),
        ("[x](../../../etc/hostname)\n", 5, "leads to no file of this project"),
        ("[x](/reports/index.html)\n", 5, "works on a web server only"),
        ("![x](https://example.org/a.png)\n", 5, "on another host"),
        ("a\n\n![x](file:/etc/hostname)\n", 7, "on another host"),
        ("![x](../../../etc/hostname)\n", 5, "the picture ../../../etc/hostname is no file of this project"),
        ("![x](/etc/hostname)\n", 5, "found on a web server only"),
        ("![x](<fig/not here.svg>)\n", 5, "there is no file fig/not here.svg"),
        ('```{=html}\n<img src="fig/none.svg">\n```\n', 6, "there is no file fig/none.svg"),
        ('```{=html}\n<img src="https://example.org/a.png">\n```\n', 6, "raw HTML loads https://example.org/a.png"),
    ],
)
def test_what_leads_nowhere_or_loads_from_elsewhere(tmp_path, make_project, embed, body, line, words):
    error = refusal(make_project(tmp_path, index=HEAD + body), embed)
    assert (str(error.file), error.line) == ("reports/index.qmd", line)
    assert words in error.message


def test_all_problems_of_a_page_are_told_at_once(tmp_path, make_project, embed):
    error = refusal(make_project(tmp_path, index=HEAD + "@fig-a\n\n@tbl-b\n"), embed)
    assert "@fig-a" in error.message
    assert "reports/index.qmd:7: @tbl-b refers to nothing" in error.detail


@each(
    ("front", "line", "words"),
    [
        ("title: x\ntitel: y\n", 3, "front-matter key “titel”"),
        ("title: x\nformat:\n  html:\n    grid: 3\n", 5, "front-matter key “grid”"),
        ("title: x\nexecute:\n  freeze: true\n", 4, "execute option “freeze”"),
        ("title: x\nexecute:\n  echo: maybe\n", 4, "“echo” must be true or false"),
        ("title: x\nlang: fr\n", 3, "in English only"),
        ("title: x\ndate: today\n", 3, "another page every day"),
        ("title: x\ndate: 2021-02-30\n", 3, "day is out of range for month"),
        ("title: x\ndate: '2021-02-30'\n", 3, "“2021-02-30” is no day of the calendar"),
        ("title: x\ndate: 5\n", 3, "a date is one day"),
        ("title: x\ndate: [2021]\n", 3, "a date is one day"),
        ("title: x\nabstract: 2021-01-01T25:61:61\n", 3, "this is not valid YAML: hour must be in 0..23"),
        ("title: !!int x\n", 2, "this is not valid YAML: invalid literal for int()"),
        ("title: !!timestamp x\n", 2, "this is not valid YAML"),
        ("title: &a {b: *a}\n", 2, "this YAML holds itself"),
        ("title: x\nbibliography: none.bib\n", 3, "there is no file none.bib"),
        ("title: x\nauthor:\n  - name: A\n    url: b\n", 3, "author field “url”"),
        ("title: x\nformat:\n  html:\n    html-math-method: katex\n", 5, "MathML only"),
        ("title: x\ntoc-depth: deep\n", 3, "“toc-depth” must be a whole number"),
    ],
)
def test_front_matter_that_would_be_dropped(tmp_path, make_project, embed, front, line, words):
    error = refusal(make_project(tmp_path, index=f"---\n{front}---\n"), embed)
    assert (str(error.file), error.line) == ("reports/index.qmd", line)
    assert words in error.message


@each(
    ("option", "words"),
    [
        ("layout-ncol: 2", "does not know the cell option “layout-ncol”"),
        ("output: loud", "“output” is one of true, false, asis"),
        ("fig-cap: x", "needs a label that begins with fig-"),
        ("label: 3", "“label” must be text"),
    ],
)
def test_cell_options(tmp_path, make_project, embed, option, words):
    body = HEAD + f"```{{python}}\n#| {option}\n1\n```\n"
    error = refusal(make_project(tmp_path, index=body), embed)
    assert (str(error.file), error.line) == ("reports/index.qmd", 6)
    assert words in error.message


@each(
    ("config", "line", "words"),
    [
        ("project:\n  type: book\n  render: [reports/index.qmd]\n", 2, "type: website only"),
        ("project:\n  type: website\n", 1, "list the pages to render"),
        ("project:\n  type: website\n  render: [reports/none.qmd]\n", 3, "there is no page reports/none.qmd"),
        ("project:\n  type: website\n  render: [reports/index.qmd]\nbook: {}\n", 4, "configuration key “book”"),
        ("project:\n  type: website\n  render: [reports/index.qmd]\n  resources: [a]\n", 4, "project key “resources”"),
        (
            "project:\n  type: website\n  render: [reports/index.qmd]\nwebsite:\n  navbar:\n    left: [x.qmd]\n",
            6,
            "x.qmd is in the navigation but not in the project's render list",
        ),
        (
            "project:\n  type: website\n  render: [reports/index.qmd]\nwebsite:\n  navbar:\n    left: [{menu: []}]\n",
            6,
            "entries with href and text only",
        ),
        ("project:\n  type: website\n  render: [reports/index.qmd]\n  pre-render: make data\n", 4, "not a Python file"),
    ],
)
def test_configuration(tmp_path, make_project, embed, config, line, words):
    error = refusal(make_project(tmp_path, config=config, index=HEAD + "Text.\n"), embed)
    assert (str(error.file), error.line) == ("_quarto.yml", line)
    assert words in error.message


def test_a_folder_without_configuration(tmp_path, embed):
    assert "cannot read the project's configuration" in refusal(tmp_path, embed).message


def test_a_heading_may_begin_with_any_word(tmp_path, make_project, embed):
    root = make_project(tmp_path, index=HEAD + "## Tip-off\n\n## Eq-uity\n")
    assert embed(root).index.is_file()
