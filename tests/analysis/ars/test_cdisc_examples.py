"""Four displays of CDISC, from their reporting event to every value that CDISC computed with SAS: 758 results."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.ars.event import reporting_event
from analysis.data.load import load
from analysis.recompute import recompute
from analysis.running.run import run
from reports.commands.beginning.event import begun_from
from reports.words.numbers import shown
from sap.reading.read import read_plan
from tests.each import each
from tests.provenances import PROVENANCE

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "ars" / "etfl"
SIZES = {"fda-dm-t02": 278, "fda-ae-t06": 207, "fda-ae-t12": 66, "fda-ds-t04": 207}
WITHOUT_IDS = {
    "fda-dm-t02": {"An_05", "An_06", "An_06_Total", "An_07", "An_07_Total"},
    "fda-ae-t06": {"An_30"},
    "fda-ae-t12": {"An_58"},
    "fda-ds-t04": {"An_12"},
}
"""Analyses of which CDISC's results lack the id of their group, or have that of another one of a like name: "Not
Reported" is that of "Black or African American"; they are held to the values of the operation."""
FIRST_RECORD = {"An_47_1", "An_48_2", "An_48_3", "An_49_1", "An_50_2", "An_50_3"}
"""Of FDA-AE-T06: the method counts a subject in each group in which it has a record. CDISC's program kept the first
record of each subject in the file, and counted it there alone."""
OTHERWISE = FIRST_RECORD | {
    "An_46_1",  # only one group has such an event, and the program then printed 0 in the place of -2 of 86
    "An_47",  # the program counted the four actions of the table alone, again on first records
    "An_48",
    "An_48_1",
}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """Return what makes an example: its source, and the study of the plan that it becomes."""
    if not EXAMPLES.is_dir():
        pytest.skip(f"CDISC's examples are not beside the checkout, at {EXAMPLES}")
    made = {}

    def of(name):
        if name not in made:
            folder = EXAMPLES / name
            plan = tmp_path_factory.mktemp(name) / "plan.yml"
            plan.write_text(begun_from(folder / "ars.json", None).plan, encoding="utf-8")
            source = json.loads((folder / "ars.json").read_text(encoding="utf-8"))
            made[name] = source, load(read_plan(plan), folder)
        return made[name]

    return of


def event_of(study):
    results = run(study)
    return results, json.loads(reporting_event(study, results, PROVENANCE, shown))


def values(event, *, by_group):
    """Return the raw values of each operation of each analysis, and group where it is asked for."""
    found = {}
    for a in event["analyses"]:
        for r in a.get("results", ()):
            groups = tuple(g.get("groupId", g.get("groupValue", "")) for g in r.get("resultGroups", ()))
            key = (a["id"], r["operationId"], *(groups if by_group else ()))
            found.setdefault(key, []).append(r.get("rawValue"))
    return found


def same(ours, theirs):
    """Return whether a value is another one, to the digits in which that is printed."""
    if ours is None:
        return False
    last = Decimal(theirs).as_tuple().exponent
    return abs(Decimal(ours) - Decimal(theirs)) <= Decimal(1).scaleb(int(last)) * Decimal("0.50001")


def differing(name, source, event):
    """Return the analyses and operations of which a value is not there."""
    found, beside, taken = values(event, by_group=True), values(event, by_group=False), Counter()
    for (analysis, operation, *groups), theirs in values(source, by_group=True).items():
        loose = analysis in WITHOUT_IDS[name]
        left = list((beside if loose else found).get((analysis, operation, *([] if loose else groups)), []))
        for value in theirs:
            match = next((v for v in left if same(v, value)), None)
            if match is None:
                taken[analysis] += 1
            else:
                left.remove(match)
    return taken


@each("name", SIZES)
def test_every_value_is_that_of_cdisc_to_the_digits_printed(name, example):
    source, study = example(name)
    results, event = event_of(study)
    assert sum(len(a.get("results", ())) for a in source["analyses"]) == SIZES[name]
    assert set(differing(name, source, event)) == (OTHERWISE if name == "fda-ae-t06" else set())
    assert {c.verdict for c in recompute(study, results, with_r=False)} == {"agrees"}


def test_where_subjects_are_counted_once_in_all_the_numbers_are_those_of_cdisc(example):
    source, study = example("fda-ae-t06")
    first = study.data["ADAE"].drop_duplicates("USUBJID")
    _, event = event_of(replace(study, data={**study.data, "ADAE": first}))
    assert not FIRST_RECORD & set(differing("fda-ae-t06", source, event))


@each("name", SIZES)
def test_the_ids_of_analyses_operations_groupings_and_groups_are_kept(name, example):
    source, study = example(name)
    _, event = event_of(study)

    def ids(of, key, below=None):
        parts = of.get(key, ())
        return {p["id"] for p in parts} if below is None else {b["id"] for p in parts for b in p.get(below, ())}

    for key, below in (
        ("analyses", None),
        ("methods", None),
        ("methods", "operations"),
        ("analysisSets", None),
        ("analysisGroupings", None),
        ("analysisGroupings", "groups"),
        ("outputs", None),
    ):
        lacking = ids(source, key, below) - ids(event, key, below)
        assert not lacking, (key, below, lacking)
