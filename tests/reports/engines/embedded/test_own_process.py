"""A page runs as its own document: nothing that another page did, or the program before it, changes what it shows."""

from __future__ import annotations

from reports.engines.embedded import site
from tests.each import each

HEAD = "---\ntitle: Page\n---\n\n"
LEAVES = """\
```{python}
#| include: false
import builtins, os, sys, warnings, numpy, pandas, matplotlib
import reports.words.numbers as words
name = "of another page"
builtins.of_another_page = True
os.environ["OF_ANOTHER_PAGE"] = "1"
sys.path.insert(0, "/of/another/page")
words.how_many = None
numpy.random.seed(1)
numpy.set_printoptions(precision=1)
pandas.options.display.max_rows = 1
matplotlib.rcParams["figure.dpi"] = 1
warnings.simplefilter("ignore")
open("left.txt", "w").close()
os.chdir("/")
```
"""
LOOKS = """\
```{python}
import builtins, os, sys, warnings, numpy, pandas, matplotlib
import reports.words.numbers as words
found = {
    "name": "name" in globals(),
    "builtin": hasattr(builtins, "of_another_page"),
    "environment": "OF_ANOTHER_PAGE" in os.environ,
    "path": "/of/another/page" in sys.path,
    "module": words.how_many is None,
    "print": numpy.get_printoptions()["precision"] == 1,
    "display": pandas.options.display.max_rows == 1,
    "figure": matplotlib.rcParams["figure.dpi"] == 1,
    "folder": os.getcwd() == "/",
}
print("left behind:", [name for name, left in found.items() if left])
warnings.warn("is heard")
```
"""


def html(root, name: str) -> str:
    return (root / "_site" / "reports" / f"{name}.html").read_text(encoding="utf-8")


@each("cores", [1, 2])
def test_nothing_that_one_page_leaves_behind_reaches_another(tmp_path, make_project, embed, monkeypatch, cores):
    monkeypatch.setattr("reports.engines.workers.cores", lambda: cores)
    root = make_project(tmp_path, a=HEAD + LEAVES, b=HEAD + LOOKS, c=HEAD + LEAVES, d=HEAD + LOOKS)
    embed(root)
    for name in ("b", "d"):
        assert "left behind: []" in html(root, name)
        assert "UserWarning: is heard" in html(root, name)


def test_a_page_is_the_same_whether_it_is_rendered_alone_or_with_others(tmp_path, make_project, embed):
    alone = make_project(tmp_path / "alone", b=HEAD + LOOKS)
    others = make_project(tmp_path / "others", a=HEAD + LEAVES, b=HEAD + LOOKS, c=HEAD + LEAVES)
    embed(alone)
    embed(others)
    body = [html(root, "b").partition("<main")[2].partition("</main>")[0] for root in (alone, others)]
    assert body[0] == body[1] != ""


def test_a_page_is_the_same_where_no_process_can_be_forked(tmp_path, make_project, embed, monkeypatch):
    page = HEAD + "```{python}\nprint(6 * 7)\n```\n\nSeven is `{python} 3 + 4`.\n"
    forked = make_project(tmp_path / "forked", a=page, b=HEAD + LOOKS)
    begun = make_project(tmp_path / "begun", a=page, b=HEAD + LOOKS)
    embed(forked)
    by_fork = site.side_by_side
    monkeypatch.setattr(site, "side_by_side", lambda works, tell: by_fork(works, tell, start="spawn"))
    embed(begun)
    assert [html(begun, name) for name in "ab"] == [html(forked, name) for name in "ab"]


def test_what_a_program_prints_that_a_cell_starts_is_shown(tmp_path, make_project, embed):
    cell = "```{python}\nimport subprocess\nprint('from Python')\nsubprocess.run(['echo', 'from a program'])\n```\n"
    root = make_project(tmp_path, a=HEAD + cell.replace("subprocess.run", "_ = subprocess.run"))
    embed(root)
    assert "from Python\nfrom a program" in html(root, "a")


def test_a_picture_drawn_with_pyplot_is_inside_its_page(tmp_path, make_project, embed):
    cell = "```{python}\n#| fig-alt: A line.\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n```\n"
    root = make_project(tmp_path, a=HEAD + cell)
    embed(root)
    assert 'src="data:image/png;base64,' in html(root, "a")
