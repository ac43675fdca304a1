"""A run is held against the seal before anything is computed."""

import pytest

from analysis.pipeline.analyse import _promised
from analysis.results.seal_state import SealState, held_against_seal
from sap.reading.read import read_plan
from sap.seal.lock import LockError, read_lock, write_lock
from sap.text.files import file_digest
from tests.sealed import AT, trial


@pytest.fixture
def sealed(tmp_path):
    """A sealed trial."""
    made = trial(tmp_path / "trial")
    made.seal()
    return made


def seal_state(of, *, unlocked=False):
    return held_against_seal(of.lock, of.plan, of.data, unlocked=unlocked)


def test_what_agrees_is_sealed_and_names_the_last_entry(sealed):
    found = seal_state(sealed)
    assert (found.state, found.sealed_at, found.differences) == ("sealed", AT, ())
    assert found.seal == read_lock(sealed.lock).head.sha256


def test_without_a_seal_the_run_is_refused_and_told_both_ways_on(tmp_path):
    with pytest.raises(LockError, match=r"no seal .*`sap lock` seals .*--unlocked runs without") as caught:
        seal_state(trial(tmp_path / "trial"))
    assert caught.value.exit_code == 4


def test_without_a_seal_an_unlocked_run_is_a_draft(tmp_path):
    assert seal_state(trial(tmp_path / "trial"), unlocked=True) == SealState("draft")


@pytest.mark.parametrize("what", ["plan", "data", "chain"])
def test_each_difference_is_named_with_what_to_do(sealed, what):
    file = {"plan": sealed.plan, "data": sealed.data / "adae.csv", "chain": sealed.lock}[what]
    file.write_text(file.read_text(encoding="utf-8").replace("2", "3", 1), encoding="utf-8")
    with pytest.raises(LockError) as caught:
        seal_state(sealed)
    said = str(caught.value)
    assert "nothing was computed" in said
    assert f"- {what}: {file}: " in said
    assert "or run with --unlocked" in said


def test_an_unlocked_run_is_a_draft_that_lists_what_differs(sealed):
    file = sealed.data / "adsl.csv"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = seal_state(sealed, unlocked=True)
    assert found.state == "draft"
    assert [d.partition(":")[0] for d in found.differences] == ["data"]
    assert "adsl.csv" in found.differences[0]
    assert found.seal == read_lock(sealed.lock).head.sha256


def test_an_unlocked_run_is_a_draft_though_nothing_differs(sealed):
    found = seal_state(sealed, unlocked=True)
    assert (found.state, found.differences) == ("draft", ())


def test_a_seal_that_cannot_be_read_stops_a_run_and_is_a_difference_of_a_draft(sealed):
    sealed.lock.write_text("{", encoding="utf-8")
    with pytest.raises(LockError, match="damaged"):
        seal_state(sealed)
    found = seal_state(sealed, unlocked=True)
    assert (found.state, found.seal) == ("draft", "")
    assert "damaged" in found.differences[0]


def test_a_draft_of_a_changed_plan_knows_the_sealed_one(sealed):
    sealed_plan = read_plan(sealed.plan)
    sealed.plan.write_text(sealed.plan.read_text(encoding="utf-8").replace("id: ", "id: X", 1), encoding="utf-8")
    assert seal_state(sealed, unlocked=True).promised == sealed_plan != read_plan(sealed.plan)


def test_a_file_that_changed_after_it_was_held_against_the_seal_stops_the_run(sealed):
    found = seal_state(sealed)
    digests = {f.file: f.sha256 for f in read_lock(sealed.lock).data.data}
    found.check_read(digests)
    with pytest.raises(LockError, match=r"adsl\.csv was changed while the run read it"):
        found.check_read(digests | {"adsl.csv": "0" * 64})
    seal_state(sealed, unlocked=True).check_read({"adsl.csv": "0" * 64})


def test_a_draft_whose_sealed_plan_is_gone_says_why_and_promises_nothing(sealed):
    kept = sealed.plan.parent / read_lock(sealed.lock).plan.plan.text
    sealed.plan.write_bytes(sealed.plan.read_bytes() + b"\n")
    kept.unlink()
    found = seal_state(sealed, unlocked=True)
    assert found.promised is None
    assert "kept copy" in found.unread
    told = []
    assert _promised(found, read_plan(sealed.plan), told.append) is None
    assert "nothing is reconciled" in told[0]


def test_the_plan_itself_stands_in_for_its_kept_copy_when_it_is_the_same_text(sealed):
    (sealed.plan.parent / read_lock(sealed.lock).plan.plan.text).unlink()
    found = seal_state(sealed, unlocked=True)
    assert (found.promised, found.unread) == (read_plan(sealed.plan), "")


def test_a_damaged_seal_promises_nothing(sealed):
    sealed.lock.write_text("{", encoding="utf-8")
    assert "damaged" in seal_state(sealed, unlocked=True).unread


def test_a_sealed_text_that_is_no_plan_for_this_program_promises_nothing(sealed):
    lock = read_lock(sealed.lock)
    kept = sealed.plan.parent / lock.plan.plan.text
    kept.write_text("plan: old", encoding="utf-8")
    plan = lock.plan.plan.model_copy(update={"sha256": file_digest(kept)})
    entries = [e.model_copy(update={"plan": plan}) if e.plan else e for e in lock.entries]
    write_lock(sealed.lock, lock.model_copy(update={"entries": tuple(entries)}))
    found = seal_state(sealed, unlocked=True)
    told = []
    assert _promised(found, read_plan(sealed.plan), told.append) is None
    assert told == [f"nothing is reconciled: the sealed plan {kept} is not a plan for this program"]
