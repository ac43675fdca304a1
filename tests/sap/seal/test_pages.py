"""Pages run: each is sealed with the code, and a change of one is named."""

import pytest

from sap.seal.code import code_files, page_digests, page_files
from sap.seal.sealing import with_code
from sap.seal.verify import verified
from sap.text.problems import UserError

CONFIGURATION = """project:
  type: website
  render: [pages/index.qmd, "!pages/no.qmd"]
  pre-render: python tools/before.py
format:
  html:
    css: [looks/page.css]
"""


MORE = [
    "_brand.yml",
    "_extensions/ours/filter.lua",
    "_metadata.yml",
    "_quarto-journal.yml",
    "data/published.yml",
    "header.html",
    "matplotlibrc",
    "pages/parts/note.md",
    "pages/picture.png",
    "pages/references.bib",
    "pages/style.csl",
    "pyproject.toml",
    "tests/reference/record.json",
]
"""What takes part in a page without being one: read by Quarto, by pandoc, by a library, by a cell."""


@pytest.fixture
def project(trial):
    """A trial with two pages, of which one is included by the other, and what renders them."""
    files = {
        "_quarto.yml": CONFIGURATION,
        "pages/index.qmd": "{{< include _part.qmd >}}",
        "pages/_part.qmd": "```{python}\n1 + 1\n```",
        "pages/helper.py": "",
        "pages/notes.txt": "",
        "tools/before.py": "",
        "looks/page.css": "",
        "_site/index.qmd": "",
        **dict.fromkeys(MORE, ""),
    }
    for name, text in files.items():
        (trial.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (trial.folder / name).write_text(text)
    return trial


SEALED = sorted(
    ["_quarto.yml", "looks/page.css", "pages/_part.qmd", "pages/helper.py", "pages/index.qmd", "tools/before.py", *MORE]
)


def test_pages_and_what_renders_them_are_found(project):
    assert list(page_files(project.folder)) == SEALED
    assert list(project.seal("code").code.code.pages) == SEALED


def test_a_project_without_pages_has_none(trial):
    assert trial.seal("plan", "code").code.code.pages == {}
    assert [d.part for d in trial.differences()] == ["data"]


def test_pages_without_a_configuration_are_found(trial):
    (trial.folder / "index.qmd").write_text("x")
    assert list(page_files(trial.folder)) == ["index.qmd"]


def test_plan_and_history_are_no_pages(project):
    project.seal("plan", "data", "code")
    assert not any("plan" in name or "history" in name for name in page_digests(project.folder))


def test_this_program_seals_its_pages_and_not_its_modules_twice(root):
    found = page_digests(root)
    assert {"_quarto.yml", "reports/index.qmd", "reports/quality.qmd"} <= found.keys()
    assert {
        "data/published.yml",
        "pyproject.toml",
        "_quarto-manuscript.yml",
        "tests/reference/record.json",
    } <= found.keys()
    assert not any(name.endswith((".py", ".css", ".scss", ".bib")) for name in found)
    assert {"reports/references.bib", "reports/starter/index.qmd", "reports/starter/plan.yml"} <= code_files().keys()


def test_a_damaged_configuration_is_sealed_as_it_is(project):
    (project.folder / "_quarto.yml").write_text("project: [")
    assert "_quarto.yml" in page_files(project.folder)


def test_what_a_render_leaves_beside_its_pages_and_prose_are_not_sealed(project):
    before = page_files(project.folder)
    made = ("pages/index.html", "pages/index_files/libs.js", "pages/fig/drawn.svg", "pages/.hidden", "README.md")
    for name in (*made, "bundle.zip", "pages/__pycache__/x.pyc"):
        (project.folder / name).parent.mkdir(exist_ok=True)
        (project.folder / name).write_text("x")
    assert page_files(project.folder) == before


@pytest.mark.parametrize("name", SEALED)
def test_each_is_named_when_it_was_changed(project, name):
    project.seal("plan", "data", "code")
    assert project.differences() == ()
    with (project.folder / name).open("a") as stream:
        stream.write("\n# other words\n")
    (found,) = project.differences()
    assert (found.part, found.where) == ("pages", name)
    assert ("the cells of a page run" in found.message) == name.endswith(".qmd")
    assert 'as after any change of wording, seal this: sap lock code --reason "…"' in found.fix


def test_one_added_and_one_gone_are_named_and_the_way_on_is_said_once(project):
    project.seal("plan", "data", "code")
    (project.folder / "pages" / "_part.qmd").rename(project.folder / "pages" / "_piece.qmd")
    assert [(d.where, d.message.split(" since")[0]) for d in project.differences()] == [
        ("pages/_part.qmd", "this file is gone"),
        ("pages/_piece.qmd", "this file was added"),
    ]
    assert project.told().count("sap lock code") == 1


def test_after_a_change_of_wording_the_code_is_sealed_again(project):
    project.seal("plan", "data", "code")
    (project.folder / "pages" / "index.qmd").write_text("Other words")
    with pytest.raises(UserError, match="Other code is sealed"):
        project.seal("code")
    assert project.seal("code", reason="Wording").code.number == 4
    assert project.differences() == ()


def test_a_seal_that_says_nothing_of_pages_does_not_cover_them(project):
    lock = project.seal("plan", "data")
    seal = with_code(lock, project.lock_file, by="Ada", reason="", at=lock.head.at).code.code
    lock = lock.with_entry("code", by="Ada", reason="", at=lock.head.at, code=seal.model_copy(update={"pages": None}))
    project.lock_file.write_text(lock.text())
    (found,) = project.differences()
    assert "pages are not sealed" in found.message
    assert "pages/index.qmd" in found.message


def test_pages_of_another_folder_are_not_those_that_are_sealed(project, tmp_path):
    project.seal("plan", "data", "code")
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.qmd").write_text("x")
    found = verified(project.lock_file, plan=project.plan, data=project.data, project=other).differences
    assert "index.qmd" in [d.where for d in found]


def test_a_page_that_leads_elsewhere_is_refused(project, tmp_path):
    (tmp_path / "elsewhere.qmd").write_text("x")
    (project.folder / "pages" / "linked.qmd").symlink_to(tmp_path / "elsewhere.qmd")
    with pytest.raises(UserError, match="is a link that leaves"):
        page_files(project.folder)


def test_post_hoc_analyses_are_named_as_outside_the_seal(project):
    project.seal("plan", "data", "code")
    asked = {"plan": project.plan, "data": project.data}
    assert verified(project.lock_file, **asked).outside == ()
    beside = project.plan.with_name("post_hoc.yml")
    beside.write_text("analyses: []\n")
    assert verified(project.lock_file, **asked).outside == (str(beside),)
    assert verified(project.lock_file, **asked).differences == ()
