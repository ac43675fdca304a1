"""A page that stands as it would be made again is not made again; whatever of its making changes, it is."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath
from threading import Thread

import pytest

import sap.seal.kept
from reports.engines import kept
from reports.engines.kept import Keep, stands, whole_site
from reports.engines.render import RenderError, render
from sap.seal.results import MANIFEST
from tests.reports.engines.embedded.conftest import CONFIG, SVG

BIB = "@article{a, title={T}, author={B, C}, year={2022}}\n"
HEAD = "---\ntitle: {}\nbibliography: refs.bib\ncss: own.css\n---\n\n"
READS = "```{python}\nprint('read', open('data/read.txt').read())\n```\n\n![A](fig/km.svg){fig-alt='A'}\n"
RUN = Keep(made_of="a run")


@pytest.fixture(autouse=True)
def notes(tmp_path_factory, monkeypatch):
    """Keep notes in a folder of the test's own; libraries were not changed a moment ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("notes")))
    monkeypatch.setattr(kept, "program_state", lambda: "this program")


@pytest.fixture
def project(tmp_path, make_project):
    pages = {"first": HEAD.format("First") + READS, "second": HEAD.format("Second") + "Cited: @a.\n"}
    names = ", ".join(f"reports/{name}.qmd" for name in pages)
    configuration = CONFIG.format(render=names, nav="{href: reports/first.qmd}").replace("css: ", "")
    root = make_project(tmp_path, config=configuration, **pages)
    (root / "data").mkdir()
    (root / "data" / "read.txt").write_text("1", encoding="utf-8")
    (root / "reports" / "refs.bib").write_text(BIB, encoding="utf-8")
    (root / "reports" / "own.css").write_text(".a { color: teal }\n", encoding="utf-8")
    return root


def made(root: Path, keep: Keep = RUN, **options) -> list[str]:
    """Render, and return the pages that were made for it."""
    told: list[str] = []
    time.sleep(0.02)  # what was changed a moment ago might have been changed meanwhile
    keep = replace(keep, began=time.time_ns())
    render(root, root / "_site", engine="embedded", progress=told.append, keep=keep, **options)
    return [line.removeprefix("rendering reports/").removesuffix(".qmd") for line in told if ".qmd" in line]


def change(path: Path) -> None:
    """Change the last byte of a file that is not the end of a line, and nothing else: neither size nor time."""
    before, content = path.stat(), bytearray(path.read_bytes())
    at = max(i for i, byte in enumerate(content) if byte not in b"\n\r}> ")
    content[at] = content[at] ^ 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_stands_is_not_made_again_and_the_site_is_the_same(project):
    assert made(project) == ["first", "second"]
    before = {path: path.read_bytes() for path in sorted((project / "_site").rglob("*")) if path.is_file()}
    assert made(project) == []
    assert {path: path.read_bytes() for path in sorted((project / "_site").rglob("*")) if path.is_file()} == before


BY_ONE_BYTE = {
    "reports/second.qmd": ["second"],
    "data/read.txt": ["first"],
    "reports/refs.bib": ["first", "second"],
    "reports/own.css": ["first", "second"],
    "reports/fig/km.svg": ["first"],
    "_site/reports/second.html": ["second"],
    "_site/reports/fig/km.svg": ["first"],
}


@pytest.mark.parametrize(("file", "again"), BY_ONE_BYTE.items())
def test_what_changed_by_one_byte_is_made_again_and_nothing_else(project, file, again):
    made(project)
    change(project / file)
    assert made(project) == again
    assert made(project) == []


@pytest.mark.parametrize(
    ("what", "again"),
    [
        ("run", ["first", "second"]),
        ("program", ["first", "second"]),
        ("told", ["first", "second"]),
        ("fresh", ["first", "second"]),
        ("anew", ["second"]),
        ("configuration", ["first", "second"]),
        ("no notes", ["first", "second"]),
        ("file is gone", ["first"]),
    ],
)
def test_whatever_else_a_page_is_made_of(project, monkeypatch, what, again):
    made(project)
    keep, env = RUN, {}
    if what == "run":
        keep = Keep(made_of="another run")
    elif what == "program":
        monkeypatch.setattr(kept, "program_state", lambda: "another program")
    elif what == "told":
        env = {"SAP_RESULTS": str(project / "data")}
        (project / "data" / "provenance.json").write_text("{}", encoding="utf-8")
    elif what == "fresh":
        keep = Keep(made_of="a run", fresh=True)
    elif what == "anew":
        keep = Keep(made_of="a run", anew=[PurePosixPath("reports/second.qmd")])
    elif what == "configuration":
        file = project / "_quarto.yml"
        file.write_text(file.read_text(encoding="utf-8").replace("Toy trial", "Toy trials"), encoding="utf-8")
    elif what == "no notes":
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    elif what == "file is gone":
        (project / "_site" / "reports" / "first.html").unlink()
    assert made(project, keep, env=env) == again


def test_a_page_whose_cells_start_a_program_is_made_each_time(project):
    cell = "```{python}\nimport subprocess\nprint(subprocess.run(['cat', 'data/read.txt'], capture_output=True).stdout)\n```\n"
    (project / "reports" / "first.qmd").write_text(HEAD.format("First") + cell, encoding="utf-8")
    made(project)
    assert made(project) == ["first"]


