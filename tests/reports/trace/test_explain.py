"""On the terminal a number's record is the page's, and an unknown name is answered with the nearest."""

import json
import shutil
from dataclasses import replace

import pytest

from reports.trace.record import trace
from sap.reading.post_hoc import read_whole_plan
from tests.each import each
from tests.opened_run import ROOT, hidden, opened_run, write_run


@pytest.fixture(scope="module")
def folder(study, results, tmp_path_factory):
    written = tmp_path_factory.mktemp("run") / "results"
    write_run(study, results, written)
    return written


@pytest.fixture
def explain(sap, folder):
    """Run `sap explain` in this process."""

    def run(*words: str, last: bool = True) -> tuple[int, str]:
        done = sap("explain", *words, *(["--results", folder] if last else []))
        return done.code, done.said

    return run


def test_a_statistic_is_explained_from_the_promise_to_the_subjects(explain):
    code, said = explain("AN-DLT", "estimate")
    assert code == 0
    for words in (
        "0.444444444444444",
        "44.4% (percent, 1 decimal)",
        "Dose-limiting toxicity",
        "Clopper–Pearson exact binomial interval",
        "primary, specified in SAP",
        "DLT-evaluable set (DLTE), n = 9",
        "conf_level 0.95",
        "adae.csv, 74 rows, SHA-256",
        "RECON-10",
        "of ard.csv",
    ):
        assert words in said, words


def test_the_terminal_says_what_the_page_says(explain, study, results):
    page = trace(opened_run(study, results))
    analysis = next(a for a in page if a.id == "AN-DLT")
    _, said = explain("AN-DLT", "estimate")
    unwrapped = " ".join(said.split())
    for fact in analysis.facts:
        assert " ".join(fact.text.split()) in unwrapped


def test_the_id_of_a_link_is_explained(explain, results):
    row = next(r for r in results if (r.analysis_id, r.stat_name) == ("AN-DLT", "estimate"))
    for word in (row.anchor, f"trace.html#{row.anchor}"):
        assert explain(word) == explain("AN-DLT", "estimate")


def test_an_analysis_lists_its_records_with_their_ids(explain, results):
    code, said = explain("an-peak")
    assert code == 0
    assert all(r.anchor in said for r in results.of("AN-PEAK"))


def test_the_record_as_json(explain, results):
    code, said = explain("AN-DLT", "estimate", "--json")
    (record,) = json.loads(said)
    assert code == 0
    assert record["row"]["stat"] == pytest.approx(4 / 9)
    assert len(record["step"]["facts"]["Dataset ADAE"]) == 64


@each(
    ("words", "nearest"),
    [
        (("AN-DLTT",), "Did you mean 'AN-DLT'?"),
        (("AN-DLT", "estimat"), "Did you mean 'estimate'?"),
        (("an-dlt-estimate-00000000",), "Did you mean 'an-dlt-estimate-"),
        (("zzz",), "AN-DLT, AN-DLT-S1"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(explain, words, nearest):
    code, said = explain(*words)
    assert code == 2
    assert nearest in said
    assert len(said.splitlines()) == 1


def test_without_results_it_says_what_to_do(sap, tmp_path):
    assert sap("explain", "AN-DLT", "--results", tmp_path).code == 2


def test_ids_hidden_from_pages_are_named_to_the_statistician(explain, study, results, monkeypatch):
    plan = hidden(read_whole_plan(ROOT / "sap/plan.yml"))
    monkeypatch.setattr("sap.reading.post_hoc.read_whole_plan", lambda _: plan)
    page = opened_run(replace(study, plan=plan), results)
    row = next(r for r in page.results if r.variable_level == "Subject 1")
    code, said = explain(row.anchor)
    assert code == 0
    assert "RECON-01" in said


def test_what_was_promised_after_data_lock_says_so_here_too(study, results):
    run = replace(opened_run(study, results), late={"AN-DLT": "by amendment 1, after data lock"})
    purposes = {a.id: next(f.text for f in a.facts if f.name == "Purpose") for a in trace(run) if a.facts}
    assert purposes["AN-DLT"] == "primary, specified in SAP, by amendment 1, after data lock"
    assert "after data lock" not in purposes["AN-DLT-S1"] + purposes["AN-RESP"]


def test_results_that_were_changed_end_with_the_code_of_the_seal(explain, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "results")
    with (tmp_path / "results" / "ard.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    code, said = explain("AN-DLT", "--results", str(tmp_path / "results"), last=False)
    assert code == 4
    assert "ard.csv was changed after the run that wrote it" in said


@each(
    ("wrong", "near"),
    [
        ("AN-DLTT", "Did you mean 'AN-DLT'?"),
        ("an-dlt-estimate", "an-dlt-estimate-"),
        ("an-dlt-estimat-0000000", "an-dlt-estimate-"),
    ],
)
def test_what_is_nearly_right_is_answered_with_what_is_near(explain, wrong, near):
    code, said = explain(wrong)
    assert code == 2
    assert near in said
