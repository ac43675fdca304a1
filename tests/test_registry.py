"""A registry in Parquet, as the benchmark makes it: its numbers are those of plain pandas, its subjects are counted."""

import json

import pandas as pd
import polars as pl
import pytest

from analysis.data import load as loading
from analysis.pipeline import sampled
from analysis.pipeline.listings import listing
from analysis.results import entered_file
from analysis.results.entered_file import COUNTED
from analysis.running.entered import entered
from analysis.running.run import run
from analysis.steps import by_subject
from benchmarks.registry import PLAN, write_registry
from sap.data.failures import MOST_LISTED, Failure, each
from sap.reading.read import read_plan

N = 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    write_registry(folder, N)
    return folder


@pytest.fixture(scope="module")
def registry(folder):
    return loading.load(read_plan(PLAN), folder)


@pytest.fixture
def many(monkeypatch):
    """Take a hundred subjects for many."""
    import analysis.pipeline.listings as listings

    for module in (entered_file, by_subject, sampled, listings):
        monkeypatch.setattr(module, "MOST_SUBJECTS", 100)
    monkeypatch.setattr(sampled, "SAMPLED", 40)


@pytest.fixture(scope="module")
def found(registry):
    return run(registry)


def value(found, analysis, stat, **more):
    (row,) = (
        r
        for r in found
        if (r.analysis_id, r.stat_name) == (analysis, stat) and all(getattr(r, k) == v for k, v in more.items())
    )
    return row.stat


def test_numbers_are_those_of_plain_pandas(found, folder):
    adsl, adae = (pl.read_parquet(folder / f"{d}.parquet").to_dicts() for d in ("adsl", "adae"))
    adsl, adae = pd.DataFrame(adsl), pd.DataFrame(adae)
    assert value(found, "DEATHS", "n", group1_level="") == (adsl["DTHFL"] == "Y").sum()
    assert value(found, "BASELINE", "mean", variable="WEIGHT") == pytest.approx(adsl["WEIGHT"].mean(), rel=1e-12)
    assert value(found, "EVENTS", "n", variable="USUBJID") == adae["USUBJID"].nunique()
    of_term = adae[adae["AEDECOD"] == "Term 03-02"]
    assert value(found, "EVENTS", "n", variable_level="Term 03-02") == of_term["USUBJID"].nunique()
    worst = of_term.groupby("USUBJID")["ATOXGR"].max()
    assert value(found, "EVENTS", "n.grade2", variable_level="Term 03-02") == (worst == 2).sum()
    assert value(found, "EVENTS", "n.severe", variable_level="Term 03-02") == (worst >= 3).sum()
    arm = set(adsl.loc[adsl["TRT01A"] == "B", "USUBJID"])
    related = adae[adae["USUBJID"].isin(arm) & (adae["AEBODSYS"] == "Class 05") & (adae["AREL"] == "RELATED")]
    assert value(found, "EVENTS-ARM", "n.related", group1_level="B", variable_level="Class 05") == (
        related["USUBJID"].nunique()
    )
    severe = adae[(adae["AEBODSYS"] == "Class 01") & (adae["ATOXGR"] >= 3)]
    counts = [value(found, "SEVERE-EVENT", "n", group1_level=g) for g in "ABC"]
    assert sum(counts) == severe["USUBJID"].nunique()


def test_a_larger_registry_begins_with_the_subjects_of_a_smaller_one(folder, tmp_path):
    write_registry(tmp_path, 10)
    small, large = (pl.read_parquet(f / "adsl.parquet")["USUBJID"].to_list() for f in (tmp_path, folder))
    assert small == large[:10]


def test_subjects_are_counted_and_not_listed(many, registry):
    results = run(registry)
    (row,) = (r for r in results if r.analysis_id == "WEIGHTS")
    assert row.stat == registry.data["ADSL"]["WEIGHT"].notna().sum()
    assert COUNTED in row.stat_label
    told = json.loads(entered_file.to_json(entered(registry)))
    assert {(e["counted"], len(e["subjects"])) for e in told if e["method"] == "all subjects"} == {(N, 0)}
    listed = listing(registry.plan.listings[0], registry.plan, registry.derived)
    assert (listed.rows, listed.counted, listed.n_with_records) == ((), N, N)


def test_the_second_route_samples_and_says_which(many, registry, monkeypatch):
    again = sampled.second_route(registry)
    assert str(again) == f"40 of {N} subjects"
    assert {c.verdict for c in again.checks} == {"agrees"}
    results = run(registry)
    checks = sampled.compared(again, results, {})
    assert len(checks) == len(results.rows)
    assert {c.verdict for c in checks} == {"not recomputed"}
    assert all(
        f"sampled: on 40 of {N} subjects the second route agrees" in c.route or "who do not" in c.route for c in checks
    )
    again = sampled.second_route(registry)
    first = next(c for c in again.checks if c.context == "proportion")
    wrong = sampled.replace(first, recomputed=-1.0, verdict="differs")
    changed = sampled.replace(again, checks=tuple(wrong if c is first else c for c in again.checks))
    (differs,) = (c for c in sampled.compared(changed, results, {}) if c.verdict == "differs")
    assert "the routes differ" in differs.route


def test_very_many_failures_are_counted():
    tell = lambda row: Failure("ADSL", row, "S", "AGE", "type", "x", "Wrong.", "Mend it.")  # noqa: E731
    told = list(each(pd.RangeIndex(2, MOST_LISTED + 7), tell))
    assert len(told) == MOST_LISTED + 1
    assert (told[-1].row, told[-1].message) == (0, "Wrong. 5 more records: counted, not listed.")
    assert len(list(each(pd.RangeIndex(2, 7), tell))) == 5
