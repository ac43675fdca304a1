"""Verifying: one byte anywhere, or a file more or less, is caught and named."""

import importlib
import json
import shutil
import sys
import time
from types import ModuleType

import pytest

from sap.seal.code import unlike_pinned
from sap.seal.difference import Difference
from sap.seal.libraries import library_differences
from sap.seal.lock import Lock, write_lock
from sap.seal.verify import verified
from sap.text.files import file_digest
from tests.sealed_trial import Trial, flip


def only(differences) -> Difference:
    assert len(differences) == 1, "\n".join(map(str, differences))
    return differences[0]


class TestWhatAgrees:
    def test_everything(self, sealed):
        sealed.run()
        assert sealed.differences() == ()

    def test_a_plan_sealed_before_there_are_data(self, trial):
        shutil.rmtree(trial.data)
        trial.seal("plan", "code")
        assert trial.differences() == ()

    def test_in_another_folder(self, sealed, tmp_path, monkeypatch):
        sealed = Trial(shutil.move(sealed.folder, tmp_path / "elsewhere"))
        monkeypatch.syspath_prepend(sealed.program.parent)
        assert verified(sealed.lock_file, plan=sealed.plan, data=sealed.data).differences == ()

    def test_line_ends_that_version_control_changed_in_the_seal(self, sealed):
        sealed.lock_file.write_bytes(sealed.lock_file.read_bytes().replace(b"\n", b"\r\n"))
        assert sealed.differences() == ()


class TestOneByte:
    @pytest.mark.parametrize("name", ["adsl.csv", "adae.csv", "adrs.csv", "adtte.csv"])
    def test_of_a_data_file(self, sealed, name):
        rows = len((sealed.data / name).read_text().splitlines()) - 1
        flip(sealed.data / name)
        found = only(sealed.differences())
        assert (found.part, found.where) == ("data", str(sealed.data / name))
        assert f"{name.removesuffix('.csv').upper()} differs from its seal: {rows} rows" in found.message
        assert "as sealed, but other content" in found.message
        assert "sap lock data --reason" in found.fix

    def test_of_the_plan(self, sealed):
        flip(sealed.plan)
        found = only(sealed.differences())
        assert (found.part, found.where) == ("plan", str(sealed.plan))
        assert "the text is not the one sealed as version 0.3 (entry 1" in found.message
        assert sealed.lock.plan.plan.text in found.fix
        assert "sap amend" in found.fix

    def test_of_a_kept_copy(self, sealed):
        flip(sealed.plan.parent / sealed.lock.plan.plan.text)
        found = only(sealed.differences())
        assert found.part == "plan"
        assert "is not the text that was sealed" in found.message

    def test_of_the_copy_an_amendment_kept(self, sealed):
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
        seal = sealed.amend().plan.plan
        flip(sealed.plan.parent / seal.text)
        found = only(sealed.differences())
        assert (found.part, found.where) == ("amendment", "entry 4")

    @pytest.mark.parametrize("name", ["__init__.py", "methods.py"])
    def test_of_a_code_file(self, sealed, name):
        (sealed.program / name).write_text("LEVEL = 0.96\n")
        found = only(sealed.differences())
        assert (found.part, found.where) == ("code", f"trialprogram/{name}")
        assert found.message == "this file was changed since the code was sealed."

    def test_of_the_pins(self, sealed):
        flip(sealed.folder / "requirements.txt")
        found = only(sealed.differences())
        assert (found.part, found.where) == ("dependencies", str(sealed.folder / "requirements.txt"))

    @pytest.mark.parametrize("name", ["ard.csv", "provenance.json"])
    def test_of_a_result_file(self, sealed, name):
        sealed.run()
        text = (sealed.results / name).read_text()
        (sealed.results / name).write_text(text.replace("A", "B", 1))
        found = only(sealed.differences())
        assert (found.part, found.where) == ("results", str(sealed.results / name))
        assert found.message == "the file was changed after the run."

    def test_of_the_seal_wherever_it_is(self, sealed):
        """Digest, name, reason, number, bracket or blank: no byte of the file can be changed unseen."""
        content = sealed.lock_file.read_bytes()
        for position in range(0, len(content), 11):
            changed = bytearray(content)
            changed[position] ^= 1
            sealed.lock_file.write_bytes(bytes(changed))
            differences = sealed.differences()
            assert any(d.part == "chain" for d in differences), content[position - 20 : position + 20]

    def test_of_an_entry_is_named_with_its_entry(self, sealed):
        text = sealed.lock_file.read_text()
        sealed.lock_file.write_text(text.replace('"rows": ', '"rows": 1', 1))
        assert sealed.told().startswith(f"chain: {sealed.lock_file}: entry 2 (data, ")


