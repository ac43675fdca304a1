"""A plan about visits is run and recomputed: by a derivation of values at visits, and by the records of a subset."""

import pytest

from analysis.data.load import load, validate
from analysis.recompute import recompute
from analysis.running.run import run
from tests.broken_data import BrokenData

AT = {"window": {"start": 25, "end": 31}, "several": "nearest", "target": 28}
VISITS = {
    "id": "CRPV",
    "kind": "visits",
    "text": "C-reactive protein at day 28",
    "dataset": "ADLB",
    "parameter": "CRP",
    "visits": {"D28": AT},
    "baseline": {"window": {"end": -1}, "several": "last"},
}
DAY_1 = {"and": [{"dataset": "ADLB", "variable": v, "comparator": "EQ", "value": x} for v, x in
                 (("PARAMCD", "CRP"), ("ADY", "-1"))]}  # fmt: skip


@pytest.fixture
def analysed(planned):
    """The plan with a summary in place of the steps of one of its analyses, and with what it needs."""

    def change(variable: str, subset: object = None, *derivations: dict):
        def edit(plan: dict) -> None:
            plan["derivations"] += derivations
            analysis = plan["analyses"][-1]
            analysis["steps"] = [{"method": "summary", "variable": variable}]
            analysis.pop("sensitivity", None)
            if subset is not None:
                analysis["data_subset"] = subset
            plan["analyses"] = [*plan["analyses"][:-1], analysis]
            used = analysis["id"]
            plan["outputs"] = [o for o in plan["outputs"] if used not in o.get("analyses", [o.get("analysis")])]

        return planned(edit)

    return change


def summary_of(plan, folder) -> dict[str, float | None]:
    study = load(plan, folder)
    results = run(study)
    own = [r for r in results if r.analysis_id == plan.analyses[-1].id]
    checks = recompute(study, results, with_r=False)
    verdicts = {c.verdict for c in checks if c.analysis_id == own[0].analysis_id}
    assert verdicts == {"agrees"}
    return {r.stat_name: r.stat for r in own}


def test_a_change_at_a_visit_is_that_of_the_records(analysed, root):
    found = summary_of(analysed("CRPV.CHG_D28", None, VISITS), root / "data")
    assert found["n"] > 0
    assert found["n"] + found["n.missing"] == found["N"]


def test_a_summary_looks_at_the_records_that_the_subset_means(analysed, root):
    """ADLB has many records a subject; one of each has CRP on the day before the infusion, as the peak of that day."""
    there = summary_of(analysed("ADLB.AVAL", DAY_1), root / "data")
    derived = summary_of(analysed("CRPB.PEAK"), root / "data")
    assert there["n"] == derived["n"] > 0
    assert there["mean"] == derived["mean"]


def test_what_leaves_several_records_is_told_with_what_to_do(analysed, broken: BrokenData):
    crp = {"dataset": "ADLB", "variable": "PARAMCD", "comparator": "EQ", "value": "CRP"}
    (failure,) = (f for f in validate(analysed("ADLB.AVAL", crp), broken.folder).failures if f.rule == "several")
    assert failure.fix.startswith("Choose one record a subject by data_subset of the analysis")


def test_several_records_of_a_visit_are_one_failure_with_the_mend(analysed, broken: BrokenData):
    plan = analysed("CRPV.CHG_D28", None, VISITS | {"visits": {"D28": {"window": {"start": 1, "end": 31}}}})
    (failure,) = (f for f in validate(plan, broken.folder).failures if f.rule == "several")
    assert "have several records of CRP that may be D28 of CRPV (RECON-01 in rows" in failure.message
    assert "several: last" in failure.fix
