"""When each analysis was promised, and what amended it, can be read off the seal and the texts it kept."""

import shutil
from pathlib import Path

import pytest
import yaml

from sap.lock import Lock, LockError
from sap.plan_history import kept_plan, plan_history
from sap.seal import with_amendment, with_data, with_plan
from sap.yaml_file import YamlFile

ROOT = Path(__file__).resolve().parents[2]
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
    lock = with_plan(Lock(), lock_file, plan, reason="", **WHO)
    content["analyses"][2]["steps"][0]["conf_type"] = "log"
    write("1.1")
    lock = with_amendment(lock, lock_file, plan, reason="The scale of R", **WHO)
    shutil.copytree(ROOT / "data", folder / "data")
    lock = with_data(lock, plan, folder / "data", reason="", **WHO)
    peak = content["analyses"].pop()
    content["outputs"] = [o for o in content["outputs"] if peak["id"] not in o["analyses"]]
    content["objectives"] = [o for o in content["objectives"] if o["id"] != peak["objective"]]
    content["analysis_sets"][2]["text"] = "Subjects with a response assessment."
    write("2.0")
    return with_amendment(lock, lock_file, plan, reason="No kinetics", **WHO), plan


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
    plan.write_text(text.replace("version: '1.0'", "version: '3.0'"), encoding="utf-8")
    again = with_amendment(lock, plan.parent / "sap.lock", plan, reason="Kinetics after all", **WHO)
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
        kept_plan(lock.data, plan)
