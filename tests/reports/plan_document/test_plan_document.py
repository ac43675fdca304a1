"""The plan as a document: nothing that stands in the plan is missing in it, and no result is needed for it."""

import re
from itertools import count
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from reports.pages.seal import signature_page
from reports.plan_document.document import SECTIONS, section
from reports.plan_document.guideline import _SECTIONS, checklist, guideline_section
from reports.plan_document.steps import options
from reports.words.numbers import stated
from sap.methods import METHODS, Step
from sap.methods.binomial import Binomial
from sap.methods.by_subject import BySubject
from sap.methods.distribution import Distribution
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.methods.rank_comparison import RankComparison
from sap.methods.records import Records
from sap.methods.time_dependent import TimeDependent
from sap.model.design import BetaPrior
from sap.model.figures import FIGURES
from sap.model.part import Part, Window
from sap.plan.plan import Output, Plan
from sap.reading.read import read_plan
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "reports" / "sap.qmd").read_text(encoding="utf-8")
PRINTED = [int(n) for n in re.findall(r"page\.plan_section\((\d)\)", PAGE)]
PLANS = {"the study": ROOT / "sap" / "plan.yml", "another trial": ROOT / "tests" / "other_trial" / "plan.yml"}


def document(plan: Plan) -> str:
    """What a reader of the page sees: without the marks of Markdown, white space as one space, a minus as a hyphen."""
    assert "page.notice()" in PAGE
    assert "page.plan_checklist()" in PAGE
    assert "print_signatures(page.plan)" in PAGE
    beside = [plan.study.data_notice, signature_page(plan, None), checklist(plan)]
    text = "\n".join([*beside, *(guideline_section(plan, n) for n in PRINTED)])
    return " ".join(re.sub(r"\\(.)", r"\1", text).split()).replace("\u2212", "-")


@pytest.fixture(scope="module", params=PLANS)
def any_plan(request) -> Plan:
    return read_plan(PLANS[request.param])


def fixed(annotation: object) -> bool:
    """Whether a field takes one of a few words: the document says those in words of its own."""
    return get_origin(annotation) is Literal or any(fixed(a) for a in get_args(annotation))


def leaves(value, path=""):
    """Yield every text and number of a part of the plan with its place, but the footnotes that stand under outputs."""
    if isinstance(value, Part):
        for name, field in type(value).model_fields.items():
            if name != "footnotes" and (not fixed(field.annotation) or isinstance(getattr(value, name), tuple | Part)):
                yield from leaves(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}", key
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from leaves(item, f"{path}[{i}]")
    elif type(value) in {str, int, float}:
        yield path, value


def test_the_page_prints_every_section_but_those_for_manuscripts():
    assert sorted(_SECTIONS) == PRINTED
    printed = {block.body for blocks in _SECTIONS.values() for block in blocks}
    unprinted = {name for name, body in SECTIONS.items() if body not in printed}
    # The notice opens section 2; estimands, outputs and rules stand below a sentence; conventions are said item by item.
    assert unprinted == {"conventions", "dlt_rules", "estimands", "methods", "outputs", "plan_notice"}


def test_every_text_of_the_plan_stands_in_the_document(any_plan):
    seen = document(any_plan)
    texts = [(path, text) for path, text in leaves(any_plan) if isinstance(text, str)]
    assert [(path, text) for path, text in texts if " ".join(text.split()) not in seen] == []
    assert len(texts) > 300


def test_every_number_of_the_plan_stands_in_the_document(any_plan):
    seen = document(any_plan)
    numbers = [(path, n) for path, n in leaves(any_plan) if not isinstance(n, str)]
    missing = [
        (path, n)
        for path, n in numbers
        if not re.search(rf"(?<![\d.])({re.escape(f'{n:.15g}')}|{re.escape(f'{100 * n:.15g}')}%)(?![\d])", seen)
    ]
    assert missing == []
    assert len(numbers) > 20


def test_no_text_is_there_only_because_another_says_the_same(any_plan):
    """Every text of several words is made unlike all others: each must still be found."""
    numbers = count()
    tokens = []

    def renamed(value):
        if isinstance(value, Part):
            changed = {
                name: renamed(getattr(value, name))
                for name, field in type(value).model_fields.items()
                if name != "footnotes" and not (isinstance(getattr(value, name), str) and fixed(field.annotation))
            }
            return value.model_copy(update=changed)
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(renamed(item) for item in value)
        if isinstance(value, str) and " " in value:
            tokens.append(f"text{next(numbers)}text")
            return tokens[-1]
        return value

    seen = document(renamed(any_plan))
    assert [t for t in tokens if t not in seen] == []
    assert len(tokens) > 60


