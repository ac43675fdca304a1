"""The other trial, run once."""

from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.running.run import run
from reports.layout.lookup import Lookup
from sap.reading.post_hoc import read_whole_plan

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plan_file():
    return HERE / "plan.yml"


@pytest.fixture(scope="session")
def folder():
    return HERE / "data"


@pytest.fixture(scope="session")
def plan(plan_file):
    return read_whole_plan(plan_file)


@pytest.fixture(scope="session")
def study(plan, folder):
    return load(plan, folder)


@pytest.fixture(scope="session")
def results(study):
    return run(study)


@pytest.fixture(scope="session")
def lookup(results):
    return Lookup(results)


@pytest.fixture(scope="session")
def stat(lookup):
    """Return a function that gives the value of one statistic; without a group, the one of all subjects."""

    def value(analysis_id, name, group="", **where):
        return lookup.row(analysis_id, name, group=group, **where).stat

    return value
