"""One verdict: a plan that its check passes is rehearsed to the end, whatever it composes."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from analysis.data.load import load
from analysis.pipeline.analyse import provenance_of
from analysis.pipeline.result_files import Finished, result_files
from analysis.recompute import recompute
from analysis.reconcile.lines import read_reconciled
from analysis.results.folder import write_results
from analysis.results.seal_state import SealState
from analysis.running.run import run
from analysis.synthetic.options import SyntheticOptions
from analysis.synthetic.trial import synthetic_data
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.pages.records import record_pages
from reports.run.shown import read_run
from reports.words.numbers import shown
from sap.model.names import known_values, types
from sap.model.part import Reference
from sap.reading.read import read_plan
from sap.text.problems import PlanError
from sap.text.yaml_file import YamlFile

FILE = Path(__file__).parent / "other_trial" / "plan.yml"
PLAN = read_plan(FILE)
TYPES = types(PLAN)
DERIVED = {kind: [d.id for d in PLAN.derivations if d.kind == kind] for kind in ("dlt", "time_to_event")}
ONE_EACH = [
    Reference(dataset=name, variable=variable)
    for name in ("ADSL", *(d.id for d in PLAN.derivations))
    for variable in TYPES[name]
    if variable != "USUBJID"
]
NUMBERS = [str(r) for r in ONE_EACH if TYPES[r.dataset][r.variable] in {"integer", "number"}]
CODED = {str(r): sorted(codes) for r in ONE_EACH if (codes := known_values(PLAN, r))}
DAYS = st.lists(st.sampled_from([0, 28, 90, 365]), unique=True, max_size=2).map(sorted)
LEVELS = st.sampled_from([0.8, 0.95])


def of(method: str, **options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    grouped = method in {"posterior", "records"}
    by = st.none() if grouped else st.sampled_from(["DOSE", *([] if method == "rank_comparison" else [None])])
    label = st.sampled_from([None, "Label", 'Other "label" <b>'])
    made = st.fixed_dictionaries({"method": st.just(method), "by": by, "label": label, **options})
    return made.map(lambda step: {name: value for name, value in step.items() if value is not None})


def coded(method: str, name: str, **options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    def values(variable: str) -> st.SearchStrategy[dict[str, Any]]:
        some = st.lists(st.sampled_from(CODED[variable]), min_size=1, max_size=3, unique=True)
        return of(method, variable=st.just(variable), **{name: some}, **options)

    return st.sampled_from(sorted(CODED)).flatmap(values)


STEPS = st.one_of(
    coded("binomial", "event", conf_level=LEVELS, upper_bound=st.booleans()),
    coded("posterior", "event", prior=st.just({"a": 1, "b": 1}), threshold=LEVELS),
    coded("distribution", "levels", percentages=st.sampled_from(["all", "recorded"])),
    of("criteria", data=st.sampled_from(DERIVED["dlt"])),
    of("adverse_events", treatment_emergent=st.booleans(), severe=st.sampled_from([3, 4])),
    of("summary", variable=st.sampled_from(NUMBERS), digits=st.integers(0, 2)),
    of("rank_comparison", variable=st.sampled_from(NUMBERS), digits=st.integers(0, 2)),
    of("by_subject", variables=st.lists(st.sampled_from(list(map(str, ONE_EACH))), min_size=1, max_size=3)),
    of("correlation", variable=st.just("ADSL.AGE"), with_variable=st.sampled_from(NUMBERS), coefficient=st.just("kendall")),
    of("kaplan_meier", data=st.sampled_from(DERIVED["time_to_event"]), landmarks=DAYS, at_risk=DAYS),
    of("records", dataset=st.just("ADAE"), start=st.just("ASTDT"), name=st.sampled_from(["AEDECOD", None])),
)  # fmt: skip
FIGURES = {
    "binomial": "proportion_figure",
    "correlation": "scatter_figure",
    "kaplan_meier": "kaplan_meier_figure",
    "posterior": "posterior_figure",
    "rank_comparison": "dot_figure",
}


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a plan of one or two analyses, some of whose steps differ by one option, with tables and figures."""
    content = deepcopy(YamlFile(FILE).content)
    about = {"objective": "SAFETY", "purpose": "primary", "endpoint": "An endpoint", "analysis_set": "TREATED"}
    estimand = dict.fromkeys(("population", "treatment", "variable", "summary"), "As planned")
    content |= {"objectives": content["objectives"][:1], "analyses": [], "outputs": [], "listings": []}
    for i in range(draw(st.integers(1, 2))):
        steps = draw(st.lists(STEPS, min_size=1, max_size=3, unique_by=lambda s: (s["method"], s.get("variable"))))
        if draw(st.booleans()):
            twin = draw(STEPS.filter(lambda s, method=steps[0]["method"]: s["method"] == method))
            steps.append(steps[0] | {n: v for n, v in twin.items() if n not in {"variable", "event", "levels"}})
        drawn = {v for s in steps for v in (s.get("variable"), s.get("with_variable")) if v in NUMBERS}
        steps.append({"method": "by_subject", "variables": sorted({*drawn, "ADSL.DOSELVL"})})
        change = {"id": f"S-{i}", "kind": "sensitivity", "title": "Other", "changes": "The set", "reason": "To see"}
        other = [change | {"analysis_set": "ENROLLED", "use": {"PROGR": "PROGRN"}}] if draw(st.booleans()) else []
        analysis = {
            "id": f"AN-{i}",
            "title": f"Analysis {i}",
            "estimand": estimand,
            "steps": steps,
            "sensitivity": other,
        }
        content["analyses"].append(about | analysis)
        kinds = ["table", *sorted({FIGURES[s["method"]] for s in steps if s["method"] in FIGURES})]
        content["outputs"] += [
            {"id": f"O-{i}{k}", "number": f"14.{i + 1}.{k + 1}", "kind": kind, "title": kind, "analyses": [f"AN-{i}"]}
            for k, kind in enumerate(kinds)
        ]
    return content


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(content=plans())
def test_a_plan_that_passes_the_check_is_run_recomputed_reconciled_and_drawn(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rehearsed")
    file = folder / "plan.yml"
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    try:
        plan = read_plan(file)
    except PlanError:
        assume(False)
    for name, text in synthetic_data(plan, SyntheticOptions(n=6, seed=1)).items():
        (folder / plan.datasets[name].file).write_text(text, encoding="utf-8")
    study = load(plan, folder)
    results = run(study)
    checks = recompute(study, results, with_r=False)
    assert [c for c in checks if c.verdict != "agrees"] == []
    provenance = provenance_of(study, file, SealState("dry run"), "")
    stamped = results.with_stamp(provenance.stamp)
    write_results(result_files(Finished(plan, study, stamped, checks, provenance, shown)), folder / "results")
    reconciled = read_reconciled(folder / "results" / "reconciliation.csv")
    assert {r.status for r in reconciled} <= {"run", "partly not estimable", "not estimable"}
    assert [r for r in reconciled if r.part == "rows"] == []
    opened = read_run(plan, folder / "results")
    for output in plan.outputs:
        if output.kind == "table":
            assert "<table" in html_table(table(plan, Lookup(opened.results), output))
        else:
            assert figure(plan, Lookup(opened.results), output, folder).alt
    page = "".join(content.decode() for content in record_pages(opened).values())
    assert [r.anchor for r in opened.results if page.count(f'id="{r.anchor}"') != 1] == []
