"""The seal as a file: what it says, and what is said about one that cannot be used."""

import json

import pytest
from pydantic import ValidationError

from sap.seal.lock import Entry, Lock, LockError, chain_faults, read_lock, write_lock
from tests.each import each


def text_of(lock_file, change):
    content = json.loads(lock_file.read_text())
    change(content)
    lock_file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


class TestWhatItSays:
    def test_entries_come_back_as_they_were_written(self, sealed):
        assert read_lock(sealed.lock_file) == sealed.lock
        assert sealed.lock.text() == sealed.lock_file.read_text()

    def test_the_same_promise_sealed_again_is_the_same_file(self, sealed):
        first = sealed.lock_file.read_bytes()
        sealed.lock_file.unlink()
        sealed.seal("plan", "data", "code")
        assert sealed.lock_file.read_bytes() == first

    def test_the_order_of_plan_and_data_can_be_read_off_it(self, trial):
        lock = trial.seal("data", "plan")
        assert [e.event for e in lock.entries] == ["data", "plan"]
        assert lock.data_locked_before(lock.plan)
        assert not lock.data_locked_before(lock.data)

    def test_every_entry_names_the_one_before(self, sealed):
        first, second, third = sealed.lock.entries
        assert (first.previous, second.previous, third.previous) == ("", first.sha256, second.sha256)
        assert [e.number for e in sealed.lock.entries] == [1, 2, 3]

    def test_the_newest_entry_of_each_kind_counts(self, sealed):
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Statistical analysis plan of SOL-201, second")
        sealed.rewrite_plan('version: "0.3"', 'version: "0.4"')
        lock = sealed.amend()
        assert lock.plan.event == "amendment"
        assert lock.plan is lock.head
        assert lock.amendments == (lock.plan,)
        assert [e.event for e in lock.plans] == ["plan", "amendment"]
        assert lock.data.number == 2
        assert lock.code.number == 3

    def test_a_new_seal_holds_nothing(self):
        assert (Lock().plan, Lock().data, Lock().code, Lock().head, Lock().amendments) == (None, None, None, None, ())


class TestAChain:
    def test_whole_as_it_is_written(self, sealed):
        assert chain_faults(sealed.lock) == ()

    def test_a_changed_entry(self, sealed):
        first, *rest = sealed.lock.entries
        forged = sealed.lock.model_copy(update={"entries": (first.model_copy(update={"by": "Bob"}), *rest)})
        assert chain_faults(forged) == (f"entry 1 (plan, {first.at}) was changed after it was sealed.",)

    @pytest.mark.parametrize(
        "kept", [(1, 2), (0, 2), (1, 0, 2), (0, 1, 1, 2)], ids=["first", "middle", "order", "twice"]
    )
    def test_entries_removed_moved_or_added(self, sealed, kept):
        forged = sealed.lock.model_copy(update={"entries": tuple(sealed.lock.entries[k] for k in kept)})
        assert any("does not follow the entry before it" in fault for fault in chain_faults(forged))

    def test_an_entry_whose_digest_was_made_again_breaks_the_next_link(self, sealed):
        first, *rest = sealed.lock.entries
        forged = first.model_copy(update={"by": "Bob"})
        forged = forged.model_copy(update={"sha256": forged.digest()})
        faults = chain_faults(sealed.lock.model_copy(update={"entries": (forged, *rest)}))
        assert len(faults) == 1
        assert "entry 2 (data" in faults[0]

    @pytest.mark.parametrize(
        ("event", "says"),
        [("code", "does not hold what such an entry holds"), ("amendment", "does not hold what such an entry holds")],
    )
    def test_an_entry_that_holds_something_else_than_its_event(self, sealed, event, says):
        plan = sealed.lock.entries[0].plan
        lock = Lock().with_entry(event, by="Ada", reason="", at="2026-01-02T03:04:05Z", plan=plan)
        assert says in chain_faults(lock)[0]

    def test_a_second_first_plan(self, sealed):
        plan = sealed.lock.entries[0].plan
        lock = sealed.lock.with_entry("plan", by="Ada", reason="", at="2026-01-02T03:04:05Z", plan=plan)
        assert "entry 4" in chain_faults(lock)[0]

    def test_a_number_that_is_not_its_place(self, sealed):
        entry = sealed.lock.entries[0].model_copy(update={"number": 5})
        entry = entry.model_copy(update={"sha256": entry.digest()})
        assert "carries the number 5" in chain_faults(Lock(entries=(entry,)))[0]