def test_footnotes_stand_under_their_outputs_and_the_document_says_so(plan):
    assert "Footnotes stand under each table, figure and listing" in document(plan)
    notes = [n for spec in (*plan.outputs, *plan.listings) for n in spec.footnotes]
    assert [n for n in notes if n in document(plan)] == []
    assert len(notes) > 80


def steps(plan: Plan) -> list[Step]:
    return [s for a in plan.analyses for part in (a, *a.sensitivity) for s in part.steps]


def test_no_code_and_no_gap_stands_in_the_document(any_plan):
    # Values that are empty, and days before the infusion, are where words were missing once.
    seen = document(any_plan)
    options = {name for s in steps(any_plan) for name in type(s).model_fields if "_" in name}
    assert {name for name in options if re.search(rf"\b{name}\b", seen)} == set()
    assert re.findall(r".{20}(?:[{}]'|'[{}]|, [,.;|]|,[.;|]|: [.;])", seen) == []
    assert re.findall(r"\*\*([^*]{4,}), \1 \[", seen) == []


@each(
    ("step", "said"),
    [
        (
            Profile(method="profile", parameter="TEMP", window=Window(start=-1, end=28)),
            "dataset: ADLB; parameter: TEMP; days described: days \u22121 to 28 since first treatment; "
            "a value below quantification counts as: zero; axis: linear; decimals of the data: 1",
        ),
        (
            Distribution(
                method="distribution",
                variable="ADSL.DTHCAUS",
                levels=("Progression", ""),
                labels={"": "None"},
                percentages="recorded",
            ),
            "categories: Progression, missing; shown as: missing is None; percentages of: the subjects with a value",
        ),
        (
            Binomial(method="binomial", variable="ADSL.SEX", event=("F",), conf_level=0.975),
            "event: F; confidence level: 97.5%; one-sided upper bound: no",
        ),
        (
            RankComparison(method="rank_comparison", variable="ADSL.AGE", by="SEX"),
            "by groups of: SEX; as extreme as the observed result is: any that lies as far from what is expected "
            "(absolute deviation); confidence level: 95%; decimals of the data: 1",
        ),
        (
            Posterior(
                method="posterior", variable="DLT.DLTFL", event=("Y",), prior=BetaPrior(a=0.5, b=1), threshold=0.3
            ),
            "event: Y; confidence level: 95%; prior: Beta(0.5, 1); unacceptable rate: 30%",
        ),
        (BySubject(method="by_subject", variables=("ADSL.AGE",)), ""),
    ],
)
def test_options_are_told_in_words(step, said):
    assert re.sub(r"\\(.)", r"\1", options(step)) == said


def test_every_option_of_every_method_has_a_name_in_words():
    for method in METHODS.values():
        names = set(method.model_fields)
        unnamed = {name for name in names if "_" in name and method.option_name(name) == name.replace("_", " ")}
        assert unnamed <= {"with_variable"}, method
        assert set(method.option_words) <= names, method
        assert set(method.value_words) <= names, method


def test_a_name_that_two_methods_share_is_told_by_what_it_is_to_each():
    listed = Records(method="records", dataset="ADAE", start="ASTDT", value="ATOXGR")
    assert "first day from: ASTDT; grade or value from: ATOXGR" in options(listed)
    curves = TimeDependent(
        method="time_dependent", data="OS", exposure="HSCT.DAY", exposed="A", unexposed="B", start=9, landmarks=(9,)
    )
    assert "curves run from day: 9" in options(curves)


def test_the_anchor_of_an_analysis_is_its_id_in_small_letters(any_plan):
    text = SECTIONS["analyses"](any_plan)
    anchors = re.findall(r"\{#(sec-[^}]+)\}", text)
    assert anchors == [f"sec-{a.id.lower()}" for a in any_plan.analyses]
    assert not set(anchors) & set(re.findall(r"\{#([^}]+)\}", PAGE))


def test_an_objective_stands_with_its_endpoints_its_analyses_and_where_they_are_shown(plan):
    (line,) = [x for x in SECTIONS["objectives"](plan).splitlines() if x.startswith("| O2 ")]
    cells = [c.strip() for c in line.strip("|").split("|")]
    assert cells[1] == "secondary"
    assert cells[3:] == [f"{plan.analysis('AN-RESP').endpoint} (AN-RESP)", "Table 14.2.1, Figure 14.2.2"]


def test_tables_figures_and_listings_are_in_the_order_of_their_numbers(plan):
    numbers = [
        tuple(map(int, n.split(".")))
        for name in ("outputs", "listings")
        for n in re.findall(r"\[\w+ ([\d.]+)\]\{#plan-", SECTIONS[name](plan))
    ]
    assert numbers == sorted(numbers)
    assert len(numbers) == len(plan.outputs) + len(plan.listings)


