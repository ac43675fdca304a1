"""The reporting event is what the CDISC standard says it is, leads nowhere in vain, and holds every result once."""

import json
import time
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from analysis.ars.event import reporting_event
from analysis.ars.methods import Method, Operation, options
from analysis.ars.populations import swapped, where
from analysis.data.load import Study, load
from analysis.results.ard import Results, number_text
from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance
from analysis.running.run import run
from reports.words.numbers import shown
from sap.methods import Step
from sap.methods.binomial import Binomial
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.model.clause import AllOf, Condition
from sap.model.design import BetaPrior
from sap.model.part import Window
from sap.reading.post_hoc import read_whole_plan
from sap.text.problems import UserError
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT.parent / "shared" / "ars" / "ars_ldm.schema.json"
DEFINED_BY = {
    "analysisId": "analyses",
    "analysisSetId": "analysisSets",
    "dataSubsetId": "dataSubsets",
    "methodId": "methods",
    "groupingId": "analysisGroupings",
    "operationId": "operations",
    "outputId": "outputs",
    "referenceDocumentId": "referenceDocuments",
    "referencedOperationRelationshipId": "referencedOperationRelationships",
    "groupId": "groups",
    "sponsorTermId": "sponsorTerms",
    "subSectionId": "subSections",
    "categoryIds": "categories",
}
"""Where the thing is defined that each kind of reference names."""


@dataclass(frozen=True)
class Trial:
    study: Study
    results: Results
    text: str
    event: dict


def told(study: Study, state: str = "sealed") -> Provenance:
    return Provenance(
        plan=PlanSource(id=study.plan.plan.id, version=study.plan.plan.version, sha256="a" * 64),
        data=tuple(
            DataSource(dataset=name, file=d.file, sha256="b" * 64, rows=len(study.data[name]), columns=3)
            for name, d in study.plan.datasets.items()
        ),
        data_sha256="c" * 64,
        code=CodeSource(version="0.1.0", sha256="d" * 64, commit="e" * 40, dirty=True),
        python="3.13.0",
        libraries={},
        state=state,
    )


def event_of(study: Study, results: Results, state: str = "sealed") -> str:
    return reporting_event(study, results, told(study, state), shown)


@pytest.fixture(scope="module", params=["the study", "another trial"])
def trial(request) -> Trial:
    if request.param == "the study":
        study, results = request.getfixturevalue("study"), request.getfixturevalue("results")
    else:
        study = load(read_whole_plan(ROOT / "tests/other_trial/plan.yml"), ROOT / "tests/other_trial/data")
        results = run(study)
    text = event_of(study, results)
    return Trial(study, results, text, json.loads(text))


@pytest.fixture(scope="module")
def imported() -> dict:
    """Return the event of a plan that was made from an event, whose names it keeps."""
    study = load(read_whole_plan(ROOT / "tests/event/plan.yml"), ROOT / "tests/event/data")
    return json.loads(event_of(study, run(study)))


@pytest.fixture(params=["own names", "names of another event"])
def any_event(request, trial) -> dict:
    return trial.event if request.param == "own names" else request.getfixturevalue("imported")


@pytest.fixture(scope="session")
def validate() -> Callable[[dict], list[str]]:
    """Return a function that gives every breach of the schema; unknown names at the root are breaches too."""
    if not SCHEMA.is_file():
        pytest.skip(f"the schema of the standard is not beside the checkout, at {SCHEMA}")
    schema = json.loads(SCHEMA.read_text()) | {"additionalProperties": False}
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    return lambda event: [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(event)]


def parts(node: object, found: dict | None = None) -> dict[str, list]:
    """Return everything that stands under each name, wherever it stands."""
    found = {} if found is None else found
    if isinstance(node, dict):
        for name, part in node.items():
            found.setdefault(name, []).extend(part if isinstance(part, list) else [part])
            parts(part, found)
    elif isinstance(node, list):
        for part in node:
            parts(part, found)
    return found


