"""Every method of the plan has its lines in a table."""

from typing import get_args, get_type_hints

import pytest

from analysis.steps.catalogue import METHODS
from reports.table_lines import LINES


def test_every_method_has_its_lines():
    missing = sorted(set(METHODS) - set(LINES))
    assert not missing, f"reports/table_lines.py has no lines for {missing}: add a function to LINES"


@pytest.mark.parametrize("method", sorted(LINES))
def test_the_lines_of_a_method_are_those_of_its_step(method):
    step = get_type_hints(LINES[method])["step"]
    assert get_args(step.model_fields["method"].annotation) == (method,)
