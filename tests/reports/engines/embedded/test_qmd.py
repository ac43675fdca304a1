"""A .qmd file is cut into Markdown, cells and inline expressions, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.qmd import Cell, Inline, Markdown, parse
from tests.each import each

FILE = Path("reports/index.qmd")


def parts(text):
    return parse(text, FILE).parts


def test_front_matter_cell_and_inline_keep_their_lines():
    document = parse(
        "---\ntitle: A trial\n---\nFirst.\n\n```{python}\n#| echo: true\nx = 1\n```\n\nThen `{python} x + 1` follows.\n",
        FILE,
    )
    assert document.front.values == {"title": "A trial"}
    assert document.front.line("title") == 2
    cell = next(part for part in document.parts if isinstance(part, Cell))
    assert (cell.line, cell.options.values, cell.code) == (6, {"echo": True}, "x = 1")
    assert cell.options.line("echo") == 7
    assert [part for part in document.parts if isinstance(part, Inline)] == [Inline("x + 1", 11)]


def test_nothing_of_the_text_is_lost():
    text = "One `{python} 1` two.\n\n```r\nlibrary(survival)\n```\n\nLast line"
    joined = "".join("`{python} 1`" if isinstance(part, Inline) else part.text for part in parts(text))
    assert joined == text


@each(
    "text",
    [
        "``{python} x`` is shown as it is",
        "````\n```{python}\nraise\n```\n`{python} x`\n````\n",
        "~~~\n`{python} x`\n~~~\n",
        "`x {python} y` and \\`{python} x",
        "`python x`",
    ],
    ids=["two ticks", "fence in a longer fence", "tildes", "not at the start", "no braces"],
)
def test_code_that_is_shown_is_not_run(text):
    assert all(isinstance(part, Markdown) for part in parts(text))


def test_an_expression_may_be_broken_over_two_lines():
    assert parts("See `{python}  max(1,\n2)` here.")[1] == Inline("max(1, 2)", 1)


def test_windows_line_ends_count_as_one_line():
    assert parts("a\r\n\r\n`{python} b`\r\n")[1] == Inline("b", 3)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: x\n", 1, "never closed"),
        ("---\ntitle: [x\n---\n", 2, "not valid YAML"),
        ("---\ntoc: true\ntoc: false\n---\n", 3, "“toc” is given twice"),
        ("---\n- a\n---\n", 2, "name: value"),
        ("---\nabstract: |\n  Of `{python} n` subjects\n---\n", 3, "inline code in the front matter"),
        ("a\n\n```{python}\nx = 1\n", 3, "never closed"),
        ("a\n```{r}\n1\n```\n", 2, "Python cells only, not {r}"),
        ("```{mermaid}\n```\n", 1, "Python cells only, not {mermaid}"),
        ("```{python, echo=FALSE}\n```\n", 1, "“#| name: value” lines"),
        ("- a\n\n  ```{python}\n  1\n  ```\n", 3, "indented code cell"),
        ("```{{python}}\n1\n```\n", 1, "escaped cells"),
        ("a\nb `{r} x`\n", 2, "inline Python only, not {r}"),
        ("a\n\n`{python} x =`\n", 3, "not a Python expression"),
        ("```{python}\n#| echo: [\n1\n```\n", 2, "not valid YAML"),
    ],
)
def test_a_mistake_is_refused_with_its_line(text, line, words):
    with pytest.raises(RenderError, match=r"^reports/index\.qmd:\d+: ") as caught:
        parts(text)
    assert caught.value.line == line
    assert words in str(caught.value)
