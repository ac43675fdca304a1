"""The catalogue of methods: it has every method of the plan, names functions that are there, and costs nothing itself."""

import subprocess
import sys
from pkgutil import resolve_name
from typing import get_type_hints

from analysis.data.sample import Sample
from analysis.results.ard import Statistic
from analysis.steps.catalogue import METHODS
from sap.methods import METHODS as PROMISED
from tests.each import each


def test_every_method_a_plan_can_promise_is_in_the_catalogue():
    missing = sorted(set(PROMISED) - set(METHODS))
    assert not missing, f"analysis/steps/catalogue.py has no entry for {missing}: add how each is computed to METHODS"
    unknown = sorted(set(METHODS) - set(PROMISED))
    assert not unknown, (
        f"analysis/steps/catalogue.py has {unknown}, which no plan can promise: add to Step in sap/methods/__init__.py"
    )


@each("method", sorted(METHODS))
def test_its_functions_take_the_step_of_the_plan_and_a_sample(method):
    for name, given in ((METHODS[method].step, list[Statistic]), (METHODS[method].used, tuple[str, ...])):
        step, sample, returned = get_type_hints(resolve_name(name)).values()
        assert issubclass(PROMISED[method], step), f"{name} takes another step than the plan's {method}"
        assert (sample, returned) == (Sample, given), f"{name} should take a sample and return {given}"


def test_a_page_that_names_the_libraries_pays_for_none():
    script = """
import sys
from reports.pages.trace import trace_page
print(sorted({"lifelines", "matplotlib", "pingouin", "scipy", "statsmodels"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