def entries(contents: dict) -> list[dict]:
    """Return the entries of a list of contents, from top to bottom."""
    found = []
    for entry in contents["listItems"]:
        found += [entry, *entries(entry.get("sublist", {"listItems": []}))]
    return found


def of(event: dict, analysis_id: str) -> dict:
    """Return an analysis by the id of the plan and its step."""
    return next(a for a in event["analyses"] if a["id"] == in_programs(analysis_id))


def in_programs(plan_id: str) -> str:
    """Return an id as programs can write it."""
    return plan_id.replace("-", "_")


# --- the standard


def test_it_validates_against_the_standard(trial, validate):
    assert validate(trial.event) == []


@pytest.mark.parametrize("state", ["draft", "dry run"])
def test_a_run_that_is_not_sealed_validates_and_says_so_on_every_display(study, results, validate, state):
    event = json.loads(event_of(study, results, state))
    stamp = {"draft": "DRAFT", "dry run": "DRY RUN – synthetic data"}[state]
    assert validate(event) == []
    assert event["label"].startswith(f"{stamp}: ")
    assert event["description"].startswith(stamp.partition(" –")[0])
    assert event["globalDisplaySections"][0]["subSections"][0]["text"] == stamp
    for output in event["outputs"]:
        header = output["displays"][0]["display"]["displaySections"][0]
        assert header == {"sectionType": "Header", "orderedSubSections": [{"order": 1, "subSectionId": "STAMP"}]}


def test_the_validator_would_see_a_fault(trial, validate):
    wrong = json.loads(trial.text)
    wrong["analyses"][0]["purpose"] = {"controlledTerm": "BECAUSE"}
    wrong["unknown"] = 1
    assert len(validate(wrong)) == 2


def test_every_id_that_is_named_exists(any_event):
    found = parts(any_event)
    for name, where_defined in DEFINED_BY.items():
        known = {part["id"] for part in found.get(where_defined, [])}
        dangling = set(found.get(name, [])) - known
        assert not dangling, name


def test_ids_are_unique_within_each_kind(any_event):
    found = parts(any_event)
    for kind in {*DEFINED_BY.values(), "analysisOutputCategorizations", "terminologyExtensions"}:
        ids = [part["id"] for part in found.get(kind, []) if isinstance(part, dict)]
        assert [i for i, n in Counter(ids).items() if n > 1] == [], kind


def test_groups_and_operations_belong_to_what_names_them(any_event):
    groups = {g["id"]: {x["id"] for x in g.get("groups", [])} for g in any_event["analysisGroupings"]}
    operations = {m["id"]: {o["id"] for o in m["operations"]} for m in any_event["methods"]}
    for a in any_event["analyses"]:
        ordered = {g["groupingId"] for g in a.get("orderedGroupings", [])}
        for result in a["results"]:
            assert result["operationId"] in operations[a["methodId"]]
            for group in result.get("resultGroups", []):
                assert group["groupingId"] in ordered
                assert group.get("groupId") in {None, *groups[group["groupingId"]]}
                assert not ("groupId" in group and "groupValue" in group)


def test_what_a_result_is_computed_from_is_an_operation_of_the_analysis_that_is_named(any_event):
    operations = {m["id"]: {o["id"] for o in m["operations"]} for m in any_event["methods"]}
    method = {a["id"]: a["methodId"] for a in any_event["analyses"]}
    related = {r["id"]: r["operationId"] for r in parts(any_event)["referencedOperationRelationships"]}
    for a in any_event["analyses"]:
        for named in a.get("referencedAnalysisOperations", ()):
            operation = related[named["referencedOperationRelationshipId"]]
            assert operation in operations[method[named["analysisId"]]], a["id"]


