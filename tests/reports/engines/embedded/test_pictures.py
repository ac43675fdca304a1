"""Pictures stand as files beside the pages that show them; what a cell displays is inside its page."""

from __future__ import annotations

import pytest

from reports.engines.render import RenderError
from tests.each import each
from tests.reports.engines.embedded.conftest import SVG

HEAD = "---\ntitle: Page\n---\n\n"
SHOWN = "![A](fig/km.svg){#fig-a fig-alt='Steps.'}\n"
DRAW = "```{{python}}\n#| include: false\nopen('reports/fig/km.svg', 'w').write('<svg>{}</svg>')\n```\n\n"


def page(root, name: str = "index") -> str:
    return (root / "_site" / "reports" / f"{name}.html").read_text(encoding="utf-8")


def test_a_picture_is_a_file_beside_the_page_which_names_it(tmp_path, make_project, embed):
    embed(make_project(tmp_path, index=HEAD + SHOWN))
    assert '<img src="fig/km.svg" alt="Steps." />' in page(tmp_path)
    assert (tmp_path / "_site/reports/fig/km.svg").read_text(encoding="utf-8") == SVG


@each("name", ["a b.svg", "étude.svg", "100%.svg"])
def test_whatever_its_name(tmp_path, make_project, embed, name):
    root = make_project(tmp_path, index=f"{HEAD}![A](<fig/{name}>)\n")
    (root / "reports" / "fig" / name).write_text(SVG, encoding="utf-8")
    embed(root)
    assert (root / "_site" / "reports" / "fig" / name).read_text(encoding="utf-8") == SVG


def test_one_that_stands_elsewhere_in_the_project_keeps_its_place(tmp_path, make_project, embed):
    root = make_project(tmp_path, index=HEAD + "![A](../logo.svg)\n")
    (root / "logo.svg").write_text(SVG, encoding="utf-8")
    embed(root)
    assert 'src="../logo.svg"' in page(root)
    assert (root / "_site" / "logo.svg").is_file()


def test_what_a_cell_displays_and_raw_html_are_inside_the_page(tmp_path, make_project, embed):
    cell = f"```{{python}}\nfrom IPython.display import SVG\nSVG('{SVG}')\n```\n"
    embed(make_project(tmp_path, index=HEAD + cell + "\n```{=html}\n<img src='fig/km.svg' alt=''>\n```\n"))
    assert page(tmp_path).count('src="data:image/svg+xml;base64,') == 2
    assert not (tmp_path / "_site" / "reports" / "fig").exists()


def test_two_pages_show_one_picture(tmp_path, make_project, embed):
    embed(make_project(tmp_path, index=HEAD + SHOWN, other=HEAD + SHOWN))
    assert page(tmp_path).count("fig/km.svg") == page(tmp_path, "other").count("fig/km.svg") == 1


def test_a_page_that_draws_another_picture_by_the_same_name_is_refused(tmp_path, make_project, embed):
    pages = {"index": HEAD + DRAW.format("first") + SHOWN, "other": HEAD + DRAW.format("second") + SHOWN}
    with pytest.raises(RenderError, match="not the one a page before this shows by that name") as caught:
        embed(make_project(tmp_path, **pages))
    assert (str(caught.value.file), caught.value.line) == ("reports/other.qmd", 10)


def test_a_picture_is_shown_and_offered(tmp_path, make_project, embed):
    offer = "\n```{=html}\n<a href='fig/km.svg'>Open</a>\n```\n"
    embed(make_project(tmp_path, index=HEAD + SHOWN + offer))
    assert (tmp_path / "_site/reports/fig/km.svg").is_file()


def test_a_link_out_of_the_project_is_not_followed(tmp_path, make_project, embed):
    outside = tmp_path / "outside.svg"
    outside.write_text(SVG, encoding="utf-8")
    for number, body in enumerate(("![A](fig/way.svg)\n", "[A](fig/way.svg)\n")):
        root = make_project(tmp_path / f"project{number}", index=HEAD + body)
        (root / "reports" / "fig" / "way.svg").symlink_to(outside)
        with pytest.raises(RenderError, match="no file of this project"):
            embed(root)
