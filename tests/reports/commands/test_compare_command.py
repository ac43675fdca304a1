"""`sap diff`: why two sets of results may differ, where they do, and an exit code a script can rely on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.results.ard import Results
from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance, provenance_json
from sap.text.files import digest

ESTIMATE = ("AN-RESP", "proportion", "estimate")


def write(folder: Path, results: Results, sha256: str = "a" * 64, **more) -> Path:
    """Write what `diff` reads of a results folder."""
    text = results.to_csv()
    source = DataSource(dataset="ADRS", file="adrs.csv", sha256=sha256, rows=30, columns=8)
    told = Provenance(
        plan=PlanSource(id="SAP", version="1.0", sha256="b" * 64),
        data=(source,),
        data_sha256="c" * 64,
        code=CodeSource(version="0.1.0", sha256="d" * 64),
        python="3.13.0",
        libraries={},
        state="sealed",
        files={"ard.csv": digest(text.encode())},
        **more,
    )
    folder.mkdir()
    (folder / "ard.csv").write_text(text, encoding="utf-8")
    (folder / "provenance.json").write_text(provenance_json(told), encoding="utf-8")
    return folder


def edited(results: Results, key: tuple[str, str, str], **change) -> Results:
    """Return results with one of them changed."""
    rows = [replace(r, **change) if (r.analysis_id, r.context, r.stat_name) == key else r for r in results]
    return Results(tuple(rows))


@pytest.fixture
def a(tmp_path, results):
    return write(tmp_path / "a", results)


def test_the_same_results_end_with_0(sap, a):
    done = sap("diff", a, a)
    assert done.code == 0
    assert "Plan, data, code and libraries are the same." in done.out
    assert done.out.splitlines()[-1].startswith("All ")


def test_a_number_that_changed_ends_with_1_after_the_file_that_changed(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=0.8), sha256="e" * 64)
    done = sap("diff", a, b)
    assert done.code == 1
    lines = done.out.splitlines()
    cause = next(i for i, line in enumerate(lines) if "data ADRS" in line)
    effect = next(i for i, line in enumerate(lines) if "AN-RESP" in line)
    assert cause < effect
    assert "aaaaaaaaaaaa)" in lines[cause]
    assert "eeeeeeeeeeee)" in lines[cause]
    assert all(word in lines[effect] for word in ("Proportion (estimate)", "0.7", "0.8", "+0.1", "+12.5%"))
    assert "1 changed" in lines[-1]
    assert "Largest relative difference: 0.125, AN-RESP estimate (proportion)." in lines[-1]


def test_what_is_within_the_tolerance_is_the_same(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=0.7000001))
    assert sap("diff", a, b).code == 1
    assert sap("diff", a, b, "--tolerance", "1e-6").code == 0


def test_two_numbers_that_differ_late_are_shown_with_the_digits_that_differ(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=0.70000001))
    assert "0.70000001" in sap("diff", a, b).out


def test_a_value_that_can_no_longer_be_estimated_shows_its_reason(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=None, error="not estimable: nobody came"))
    done = sap("diff", a, b, "--tolerance", "1")
    assert done.code == 1
    (line,) = [x for x in done.out.splitlines() if "AN-RESP" in x]
    assert "NE [not estimable: nobody came]" in line


def test_single_values_are_counted_and_listed_when_asked(sap, a, tmp_path, results):
    subject = next(r for r in results if r.context == "subject" and r.stat is not None)
    rows = [replace(r, stat=r.stat + 1) if r is subject else r for r in edited(results, ESTIMATE, stat=0.8)]
    b = write(tmp_path / "b", Results(tuple(rows)))
    short, long = sap("diff", a, b), sap("diff", a, b, "--all")
    assert subject.variable_level not in short.out
    assert "1 more in values of single subjects and points of curves: --all lists them." in short.out
    assert subject.variable_level in long.out


def test_single_values_are_listed_when_nothing_else_changed(sap, a, tmp_path, results):
    subject = next(r for r in results if r.context == "subject" and r.stat is not None)
    b = write(tmp_path / "b", Results(tuple(replace(r, stat=r.stat + 1) if r is subject else r for r in results)))
    assert subject.variable_level in sap("diff", a, b).out


def test_added_and_removed_results_are_named_and_change_places(sap, a, tmp_path, results):
    b = write(tmp_path / "b", Results(results.rows[:-1]))
    assert "1 removed" in sap("diff", a, b).out
    assert "1 added" in sap("diff", b, a).out


def test_a_name_with_brackets_is_text(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=0.8, stat_label="[red]label[/red]"))
    assert "[red]label[/red]" in sap("diff", a, b).out


def test_json_has_every_difference_and_what_went_in(sap, a, tmp_path, results):
    b = write(tmp_path / "b", edited(results, ESTIMATE, stat=0.8), sha256="e" * 64)
    done = sap("diff", a, b, "--json")
    assert done.code == 1
    said = json.loads(done.out)
    assert said["counts"] == {"added": 0, "removed": 0, "changed": 1, "same": len(results.rows) - 1}
    assert [(c["part"], c["name"]) for c in said["sources"]] == [("data", "ADRS")]
    (found,) = said["differences"]
    assert (found["analysis_id"], found["before"]["stat"], found["after"]["stat"]) == ("AN-RESP", "0.7", "0.8")
    assert found["absolute"] == pytest.approx(0.1)


def test_files_without_provenance_are_compared_and_noted(sap, a, tmp_path, results):
    lone = tmp_path / "lone.csv"
    lone.write_text(results.to_csv(), encoding="utf-8")
    done = sap("diff", a, lone)
    assert done.code == 0
    assert "lone.csv has no provenance.json beside it" in done.out
    assert "libraries are the same" not in done.out
    assert json.loads(sap("diff", a, lone, "--json").out)["sources"] is None


def test_a_result_file_that_was_changed_is_noted(sap, a, tmp_path, results):
    b = write(tmp_path / "b", results)
    (b / "ard.csv").write_text(edited(results, ESTIMATE, stat=0.8).to_csv(), encoding="utf-8")
    done = sap("diff", a, b)
    assert done.out.count("was changed after the run that wrote it.") == 1
    assert f"A: {a / 'ard.csv'}, sealed\nB: {b / 'ard.csv'}\n" in done.out


def test_a_provenance_that_was_changed_is_noted_and_its_state_is_not_repeated(sap, a, tmp_path, results):
    b = write(tmp_path / "b", results)
    text = (b / "provenance.json").read_text(encoding="utf-8")
    (b / "provenance.json").write_text(text.replace('"state": "sealed"', '"state": "draft"'), encoding="utf-8")
    done = sap("diff", a, b)
    assert f"B: {b / 'ard.csv'}\n" in done.out
    assert f"{b / 'provenance.json'} was changed after the run that wrote it." in done.out


def test_what_cannot_be_read_ends_with_2(sap, a, tmp_path):
    damaged = tmp_path / "damaged.csv"
    damaged.write_text("not,results\n", encoding="utf-8")
    for b in (tmp_path / "none", damaged, tmp_path):
        done = sap("diff", a, b)
        assert done.code == 2
        assert str(b) in done.err
    (a / "provenance.json").write_text("{}", encoding="utf-8")
    assert sap("diff", a, a).code == 2


@pytest.mark.parametrize("tolerance", ["-1", "2", "nan", "much"])
def test_a_tolerance_that_is_none_ends_with_2(sap, a, tolerance):
    assert sap("diff", a, a, "--tolerance", tolerance).code == 2
