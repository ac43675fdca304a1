"""Small website projects to render: a folder, a configuration, pages as text."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from reports.engines.render import Rendered, render

CONFIG = """\
project:
  type: website
  output-dir: _site
  execute-dir: project
  render: [{render}]
website:
  title: Toy trial
  navbar:
    left: [{nav}]
  page-footer: Synthetic rows.
format:
  html:
    toc: true
    number-sections: true
execute:
  echo: false
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0H40V20"/></svg>'

INDEX = """\
---
title: "A *small* trial"
subtitle: Ten subjects
author:
  - name: Ada Example
    affiliations: [Institute of Examples]
  - Second Author
date: 2025-01-31
abstract: Of ten subjects, **seven** responded.
keywords: [phase 1, exact limits]
bibliography: refs.bib
css: own.css
---

```{python}
#| include: false
import os, sys
from IPython.display import HTML, Markdown
seven = 7
```

## Introduction {#sec-intro}

@fig-os shows survival; response is in @tbl-resp and [-@tbl-wide]. [Fig. @fig-os; @sec-results].
As published [@wang2022]. @Tbl-resp begins a sentence.

Escaped: `{python} "a*b_c [x] <i> $5$"`. Number: `{python} seven / 10`.
Markdown: `{python} Markdown("[70.0%](sap.qmd#sec-limits){.traced title='AN-RESP'}")`. Raw: `{python} HTML("<b>bold</b>")`.
Interpreter: `{python} sys.executable == os.environ["EXPECTED_PYTHON"]`. Root: `{python} os.path.exists("_quarto.yml")`.

## Methods

::: {.callout-important title="Read *this* first"}
The limits are exact.
:::

::: {.callout-note collapse="true"}
## Definition of toxicity

Grade 4, with reference to @tbl-resp.
:::

### Code

```{python}
#| echo: true
#| code-fold: true
#| code-summary: Show how
#| output: false
seven + 1
```

```{python}
#| echo: true
print("seen", seven)
```

## Results {#sec-results}

```{python}
#| output: asis
print("::: {#tbl-resp}\\n\\n```{=html}\\n<table class='gt_table'><tr><td>7 &amp; 3</td></tr></table>\\n```\\n\\nResponse, full analysis set.\\n\\n:::")
```

![Overall survival, *Kaplan–Meier*.](fig/km.svg){#fig-os fig-alt="A falling step curve."}

::: {#tbl-wide}

| n | % |
|--:|--:|
| 7 | 70 |

: Table as Markdown.

:::

[The data](fig/km.svg) and [the limits](sap.qmd#sec-limits).

## References {.unnumbered}

::: {#refs}
:::
"""
SAP = """\
---
title: Analysis plan
toc: false
---

## Limits {#sec-limits}

Clopper–Pearson, $p < 0.05$; see @sec-limits and [the results](/reports/index.qmd#tbl-resp).
"""
BIB = "@article{wang2022, title={A trial}, author={Wang, Jiaxi}, journal={J}, year={2022}}\n"


@pytest.fixture(scope="session")
def make_project():
    """Return a function that writes a project into a folder: pages by name, configuration to replace."""

    def make(root: Path, config: str | None = None, **pages: str) -> Path:
        folder = root / "reports"
        (folder / "fig").mkdir(parents=True)
        names = [f"reports/{name}.qmd" for name in pages]
        text = config or CONFIG.format(render=", ".join(names), nav=", ".join(f"{{href: {n}}}" for n in names))
        (root / "_quarto.yml").write_text(text, encoding="utf-8")
        (folder / "fig" / "km.svg").write_text(SVG, encoding="utf-8")
        for name, body in pages.items():
            (folder / f"{name}.qmd").write_text(dedent(body), encoding="utf-8")
        return root

    return make


@pytest.fixture(scope="session")
def embed() -> Callable[[Path], Rendered]:
    """Return a function that renders a project's _site with the embedded engine."""

    def run(root: Path, **options) -> Rendered:
        return render(root, root / "_site", engine="embedded", progress=lambda _: None, **options)

    return run


@pytest.fixture(scope="session")
def site(tmp_path_factory, make_project, embed):
    """A two-page site, rendered once for all tests, in a folder with spaces and accents in its name."""
    root = make_project(tmp_path_factory.mktemp("site") / "an étude folder", index=INDEX, sap=SAP)
    (root / "reports" / "refs.bib").write_text(BIB, encoding="utf-8")
    (root / "reports" / "own.css").write_text(".traced { color: teal }", encoding="utf-8")
    embed(root, env={"EXPECTED_PYTHON": sys.executable})
    return root / "_site"