def test_a_percentage_of_those_of_another_analysis_names_that_and_its_count(imported):
    related = {r["id"]: r for r in parts(imported)["referencedOperationRelationships"]}
    (share,) = [a for a in imported["analyses"] if a["id"] == "An_2"]
    assert [
        (
            related[named["referencedOperationRelationshipId"]]["referencedOperationRole"]["controlledTerm"],
            related[named["referencedOperationRelationshipId"]]["operationId"],
            named["analysisId"],
        )
        for named in share["referencedAnalysisOperations"]
    ] == [("NUMERATOR", "M_2_n", "An_2"), ("DENOMINATOR", "M_1_n", "An_1")]


def test_levels_and_orders_count_from_one(trial):
    for contents in (trial.event["mainListOfContents"], *trial.event["otherListsOfContents"]):
        assert {e["level"] for e in contents["contentsList"]["listItems"]} == {1}
        for entry in entries(contents["contentsList"]):
            below = entry.get("sublist", {"listItems": []})["listItems"]
            assert [e["order"] for e in below] == list(range(1, len(below) + 1))
            assert {e["level"] for e in below} <= {entry["level"] + 1}
    assert [s["order"] for s in trial.event["analysisSets"]] == list(range(1, len(trial.event["analysisSets"]) + 1))


def test_compound_expressions_combine_two_clauses_or_negate_one(trial):
    for compound in parts(trial.event).get("compoundExpression", []):
        parts_of = len(compound["whereClauses"])
        assert parts_of == 1 if compound["logicalOperator"] == "NOT" else parts_of >= 2


# --- every result


def test_every_row_of_the_results_is_in_it_with_its_value(trial):
    digits = trial.study.plan.conventions.p_value_digits
    rows = Counter(
        (
            None if r.error and r.stat is None else number_text(r.stat) if r.stat is not None else r.stat_text,
            shown(r, digits),
        )
        for r in trial.results
    )
    assert (
        Counter((r.get("rawValue"), r["formattedValue"]) for a in trial.event["analyses"] for r in a["results"]) == rows
    )


def test_the_results_of_an_analysis_are_its_rows_in_their_order(trial):
    for task in {r.analysis_id for r in trial.results} - {"SETS"}:
        mine = [
            r
            for a in trial.event["analyses"]
            if a["id"].rpartition(".")[2] != "N" and a["id"].partition(".")[0] == in_programs(task)
            for r in a["results"]
        ]
        assert [r["formattedValue"] for r in mine] == [
            shown(r, trial.study.plan.conventions.p_value_digits) for r in trial.results.of(task)
        ]


def test_no_two_results_say_they_are_the_same(trial):
    keys = Counter(
        (a["id"], r["operationId"], json.dumps(r.get("resultGroups")))
        for a in trial.event["analyses"]
        for r in a["results"]
    )
    assert [k for k, n in keys.items() if n > 1] == []


def test_a_value_that_cannot_be_estimated_is_ne_and_the_analysis_says_why(study, results):
    event = json.loads(event_of(study, results))
    survival = of(event, "AN-OS.1")
    (median,) = [r for r in survival["results"] if r["operationId"].endswith("survival.median.estimate")]
    assert median == {"operationId": "kaplan_meier.1.survival.median.estimate", "formattedValue": "NE"}
    assert (
        "Not estimable: the survival curve does not come down to 0.5 within the follow-up (1 result)."
        in survival["description"]
    )


def test_a_group_compared_with_another_names_the_grouping_and_no_group(study, results):
    event = json.loads(event_of(study, results))
    (p,) = [r for r in of(event, "AN-PEAK.1")["results"] if r["operationId"].endswith("p.value")]
    assert p["resultGroups"] == [{"groupingId": "RSPGRP"}]


def test_results_the_plan_does_not_have_are_refused(study, results):
    stranger = results.rows[-1].__class__(**{**results.rows[-1].__dict__, "analysis_id": "AN-OTHER"})
    with pytest.raises(UserError, match="AN-OTHER"):
        event_of(study, Results((*results.rows, stranger)))


