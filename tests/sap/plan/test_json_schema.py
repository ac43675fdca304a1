"""The schema an editor reads: current, described, as generous as the reader and no more."""

from copy import copy, deepcopy
from pathlib import Path

import jsonschema
import pytest

from sap.plan.json_schema import plan_schema, schema_text
from sap.plan.plan import Plan
from sap.reading.read import parsed
from sap.text.problems import PlanError
from sap.text.yaml_file import YamlFile
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = plan_schema()
SOURCE = YamlFile(ROOT / "sap" / "plan.yml")


def read(content: object) -> Plan:
    source = copy(SOURCE)
    source.content = content
    return parsed(source, Plan)


def refusals(content: object) -> list[str]:
    validator = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
    return [error.message for error in validator.iter_errors(content)]


@pytest.fixture
def content() -> dict:
    return deepcopy(SOURCE.content)


def test_the_file_in_the_repository_is_current():
    written = (ROOT / "sap" / "plan.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "write it again: sap schema --out sap/plan.schema.json"


def test_the_plan_names_the_schema_to_the_editor():
    first = (ROOT / "sap" / "plan.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=plan.schema.json"


def test_it_is_itself_a_valid_schema():
    jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)


@each("file", ["sap/plan.yml", "tests/other_trial/plan.yml"])
def test_the_plans_of_both_trials_satisfy_it(file):
    assert refusals(YamlFile(ROOT / file).content) == []


def objects(node: object):
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for below in node.values():
            yield from objects(below)
    elif isinstance(node, list):
        for below in node:
            yield from objects(below)


def test_every_part_and_every_key_is_described():
    bare = [
        f"{part['title']}.{key}"
        for part in objects(SCHEMA)
        for key, entry in part["properties"].items()
        if not entry.get("description")
    ]
    assert bare == [], "a docstring below the field describes it"
    assert all(part["description"] for part in objects(SCHEMA))


def test_descriptions_are_plain_sentences():
    told = [entry["description"] for part in objects(SCHEMA) for entry in part["properties"].values()]
    assert not [text for text in told if "``" in text or "\n" in text or "---" in text]


def test_a_docstring_section_tells_about_its_keys():
    rule = SCHEMA["$defs"]["Criterion"]
    assert rule["properties"]["min_grade"]["description"].startswith("Lowest CTCAE")
    assert "Attributes" not in rule["description"]


def test_the_methods_are_offered_by_name():
    steps = SCHEMA["$defs"]["Analysis"]["properties"]["steps"]["items"]["oneOf"]
    names = {SCHEMA["$defs"][s["$ref"].rpartition("/")[2]]["properties"]["method"]["const"] for s in steps}
    assert {"binomial", "kaplan_meier", "rank_comparison"} <= names


def analysis(content: dict, key: str) -> dict:
    return next(a for a in content["analyses"] if a["id"] == key)


# What the reader accepts in more than one spelling, the schema accepts too.
SPELLINGS = {
    "a variable as text": lambda c: analysis(c, "AN-DLT")["steps"][0].update(variable="DLT.DLTFL"),
    "a variable as keys": lambda c: analysis(c, "AN-DLT")["steps"][0].update(
        variable={"dataset": "DLT", "variable": "DLTFL"}
    ),
    "one value": lambda c: c["analysis_sets"][0]["where"].update(value="Y"),
    "a list of one value": lambda c: c["analysis_sets"][0]["where"].update(value=["Y"]),
    "a number as a value": lambda c: c["groupings"][0]["levels"][0].update(values=[1, 2.5, "CR"]),
    "a clause in a clause": lambda c: c["analysis_sets"][0].update(
        where={"not": {"or": [c["analysis_sets"][0]["where"]]}}
    ),
    "an empty key": lambda c: analysis(c, "AN-DLT")["steps"][0].update(label=None),
}  # fmt: skip


@each("name", SPELLINGS)
def test_both_spellings_are_accepted_by_the_schema_and_the_reader(name):
    content = deepcopy(SOURCE.content)
    SPELLINGS[name](content)
    assert refusals(content) == []
    read(content)


MISTAKES = {
    "an unknown key": lambda c: c["study"].update(planed_n=10),
    "an unknown section": lambda c: c.update(analysis=[]),
    "a missing key": lambda c: c["study"].pop("planned_n"),
    "a missing section": lambda c: c.pop("analyses"),
    "a word for a number": lambda c: c["study"].update(planned_n="ten"),
    "a yes for a number": lambda c: c["study"].update(planned_n=True),
    "a number too small": lambda c: c["study"].update(planned_n=0),
    "a yes for a text": lambda c: c["study"].update(title=True),
    "an empty text": lambda c: c["study"].update(title=""),
    "an unknown method": lambda c: analysis(c, "AN-OS")["steps"][0].update(method="kaplan_meyer"),
    "an unknown key of a step": lambda c: analysis(c, "AN-OS")["steps"][0].update(conf_typ="log"),
    "an unknown option of a step": lambda c: analysis(c, "AN-OS")["steps"][0].update(conf_type="loglog"),
    "a level above 1": lambda c: analysis(c, "AN-OS")["steps"][0].update(conf_level=95),
    "an unknown comparator": lambda c: c["analysis_sets"][0]["where"].update(comparator="GTE"),
    "an unknown key of a clause": lambda c: c["analysis_sets"][0]["where"].update(vlaue="Y"),
    "a clause without a value": lambda c: c["analysis_sets"][0]["where"].pop("value"),
    "a clause with no values": lambda c: c["analysis_sets"][0]["where"].update(value=[]),
    "a yes for a value": lambda c: c["analysis_sets"][0]["where"].update(value=True),
    "a variable without its dataset": lambda c: analysis(c, "AN-DLT")["steps"][0].update(variable="DLTFL"),
    "a variable with a small letter": lambda c: analysis(c, "AN-DLT")["steps"][0].update(variable="DLT.dltfl"),
    "a dataset with a small letter": lambda c: c["datasets"].update(adlb=c["datasets"].pop("ADLB")),
    "a file in another folder": lambda c: c["datasets"]["ADSL"].update(file="../adsl.csv"),
    "an absolute file": lambda c: c["datasets"]["ADSL"].update(file="/data/adsl.csv"),
    "a file on a drive": lambda c: c["datasets"]["ADSL"].update(file="C:adsl.csv"),
    "an id with a blank": lambda c: analysis(c, "AN-OS").update(id="AN OS"),
    "an unknown purpose": lambda c: analysis(c, "AN-OS").update(purpose="main"),
    "an unknown kind of derivation": lambda c: c["derivations"][0].update(kind="dltt"),
    "an unknown kind of output": lambda c: c["outputs"][0].update(kind="tabel"),
    "a number of an output that YAML reads as one": lambda c: c["outputs"][0].update(number=14.2),
    "a list where a mapping belongs": lambda c: c.update(study=[]),
    "a mapping where a list belongs": lambda c: c.update(analyses={}),
    "no analyses": lambda c: c.update(analyses=[]),
    "a grade that does not exist": lambda c: c["dlt_rules"][0]["criteria"][0].update(min_grade=6),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_typical_mistake_is_refused_by_the_schema_as_by_the_reader(name):
    content = deepcopy(SOURCE.content)
    MISTAKES[name](content)
    assert refusals(content)
    with pytest.raises(PlanError):
        read(content)
