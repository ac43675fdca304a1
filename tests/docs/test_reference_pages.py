"""The reference is made from the code: nothing of it is left out, and every example is one."""

import re

import jsonschema
import pytest
import typer

from analysis.results.ard import COLUMNS
from reports.commands.app import app
from sap.data.rules import RULES
from sap.methods import METHODS
from sap.model.datasets import CORE
from sap.plan.json_schema import plan_schema
from sap.text.problems import UserError


def of_part(schema, kind):
    return {**schema, **schema["$defs"].get(kind, {})} if kind != "Plan" else schema


def all_keys(reference):
    schema = plan_schema()
    kinds = {**schema["$defs"], "Plan": schema}
    return [(k, key) for k, found in kinds.items() if k not in reference.CLAUSES for key in found.get("properties", {})]


def test_every_key_of_a_plan_has_its_meaning_and_an_example(reference):
    text = reference.plan_page() + reference.methods_page()
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    shown = {row[0].strip("| `"): row for row in rows}
    for kind, key in all_keys(reference):
        assert reference.example_of(kind, key).startswith(f"{key}:"), f"docs/examples.yml needs one for {kind}.{key}"
        assert len(shown[key]) >= 3, f"{kind}.{key}"


def test_an_example_that_no_plan_states_is_one_by_the_schema(reference):
    schema = plan_schema()
    for name, value in reference.more_examples().items():
        kind, _, key = name.partition(".")
        found = of_part(schema, kind)["properties"][key]
        jsonschema.validate(value, {"$defs": schema["$defs"], **found})


def test_every_method_has_its_sentence_options_and_an_example(reference):
    text = reference.methods_page()
    sections = dict(re.findall(r"^## (\w+) .*?\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert list(sections) == list(METHODS)
    for name, section in sections.items():
        assert METHODS[name].sentence.split(". ")[0] in section
        assert f"method: {name}" in section


def test_every_variable_of_a_dataset_and_every_rule_is_told(reference):
    text = reference.datasets_page()
    assert [v.name for listed in CORE.values() for v in listed if f"`{v.name}`" not in text] == []
    rules = reference.rules_page()
    assert [r.id for r in RULES if f"| `{r.id}` |" not in rules] == []


def test_every_command_and_each_of_its_options_is_told(reference):
    text = reference.commands_page()
    for name, command in reference._commands(typer.main.get_command(app), "sap"):
        section = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        options = [o for p in command.params if p.param_type_name == "option" for o in p.opts if o != "--help"]
        assert section
        assert [o for o in options if o not in section] == [], name


def test_every_exit_code_a_mistake_has_is_told(reference):
    told = set(re.findall(r"^\| (\d+) \|", reference.exit_codes_page(), re.MULTILINE))

    def below(kind):
        return {kind, *(k for sub in kind.__subclasses__() for k in below(sub))}

    assert {str(kind.exit_code) for kind in below(UserError)} <= told
    assert {"0", "70", "130", "143", "129"} <= told


@pytest.mark.parametrize(
    "call", ["page.value(", "page.ci(", "page.table(", "outputs.all_tables(", "reconciliation.in_short("]
)
def test_what_a_page_may_ask_for_is_told_as_a_page_has_it(reference, call):
    lines = [line for line in reference.page_calls_page().splitlines() if line.startswith(f"| `{call}")]
    assert len(lines) == 1
    assert lines[0].count("`") == 4


def test_the_columns_of_results_are_told(reference):
    assert tuple(reference.ARD_COLUMNS) == COLUMNS
    assert [c for c in COLUMNS if f"| `{c}` |" not in reference.results_page()] == []