# --- what an analysis says


def test_every_analysis_of_the_plan_is_listed(trial):
    listed = [e["analysisId"] for e in entries(trial.event["mainListOfContents"]["contentsList"]) if "analysisId" in e]
    assert set(listed) == {a["id"] for a in trial.event["analyses"]}


def test_the_list_of_contents_begins_with_the_outputs_that_the_next_list_has_alone(trial):
    """A reader of the standard's examples finds the analyses of an output by its position in both lists."""
    main = trial.event["mainListOfContents"]["contentsList"]["listItems"]
    alone = trial.event["otherListsOfContents"][0]["contentsList"]["listItems"]
    assert [o["outputId"] for o in alone] == [o["outputId"] for o in main[: len(alone)]]
    assert not any("sublist" in o for o in alone)
    assert [o["outputId"] for o in alone] == [o.id for o in trial.study.plan.outputs]


def test_every_output_is_listed_with_the_sets_and_analyses_it_shows(trial):
    plan = trial.study.plan
    shown_by = {
        e["outputId"]: {x["analysisId"] for x in entries(e.get("sublist", {"listItems": []})) if "analysisId" in x}
        for e in trial.event["mainListOfContents"]["contentsList"]["listItems"]
        if "outputId" in e
    }
    assert (
        list(shown_by) == [o.id for o in (*plan.outputs, *plan.listings)] == [o["id"] for o in trial.event["outputs"]]
    )
    for o in plan.outputs:
        tasks = {i for a in o.analyses for i in (a, *(s.id for s in plan.analysis(a).sensitivity))}
        sizes = {f"SETS.{plan.analysis(a).analysis_set}" for a in o.analyses}
        assert {i for i in shown_by[o.id] if i.startswith("SETS.")} == {in_programs(s) for s in sizes}
        found = {i.partition(".")[0] for i in shown_by[o.id] if not i.startswith("SETS.")}
        assert found == {in_programs(t) for t in tasks}


def test_purpose_and_reason_are_terms_of_the_standard_where_it_has_them(trial):
    plan = trial.study.plan
    terms = {t["id"]: t["submissionValue"] for x in trial.event["terminologyExtensions"] for t in x["sponsorTerms"]}
    for a in plan.analyses:
        mine = of(trial.event, f"{a.id}.1") if a.steps[0].method != "by_subject" else of(trial.event, f"{a.id}.N")
        assert mine["purpose"] == {"controlledTerm": f"{a.purpose.upper()} OUTCOME MEASURE"}
        assert mine["reason"] == {
            "controlledTerm": {"specified in SAP": "SPECIFIED IN SAP", "post hoc": "DATA DRIVEN"}[a.reason]
        }
        for s in a.sensitivity:
            changed = of(trial.event, f"{s.id}.N")
            assert terms[changed["purpose"]["sponsorTermId"]] == f"{s.kind.upper()} ANALYSIS"
            assert changed["categoryIds"] == [a.id, s.id]
            assert f"{s.kind.capitalize()} analysis of {a.id}." in changed["description"]


def test_a_post_hoc_analysis_is_data_driven_and_not_referred_to_the_plan(trial):
    post_hoc = {a.id for a in trial.study.plan.analyses if a.reason == "post hoc"}
    driven = {
        a["id"].partition(".")[0] for a in trial.event["analyses"] if a["reason"] == {"controlledTerm": "DATA DRIVEN"}
    }
    assert driven & {in_programs(a.id) for a in trial.study.plan.analyses} == {in_programs(i) for i in post_hoc}
    for a in trial.event["analyses"]:
        if a["id"].partition(".")[0] in {in_programs(i) for i in post_hoc}:
            assert a["documentRefs"] == [{"referenceDocumentId": "POST-HOC"}]