def test_ten_comes_after_nine(planned):
    def edit(content):
        content["outputs"][0]["number"] = "14.2.30"

    text = SECTIONS["outputs"](planned(edit))
    assert text.index("14.2.4") < text.index("14.2.30") < text.index("14.3.2")


def test_nothing_changed_since_the_protocol_is_said(planned):
    text = SECTIONS["changes_from_protocol"](planned(lambda content: content.update(changes_from_protocol=[])))
    assert text.strip() == "None."


def test_a_plan_without_a_planned_proportion_has_its_justification_in_words_alone(planned):
    def change(content):
        content["sample_size"].pop("proportion")
        for part in ("analyses", "outputs"):  # a posterior asks what the stopping rule says
            content[part] = [x for x in content[part] if x["id"] not in {"AN-DLTBAYES", "T-POST", "F-POST"}]

    plan = planned(change)
    assert plan.sample_size.text.split(".")[0] in SECTIONS["sample_size"](plan)
    assert "|" not in SECTIONS["sample_size"](plan)
    assert SECTIONS["stopping"](plan).strip() == "The plan has no stopping rule."


def test_the_design_is_shown_in_numbers(plan):
    size, stopping = (re.sub(r"\\(.)", r"\1", SECTIONS[name](plan)) for name in ("sample_size", "stopping"))
    assert "; 89.3% at 20%; " in size  # 1 - 0.8^10
    assert "| 4/10 | 40.0% | 12.2% to 73.8% | 61.6 |" in size  # R: binom.test(4, 10)
    assert "stop it: 2 of 3, 4 of 6, 5 of 9." in stopping
    assert "| 2 | 91.6%, stop | 64.7% | 38.3% |" in stopping  # R: pbeta(.3, 3, c(2, 5, 8), lower.tail = FALSE)
    assert "| 50% | 50.0% | 54.7% | 64.8% | 6.2 |" in stopping


def test_parameters_of_the_design_are_shown_as_exactly_as_they_are_given(planned):
    def edit(content):
        proportion = content["sample_size"]["proportion"]
        proportion["stopping"] |= {"unacceptable_rate": 0.3333, "prior": {"a": 0.6, "b": 1.4}}

    text = SECTIONS["stopping"](planned(edit))
    assert "exceeds 33.33% is 90% or more, with the prior Beta(0.6, 1.4)" in text


def test_a_look_at_which_nothing_stops_is_said(planned):
    def edit(content):
        content["sample_size"]["proportion"]["stopping"]["unacceptable_rate"] = 0.9

    assert "never at 3" in SECTIONS["stopping"](planned(edit))


@each(
    ("n", "sizes", "said"),
    [
        (9, ("9.0", "5.9"), "A trial that no look stops is complete at the last look, with the 9 subjects planned."),
        (10, ("9.9", "6.2"), "goes on to the 10 subjects planned; the last of them comes after the last look."),
        (14, ("13.9", "7.6"), "goes on to the 14 subjects planned; the last 5 come after the last look."),
    ],
)
def test_what_follows_the_last_look_is_said_as_the_table_counts_it(planned, n, sizes, said):
    """R, as in tests/analysis/design/test_operating_characteristics.py with `else n`: 8.956 ... 5.859, 9.949 ... 6.211, 13.920 ... 7.617."""

    def edit(content):
        content["study"]["planned_n"] = n

    plan = planned(edit)
    document = re.sub(r"\\(.)", r"\1", SECTIONS["stopping"](plan))
    assert said in document
    assert f"and the mean number of subjects, {n} if no look stops it" in document
    ends = [line.rstrip(" |").rpartition(" ")[2] for line in document.splitlines() if re.match(r"\| (5|50)% ", line)]
    assert tuple(ends) == sizes
    posterior = next(s for a in plan.analyses for s in a.steps if isinstance(s, Posterior))
    assert posterior.asked_of_plan(plan, stated).endswith(said)
    assert "complete" not in document or n == 9


def test_a_plan_that_hides_subjects_says_so(planned):
    plan = planned(lambda content: content["conventions"].update(show_subject_ids=False))
    assert "Pages do not name subjects." in SECTIONS["data_handling"](plan)


def test_markup_in_the_plan_is_text(planned):
    hostile = "<script>alert(1)</script> | *bold* [link](x)"

    def edit(content):
        content["objectives"][0]["text"] = hostile
        content["design"]["control"] = hostile
        content["listings"][0]["title"] = hostile

    plan = planned(edit)
    for name in ("objectives", "design", "listings"):
        assert "<script>" not in SECTIONS[name](plan).replace("\\<", "")
        assert "\\<script\\>alert(1)\\</script\\> \\| \\*bold\\* \\[link\\](x)" in SECTIONS[name](plan)


