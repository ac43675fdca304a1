"""What the seal says of the data at the moment a text of the plan was sealed, and no more than it knows."""

import shutil

import pytest

from sap.seal.lock import Lock, write_lock
from sap.seal.sealing import with_data, with_plan
from sap.seal.timing import timing_label, timing_words
from tests.sealed_trial import AT

SAID = {"by": "Ada", "reason": "", "at": AT}


def words(trial):
    return timing_words(trial.lock.entries[0], trial.lock)


def test_data_files_that_were_not_there(trial):
    shutil.move(trial.data, trial.folder / "aside")
    trial.seal("plan")
    shutil.move(trial.folder / "aside", trial.data)
    trial.seal("data")
    assert words(trial) == "before the data files existed here"


def test_data_files_that_were_there(trial):
    trial.seal("plan")
    trial.seal("data")
    assert words(trial) == "before the data were sealed, but the data files were already in the folder"
    assert timing_label(trial.lock.plan, trial.lock).startswith("before data lock, but the data files were already")


def test_some_of_them(trial):
    (trial.data / "adae.csv").rename(trial.folder / "adae.csv")
    (trial.data / "adrs.csv").rename(trial.folder / "adrs.csv")
    trial.seal("plan")
    assert words(trial).endswith("but 2 of 4 data files were already in the folder (adsl.csv, adtte.csv)")


def test_one_act(trial):
    lock = with_plan(Lock(), trial.lock_file, trial.plan, trial.data, **SAID)
    lock = with_data(lock, trial.plan, trial.data, joined=True, **SAID)
    write_lock(trial.lock_file, lock)
    assert words(trial) == "together with the data, in one act"
    assert timing_label(lock.plan, lock) == "together with the data"


def test_data_first(trial):
    trial.seal("data", "plan")
    assert timing_words(trial.lock.plan, trial.lock) == "after the data were sealed"


def test_an_amendment_after_the_data(trial):
    trial.seal("plan", "data")
    trial.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
    lock = trial.amend()
    assert timing_label(lock.plan, lock) == "after data lock"


@pytest.mark.parametrize("told", [timing_words, timing_label])
def test_what_an_older_seal_did_not_record(trial, told):
    seal = trial.seal("plan").plan.plan.model_copy(update={"data_present": None})
    lock = Lock().with_entry("plan", **SAID, plan=seal)
    assert "data_present" not in lock.text()
    assert "not recorded" in told(lock.plan, lock)