class TestFilesMoreOrLess:
    def test_a_data_file_that_is_gone(self, sealed):
        (sealed.data / "adae.csv").unlink()
        assert "ADAE cannot be compared" in only(sealed.differences()).message

    def test_a_data_file_with_another_number_of_rows(self, sealed):
        lines = (sealed.data / "adsl.csv").read_text().splitlines(keepends=True)
        (sealed.data / "adsl.csv").write_text("".join(lines[:-1]))
        found = only(sealed.differences())
        assert f"{len(lines) - 2} rows and" in found.message
        assert f"instead of {len(lines) - 1} and" in found.message

    def test_a_data_file_that_became_a_link_to_elsewhere(self, sealed, tmp_path):
        shutil.move(sealed.data / "adae.csv", tmp_path / "adae.csv")
        (sealed.data / "adae.csv").symlink_to(tmp_path / "adae.csv")
        assert "is a link that leaves" in only(sealed.differences()).message

    def test_a_dataset_that_an_amendment_added(self, sealed):
        text = sealed.plan.read_text().replace('version: "0.3"', 'version: "0.4"')
        sealed.plan.write_text(text.replace("  ADAE: {", "  ADCM: {file: adcm.csv, title: Medication}\n  ADAE: {", 1))
        seal = sealed.lock.plan.plan.model_copy(update={"datasets": {"ADSL": "adsl.csv", "ADCM": "adcm.csv"}})
        lock = sealed.lock.with_entry("amendment", by="Ada", reason="More", at="2026-01-02T03:04:05Z", plan=seal)
        write_lock(sealed.lock_file, lock)
        told = sealed.told()
        assert (
            f"data: {sealed.data / 'adcm.csv'}: the plan names it for ADCM, and it is not among the data sealed" in told
        )

    def test_other_files_beside_the_data_do_not_matter(self, sealed):
        (sealed.data / "README.md").write_text("x")
        assert sealed.differences() == ()

    def test_a_code_file_added_and_one_removed(self, sealed):
        (sealed.program / "methods.py").rename(sealed.program / "method.py")
        assert [(d.where, d.message) for d in sealed.differences()] == [
            ("trialprogram/method.py", "this file was added since the code was sealed."),
            ("trialprogram/methods.py", "this file is gone since the code was sealed."),
        ]

    def test_what_to_do_about_code_is_said_once(self, sealed):
        (sealed.program / "methods.py").rename(sealed.program / "method.py")
        assert sealed.told().count("Bring back the code") == 1

    def test_the_plan_is_gone(self, sealed):
        sealed.plan.unlink()
        assert "does not exist" in only(sealed.differences()).message

    def test_the_pins_are_gone_or_came_later(self, sealed):
        pins = (sealed.folder / "requirements.txt").read_text()
        (sealed.folder / "requirements.txt").unlink()
        assert only(sealed.differences()).part == "dependencies"
        sealed.seal("code", reason="Without pins")
        assert sealed.differences() == ()
        (sealed.folder / "requirements.txt").write_text(pins)
        assert "was not there when the code was sealed" in only(sealed.differences()).message

    def test_the_kept_copy_is_gone(self, sealed):
        (sealed.plan.parent / sealed.lock.plan.plan.text).unlink()
        assert "kept copy of version 0.3 is not there" in only(sealed.differences()).message

    def test_the_seal_is_gone(self, sealed):
        sealed.lock_file.unlink()
        assert "There is no seal" in only(sealed.differences()).message


class TestWhatIsNotSealed:
    def test_each_is_named(self, trial):
        write_lock(trial.lock_file, Lock())
        (trial.folder / "results").mkdir()
        parts = [d.part for d in verified(trial.lock_file, plan=trial.plan, data=trial.data).differences]
        assert parts == ["plan", "code"]

    def test_data_that_are_there(self, trial):
        trial.seal("plan", "code")
        found = only(trial.differences())
        assert (found.part, found.message) == ("data", "the data are not sealed.")

    def test_a_key_that_stands_twice(self, sealed):
        text = sealed.lock_file.read_text()
        sealed.lock_file.write_text(text.replace('"by": "Ada"', '"by": "Bob", "by": "Ada"', 1))
        assert "the file was edited by hand" in only(sealed.differences()).message


