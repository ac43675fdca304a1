"""The toolbox of methods: each under its own name, with its formula or source and what it refuses."""

import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest

import executable_sap as sap
from tests.each import each

ROOT = Path(__file__).resolve().parents[2]
METHODS = sap.methods.__all__
SECTIONS = ("Parameters\n---", "Returns\n---", "Raises\n---")


def documented(name: str) -> str:
    return inspect.getdoc(getattr(sap.methods, name)) or ""


def sourced(name: str) -> bool:
    """Return whether a method has a formula or a reference, or names another of the toolbox that has."""
    named = [name, *(other for other in re.findall(r"`(\w+)`", documented(name)) if other in METHODS)]
    return any(re.search(r":math:|\.\. math::|^References$", documented(n), re.MULTILINE) for n in named)


@each("name", METHODS)
def test_a_method_has_its_own_name_and_comes_from_the_mathematics(name):
    method = getattr(sap.methods, name)
    assert method.__name__ == name
    assert method.__module__.startswith("analysis.methods.")


@each("name", METHODS)
def test_a_method_says_its_formula_or_source_what_it_takes_gives_and_refuses(name):
    assert sourced(name)
    assert not [section for section in SECTIONS if section not in documented(name)]


def test_the_list_is_sorted_and_holds_whatever_is_imported_there():
    imported = {n for n, value in vars(sap.methods).items() if inspect.isfunction(value)}
    assert sorted(imported) == METHODS


def test_a_method_refuses_what_it_cannot_answer():
    assert sap.methods.clopper_pearson(0, 10).conf_high == pytest.approx(0.3084971078)
    with pytest.raises(ValueError, match="11"):
        sap.methods.clopper_pearson(11, 10)


def test_there_is_one_version_and_each_package_says_that_it_is_typed():
    assert sap.__version__ == version("executable-sap")
    assert all((ROOT / room / "py.typed").is_file() for room in ("sap", "analysis", "reports", "executable_sap"))
