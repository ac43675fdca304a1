"""The first study stands in its plan, its data and its pages, and nowhere in the code."""

import re
from pathlib import Path

from tests.each import each

ROOT = Path(__file__).resolve().parents[2]
STUDY = re.compile(
    r"\bCLL|\bAML\b|leuk|\bCRi\b|CAR-?T|HSCT|\bRECON|\bAN-(?:DLT|RESP|OS|PEAK)\b"
    r"|\b(?:ten|10) (?:adults|patients|subjects)\b|10\.1186/"
)
TERM = "Infusion related reaction"
"""A preferred term that a synthetic trial may record, whatever the treatment."""
WORDS = Path("analysis") / "mapping" / "cells" / "words.py"
"""The words of every guideline for a response stand there, those of the first study's among them."""
CODE = sorted(p for room in ("sap", "analysis", "reports", "executable_sap") for p in (ROOT / room).rglob("*.py"))


@each("path", [p for p in CODE if p != ROOT / WORDS], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_code_names_the_first_study(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {line.strip()}" for n, line in enumerate(lines, 1) if STUDY.search(line)] == []


@each("path", CODE, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_code_supposes_that_the_treatment_is_an_infusion(path):
    lines = path.read_text(encoding="utf-8").replace(TERM, "").splitlines()
    assert [f"{n}: {line.strip()}" for n, line in enumerate(lines, 1) if "infus" in line.lower()] == []


def test_the_schema_of_a_plan_supposes_no_infusion():
    assert "infus" not in (ROOT / "sap" / "plan.schema.json").read_text(encoding="utf-8").lower()


def test_the_words_are_those_of_the_first_study():
    plan = (ROOT / "sap" / "plan.yml").read_text(encoding="utf-8")
    assert {m.group() for m in STUDY.finditer(plan)} >= {
        "CLL",
        "AML",
        "leuk",
        "CRi",
        "CAR-T",
        "HSCT",
        "AN-DLT",
        "10.1186/",
    }
