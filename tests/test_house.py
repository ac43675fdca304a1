"""The shape of the house: one method under one name, rooms one can see, a picture that does not lie."""

import ast
import re
from collections import Counter
from pathlib import Path

from sap.methods import METHODS

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("sap", "analysis", "reports")
PLACES = ("sap/methods", "analysis/steps", "analysis/recompute", "reports/tables")
"""Where each method has a file of its name, and where no other file stands."""
MODULES = [p for room in (*ROOMS, "executable_sap") for p in sorted((ROOT / room).rglob("*.py"))]
WORDS = {"description", "records", "summary"}
"""Names that also mean other things in quotes: rows as pandas hands them out, kinds of statements, what a part is."""
MOST_MODULES, MOST_LINES, MOST_MENTIONS = 16, 500, 8


def test_a_method_has_one_file_of_its_name_in_each_place_and_no_other_file_stands_there():
    for place in PLACES:
        there = {p.stem for p in (ROOT / place).glob("*.py")} - {"__init__"}
        assert there == set(METHODS), place


def mentioned(path: Path) -> set[str]:
    """Methods that a module names: by their class, their name in quotes, or a module of their name."""
    classes = {own.__name__: method for method, own in METHODS.items()}
    modules = {f"{place}.{method}".replace("/", "."): method for place in PLACES for method in METHODS}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Constant(value=str(text)) if text in METHODS and text not in WORDS:
                found.add(text)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in classes:
                found.add(classes[name])
            case ast.ImportFrom(module=str(module)) if module in modules:
                found.add(modules[module])
    return found - {path.stem}


def test_a_method_is_named_in_few_files_beside_its_own():
    found = {str(p.relative_to(ROOT)): mentioned(p) for p in MODULES}
    named = {method: [file for file, methods in found.items() if method in methods] for method in METHODS}
    assert not {method: files for method, files in named.items() if len(files) > MOST_MENTIONS}


def test_a_folder_is_seen_at_a_glance():
    # The folders of the methods are flat lists, a file a method: one looks for a name there.
    crowded = Counter(p.parent for p in MODULES if p.name != "__init__.py")
    for place in PLACES:
        del crowded[ROOT / place]
    assert not {str(folder): n for folder, n in crowded.items() if n > MOST_MODULES}


def test_a_module_holds_one_idea():
    assert not [str(p) for p in MODULES if p.read_text(encoding="utf-8").count("\n") > MOST_LINES]


def test_each_folder_says_in_a_sentence_what_is_in_it():
    for folder in {p.parent for p in MODULES}:
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert said.split("\n\n")[0].count(". ") == 0, folder
        assert said, folder


def test_the_picture_is_that_of_the_code(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    from draw_architecture import PICTURE, picture

    assert PICTURE.read_text(encoding="utf-8") == picture(), "run: python docs/draw_architecture.py"


def test_what_the_page_of_the_house_names_is_there():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:sap|analysis|reports|executable_sap|docs)/[^`<…]+)`", page):
        assert (ROOT / name).exists(), name