class TestResults:
    def changed(self, trial, **record):
        path = trial.results / "provenance.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | record))

    def test_of_an_older_data_cut(self, sealed):
        sealed.run()
        (sealed.data / "adae.csv").write_text((sealed.data / "adsl.csv").read_text())
        sealed.seal("data", reason="Second cut")
        found = only(sealed.differences())
        assert found.part == "results"
        assert "they are of an older data cut (entry 2, " in found.message
        assert found.message.endswith("the newest is entry 4.")

    def test_of_the_plan_before_its_amendment(self, sealed):
        sealed.run()
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
        sealed.amend()
        assert only(sealed.differences()).message == "they are of another plan: version 0.3, since amended."

    def test_by_other_code(self, sealed):
        sealed.run()
        (sealed.program / "methods.py").write_text("LEVEL = 0.9\n")
        sealed.seal("code", reason="Mended")
        assert "by other code" in only(sealed.differences()).message

    @pytest.mark.parametrize(("state", "says"), [("draft", "they are a draft"), ("dry run", "on synthetic data")])
    def test_that_are_not_of_a_sealed_run(self, sealed, state, says):
        sealed.run(state)
        assert says in only(sealed.differences()).message

    def test_without_a_record(self, sealed):
        sealed.run()
        (sealed.results / "provenance.json").unlink()
        assert "record of where the results come from is missing" in only(sealed.differences()).message

    @pytest.mark.parametrize("content", ["", "[]", "{}", "[" * 100_000])
    def test_with_a_damaged_record(self, sealed, content):
        sealed.run()
        (sealed.results / "provenance.json").write_text(content)
        assert only(sealed.differences()).message == "it is damaged."

    def test_a_result_file_that_is_gone(self, sealed):
        sealed.run()
        (sealed.results / "ard.csv").unlink()
        assert "does not exist" in only(sealed.differences()).message

    def test_notes_a_reader_put_there_do_not_matter(self, sealed):
        sealed.run()
        (sealed.results / "notes.txt").write_text("x")
        assert sealed.differences() == ()


class TestInstalledVersions:
    def test_another_version(self):
        assert "99.0 is pinned and" in unlike_pinned("pydantic==99.0 \\\n    --hash=sha256:00\n")["pydantic"]

    def test_not_installed(self):
        assert unlike_pinned("no-such-package==1.0") == {"no-such-package": "1.0 is pinned and it is not installed."}

    def test_not_needed_on_this_platform(self):
        assert unlike_pinned("no-such-package==1.0 ; sys_platform == 'os400'") == {}

    def test_one_of_several_lines(self, root):
        assert unlike_pinned((root / "requirements.txt").read_text()) == {}

    def test_it_is_named(self, sealed):
        with (sealed.folder / "requirements.txt").open("a") as stream:
            stream.write("rich==0.1\n")
        sealed.seal("code", reason="A pin")
        found = only(sealed.differences())
        assert (found.part, found.where) == ("dependencies", "rich")
        assert "--require-hashes" in found.fix


class TestLoadedModules:
    def test_those_of_everything_the_program_uses_are_the_libraries_own(self, tmp_path):
        for name in (
            "analysis.synthetic",
            "analysis.pipeline.analyse",
            "reports.engines.render",
            "reports.outputs.figure",
            "reports.outputs.html",
        ):
            importlib.import_module(name)
        assert library_differences(tmp_path, tmp_path) == ()

    def test_one_from_elsewhere_is_named(self, tmp_path, monkeypatch):
        module = ModuleType("pandas.more")
        module.__file__ = str(tmp_path / "more.py")
        monkeypatch.setitem(sys.modules, "pandas.more", module)
        found = only(library_differences(tmp_path, tmp_path))
        assert found.where == str(tmp_path / "more.py")
        assert found.message.startswith("pandas.more was loaded from it")


def test_it_takes_well_under_a_second(sealed):
    sealed.run()
    sealed.differences()  # reads the libraries, once a process
    started = time.perf_counter()
    sealed.differences()
    assert time.perf_counter() - started < 0.5


def test_it_changes_nothing(sealed):
    def state():
        return {p: file_digest(p) for p in sealed.folder.rglob("*") if p.is_file()}

    before = state()
    sealed.differences()
    assert state() == before
