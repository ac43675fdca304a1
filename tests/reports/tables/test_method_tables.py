"""Every method of the plan has its table, and a context that two of them share is told alike."""

from typing import get_type_hints

from reports.tables import contexts, method_table
from sap.methods import METHODS
from tests.each import each


@each("method", sorted(METHODS))
def test_the_lines_of_a_method_are_those_of_its_step(method):
    assert get_type_hints(method_table(method).lines)["step"] is METHODS[method]


@each("method", sorted(METHODS))
def test_a_context_of_several_methods_is_told_alike(method):
    for name, context in method_table(method).contexts.items():
        assert contexts()[name] == context


@each("method", sorted(METHODS))
def test_a_table_names_what_its_step_has(method):
    table, step = method_table(method), METHODS[method]
    assert all(name in step.model_fields or hasattr(step, name) for name in table.told_apart)
    assert set(table.only_add_lines) <= set(step.model_fields)
