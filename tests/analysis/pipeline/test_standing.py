"""Results stand while everything they are made of does: any input that changes by one byte makes them anew."""

import json
import os
import shutil
from pathlib import Path

import pytest

from analysis.pipeline import standing
from analysis.pipeline.standing import made_of, note_results, stand
from analysis.results.folder import write_results
from analysis.results.provenance import FILE, check_files, provenance_json
from analysis.results.seal_state import held_against_seal
from sap.reading.read import read_stated
from sap.seal import kept
from sap.seal.kept import program_state
from tests.sealed import ROOT, Trial, trial

OTHER = ROOT / "tests" / "other_trial"


@pytest.fixture(autouse=True)
def notes(tmp_path_factory, monkeypatch):
    """Keep notes in a folder of the test's own; libraries were not changed a moment ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("notes")))
    monkeypatch.setattr(standing, "program_state", lambda: "this program")


@pytest.fixture
def sealed(tmp_path) -> Trial:
    made = trial(tmp_path / "a trial", OTHER)
    made.seal()
    (made.data / "published.yml").write_text("paper: one\n", encoding="utf-8")
    (made.home / "post_hoc.yml").write_text("analyses: []\n", encoding="utf-8")
    return made


def digest_of(of: Trial) -> str:
    state = held_against_seal(of.lock, of.plan, of.data, unlocked=True, stated=read_stated(of.plan))
    return made_of(of.plan, of.data, of.lock, state)


def change(path: Path) -> None:
    """Add one byte that says nothing, and give the file the time it had."""
    before = path.stat()
    path.write_bytes(path.read_bytes() + b"\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_nothing_changed_is_the_same(sealed):
    assert digest_of(sealed) == digest_of(sealed) != ""


def test_any_file_that_changes_by_one_byte_is_another_run(sealed):
    before = digest_of(sealed)
    files = [sealed.plan, sealed.lock, sealed.home / "post_hoc.yml", *sorted(sealed.data.iterdir())]
    files += sorted((sealed.home / "history").iterdir())
    assert len(files) > 7
    same = []
    for file in files:
        content = file.read_bytes()
        change(file)
        same += [file.name] if digest_of(sealed) == before else []
        file.write_bytes(content)
    assert same == []
    assert digest_of(sealed) == before


def test_a_file_that_is_gone_or_new_is_another_run(sealed):
    found = {digest_of(sealed)}
    (sealed.home / "post_hoc.yml").unlink()
    found.add(digest_of(sealed))
    sealed.lock.unlink()
    found.add(digest_of(sealed))
    (sealed.data / "published.yml").unlink()
    found.add(digest_of(sealed))
    assert len(found) == 4


def test_other_code_other_libraries_and_another_r_are_another_run(sealed, monkeypatch, tmp_path):
    found = {digest_of(sealed)}
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    found.add(digest_of(sealed))
    monkeypatch.setattr(standing, "program_state", lambda: "another program")
    found.add(digest_of(sealed))
    program = tmp_path / "Rscript"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found.add(digest_of(sealed))
    change(program)
    found.add(digest_of(sealed))
    assert len(found) == 5


def test_what_says_nothing_of_a_run_is_no_part_of_it(sealed, monkeypatch):
    before = digest_of(sealed)
    monkeypatch.setenv("TERM", "another")
    (sealed.home / "notes.txt").write_text("of mine", encoding="utf-8")
    assert digest_of(sealed) == before


class TestTheProgram:
    @pytest.fixture
    def library(self, tmp_path, monkeypatch) -> Path:
        """A library of one file that was changed long ago."""
        from sap.seal.libraries import Library, _state

        file = tmp_path / "site" / "lib.py"
        file.parent.mkdir()
        file.write_text("x = 1\n", encoding="utf-8")
        of = Library("lib", "1.0", "", str(file.parent), {"lib.py": "digest"}, ())
        monkeypatch.setattr(kept, "library_states", lambda: {"lib": (_state(of)[0], 0)})
        return file

    def state(self) -> str:
        program_state.cache_clear()
        try:
            return program_state()
        finally:
            program_state.cache_clear()

    def test_one_byte_of_a_library_is_another_program_though_its_size_and_time_are_the_same(self, library):
        before = self.state()
        stat = library.stat()
        library.write_text("x = 2\n", encoding="utf-8")
        os.utime(library, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert self.state() != before

    def test_one_byte_of_the_code_is_another_program(self, library, monkeypatch):
        before = self.state()
        digests = kept.code_digests()
        name = next(iter(digests))
        monkeypatch.setattr(kept, "code_digests", lambda: {**digests, name: "0" * 64})
        assert self.state() != before

    def test_of_what_changed_a_moment_ago_nothing_is_said(self, library, monkeypatch):
        import time

        monkeypatch.setattr(kept, "library_states", lambda: {"lib": ("state", time.time_ns())})
        assert self.state() == ""


class TestResultsThatStand:
    @pytest.fixture
    def results(self, tmp_path) -> Path:
        from tests.killed_writer import PROVENANCE

        folder = tmp_path / "results"
        files = {"ard.csv": "a,b\n", "checks.csv": "c\n"}
        from sap.text.files import digest

        record = PROVENANCE.model_copy(update={"files": {n: digest(t.encode()) for n, t in files.items()}})
        write_results(files | {FILE: provenance_json(record)}, folder)
        note_results(folder, "of", ["12 statistics"])
        return folder

    def test_they_stand_and_what_was_said_of_them_is_said_again(self, results):
        assert stand(results, "of", "") == ["12 statistics"]

    def test_of_another_run_or_of_one_that_cannot_be_told_they_do_not(self, results):
        assert stand(results, "of another", "") is None
        assert stand(results, "", "") is None

    def test_a_file_that_was_changed_or_is_gone_is_never_trusted(self, results):
        for file in sorted(results.iterdir()):
            content = file.read_bytes()
            change(file)
            assert stand(results, "of", "") is None, file.name
            file.unlink()
            assert stand(results, "of", "") is None, file.name
            file.write_bytes(content)
        assert stand(results, "of", "") is not None

    def test_a_record_that_was_written_anew_with_what_was_changed_is_not_trusted_either(self, results):
        (results / "ard.csv").write_text("a,c\n", encoding="utf-8")
        from sap.text.files import file_digest

        record = check_record(results)
        files = {**record.files, "ard.csv": file_digest(results / "ard.csv")}
        (results / FILE).write_text(provenance_json(record.model_copy(update={"files": files})), encoding="utf-8")
        check_files(results)
        assert stand(results, "of", "") is None

    def test_the_same_files_in_another_folder_are_not_known(self, results, tmp_path):
        shutil.copytree(results, tmp_path / "elsewhere")
        assert stand(tmp_path / "elsewhere", "of", "") is None

    def test_what_renders_them_is_written_into_their_record_and_nothing_else_changes(self, results):
        before = {p.name: p.read_bytes() for p in results.iterdir() if p.name != FILE}
        assert stand(results, "of", "Quarto 1.9") == ["12 statistics"]
        assert check_files(results).engine == "Quarto 1.9"
        assert {p.name: p.read_bytes() for p in results.iterdir() if p.name != FILE} == before
        assert stand(results, "of", "") == ["12 statistics"]
        assert check_files(results).engine == "Quarto 1.9"


def check_record(results: Path):
    from analysis.results.provenance import Provenance

    return Provenance.model_validate(json.loads((results / FILE).read_bytes()))
