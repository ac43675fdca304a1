"""Sealing: what is added to the chain, and what is refused."""

import shutil
import subprocess

import pytest

from sap.seal import code
from sap.seal.code import read_code
from sap.seal.lock import LockError
from sap.seal.sealing import absent_data, open_lock
from sap.text.files import file_digest
from sap.text.problems import PlanError, UserError


class TestThePlan:
    def test_its_text_is_kept_beside_it(self, trial):
        seal = trial.seal("plan").plan.plan
        kept = trial.plan.parent / seal.text
        assert seal.text == f"history/01-{seal.sha256[:12]}.yml"
        assert kept.read_bytes() == trial.plan.read_bytes()
        assert seal.sha256 == file_digest(trial.plan)

    def test_id_version_and_datasets_are_its_own(self, trial):
        seal = trial.seal("plan").plan.plan
        assert (seal.id, seal.version, seal.file) == ("SAP-SOL-201", "0.3", "sap/plan.yml")
        assert seal.datasets == {"ADSL": "adsl.csv", "ADAE": "adae.csv", "ADRS": "adrs.csv", "ADTTE": "adtte.csv"}

    def test_with_a_mistake_it_is_not_sealed(self, trial):
        trial.rewrite_plan("datasets:", "datasts:")
        with pytest.raises(PlanError):
            trial.seal("plan")
        assert not (trial.plan.parent / "history").exists()

    def test_sealing_the_same_text_again_changes_nothing(self, sealed):
        before = sealed.lock_file.read_bytes()
        sealed.seal("plan", "data", "code")
        assert sealed.lock_file.read_bytes() == before

    def test_another_text_is_an_amendment(self, sealed):
        sealed.rewrite_plan("SOL-201", "SOL-202")
        with pytest.raises(LockError, match=r"sealed as version 0.3 and was changed since.*sap amend"):
            sealed.seal("plan")

    def test_copies_are_not_kept_behind_a_link(self, trial, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (trial.plan.parent / "history").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(UserError, match="is a link that leaves"):
            trial.seal("plan")

    def test_which_of_its_data_files_are_there_is_recorded(self, trial):
        (trial.data / "adae.csv").rename(trial.folder / "adae.csv")
        assert trial.seal("plan").plan.plan.data_present == ("adsl.csv", "adrs.csv", "adtte.csv")
        (trial.folder / "adae.csv").rename(trial.data / "adae.csv")
        trial.rewrite_plan("SOL-201", "SOL-201", version="0.4")
        assert len(trial.amend().plan.plan.data_present) == 4


class TestTheData:
    def test_digest_rows_and_columns_of_each_file(self, trial):
        files = {f.dataset: f for f in trial.seal("plan", "data").data.data}
        lines = (trial.data / "adsl.csv").read_text().splitlines()
        assert files["ADSL"].sha256 == file_digest(trial.data / "adsl.csv")
        assert files["ADSL"].rows == len(lines) - 1
        assert files["ADSL"].columns == lines[0].count(",") + 1

    def test_blank_lines_are_no_rows(self, trial):
        before = trial.seal("data").data.data[0].rows
        with (trial.data / "adsl.csv").open("a") as stream:
            stream.write("\n\n")
        assert trial.seal("data", reason="blank lines").data.data[0].rows == before

    def test_a_file_that_is_missing(self, trial):
        (trial.data / "adae.csv").unlink()
        with pytest.raises(UserError, match=r"adae\.csv does not exist"):
            trial.seal("data")
        assert absent_data(trial.plan, trial.data) == ("adae.csv",)

    def test_a_file_that_is_a_link_to_elsewhere(self, trial, tmp_path):
        shutil.move(trial.data / "adae.csv", tmp_path)
        (trial.data / "adae.csv").symlink_to(tmp_path / "adae.csv")
        with pytest.raises(UserError, match=r"adae\.csv is a link that leaves"):
            trial.seal("data")

    def test_a_second_data_cut_needs_a_reason(self, sealed):
        (sealed.data / "adae.csv").write_text((sealed.data / "adsl.csv").read_text())
        with pytest.raises(LockError, match=r"Other data are sealed \(entry 2,.*--reason"):
            sealed.seal("data")
        lock = sealed.seal("data", reason="Second data cut")
        assert (lock.data.number, lock.data.reason) == (4, "Second data cut")

    def test_they_are_not_sealed_under_a_plan_that_differs_from_its_seal(self, trial):
        trial.seal("plan")
        trial.rewrite_plan("SOL-201", "SOL-202")
        with pytest.raises(LockError, match=r"plan\.yml was changed since it was sealed"):
            trial.seal("data")


class TestTheCode:
    def test_each_file_and_the_pins(self, sealed):
        sealed_code = sealed.lock.code.code
        assert list(sealed_code.files) == ["trialprogram/__init__.py", "trialprogram/methods.py"]
        assert sealed_code.dependencies.sha256 == file_digest(sealed.folder / "requirements.txt")

    def test_prose_caches_and_hidden_files_are_no_code(self, sealed):
        for name in ("index.qmd", ".hidden.py/x.py", "__pycache__/methods.pyc", "notes.txt"):
            path = sealed.program / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("x")
        assert read_code(sealed.folder).sha256 == sealed.lock.code.code.sha256

    def test_what_an_interrupted_quarto_leaves_beside_its_page_is_none(self, sealed):
        (sealed.program / "index_files").mkdir()
        for name in ("index.html", "index.typ", "index.xml", "index_files/libs.js"):
            (sealed.program / "index.qmd").write_text("x")
            (sealed.program / name).write_text("x")
        assert read_code(sealed.folder).sha256 == sealed.lock.code.code.sha256
        (sealed.program / "index.qmd").unlink()
        assert len(read_code(sealed.folder).files) == 6

    def test_pages_styles_and_compiled_modules_are(self, sealed):
        for name in ("template.html", "style.css", "house.mplstyle", "check.lua", "recompute.R", "fast.so"):
            (sealed.program / name).write_text("x")
        assert len(read_code(sealed.folder).files) == 8

    def test_a_linked_folder_is_refused(self, sealed, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (sealed.program / "more").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(UserError, match="more is a link to a folder"):
            read_code(sealed.folder)

    def test_other_code_needs_a_reason(self, sealed):
        (sealed.program / "methods.py").write_text("LEVEL = 0.9\n")
        with pytest.raises(LockError, match="Other code is sealed"):
            sealed.seal("code")
        assert sealed.seal("code", reason="A fault mended").code.number == 4

    def test_without_pins_none_are_sealed(self, trial):
        (trial.folder / "requirements.txt").unlink()
        assert trial.seal("code").code.code.dependencies is None

    def test_the_commit_and_whether_it_is_all_of_it(self, trial):
        def git(*words):
            identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
            subprocess.run(["git", *identity, *words], cwd=trial.program.parent, check=True, capture_output=True)

        git("init", "-q")
        assert (read_code(trial.folder).commit, read_code(trial.folder).dirty) == ("", False)
        git("add", ".")
        git("commit", "-q", "-m", "first")
        clean = read_code(trial.folder)
        assert (len(clean.commit), len(clean.tree), clean.dirty) == (40, 40, False)
        (trial.program / "notes.txt").write_text("prose does not count")
        assert not read_code(trial.folder).dirty
        (trial.program / "methods.py").write_text("LEVEL = 0.9\n")
        assert read_code(trial.folder).dirty

    def test_this_program_is_found_wherever_it_is_installed(self, root):
        files = code.code_files()
        assert files["sap/seal/code.py"] == root / "sap" / "seal" / "code.py"
        assert {name.split("/")[0] for name in files} == {"sap", "analysis", "reports", "executable_sap"}


class TestAmending:
    def test_the_chain_keeps_both_texts_and_says_what_changed(self, sealed):
        before = sealed.lock.plan.plan
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Analysis plan of SOL-201", version="0.4")
        lock = sealed.amend("Protocol amendment 2", by="Bob")
        seal = lock.plan.plan
        assert (lock.plan.event, lock.plan.by, lock.plan.reason) == ("amendment", "Bob", "Protocol amendment 2")
        assert (seal.version, seal.former) == ("0.4", before.sha256)
        assert any("Analysis plan of SOL-201" in change for change in seal.changes)
        assert seal.text == f"history/02-{seal.sha256[:12]}.yml"
        assert file_digest(sealed.plan.parent / before.text) == before.sha256
        assert file_digest(sealed.plan.parent / seal.text) == seal.sha256
        assert sealed.differences() == ()

    def test_before_or_after_the_data_is_its_place_in_the_chain(self, trial):
        trial.seal("plan")
        trial.rewrite_plan('version: "0.3"', 'version: "0.4"')
        trial.amend()
        trial.seal("data")
        trial.rewrite_plan('version: "0.4"', 'version: "0.5"')
        lock = trial.amend()
        first, second = lock.amendments
        assert (lock.data_locked_before(first), lock.data_locked_before(second)) == (False, True)

    def test_nothing_changed(self, sealed):
        before = sealed.lock_file.read_bytes()
        sealed.amend()
        assert sealed.lock_file.read_bytes() == before

    @pytest.mark.parametrize("version", ["0.3", "0.2", "0.03"])
    def test_the_version_was_not_raised(self, sealed, version):
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version=version)
        with pytest.raises(LockError, match=rf"says version {version}, and version 0\.3 is sealed\. Raise `version`"):
            sealed.amend()

    @pytest.mark.parametrize("version", ["0.4", "0.10", "1.0", "0.3.1", "0.3-b"])
    def test_versions_are_ordered_by_their_numbers(self, sealed, version):
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version=version)
        assert sealed.amend().plan.plan.version == version

    def test_only_a_comment_changed(self, sealed):
        sealed.plan.write_text(sealed.plan.read_text().replace('version: "0.3"', 'version: "0.4" # raised'))
        lock = sealed.amend()
        assert any("0.4" in change for change in lock.plan.plan.changes)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_no_reason(self, sealed, reason):
        with pytest.raises(UserError, match="An amendment needs a reason") as caught:
            sealed.amend(reason)
        assert caught.value.exit_code == 2

    def test_no_sealed_plan(self, trial):
        with pytest.raises(LockError, match="has no sealed plan to amend"):
            trial.amend()

    def test_another_plan(self, sealed):
        sealed.rewrite_plan("id: SAP-SOL-201", "id: SAP-SOL-999", version="0.4")
        with pytest.raises(LockError, match="is the plan SAP-SOL-999, sealed is SAP-SOL-201"):
            sealed.amend()

    def test_the_kept_copy_is_missing(self, sealed):
        (sealed.plan.parent / sealed.lock.plan.plan.text).unlink()
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
        with pytest.raises(LockError, match=r"kept copy of version 0\.3 is not there"):
            sealed.amend()

    def test_the_kept_copy_is_damaged(self, sealed):
        (sealed.plan.parent / sealed.lock.plan.plan.text).write_text("other")
        sealed.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
        with pytest.raises(LockError, match="is not the text that was sealed"):
            sealed.amend()

    def test_a_former_text_this_program_cannot_read_is_compared_line_by_line(self, trial, monkeypatch):
        trial.seal("plan")
        trial.rewrite_plan("Statistical analysis plan of SOL-201", "Another title", version="0.4")
        real = open_lock.__globals__["read_plan"]

        def only_the_new(path):
            if path.parent.name == "history":
                raise PlanError([])
            return real(path)

        monkeypatch.setitem(open_lock.__globals__, "read_plan", only_the_new)
        changes = trial.amend().plan.plan.changes
        assert "does not read the former text" in changes[0]
        assert "+  title: Another title" in changes
        assert "-  title: Statistical analysis plan of SOL-201" in changes


def test_nothing_is_added_to_a_chain_that_does_not_hold(sealed):
    text = sealed.lock_file.read_text()
    sealed.lock_file.write_text(text.replace('"by": "Ada"', '"by": "Bob"', 1))
    with pytest.raises(LockError, match=r"entry 1 .* was changed after it was sealed.*Nothing was added"):
        open_lock(sealed.lock_file)
