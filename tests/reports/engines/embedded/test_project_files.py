"""The project's own _quarto.yml is one the embedded engine knows; the analysis runs before the pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from reports.engines.project import pandoc_path
from reports.run.shown import stands_alone
from tests.each import each

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def copy(tmp_path):
    """The project's configuration with pages of one line each, and a command line that notes its call."""
    (tmp_path / "reports" / "assets").mkdir(parents=True)
    (tmp_path / "reports" / "commands").mkdir()
    styles = ("reports/style.css", "reports/theme.scss", "reports/assets/enhance.html")
    for name in ("_quarto.yml", "reports/prerender.py", *styles):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for page in yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["project"]["render"]:
        (tmp_path / page).write_text(f"---\ntitle: {page}\n---\n\n## Section {{#sec-a}}\n\n@sec-a\n", encoding="utf-8")
    (tmp_path / "reports" / "__init__.py").touch()
    (tmp_path / "reports" / "commands" / "__init__.py").touch()
    (tmp_path / "reports" / "postrender.py").touch()
    cli = "import pathlib, sys\npathlib.Path('ran.txt').write_text(f'{sys.prefix} {sys.argv[1:]}')\n"
    (tmp_path / "reports" / "commands" / "cli.py").write_text(cli, encoding="utf-8")
    return tmp_path


def test_the_configuration_renders_with_the_embedded_engine(copy, embed):
    done = embed(copy)
    index = copy / "_site" / "reports" / "index.html"
    assert index in done.pages
    page = index.read_text(encoding="utf-8")
    assert "Section\u00a01" in page
    assert 'class="contents' in page
    assert "a.traced" in page


def test_the_analysis_runs_before_the_pages(copy, embed):
    embed(copy)
    assert "['run']" in (copy / "ran.txt").read_text(encoding="utf-8")


def test_the_analysis_is_not_run_twice(copy, embed):
    embed(copy, env={"SAP_PRERENDER": "done"})
    assert not (copy / "ran.txt").exists()


def test_a_failing_analysis_stops_the_pages(copy):
    (copy / "reports" / "commands" / "cli.py").write_text("raise SystemExit(4)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "reports/prerender.py"], cwd=copy, check=False)
    assert done.returncode == 4


def test_the_projects_own_environment_runs_the_analysis(copy):
    own = copy / ".venv" / "bin"
    own.mkdir(parents=True)
    (own / "python").write_text('#!/bin/sh\necho own "$@" by "$SAP_ENGINE" > ran.txt\n', encoding="utf-8")
    (own / "python").chmod(0o755)
    environment = os.environ | {"SAP_ENGINE": "the embedded engine (pandoc 3.9)"}
    subprocess.run([sys.executable, copy / "reports" / "prerender.py"], cwd="/", env=environment, check=True)
    ran = (copy / "ran.txt").read_text(encoding="utf-8")
    assert ran == "own -m reports.commands.cli run by the embedded engine (pandoc 3.9)\n"


def test_under_quarto_the_run_is_told_its_version(copy):
    quarto = copy / "bin" / "quarto"
    quarto.parent.mkdir()
    quarto.write_text("#!/bin/sh\necho 1.99.0\n", encoding="utf-8")
    quarto.chmod(0o755)
    note = "import os, pathlib\npathlib.Path('ran.txt').write_text(os.environ['SAP_ENGINE'])\n"
    (copy / "reports" / "commands" / "cli.py").write_text(note, encoding="utf-8")
    environment = os.environ | {"QUARTO_BIN_PATH": str(quarto.parent)}
    environment.pop("SAP_ENGINE", None)
    subprocess.run([sys.executable, copy / "reports" / "prerender.py"], env=environment, check=True)
    assert (copy / "ran.txt").read_text(encoding="utf-8") == "Quarto 1.99.0"


def test_the_manuscript_profile_takes_every_other_page_away():
    website = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["project"]["render"]
    profile = yaml.safe_load((ROOT / "_quarto-manuscript.yml").read_text(encoding="utf-8"))
    # Quarto joins the two lists; "!" removes a page.
    left = [page for page in website if f"!{page}" not in profile["project"]["render"]]
    assert left == [profile["manuscript"]["article"]]
    # A list, even an empty one, is joined with the notebooks of the project, on which this type fails.
    assert profile["notebook-view"] is False


def test_links_to_pages_that_are_not_in_the_bundle_become_text():
    (lua,) = yaml.safe_load((ROOT / "_quarto-manuscript.yml").read_text(encoding="utf-8"))["filters"]
    text = "[plan](sap.qmd#sec-x) [below](#tbl-dlt) [paper](https://example.org)"
    command = [pandoc_path(), "--from=markdown", "--to=html", f"--lua-filter={ROOT / lua}"]
    page = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    assert re.findall(r'href="([^"]+)"', page) == ["#tbl-dlt", "https://example.org"]
    assert "plan" in page


@each(
    ("base", "profile", "alone"),
    [
        ("html", "", False),
        ("docx", "", True),
        ("typst", "", True),
        ("html", "manuscript", True),
        ("html", "draft,manuscript", True),
        (None, "", False),
    ],
)
def test_quarto_tells_whether_other_pages_stand_beside_a_page(tmp_path, base, profile, alone):
    told = tmp_path / "info.json"
    if base is not None:
        told.write_text(json.dumps({"document-path": "x.qmd", "format": {"identifier": {"base-format": base}}}))
    assert stands_alone({"QUARTO_EXECUTE_INFO": str(told), "QUARTO_PROFILE": profile}) == alone


def test_without_quarto_the_pages_stand_together():
    assert not stands_alone({})


@each("name", ["reports/theme.scss", "reports/style.css", "reports/engines/embedded/page.css"])
def test_styles_fetch_nothing(name):
    style = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|//[a-z]+\.", style)
