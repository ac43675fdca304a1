"""Cells run once, in order, and show what their options say; a failing cell is named by file and line."""

from __future__ import annotations

import pytest

from reports.engines.render import RenderError

HEAD = "---\ntitle: Page\n---\n\n"  # the text begins on line 5

SHOWN = """\
---
title: Outputs
---

```{python}
#| include: false
import sys, warnings
from IPython.display import HTML, SVG, Markdown, display
count = 0
hidden = "never shown"
print(hidden)
```

```{python}
#| output: false
count += 1
print("silent")
```

```{python}
print("1 < 2")
warnings.warn("ten subjects are few")
```

```{python}
#| warning: false
warnings.warn("not for the reader")
count
```

```{python}
#| eval: false
#| echo: true
raise SystemExit("must not run")
```

```{python}
#| error: true
1 / 0
```

```{python}
display(Markdown("*shown* as Markdown"))
display(HTML("<b id='raw'>bold</b>"))
```

```{python}
#| label: fig-drawn
#| fig-cap: Drawn by a cell, *n* = 10.
#| fig-alt: 'A "quoted" line.'
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><path d="M0 0H4"/></svg>')
```

```{python}
#| label: tbl-made
#| tbl-cap: Made by a cell.
HTML("<table><tr><td>7</td></tr></table>")
```

```{python}
#| output: asis
print("## From a cell {#sec-cell}\\n\\nSee @fig-drawn, @tbl-made and @sec-cell.")
```

The state is kept: `{python} f"count={count}"`.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, make_project, embed):
    root = make_project(tmp_path_factory.mktemp("outputs"), index=SHOWN)
    embed(root)
    return (root / "_site" / "reports" / "index.html").read_text(encoding="utf-8")


def test_what_is_not_to_be_shown_is_not(page):
    for words in ("never shown", "silent", "not for the reader", "import sys", "ZeroDivisionError</a>"):
        assert words not in page


def test_text_warnings_and_values_are_shown(page):
    assert '<pre class="cell-output stdout"><code>1 &lt; 2</code></pre>' in page
    assert "UserWarning: ten subjects are few" in page
    assert '<pre class="cell-output"><code>1</code></pre>' in page
    assert "count=1" in page


def test_a_warning_names_no_temporary_file(page):
    assert "ipython-input" not in page
    assert "&lt;cell&gt;:2: UserWarning" in page


def test_a_cell_that_is_not_evaluated_is_shown(page):
    assert "must not run" in page


def test_an_expected_error_is_shown(page):
    assert '<pre class="cell-output error"><code>ZeroDivisionError: division by zero</code></pre>' in page


def test_rich_displays_keep_their_form(page):
    assert "<em>shown</em> as Markdown" in page
    assert "<b id='raw'>bold</b>" in page


def test_a_picture_and_a_table_made_by_cells_are_numbered(page):
    figure = page[page.index('id="fig-drawn"') : page.index("</figure>", page.index('id="fig-drawn"'))]
    assert 'src="data:image/svg+xml;base64,' in figure
    assert 'alt="A &quot;quoted&quot; line."' in figure
    assert "Figure\u00a01:</span> Drawn by a cell, <em>n</em> = 10." in figure
    table = page[page.index('id="tbl-made"') : page.index("</figure>", page.index('id="tbl-made"'))]
    assert table.index("Made by a cell.") < table.index("<table>")
    assert 'href="#sec-cell" class="quarto-xref">Section\u00a01</a>' in page


def failure(root, embed):
    with pytest.raises(RenderError) as caught:
        embed(root)
    return caught.value


def test_a_raising_cell_is_named_with_its_line_and_traceback(tmp_path, make_project, embed):
    body = HEAD + "Text.\n\n```{python}\n#| echo: true\nx = 1\n\nx / 0\n```\n"
    error = failure(make_project(tmp_path, index=body), embed)
    assert (str(error.file), error.line) == ("reports/index.qmd", 11)
    assert error.message == "this cell raised ZeroDivisionError: division by zero"
    assert "x / 0" in error.detail
    assert "\x1b" not in error.detail


def test_the_line_is_that_of_the_page_when_a_function_raises(tmp_path, make_project, embed):
    body = HEAD + "```{python}\ndef ratio(x):\n    return 1 / x\n\nratio(0)\n```\n"
    assert failure(make_project(tmp_path, index=body), embed).line == 9


def test_a_syntax_error_is_named_with_its_line(tmp_path, make_project, embed):
    error = failure(make_project(tmp_path, index=HEAD + "```{python}\nx = 1\nx = = 2\n```\n"), embed)
    assert (error.line, "SyntaxError" in error.message) == (7, True)


def test_a_raising_expression_is_named_with_its_line(tmp_path, make_project, embed):
    error = failure(make_project(tmp_path, index=HEAD + "One\n`{python} missing` two.\n"), embed)
    assert error.line == 6
    assert "the inline expression “missing” raised NameError" in error.message


def test_kernels_registered_on_the_machine_are_not_used(tmp_path, make_project, embed, monkeypatch):
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["/bin/false"], "display_name": "python3", "language": "python"}', encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    root = make_project(tmp_path / "project", index=HEAD + "`{python} 6 * 7`\n")
    assert embed(root).index.is_file()


def test_an_expression_without_a_value_is_refused(tmp_path, make_project, embed):
    error = failure(make_project(tmp_path, index=HEAD + "n = `{python} None`\n"), embed)
    assert (error.line, "has no value to show" in error.message) == (5, True)


def test_a_kernel_that_ends_itself_is_an_error(tmp_path, make_project, embed):
    error = failure(make_project(tmp_path, index=HEAD + "```{python}\nimport os; os._exit(3)\n```\n"), embed)
    assert (error.line, "kernel died" in error.message) == (5, True)


def test_a_mistake_in_text_a_cell_wrote_is_traced_to_the_cell(tmp_path, make_project, embed):
    body = HEAD + "Text.\n\n```{python}\n#| output: asis\nprint('See @fig-none.')\n```\n"
    error = failure(make_project(tmp_path, index=body), embed)
    assert (error.line, "@fig-none refers to nothing" in error.message) == (7, True)
