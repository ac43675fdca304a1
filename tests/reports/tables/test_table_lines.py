"""Every method of the plan has its lines in a table."""

from typing import get_type_hints

from reports.tables.table_lines import LINES
from tests.each import each
from tests.promised import PROMISED


def test_every_method_has_its_lines():
    missing = sorted(set(PROMISED) - set(LINES))
    assert not missing, f"reports/tables/table_lines.py has no lines for {missing}: add a function to LINES"


@each("method", sorted(LINES))
def test_the_lines_of_a_method_are_those_of_its_step(method):
    assert get_type_hints(LINES[method])["step"] is PROMISED[method]
