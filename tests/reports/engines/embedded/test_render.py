"""Which engine renders, what it is told, and that the last good site survives a failure."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reports.engines.render import RenderError, render

GOOD = "---\ntitle: Page\n---\n\nGood.\n"
BAD = "---\ntitle: Page\n---\n\nSee @fig-none.\n"

# A stand-in for the quarto program: it shows what it is told; Quarto itself is not run by these tests.
STAND_IN = """\
#!/bin/sh
# sh starts Python: a kernel takes no interpreter whose path has a space.
''':'
exec "{python}" "$0" "$@"
'''
import os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("1.99.0")
    sys.exit()
pathlib.Path("told.txt").write_text("\\n".join([
    " ".join(sys.argv[1:]), os.getcwd(), os.environ["QUARTO_PYTHON"], os.environ["PATH"].split(os.pathsep)[0],
    os.environ["PYTHONHASHSEED"], os.environ.get("SAP_PRERENDER", ""),
]))
site = pathlib.Path(sys.argv[sys.argv.index("--output-dir") + 1])
(site / "reports").mkdir(parents=True)
(site / "index.html").write_text("door")
(site / "reports" / "index.html").write_text({page!r})
(site / "site_libs").mkdir()
print("Output created")
print({said!r}, file=sys.stderr)
sys.exit({code})
"""


@pytest.fixture
def quarto(tmp_path, monkeypatch):
    """Return a function that puts the stand-in first on the PATH."""

    def install(page="<p>page</p>", said="", code=0) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "quarto"
        program.write_text(STAND_IN.format(python=sys.executable, page=page, said=said, code=code), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return program

    return install


@pytest.fixture
def project(tmp_path, make_project):
    return make_project(tmp_path / "project", index=GOOD)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_quarto_the_embedded_engine_renders_and_says_so(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    said = []
    done = render(project, project / "_site", progress=said.append)
    assert done.engine == "embedded"
    assert said[0] == f"rendering with the embedded engine (pandoc {done.engine_version})"
    assert done.index == project / "_site" / "index.html"
    assert done.pages == (project / "_site" / "reports" / "index.html",)


def test_quarto_is_preferred_and_told_this_interpreter(project, quarto):
    quarto()
    said = []
    done = render(project, project / "_site", env={"SAP_PRERENDER": "done"}, progress=said.append)
    assert (done.engine, done.engine_version, said[0]) == ("quarto", "1.99.0", "rendering with Quarto 1.99.0")
    assert (project / "told.txt").read_text(encoding="utf-8").split("\n") == [
        "render --output-dir __site.new",
        str(project),
        sys.executable,
        str(Path(sys.executable).parent),
        "0",
        "done",
    ]
    assert done.pages == (project / "_site" / "reports" / "index.html",)
    assert [path.name for path in project.glob("*_site*")] == ["_site"]


def test_what_quarto_says_is_shown_when_it_fails(project, quarto):
    quarto(said="ERROR: reports/index.qmd:5 is wrong", code=1)
    (project / "_site").mkdir()
    (project / "_site" / "index.html").write_text("last good", encoding="utf-8")
    with pytest.raises(RenderError, match="Quarto could not render") as caught:
        render(project, project / "_site", engine="quarto", progress=lambda _: None)
    assert (str(caught.value.file), caught.value.line) == ("reports/index.qmd", 5)
    assert "is wrong" in caught.value.detail
    assert files(project / "_site") == {"index.html": b"last good"}


def test_a_reference_quarto_only_warns_of_is_an_error(project, quarto):
    quarto(page="<p>See <strong>?@fig-none</strong></p>")
    with pytest.raises(RenderError, match="leads nowhere"):
        render(project, project / "_site", progress=lambda _: None)
    assert not (project / "_site").exists()


def test_quarto_asked_for_but_absent(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RenderError, match="no quarto on the PATH"):
        render(project, project / "_site", engine="quarto", progress=lambda _: None)


def test_a_failure_leaves_the_last_good_site_in_place(project, embed):
    embed(project)
    before = files(project / "_site")
    (project / "reports" / "index.qmd").write_text(BAD, encoding="utf-8")
    with pytest.raises(RenderError):
        embed(project)
    assert files(project / "_site") == before
    assert [path.name for path in project.glob("*_site*")] == ["_site"]


def test_pages_that_are_gone_leave_the_site(project, embed):
    embed(project)
    (project / "_site" / "old.html").write_text("old", encoding="utf-8")
    embed(project)
    assert not (project / "_site" / "old.html").exists()


@pytest.mark.parametrize("killed", ["while rendering", "between the two renames"])
def test_a_killed_run_is_mended_by_the_next(project, embed, killed):
    embed(project)
    before = files(project / "_site")
    (project / "__site.new").mkdir()
    (project / "__site.new" / "half.html").write_text("half", encoding="utf-8")
    if killed == "between the two renames":
        (project / "_site").rename(project / "__site.old")
    (project / "reports" / "index.qmd").write_text(BAD, encoding="utf-8")
    with pytest.raises(RenderError):
        embed(project)
    assert files(project / "_site") == before
    assert [path.name for path in project.glob("*_site*")] == ["_site"]


def test_two_renders_are_the_same_to_the_byte(tmp_path, make_project, embed):
    body = (
        GOOD + "\n![A](fig/km.svg){#fig-a}\n\nSee @fig-a, `{python} list({'b', 'a', 'c'})`, `{python} hash('x')`.\n"
        "\n```{python}\nimport warnings; warnings.warn('w'); print({'x', 'y', 'z'})\n```\n"
    )
    first = make_project(tmp_path / "first", index=body)
    second = make_project(tmp_path / "second place", index=body)
    embed(first)
    embed(second)
    assert files(first / "_site") == files(second / "_site")


def test_another_folder_for_the_site(project, tmp_path):
    out = tmp_path / "elsewhere" / "site"
    done = render(project, out, engine="embedded", progress=lambda _: None)
    assert done.index.is_file()
    assert not (project / "_site").exists()


def test_the_project_itself_is_never_replaced(project):
    for out in (project, project.parent):
        with pytest.raises(RenderError, match="holds the project itself"):
            render(project, out, engine="embedded", progress=lambda _: None)
    assert (project / "_quarto.yml").is_file()


def test_an_existing_file_in_the_way(project):
    (project / "site").write_text("a file", encoding="utf-8")
    with pytest.raises(RenderError, match="is a file"):
        render(project, project / "site", engine="embedded", progress=lambda _: None)
    assert (project / "site").read_text(encoding="utf-8") == "a file"


def test_a_folder_that_is_not_a_site_is_not_replaced(project):
    data = project / "data"
    data.mkdir()
    (data / "adsl.csv").write_text("USUBJID\n", encoding="utf-8")
    with pytest.raises(RenderError, match="not a rendered site"):
        render(project, data, engine="embedded", progress=lambda _: None)
    assert (data / "adsl.csv").is_file()
