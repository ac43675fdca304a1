"""The steps: every method of the plan is computed, says what its results are, and costs nothing to ask."""

import subprocess
import sys
from collections.abc import Mapping
from typing import get_type_hints

from analysis.data.sample import Sample
from analysis.results.ard import Statistic
from analysis.steps import Method, method
from sap.methods import METHODS as PROMISED
from tests.each import each


@each("name", sorted(PROMISED))
def test_its_functions_take_the_step_of_the_plan_and_a_sample(name):
    of = method(name)
    functions = [(of.statistics, list[Statistic]), (of.entered, Mapping[str, tuple[str, ...]])]
    for function, given in functions if of.entered is not Method.entered else functions[:1]:
        step, sample, returned = get_type_hints(function).values()
        assert issubclass(PROMISED[name], step), f"{function} takes another step than the plan's {name}"
        assert (sample, returned) == (Sample, given), f"{function} should take a sample and return {given}"


def test_a_page_that_names_the_libraries_pays_for_none():
    script = """
import sys
from analysis.steps import method
from reports.pages.trace import trace_page
from sap.methods import METHODS
print({method(name).levels for name in METHODS} and sorted({"lifelines", "matplotlib", "pingouin", "scipy", "statsmodels"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