def test_an_analysis_on_another_derivation_has_the_set_that_derivation_makes(study, results):
    event = json.loads(event_of(study, results))
    changed = of(event, "AN-DLT-S1.1")
    assert (changed["dataset"], changed["analysisSetId"]) == ("DLTCRS3", "DLTE.DLT-DLTCRS3")
    (own,) = [s for s in event["analysisSets"] if s["id"] == "DLTE.DLT-DLTCRS3"]
    about = {c["dataset"] for c in parts(own)["condition"]}
    assert about == {"ADSL", "DLTCRS3"}
    assert own["name"] == "DLT-evaluable set (DLTCRS3 in place of DLT)"
    assert of(event, "AN-DLT-S3.1")["analysisSetId"] == "SAF"


def test_a_subset_is_its_where_clause():
    study = load(read_whole_plan(ROOT / "tests/other_trial/plan.yml"), ROOT / "tests/other_trial/data")
    event = json.loads(event_of(study, Results(())))
    subset = event["dataSubsets"][0]
    assert of(event, "RESPONSE-MEASURABLE.1")["dataSubsetId"] == subset["id"] == "RESPONSE-MEASURABLE.subset"
    first, second = subset["compoundExpression"]["whereClauses"]
    assert first["condition"] == {"dataset": "ADSL", "variable": "MEASFL", "comparator": "EQ", "value": ["Y"]}
    assert second["compoundExpression"]["logicalOperator"] == "AND"


def test_records_that_a_method_looks_at_are_a_subset(study, results):
    event = json.loads(event_of(study, results))
    (subset,) = [s for s in event["dataSubsets"] if s["id"] == of(event, "AN-TEMP.1")["dataSubsetId"]]
    assert subset["condition"] == {"dataset": "ADLB", "variable": "PARAMCD", "comparator": "EQ", "value": ["TEMP"]}
    assert "dataSubsetId" not in of(event, "AN-OS.1")


def test_where_a_plan_has_no_subset_the_sizes_of_its_sets_name_that_of_everybody(study, results):
    """A reader looks for the name of a subset in the analyses, and stops where none has one."""
    kept = tuple(a for a in study.plan.analyses if a.id in {"AN-DLT", "AN-RESP", "AN-OS", "AN-PEAK"})
    shown = tuple(o for o in study.plan.outputs if o.analyses == ("AN-DLT",))
    plan = study.plan.model_copy(update={"analyses": kept, "outputs": shown})
    size = next(r for r in results if r.analysis_id == "SETS")
    event = json.loads(event_of(type(study)(plan, study.data, study.sources), Results((size,))))
    assert [s["id"] for s in event["dataSubsets"]] == ["ALL-SUBJECTS"]
    named = {a["id"].partition(".")[0] for a in event["analyses"] if a.get("dataSubsetId") == "ALL-SUBJECTS"}
    assert named == {"SETS"}


def test_a_proportion_is_its_numerator_by_its_denominator(study, results):
    event = json.loads(event_of(study, results))
    (method,) = [m for m in event["methods"] if m["id"] == of(event, "AN-RESP.1")["methodId"]]
    (estimate,) = [o for o in method["operations"] if o["id"].endswith(".estimate")]
    roles = {
        r["referencedOperationRole"]["controlledTerm"]: r["operationId"]
        for r in estimate["referencedOperationRelationships"]
    }
    assert roles == {"NUMERATOR": f"{method['id']}.proportion.n", "DENOMINATOR": f"{method['id']}.proportion.N"}
    assert [r["description"] for r in estimate["referencedOperationRelationships"]] == [
        "The numerator of the proportion.",
        "The denominator of the proportion.",
    ]
    assert estimate["resultPattern"] == "xx.x%"


def test_steps_with_the_same_options_share_a_method(study, results):
    event = json.loads(event_of(study, results))
    assert of(event, "AN-DLT.1")["methodId"] == of(event, "AN-DLT-S3.1")["methodId"]
    assert of(event, "AN-DLT.1")["methodId"] != of(event, "AN-RESP.1")["methodId"]  # one has an upper bound


