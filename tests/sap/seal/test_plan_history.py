"""When each analysis was promised, and what amended it, can be read off the seal and the texts it kept."""

import shutil
from pathlib import Path

import pytest
import yaml

from sap.seal.lock import Lock, LockError, write_lock
from sap.seal.plan_history import late_promises, plan_history, read_late_promises, sealed_plan, with_late
from sap.seal.sealing import with_amendment, with_data, with_plan
from sap.text.yaml_file import YamlFile

ROOT = Path(__file__).resolve().parents[3]
WHO = {"by": "A. Statistician", "at": "2026-11-20T08:00:00Z"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> tuple[Lock, Path]:
    """A plan sealed, amended (AN-OS changed), data sealed, amended (AN-PEAK out, a set changed)."""
    folder = tmp_path_factory.mktemp("trial")
    plan, lock_file = folder / "plan.yml", folder / "sap.lock"
    content = YamlFile(ROOT / "sap" / "plan.yml").content

    def write(version: str) -> None:
        content["plan"]["version"] = version
        plan.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")

    write("1.0")
    lock = with_plan(Lock(), lock_file, plan, folder / "data", reason="", **WHO)
    named = {a["id"]: a for a in content["analyses"]}
    named["AN-OS"]["steps"][0]["conf_type"] = "log"
    write("1.1")
    lock = with_amendment(lock, lock_file, plan, folder / "data", reason="The scale of R", **WHO)
    shutil.copytree(ROOT / "data", folder / "data")
    lock = with_data(lock, plan, folder / "data", reason="", **WHO)
    peak = named["AN-PEAK"]
    content["analyses"].remove(peak)
    content["outputs"] = [o for o in content["outputs"] if peak["id"] not in o["analyses"]]
    answered = {a["objective"] for a in content["analyses"]}
    content["objectives"] = [o for o in content["objectives"] if o["id"] in answered]
    sets = {s["id"]: s for s in content["analysis_sets"]}
    sets[named["AN-RESP"]["analysis_set"]]["text"] = "Subjects with a response assessment."
    write("2.0")
    return with_amendment(lock, lock_file, plan, folder / "data", reason="No kinetics", **WHO), plan


def test_what_was_sealed_before_the_data_says_so(sealed):
    history = {h.id: h for h in plan_history(*sealed)}
    assert history["AN-DLT"].before_data
    assert history["AN-DLT"].entered.event == "plan"
    assert history["AN-DLT"].amended == ()


def test_each_amendment_names_the_analyses_it_touched(sealed):
    lock, _ = sealed
    history = {h.id: h for h in plan_history(*sealed)}
    (change,) = history["AN-OS"].amended
    assert not lock.data_locked_before(change.entry)
    assert "log-log" in change.words[0]
    (change,) = history["AN-RESP"].amended
    assert lock.data_locked_before(change.entry)


def test_an_analysis_taken_out_is_remembered(sealed):
    history = {h.id: h for h in plan_history(*sealed)}
    assert history["AN-PEAK"].removed is not None
    assert history["AN-PEAK"].removed.plan.version == "2.0"
    assert history["AN-OS"].removed is None


def test_an_analysis_that_comes_back_was_promised_then(sealed):
    """Taken out and promised again after data lock, it does not keep its former date."""
    lock, plan = sealed
    shutil.copy(plan.parent / lock.plans[0].plan.text, plan)
    text = plan.read_text(encoding="utf-8")
    assert "version: '1.0'" in text
    plan.write_text(text.replace("version: '1.0'", "version: '3.0'"), encoding="utf-8")
    again = with_amendment(
        lock, plan.parent / "sap.lock", plan, plan.parent / "data", reason="Kinetics after all", **WHO
    )
    found = {h.id: h for h in plan_history(again, plan)}["AN-PEAK"]
    assert (found.entered.event, found.before_data, found.removed) == ("amendment", False, None)


def test_without_a_sealed_plan_there_is_no_history(tmp_path):
    assert plan_history(Lock(), tmp_path / "plan.yml") == ()


def test_a_kept_text_that_was_changed_is_refused(sealed, tmp_path):
    lock, plan = sealed
    shutil.copytree(plan.parent / "history", tmp_path / "history")
    kept = tmp_path / lock.plans[0].plan.text
    kept.write_bytes(kept.read_bytes().replace(b"log-log", b"log", 1))
    with pytest.raises(LockError, match="is not the text that was sealed"):
        plan_history(lock, tmp_path / "plan.yml")


def test_an_entry_about_data_holds_no_plan(sealed):
    lock, plan = sealed
    with pytest.raises(LockError, match="about data, not about a plan"):
        sealed_plan(lock.data, plan)


class TestPromisedAfterDataLock:
    def test_what_changed_then_says_by_which_amendment(self, sealed):
        lock, plan = sealed
        late = late_promises(lock, plan_history(lock, plan))
        assert late["AN-RESP"] == "changed by amendment 2, after data lock"
        assert "AN-OS" not in late  # amended before the data were sealed
        assert "AN-PEAK" not in late  # taken out
        assert "AN-DLT" not in late

    def test_what_was_added_then_says_so(self, sealed):
        lock, plan = sealed
        shutil.copy(plan.parent / lock.plans[0].plan.text, plan)
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace("version: '1.0'", "version: '3.0'"), encoding="utf-8")
        again = with_amendment(
            lock, plan.parent / "sap.lock", plan, plan.parent / "data", reason="Kinetics after all", **WHO
        )
        late = late_promises(again, plan_history(again, plan))
        assert late["AN-PEAK"] == "by amendment 3, after data lock"
        assert late["AN-RESP"] == "changed by amendments 2 and 3, after data lock"

    def test_a_plan_that_came_after_its_data_is_late_as_a_whole(self, sealed, tmp_path):
        _, plan = sealed
        shutil.copytree(plan.parent, tmp_path / "late")
        own, data, lock_file = tmp_path / "late" / "plan.yml", tmp_path / "late" / "data", tmp_path / "sap.lock"
        lock = with_data(Lock(), own, data, reason="", **WHO)
        lock = with_plan(lock, lock_file, own, data, reason="", **WHO)
        write_lock(lock_file, lock)
        assert read_late_promises(lock_file, own)["AN-DLT"] == "with the plan, after data lock"

    def test_where_no_seal_tells_nothing_is_added(self, tmp_path):
        assert read_late_promises(tmp_path / "sap.lock", tmp_path / "plan.yml") == {}
        (tmp_path / "sap.lock").write_text("{")
        assert read_late_promises(tmp_path / "sap.lock", tmp_path / "plan.yml") == {}
        assert with_late("specified in SAP", "") == "specified in SAP"
