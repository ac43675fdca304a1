"""A method nobody has had is new files only: promised, checked, computed, recomputed, shown, in ARS and in the schema.

The files of `tests/new_method` are those of CONTRIBUTING's example, the sign test; they are laid into a copy of the
program, of which one line changes: that which lists the method.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FILES = ROOT / "tests" / "new_method"
TRIAL = ROOT / "tests" / "other_trial"
LIST = Path("sap/methods/__init__.py")
STEPS = [
    {"method": "sign_test", "variable": "ADSL.AGE", "versus": 60},
    {"method": "sign_test", "variable": "ADSL.TUMSZ", "versus": 50, "by": "DOSE", "conf_level": 0.5},
]
SHOWN = """
from pathlib import Path
from analysis.results.ard import read_results
from reports.layout.lookup import Lookup
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.plan_document.document import SECTIONS
from sap.reading.read import read_plan

plan = read_plan(Path("plan.yml"))
results = read_results(Path("results/ard.csv"))
output = next(o for o in plan.outputs if o.id == "TAB-SIGN")
print(html_table(table(plan, Lookup(results), output)))
print(SECTIONS["statistical_methods"](plan))
print(SECTIONS["analyses"](plan))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The program with the new files, and a plan that promises the method."""
    home = tmp_path_factory.mktemp("a copy")
    for room in ("sap", "analysis", "reports"):
        shutil.copytree(ROOT / room, home / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", home)
    before = {p: p.read_bytes() for p in home.rglob("*.py")}
    for new in sorted(FILES.rglob("*.py")):
        place = home / new.relative_to(FILES)
        assert not place.exists(), f"{place} is no new file"
        shutil.copy(new, place)
    listed = home / LIST
    lines = listed.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.strip() == '"correlation",') + 1
    listed.write_text("".join([*lines[:at], '    "sign_test",\n', *lines[at:]]), encoding="utf-8")
    assert {p for p, content in before.items() if p.read_bytes() != content} == {listed}
    plan = yaml.safe_load((TRIAL / "plan.yml").read_text(encoding="utf-8"))
    likeness = next(a for a in plan["analyses"] if a["id"] == "BASELINE")
    plan["analyses"].append({**likeness, "id": "SIGNS", "title": "Signs", "steps": STEPS})
    plan["outputs"].append(
        {"id": "TAB-SIGN", "number": "14.9.9", "kind": "table", "title": "Signs", "analyses": ["SIGNS"]}
    )
    (home / "plan.yml").write_text(yaml.safe_dump(plan, sort_keys=False, default_flow_style=False), encoding="utf-8")
    return home


def program(home: Path, *words: str) -> str:
    own = {**os.environ, "PYTHONPATH": str(home)}
    done = subprocess.run(
        [sys.executable, *words], cwd=home, env=own, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sap(home: Path, *words: str) -> str:
    return program(home, "-m", "reports.commands.cli", *words)


@pytest.fixture(scope="module")
def run(copy):
    sap(copy, "plan", "check", "plan.yml")
    options = ("--plan", "plan.yml", "--data", str(TRIAL / "data"), "--out", "results", "--unlocked")
    sap(copy, "run", *options)
    return copy


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_it_is_promised_and_what_is_wrong_about_it_is_told_with_its_line(copy):
    text = (copy / "plan.yml").read_text(encoding="utf-8")
    (copy / "wrong.yml").write_text(text.replace("variable: ADSL.TUMSZ\n    versus", "variable: ADSL.SIZE\n    versus"))
    own = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "reports.commands.cli", "plan", "check", "wrong.yml"]
    done = subprocess.run(command, cwd=copy, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "ADSL has no variable 'SIZE'" in done.stdout + done.stderr


def test_the_schema_has_it(copy):
    schema = json.loads(sap(copy, "schema"))
    assert schema["$defs"]["SignTest"]["properties"]["versus"]["default"] == 0.0


def test_it_is_computed_as_r_and_a_hand_do(run):
    """Of 61, 54 ... six lie above 60 and five below; of six diameters four above 50, one below, one missing.

    R: ``binom.test(6, 11)$p.value`` is 1, ``binom.test(4, 5)$p.value`` 0.375; ``qbinom`` has the 2nd of 11 for 95 %.
    """
    signs = [r for r in rows(run / "results/ard.csv") if r["analysis_id"] == "SIGNS"]
    found = {(r["group1_level"], r["stat_name"]): float(r["stat"]) for r in signs}
    ages = sorted(float(r["AGE"]) for r in rows(TRIAL / "data/adsl.csv") if r["TRTSDT"])
    assert [found["", n] for n in ("n.above", "n.below", "p.value")] == [6, 5, 1]
    assert [found["", n] for n in ("estimate", "conf.low", "conf.high")] == [ages[5], ages[1], ages[-2]]
    assert found["1 mg/kg", "p.value"] == 0.375


def test_the_second_route_agrees_with_every_number(run):
    checks = [r for r in rows(run / "results/checks.csv") if r["analysis_id"] == "SIGNS"]
    assert len(checks) == 27
    assert {r["verdict"] for r in checks} == {"agrees"}


def test_ars_lists_its_method_and_its_results(run):
    event = json.loads((run / "results/ars.json").read_text(encoding="utf-8"))
    method = next(m for m in event["methods"] if m["id"].startswith("sign_test"))
    assert "p.value" in json.dumps(method)
    assert any(a["methodId"] == method["id"] for a in event["analyses"])


def test_its_table_and_its_place_in_the_plan_show_it(run):
    shown = program(run, "-c", SHOWN)
    assert "held against 60" in shown
    assert "Exact sign test p, two-sided" in shown
    assert "Values are held against a number by the sign test" in shown