def test_steps_that_compute_in_different_ways_do_not_share_a_method(planned, study):
    """The day from which curves run is an option, whatever the start of a list of records is."""

    def twice(content):
        first = next(a for a in content["analyses"] if a["id"] == "AN-OSHSCT")
        second = deepcopy(first) | {"id": "AN-LATER", "sensitivity": []}
        second["steps"][0]["start"] = 10
        second["steps"][0]["at_risk"] = [d for d in second["steps"][0]["at_risk"] if d >= 10]
        content["analyses"].append(second)

    changed = type(study)(planned(twice), study.data, study.sources)
    event = json.loads(event_of(changed, run(changed)))
    assert of(event, "AN-OSHSCT.1")["methodId"] != of(event, "AN-LATER.1")["methodId"]


def test_a_count_in_every_group_is_another_method_than_the_count_of_all(planned, study, validate):
    """Only where there are groups does it say what is counted where nobody has an event."""

    def by_response(content):
        first = next(a for a in content["analyses"] if a["id"] == "AN-AE")
        second = deepcopy(first) | {"id": "AN-AEGRP", "sensitivity": []}
        second["steps"][0]["by"] = "RSPGRP"
        content["analyses"].append(second)

    changed = type(study)(planned(by_response), study.data, study.sources)
    found = run(changed)
    text = event_of(changed, found)
    event = json.loads(text)
    assert validate(event) == []
    assert len({of(event, f"{a}.1")["methodId"] for a in ("AN-AE", "AN-AEGRP")}) == 2
    told = {m["id"]: m["description"] for m in event["methods"]}
    said = [told[of(event, f"{a}.1")["methodId"]] for a in ("AN-AE", "AN-AEGRP")]
    assert ["in every group" in words for words in said] == [False, True]
    none = [r for r in found.of("AN-AEGRP") if r.stat_name == "n" and r.stat == 0]
    raw = [r["rawValue"] for a in event["analyses"] if a["id"] == "AN_AEGRP.1" for r in a.get("results", [])]
    assert none
    assert raw.count("0") >= len(none)


def test_lists_of_records_share_a_method_whatever_they_list(study, results):
    event = json.loads(event_of(study, results))
    assert of(event, "AN-TLAE.1")["methodId"] == of(event, "AN-TLRSP.1")["methodId"]


@each("method", get_args(get_args(Step)[0]))
def test_what_a_method_is_applied_to_are_options_of_its_own(method):
    assert method.applied_to <= set(method.model_fields)
    unsaid = {n for n in method.model_fields if n in {"variable", "variables", "data", "dataset", "parameter"}}
    assert unsaid <= method.applied_to


def test_a_method_is_described_as_its_step_computes(study, results):
    event = json.loads(event_of(study, results))
    described = {m["id"]: m["description"] for m in event["methods"]}
    steps = {in_programs(f"{a.id}.{i}"): step for a in study.plan.analyses for i, step in enumerate(a.steps, start=1)}
    found = [(steps[a["id"]], described[a["methodId"]]) for a in event["analyses"] if a["id"] in steps]
    assert any(step.in_words != step.sentence for step, _ in found)
    assert all(text.startswith(step.in_words) for step, text in found)


def test_an_output_carries_its_number_title_and_footnotes(study, results):
    event = json.loads(event_of(study, results))
    for spec in (*study.plan.outputs, *study.plan.listings):
        (output,) = [o for o in event["outputs"] if o["id"] == spec.id]
        display = output["displays"][0]["display"]
        texts = {
            s["sectionType"]: [x["subSection"]["text"] for x in s["orderedSubSections"]]
            for s in display["displaySections"]
        }
        assert display["displayTitle"].endswith(f"{spec.number}. {spec.title}")
        assert texts.get("Title") == [display["displayTitle"]]
        assert texts.get("Footnote", []) == list(spec.footnotes)
        (file,) = output["fileSpecifications"]
        assert (ROOT / "reports" / file["name"]).with_suffix(".qmd").is_file()


