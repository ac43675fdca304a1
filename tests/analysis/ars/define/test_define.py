"""Define-XML: elements in the order of the standard, every name leads somewhere, and the plan is in it."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from analysis.ars.define.document import Places, define_xml
from analysis.ars.define.elements import ARM, DEF, ODM, XLINK
from analysis.data.load import load
from sap.reading.post_hoc import read_whole_plan

ROOT = Path(__file__).resolve().parents[4]
PLACES = Places(plan="sap/plan.yml", data="data", results="results", site="_site")
ORDER = [
    *("def:Standards", "def:SupplementalDoc", "def:ValueListDef", "def:WhereClauseDef", "ItemGroupDef", "ItemDef"),
    *("CodeList", "MethodDef", "def:leaf", "arm:AnalysisResultDisplays"),
]
"""Define-XML 2.1, 5.3.4: the content of MetaDataVersion; ARM 1.0 comes last."""
REFERENCES = {
    "ItemOID": "ItemDef",
    "MethodOID": "MethodDef",
    "CodeListOID": "CodeList",
    "WhereClauseOID": "def:WhereClauseDef",
    "ValueListOID": "def:ValueListDef",
    "ItemGroupOID": "ItemGroupDef",
    "ParameterOID": "ItemDef",
    "def:ItemOID": "ItemDef",
    "def:StandardOID": "def:Standard",
    "def:ArchiveLocationID": "def:leaf",
    "leafID": "def:leaf",
}
"""What each attribute names."""


def short(name: str) -> str:
    """Return a name as the standard writes it."""
    for prefix, namespace in (("", ODM), ("def:", DEF), ("arm:", ARM), ("xlink:", XLINK)):
        if name.startswith(f"{{{namespace}}}"):
            return prefix + name.removeprefix(f"{{{namespace}}}")
    return name


def found(root: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in root.iter() if short(e.tag) == name]


def words(element: ET.Element) -> str:
    return found(element, "TranslatedText")[0].text or ""


@pytest.fixture(scope="module", params=["the study", "two cohorts", "another trial"])
def defined(request) -> tuple:
    if request.param == "the study":
        study = request.getfixturevalue("study")
    else:
        plan, data = {
            "two cohorts": ("examples/two_cohorts/sap/plan.yml", "examples/two_cohorts/data"),
            "another trial": ("tests/other_trial/plan.yml", "tests/other_trial/data"),
        }[request.param]
        study = load(read_whole_plan(ROOT / plan), ROOT / data)
    return study, ET.fromstring(define_xml(study, PLACES, "executable-sap"))


def test_elements_stand_in_the_order_of_the_standard(defined):
    _, root = defined
    (version,) = found(root, "MetaDataVersion")
    names = list(dict.fromkeys(short(e.tag) for e in version))
    assert names == [n for n in ORDER if n in names]
    assert [short(e.tag) for e in root[0]] == ["GlobalVariables", "MetaDataVersion"]
    for item in found(root, "ItemDef"):
        order = ["Description", "CodeListRef", "def:Origin", "def:ValueListRef"]
        names = [short(e.tag) for e in item]
        assert names == [n for n in order if n in names]
    for group in found(root, "ItemGroupDef"):
        names = list(dict.fromkeys(short(e.tag) for e in group))
        assert names == ["Description", "ItemRef", "def:Class", "def:leaf"]


def test_every_name_leads_to_what_it_names(defined):
    _, root = defined
    known = {kind: {e.get("OID") or e.get("ID") for e in found(root, kind)} for kind in REFERENCES.values()}
    named = [(short(a), v) for e in root.iter() for a, v in e.attrib.items()]
    used = {a for a, _ in named}
    assert {"ItemOID", "ItemGroupOID", "WhereClauseOID", "def:ItemOID", "leafID"} <= used
    assert [(a, v) for a, v in named if a in REFERENCES and v not in known[REFERENCES[a]]] == []


def test_no_two_things_have_one_name(defined):
    _, root = defined
    names = Counter(e.get("OID") or e.get("ID") for e in root.iter() if e.get("OID") or e.get("ID"))
    assert [n for n, times in names.items() if times > 1] == []


def test_every_dataset_is_described_with_its_variables(defined):
    study, root = defined
    groups = {g.get("Name"): g for g in found(root, "ItemGroupDef")}
    assert list(groups) == [*study.plan.datasets, *(d.id for d in study.plan.derivations)]
    for name, group in groups.items():
        assert [r.get("ItemOID").rpartition(".")[2] for r in found(group, "ItemRef")] == list(
            study.derived[name].columns
        )


def test_types_and_lengths_are_those_of_the_data(defined):
    _, root = defined
    for item in found(root, "ItemDef"):
        kind = item.get("DataType")
        assert kind in {"text", "integer", "float", "date"}
        assert (item.get("Length") is None) == (kind == "date")
        assert (item.get("SignificantDigits") is None) == (kind != "float")
        assert words(item)


def test_each_table_and_figure_is_shown_with_its_analyses(defined):
    study, root = defined
    shown = {d.get("OID"): d for d in found(root, "arm:ResultDisplay")}
    assert list(shown) == [f"RD.{o.id}" for o in study.plan.outputs]
    for output in study.plan.outputs:
        tasks = [i for a in output.analyses for i in (a, *(s.id for s in study.plan.analysis(a).sensitivity))]
        results = found(shown[f"RD.{output.id}"], "arm:AnalysisResult")
        assert [r.get("OID") for r in results] == [f"AR.{output.id}.{t}" for t in tasks]


def test_a_derived_dataset_says_how_it_is_made_and_where_it_stands(study):
    root = ET.fromstring(define_xml(study, PLACES, "executable-sap"))
    (group,) = [g for g in found(root, "ItemGroupDef") if g.get("Name") == "BOR"]
    assert {r.get("MethodOID") for r in found(group, "ItemRef")} == {None, "MT.BOR"}
    (method,) = [m for m in found(root, "MethodDef") if m.get("OID") == "MT.BOR"]
    assert words(method).startswith("Best response after infusion and before transplantation.")
    assert found(group, "def:leaf")[0].get(f"{{{XLINK}}}href") == "results/derived/BOR.csv"
    (item,) = [i for i in found(root, "ItemDef") if i.get("OID") == "IT.BOR.BOR"]
    assert found(item, "def:Origin")[0].attrib == {"Type": "Derived", "Source": "Sponsor"}


def test_a_value_is_described_for_each_parameter(study):
    root = ET.fromstring(define_xml(study, PLACES, "executable-sap"))
    (item,) = [i for i in found(root, "ItemDef") if i.get("OID") == "IT.ADLB.AVAL.TEMP"]
    assert words(item) == "Body temperature (C)"
    (clause,) = [c for c in found(root, "def:WhereClauseDef") if c.get("OID") == "WC.ADLB.TEMP"]
    assert found(clause, "CheckValue")[0].text == "TEMP"


def test_its_date_is_that_of_the_plan(study):
    once, again = (define_xml(study, PLACES, "executable-sap") for _ in range(2))
    assert once == again
    assert ET.fromstring(once).get("CreationDateTime") == f"{study.plan.plan.date}T00:00:00"
