"""`sap doctor` says what is there, what is not and is not needed, and what is needed and missing, with a remedy each."""

import json

from reports.commands import doctor


def checks(sap, *words) -> tuple[int, dict[str, dict[str, str]]]:
    done = sap("doctor", "--json", *words)
    told = json.loads(done.out)
    assert told["ready"] == (done.code == 0)
    return done.code, {check["name"]: check for check in told["checks"]}


def test_this_machine_has_what_is_needed_and_whatever_it_lacks_has_a_remedy(sap):
    code, found = checks(sap)
    assert code == 0
    assert {found[name]["status"] for name in ("Python", "Libraries", "pandoc", "Fonts", "Disk", "Scratch")} == {"ok"}
    assert all(check["remedy"] for check in found.values() if check["status"] != "ok")


def test_a_person_reads_a_line_for_each_and_a_verdict(sap):
    lines = sap("doctor").out.splitlines()
    assert lines[0].split()[:2] == ["ok", "Python"]
    assert lines[-1] == "Everything that is needed is there."


def test_what_is_not_needed_may_be_absent(sap, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, found = checks(sap, "--plan", tmp_path / "plan.yml", "--lock", tmp_path / "sap.lock")
    absent = {name for name, check in found.items() if check["status"] == "not there"}
    assert (code, absent) == (0, {"Quarto", "R", "Plan", "Seal"})


def test_a_library_that_is_missing_or_too_old_is_needed_and_named_with_the_command_that_brings_it(sap, monkeypatch):
    monkeypatch.setattr(doctor, "requires", lambda _: ["no-such-library>=1", "typer>=1000", "quarto-cli; extra == 'x'"])
    code, found = checks(sap)
    assert code == 1
    assert found["Libraries"]["found"].startswith("no-such-library>=1 (found: none), typer>=1000 (found: ")
    assert found["Libraries"]["remedy"] == "python -m pip install 'no-such-library>=1' 'typer>=1000'"
    assert sap("doctor").out.endswith("Something needed is missing.\n")


def test_missing_fonts_and_a_full_disk_are_told(sap, monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    monkeypatch.setattr(doctor, "ROOM", 10**12)
    code, found = checks(sap)
    assert code == 1
    assert [n for n, c in found.items() if c["status"] == "MISSING"] == ["Fonts", "Disk", "Scratch"]


def test_a_program_that_fails_is_to_be_looked_at(sap, monkeypatch, tmp_path):
    for name in ("Rscript", "quarto"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 3\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, found = checks(sap)
    assert (code, found["R"]["status"], found["Quarto"]["status"]) == (0, "look", "look")


def test_a_plan_with_mistakes_and_a_damaged_seal_are_to_be_looked_at(sap, tmp_path):
    plan, lock = tmp_path / "plan.yml", tmp_path / "sap.lock"
    plan.write_text("plan: 3\n", encoding="utf-8")
    lock.write_text("{}", encoding="utf-8")
    code, found = checks(sap, "--plan", plan, "--lock", lock)
    assert (code, found["Plan"]["status"], found["Seal"]["status"]) == (0, "look", "look")
    assert found["Plan"]["remedy"] == f"sap plan check {plan}"
