"""One page of a project alone: the others leave the navigation, and links to them are text."""

from pathlib import PurePosixPath

import pytest

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.site import render_site

CONFIG = """\
project:
  type: website
  render: [reports/a.qmd, reports/b.qmd]
  pre-render: never.py
website:
  title: Two pages
  navbar:
    left:
      - {href: reports/a.qmd, text: First}
      - {href: reports/b.qmd, text: Second}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "_quarto.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "never.py").write_text("raise SystemExit('the analysis ran')\n", encoding="utf-8")
    page = (
        "---\ntitle: A\n---\n\n## Here {#sec-here}\n\nSee [the *other* page](b.qmd#sec-there) and [this](#sec-here).\n"
    )
    (tmp_path / "reports" / "a.qmd").write_text(page, encoding="utf-8")
    (tmp_path / "reports" / "b.qmd").write_text("---\ntitle: B\n---\n\n## There {#sec-there}\n", encoding="utf-8")
    return tmp_path


def rendered(project, only: str):
    out = project / "out"
    out.mkdir()
    pages = render_site(project, out, {}, lambda _: None, only=PurePosixPath(only))
    return pages, (out / "reports" / "a.html").read_text(encoding="utf-8")


def test_only_that_page_is_written_and_nothing_runs_before_it(project):
    pages, _ = rendered(project, "reports/a.qmd")
    assert [p.page for p in pages.executed] == [PurePosixPath("reports/a.qmd")]
    assert not (project / "out" / "reports" / "b.html").exists()


def test_a_link_to_a_page_left_out_is_its_text(project):
    _, html = rendered(project, "reports/a.qmd")
    assert "See the <em>other</em> page and" in html
    assert "b.html" not in html
    assert 'href="#sec-here"' in html


def test_the_navigation_names_that_page_alone(project):
    _, html = rendered(project, "reports/a.qmd")
    assert "First" in html
    assert "Second" not in html


def test_a_page_the_project_does_not_have_is_refused(project):
    with pytest.raises(RenderError, match=r"no page reports/c\.qmd"):
        rendered(project, "reports/c.qmd")