def test_plan_and_data_are_documents_with_their_digests(study, results):
    documents = {d["id"]: d["description"] for d in json.loads(event_of(study, results))["referenceDocuments"]}
    assert f"Version {study.plan.plan.version} of" in documents[study.plan.plan.id]
    assert "a" * 64 in documents[study.plan.plan.id]
    assert "b" * 64 in documents["DATA.ADSL"]
    assert "with changes" in documents["CODE"]


# --- the file


def test_the_same_results_give_the_same_bytes_quickly(trial):
    start = time.process_time()
    again = event_of(trial.study, trial.results)
    assert time.process_time() - start < 1
    assert again == trial.text
    assert again.endswith("}\n")
    assert "\r" not in again


def test_each_result_stands_on_one_line(trial):
    lines = [line for line in trial.text.splitlines() if line.startswith('{"operationId"')]
    assert len(lines) == len(trial.results.rows)


# --- its parts


def test_an_expression_of_one_clause_is_the_clause():
    condition = {"dataset": "ADSL", "variable": "AGE", "comparator": "GE", "value": 18}
    clause = AllOf.model_validate({"and": [condition]})
    assert where(clause, level=1, order=2) == {"level": 1, "order": 2, "condition": condition | {"value": ["18"]}}


def test_a_clause_keeps_everything_but_the_dataset_that_is_replaced():
    clause = AllOf.model_validate(
        {
            "and": [
                {"dataset": "DLT", "variable": "EVALFL", "comparator": "EQ", "value": "Y"},
                {"not": {"dataset": "ADSL", "variable": "SEX", "comparator": "EQ", "value": "F"}},
            ]
        }
    )
    other = where(swapped(clause, {"DLT": "NEW"}), level=1, order=1)
    assert json.dumps(other) == json.dumps(where(clause, level=1, order=1)).replace("DLT", "NEW")
    assert isinstance(swapped(Condition(dataset="A", variable="B", comparator="EQ", value=("1",)), {}), Condition)


def test_options_say_how_and_where_needed_what():
    step = Binomial(method="binomial", variable="BOR.BOR", event=("CR", "CRi"), conf_level=0.9)
    assert options(step, all_of_them=False) == {"conf_level": "0.9", "upper_bound": "no"}
    assert options(step, all_of_them=True) == {
        "variable": "BOR.BOR",
        "event": "CR, CRi",
        "conf_level": "0.9",
        "upper_bound": "no",
    }


def test_parts_of_an_option_are_told_in_words():
    prior = Posterior(method="posterior", variable="DLT.DLTFL", event=("Y",), prior=BetaPrior(a=0.5, b=0.5))
    assert options(prior, all_of_them=False)["prior"] == "Beta(0.5, 0.5)"
    course = Profile(method="profile", parameter="EXPAN", window=Window(start=0, end=28))
    assert options(course, all_of_them=False)["window"] == "day 0 to 28"


def test_a_method_of_thousands_of_operations_is_written_in_time():
    """A posterior after each of 2,001 subjects has two operations each; a search for each among all does not end."""
    made = [
        Operation("binomial", str(k), name, name, "")
        for k in range(3000)
        for name in ("n", "N", "estimate", "conf.level", "conf.low")
    ]
    found = Method("binomial.1", None, {o.key: o for o in made}).as_json()
    assert len(found["operations"]) == len(made)
    related = next(o for o in found["operations"] if o["id"] == "binomial.1.binomial.2999.estimate")
    assert [r["operationId"] for r in related["referencedOperationRelationships"]] == [
        "binomial.1.binomial.2999.n",
        "binomial.1.binomial.2999.N",
    ]
