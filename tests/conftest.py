"""The repository, its plan, its study and its results; a copy of the data to break; a plan to change."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import settings

from analysis.data.load import Study, load
from analysis.results.ard import Results
from analysis.running.run import run
from sap.plan.plan import Plan
from sap.reading.post_hoc import read_post_hoc
from sap.reading.read import read_plan
from sap.text.yaml_file import YamlFile
from tests.broken_data import BrokenData

settings.register_profile("tests", deadline=None)  # how long a case takes is measured elsewhere
settings.load_profile("tests")

ROOT = Path(__file__).resolve().parents[1]
LONG = (
    "tests/executable_sap/test_wheel",
    "tests/reports/commands/test_dry_run",
    "tests/test_reliability",
    "tests/other_trial/test_other_trial_missing",
    "tests/test_rehearsal",
    "tests/reports/engines/test_isolation",
    "tests/other_trial/test_hostile_text",
    "tests/reports/commands/test_run_commands",
    "tests/sap/data/test_rules",
    "tests/reports/formats/test_rendered_formats",
    "tests/sap/data/test_data_rules",
    "tests/reports/words/test_levels",
    "tests/reports/formats/test_bundle",
    "tests/reports/commands/test_cli",
    "tests/reports/formats/test_rtf",
)
"""Files of tests that take long: they start first, so that no worker ends with one of them alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((i for i, part in enumerate(LONG) if part in item.nodeid), len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what is skipped for want of files beside the checkout, where nothing may be."""
    report = yield
    if report.skipped and "SAP_SKIP_NOTHING" in os.environ and "beside th" in (told := str(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"Nothing may be skipped here: {told}"
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_plan(ROOT / "sap" / "plan.yml")


@pytest.fixture(scope="session")
def study(plan: Plan) -> Study:
    return load(plan, ROOT / "data")


@pytest.fixture(scope="session")
def results(study: Study) -> Results:
    return run(study)


@pytest.fixture(scope="session")
def compared_arms(tmp_path_factory) -> Study:
    """The SYNTHETIC trial of two arms, with a plan that asks every comparison of it in every form."""
    data = tmp_path_factory.mktemp("two arms")
    subprocess.run([sys.executable, ROOT / "examples" / "two_arms" / "make_data.py", data], check=True)
    content = YamlFile(ROOT / "examples" / "two_arms" / "sap" / "plan.yml").content
    asked = YamlFile(ROOT / "tests" / "comparisons.yml").content
    pattern = next(a for a in content["analyses"] if a["purpose"] == "secondary")
    content["analyses"] = [{**pattern, "id": name, "title": name, "steps": steps} for name, steps in asked.items()]
    content["outputs"], content["objectives"] = (
        [],
        [{"id": pattern["objective"], "purpose": "secondary", "text": "Compare."}],
    )
    file = data / "plan.yml"
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return load(read_plan(file), data)


@pytest.fixture(scope="session")
def whole(plan: Plan) -> Plan:
    """The plan with the post hoc analyses of the example beside it."""
    return read_post_hoc(plan, ROOT / "examples" / "post_hoc.yml")


@pytest.fixture(scope="session")
def with_post_hoc(whole: Plan) -> Results:
    return run(load(whole, ROOT / "data"))


@pytest.fixture
def broken(tmp_path: Path) -> BrokenData:
    """A copy of the data in which a test plants its mistake."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in (ROOT / "data").glob("*.csv"):
        shutil.copy(file, folder)
    return BrokenData(folder)


@pytest.fixture
def planned(tmp_path: Path) -> Callable[[Callable[[dict], None]], Plan]:
    """A function that changes the content of the plan and reads the changed plan from its file."""
    content = YamlFile(ROOT / "sap" / "plan.yml").content

    def change(edit: Callable[[dict], None]) -> Plan:
        changed = deepcopy(content)
        edit(changed)
        file = tmp_path / "plan.yml"
        file.write_text(
            yaml.dump(changed, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        return read_plan(file)

    return change
