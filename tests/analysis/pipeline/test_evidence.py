"""The record of comparisons says nothing about code, values or libraries it was not made with."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.pipeline.evidence import evidence_digest, read_record

ROOT = Path(__file__).resolve().parents[3]
ROW = {"requirement": "R", "method": "M", "sources": ["S"], "cases": 3, "largest": 1e-12, "tolerance": 1e-9}


@pytest.fixture
def references(tmp_path) -> Path:
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "tests/reference", folder)
    return folder


def record(references: Path, **changed: object) -> Path:
    path = references / "record.json"
    content = {"about_sha256": evidence_digest(references), "rows": [{**ROW, **changed}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [({}, "agrees"), ({"largest": 2e-9}, "differs"), ({"largest": "inf"}, "differs"), ({"cases": 0}, "not run")],
)
def test_a_verdict_follows_from_the_largest_difference(references, changed, verdict):
    found = read_record(record(references, **changed))
    assert found.current
    assert [e.verdict for e in found.rows] == [verdict]


def test_a_changed_reference_value_makes_every_verdict_not_run(references):
    path = record(references)
    values = references / "binomial.json"
    values.write_text(values.read_text(encoding="utf-8").replace("0.3", "0.4", 1), encoding="utf-8")
    found = read_record(path)
    assert not found.current
    assert [e.verdict for e in found.rows] == ["not run"]


def test_a_changed_method_makes_the_digest_another(references, tmp_path):
    methods = tmp_path / "methods"
    shutil.copytree(ROOT / "analysis/methods", methods)
    before = evidence_digest(references, methods)
    assert before == evidence_digest(references)
    (methods / "ranks/shift.py").write_text("# nothing\n", encoding="utf-8")
    assert evidence_digest(references, methods) != before


def test_another_library_version_makes_the_digest_another(references, monkeypatch):
    before = evidence_digest(references)
    monkeypatch.setattr("analysis.pipeline.evidence.version", lambda name: "0")
    assert evidence_digest(references) != before


def test_without_a_record_there_is_no_evidence(tmp_path):
    assert read_record(tmp_path / "record.json").rows == ()