class TestASealThatCannotBeUsed:
    def test_none(self, tmp_path):
        with pytest.raises(LockError, match=r"There is no seal .*sap\.lock\. `sap lock` seals"):
            read_lock(tmp_path / "sap.lock")

    def test_a_folder(self, tmp_path):
        with pytest.raises(LockError, match=r"cannot be read: Is a directory"):
            read_lock(tmp_path)

    @each("content", [b"", b"plan: yes", b"\xff\xfe", b"[" * 100_000, b'{"format": "sap.lo'])
    def test_not_json(self, tmp_path, content):
        file = tmp_path / "sap.lock"
        file.write_bytes(content)
        with pytest.raises(LockError, match=r"is damaged: .*Bring it back from version control"):
            read_lock(file)

    def test_cut_short_anywhere(self, sealed):
        content = sealed.lock_file.read_bytes()
        for end in range(0, len(content) - 2, 37):
            sealed.lock_file.write_bytes(content[:end])
            with pytest.raises(LockError, match="is not JSON"):
                read_lock(sealed.lock_file)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda c: c.update(format="sap.lock 9"), r"its format is 'sap.lock 9', this program reads 'sap.lock 1'"),
            (lambda c: c.update(note="x"), r"a key it should not have, note"),
            (lambda c: c["entries"][0].update(note="x"), r"a key it should not have, entries\[1\]\.note"),
            (lambda c: c["entries"][1].pop("sha256"), r"the key entries\[2\]\.sha256 is missing"),
            (lambda c: c["entries"][0].update(event="oath"), r"entries\[1\]\.event: "),
            (lambda c: c["entries"][0].update(at="yesterday"), r"entries\[1\]\.at: "),
            (lambda c: c["entries"][0]["plan"].update(sha256="abc"), r"entries\[1\]\.plan\.sha256: "),
            (lambda c: c["entries"][0]["plan"].update(text="../plan.yml"), r"plan\.text: .*inside its folder"),
            (lambda c: c["entries"][0]["plan"].update(text="/etc/passwd"), r"plan\.text: .*inside its folder"),
            (lambda c: c["entries"][1]["data"][0].update(file="../../adsl.csv"), r"file: .*inside its folder"),
            (lambda c: c["entries"][1]["data"][0].update(file="C:adsl.csv"), r"file: .*inside its folder"),
            (lambda c: c["entries"][1]["data"][0].update(file="a\\b.csv"), r"file: .*inside its folder"),
            (lambda c: c["entries"][1]["data"][0].update(rows=-1), r"entries\[2\]\.data\[1\]\.rows: "),
        ],
    )
    def test_another_form(self, sealed, change, says):
        text_of(sealed.lock_file, change)
        with pytest.raises(LockError, match=says):
            read_lock(sealed.lock_file)

    def test_it_ends_with_exit_code_4(self):
        assert LockError.exit_code == 4

    def test_a_name_of_two_lines_is_no_name(self, sealed):
        with pytest.raises(ValidationError):
            Entry.model_validate(sealed.lock.entries[0].content() | {"by": "Ada\nBob"})


def test_writing_replaces_the_whole_file(sealed):
    write_lock(sealed.lock_file, Lock())
    assert read_lock(sealed.lock_file) == Lock()
    assert [p.name for p in sealed.folder.glob(".sap.lock*")] == []
