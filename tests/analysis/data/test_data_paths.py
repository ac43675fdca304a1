"""The data of a plan lie in the data folder: a link that leaves it is not followed."""

import shutil
from pathlib import Path

import pytest

from analysis.data.load import validate

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.py", "*.md")))


def test_a_link_that_leaves_the_data_folder_is_refused_by_name(plan, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.csv"
    (folder / "adae.csv").rename(elsewhere)
    (folder / "adae.csv").symlink_to(elsewhere)
    found = validate(plan, folder)
    assert found.study is None
    (failure,) = (f for f in found.failures if f.rule == "file")
    assert failure.dataset == "ADAE"
    assert "adae.csv is a link that leaves" in failure.message


def test_a_link_within_the_data_folder_is_ordinary(plan, folder):
    (folder / "cut-2").mkdir()
    (folder / "adae.csv").rename(folder / "cut-2" / "adae.csv")
    (folder / "adae.csv").symlink_to(Path("cut-2") / "adae.csv")
    assert validate(plan, folder).study is not None


def test_the_data_folder_itself_may_be_a_link(plan, folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    assert validate(plan, tmp_path / "link").study is not None


def test_links_in_a_circle_are_told_and_end_nothing(plan, folder):
    (folder / "adae.csv").unlink()
    (folder / "adae.csv").symlink_to(folder / "again.csv")
    (folder / "again.csv").symlink_to(folder / "adae.csv")
    assert [f.dataset for f in validate(plan, folder).failures if f.rule == "file"] == ["ADAE"]