def test_every_kind_of_figure_is_named():
    kinds = get_args(Output.model_fields["kind"].annotation)
    assert {*FIGURES, "table"} == set(kinds), "name each kind of figure in FIGURES in sap/model/figures.py"


def test_an_analysis_promised_after_data_lock_says_so_in_its_own_section(plan):
    first, *others = plan.analyses
    sensitivity = next(s.id for a in others for s in a.sensitivity)
    late = {first.id: "by amendment 1, after data lock", sensitivity: "changed by amendment 1, after data lock"}
    shown = section(plan, "analyses", late)
    assert f"{first.purpose} (O1), by amendment 1, after data lock" in shown
    assert "Changed by amendment 1, after data lock." in shown
    assert shown.count("after data lock") == 2
    assert "after data lock" not in section(plan, "analyses")


def test_a_method_is_defined_once_and_an_analysis_states_what_is_unlike_it(plan):
    defined, text = SECTIONS["statistical_methods"](plan), SECTIONS["analyses"](plan)
    lines = {line.split("`")[1]: re.sub(r"\W", "", line) for line in defined.strip().splitlines()}
    assert set(lines) == {s.method for s in steps(plan)}
    assert len(lines) == defined.count("\n- ")
    for method, line in lines.items():
        assert any(re.sub(r"\W", "", s.in_words) in line for s in steps(plan) if s.method == method), method
    assert "median where the curve is flat at one half: midpoint" in defined
    assert "median where the curve is flat at one half" not in text
    assert "past the last observed time" not in text


def test_an_option_that_is_unlike_the_usual_one_is_stated_by_the_analysis(planned):
    def edit(content):
        content["analyses"][2]["steps"][0]["conf_type"] = "log"

    assert "intervals made on the scale: log-log" in SECTIONS["statistical_methods"](planned(edit))
    step, in_place = [x for x in SECTIONS["analyses"](planned(edit)).splitlines() if "made on the scale" in x]
    assert step.startswith("- **Overall survival**: `kaplan_meier`; ")
    assert "intervals made on the scale: log;" in step
    assert "as above; intervals made on the scale: log-log; " in in_place.replace("\\", "")


def test_a_sensitivity_analysis_states_the_options_that_differ(plan, planned):
    text = SECTIONS["analyses"](plan)
    assert "`kaplan_meier` as above; follow-up described: no." in text
    assert "`rank_comparison` as above; by groups of: RSPNR." in text
    assert "`posterior` as above; prior: Beta(0.5, 0.5)." in text

    def edit(content):
        del content["analyses"][2]["sensitivity"][0]["steps"][0]["at_risk"]

    assert "follow-up described: no; subjects at risk counted on days: none." in SECTIONS["analyses"](planned(edit))


def test_what_estimands_share_is_said_once_and_what_differs_where_it_differs(plan):
    shared, text = (re.sub(r"\\(.)", r"\1", SECTIONS[name](plan)) for name in ("estimands", "analyses"))
    treatment = plan.analyses[0].estimand.treatment
    assert shared.count(f"**Treatment.** {treatment}.") == 1
    assert [x.partition("{#")[2] for x in text.split("\n### ") if "**Treatment:**" in x] == [
        next(x for x in text.split("\n### ") if "sec-an-oshsct" in x).partition("{#")[2]
    ]
    found = [x for x in shared.splitlines() if "| treatment policy | Values are used as observed. |" in x]
    names = [line.split("|")[1].strip() for line in found]
    assert f"**Intercurrent events:** {names[0]}" in text.partition("{#sec-an-cyto}")[2].partition("###")[0]
    assert "**Intercurrent events:**" not in text.partition("{#sec-an-demog}")[2].partition("###")[0]
    assert "Transplantation ends neutropenia" in text.partition("{#sec-an-dlt}")[2].partition("###")[0]


def test_a_definition_of_toxicity_states_how_it_is_unlike_those_before_it(plan):
    _, *variants = SECTIONS["dlt_rules"](plan).split("onset in ")
    assert "Criteria C3, C4, C5, C6 as in DLT-MAIN; without C1, C2 of DLT-MAIN." in variants[1]
    assert re.findall(r"\| (C\d) ", variants[1]) == ["C7"]
    assert "Criteria C1, C2, C3, C4, C5 as in DLT-MAIN; without C6 of DLT-MAIN." in variants[2]
    assert "|" not in variants[2]


def test_follow_up_is_described_only_where_the_step_asks_for_it(plan):
    lines = [x for x in SECTIONS["analyses"](plan).splitlines() if "follow-up described: no" in x]
    assert len(lines) == sum(not getattr(s, "follow_up", True) for s in steps(plan))
    for name in ("methods", "statistical_methods"):
        assert "Follow-up is described" in SECTIONS[name](plan)