def test_what_another_changed_while_a_page_was_made_is_made_again(project):
    cell = "print(open('data/read.txt').read())\n"
    slow = f"```{{python}}\n{cell}open('begun', 'w').close()\nimport time\ntime.sleep(1)\n```\n"
    (project / "reports" / "first.qmd").write_text(HEAD.format("First") + slow, encoding="utf-8")

    def meddle():
        while not (project / "begun").exists():
            time.sleep(0.01)
        (project / "data" / "read.txt").write_text("9", encoding="utf-8")

    meddler = Thread(target=meddle)
    meddler.start()
    made(project)
    meddler.join()
    assert made(project) == ["first"]
    assert ">9<" in (project / "_site" / "reports" / "first.html").read_text(encoding="utf-8").replace("\n", "")


@pytest.mark.parametrize("file", ["shared/more.bib", "shared/more.css", "shared/logo.svg", "before.py"])
def test_what_pandoc_or_a_script_reads_is_part_of_a_page(project, file):
    for name, text in (("more.bib", BIB), ("more.css", ".b { color: red }\n"), ("logo.svg", SVG)):
        (project / "shared").mkdir(exist_ok=True)
        (project / "shared" / name).write_text(text, encoding="utf-8")
    head = HEAD.format("Second").replace("refs.bib", "../shared/more.bib").replace("own.css", "../shared/more.css")
    logo = "\n```{=html}\n<img src='../shared/logo.svg' alt=''>\n```\n" if "logo" in file else ""
    (project / "reports" / "second.qmd").write_text(f"{head}Cited: @a.\n{logo}", encoding="utf-8")
    if file == "before.py":
        (project / file).write_text("# reads what nobody knows\n", encoding="utf-8")
        configuration = project / "_quarto.yml"
        text = configuration.read_text(encoding="utf-8")
        configuration.write_text(
            text.replace("  output-dir", "  pre-render: before.py\n  output-dir"), encoding="utf-8"
        )
        made(project)
        assert made(project) == ["first", "second"]
        return
    made(project)
    change(project / file)
    assert made(project) == ["second"]


def test_a_picture_of_a_page_left_as_it_is_is_never_another(project):
    second = project / "reports" / "second.qmd"
    second.write_text(second.read_text(encoding="utf-8") + "\n![A](fig/km.svg){fig-alt='A'}\n", encoding="utf-8")
    made(project)
    change(project / "reports" / "fig" / "km.svg")
    with pytest.raises(RenderError, match="which is another"):
        made(project, Keep(made_of="a run", alone=PurePosixPath("reports/first.qmd")))


def test_without_a_run_nothing_is_kept(project):
    assert made(project, Keep()) == made(project, Keep()) == ["first", "second"]


def test_a_page_whose_link_no_longer_arrives_is_refused_though_it_stands(project):
    first, second = (project / "reports" / f"{name}.qmd" for name in ("first", "second"))
    text = second.read_text(encoding="utf-8")
    first.write_text(HEAD.format("First") + "[There](second.qmd#sec-there).\n", encoding="utf-8")
    second.write_text(f"{text}\n## There {{#sec-there}}\n", encoding="utf-8")
    made(project)
    second.write_text(text, encoding="utf-8")
    with pytest.raises(RenderError, match="sec-there leads nowhere"):
        made(project)


def test_one_page_alone_is_made_and_the_others_stay_as_they_are(project):
    made(project)
    change(project / "reports" / "first.qmd")
    (project / "reports" / "own.css").write_text(".a { color: navy }\n", encoding="utf-8")
    alone = Keep(made_of="a run", alone=PurePosixPath("reports/first.qmd"))
    assert made(project, alone) == ["first"]
    pages = [
        (project / "_site" / "reports" / f"{name}.html").read_text(encoding="utf-8") for name in ("first", "second")
    ]
    assert ["navy" in page for page in pages] == [True, False]
    assert made(project, alone) == []
    assert made(project) == ["second"]


def test_pages_of_two_runs_never_stand_in_one_site(project):
    made(project)
    before = (project / "_site" / MANIFEST).read_bytes()
    with pytest.raises(RenderError, match="are of another run"):
        made(project, Keep(made_of="another run", alone=PurePosixPath("reports/first.qmd")))
    assert (project / "_site" / MANIFEST).read_bytes() == before


@pytest.mark.parametrize("change_it", ["nothing", "page", "site", "read", "formats", "run", "manifest"])
def test_a_whole_site_stands_to_the_byte_or_not_at_all(project, change_it):
    results = project / "results"
    results.mkdir(exist_ok=True)
    (results / "provenance.json").write_text("{}", encoding="utf-8")
    env = {"SAP_RESULTS": str(results)}
    whole = whole_site(project, RUN, env, ["html"])
    made(project, env=env, whole=whole)
    assert stands(project / "_site", results, whole_site(project, RUN, env, ["html"]))
    formats, keep = ["html"], RUN
    if change_it == "page":
        change(project / "reports" / "first.qmd")
    elif change_it == "site":
        change(project / "_site" / "reports" / "first.html")
    elif change_it == "read":
        change(project / "data" / "read.txt")
    elif change_it == "formats":
        formats = ["docx", "html"]
    elif change_it == "run":
        keep = Keep(made_of="another run")
    elif change_it == "manifest":
        (project / "_site" / MANIFEST).unlink()
    now = whole_site(project, keep, env, formats)
    assert stands(project / "_site", results, now) == (change_it == "nothing")


def test_notes_are_written_where_nobody_else_can_write(project):
    made(project)
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "executable-sap"
    assert folder.stat().st_mode & 0o077 == 0
    assert list((folder / "kept").iterdir())
    folder.chmod(0o777)
    assert made(project) == ["first", "second"], "a note that others could have written is not believed"
    assert sap.seal.kept.noted(project / "_site") == {}
