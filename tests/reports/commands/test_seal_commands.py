"""`sap lock`, `sap amend`, `sap verify`, `sap keygen`: what a person reads, exit codes, and a seal that is always whole."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from reports.engines.process import Stopped
from sap.seal.lock import chain_faults
from sap.seal.verify import verified
from tests.sealed_trial import flip, new_trial, own_program

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """An unsealed trial, with its folder as the working folder and a git user who is nobody on this machine."""
    made = own_program(new_trial(tmp_path / "trial"), monkeypatch)
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Grace Hopper\n")
    return made


def raised(trial, version="0.4", title="Another title"):
    trial.rewrite_plan("Statistical analysis plan of SOL-201", title, version=version)


class TestLock:
    def test_seals_plan_data_and_code_in_this_order(self, sap, trial):
        done = sap("lock")
        assert done.code == 0
        assert [e.event for e in trial.lock.entries] == ["plan", "data", "code"]
        assert {e.by for e in trial.lock.entries} == {"Grace Hopper"}
        for entry in trial.lock.entries:
            files = entry.data or (entry.plan or entry.code,)
            assert all(f.sha256 in done.out for f in files)
        assert "The plan was sealed together with the data, in one act." in done.out

    def test_what_is_named_and_in_the_order_typed(self, sap, trial):
        sap("lock", "code", "plan", "--by", "Ada Lovelace", "--reason", "Before unblinding")
        assert [(e.event, e.by, e.reason) for e in trial.lock.entries] == [
            ("code", "Ada Lovelace", "Before unblinding"),
            ("plan", "Ada Lovelace", "Before unblinding"),
        ]

    def test_data_typed_before_the_plan_come_before_it(self, sap, trial):
        assert "The plan was sealed AFTER the data were sealed." in sap("lock", "data", "plan").out

    def test_only_a_plan_sealed_without_data_files_came_before_them(self, sap, trial):
        trial.data.rename(trial.folder / "aside")
        assert "The plan is sealed; the data are not sealed yet." in sap("lock", "plan").out
        (trial.folder / "aside").rename(trial.data)
        assert "The plan was sealed before the data files existed here." in sap("lock", "data").out

    def test_a_plan_sealed_with_the_data_files_at_hand_says_so(self, sap, trial):
        assert "are not sealed yet, but the data files were already in the folder" in sap("lock", "plan").out
        told = "The plan was sealed before the data were sealed, but the data files were already in the folder."
        assert told in sap("lock", "data").out
        assert told in sap("verify").out

    def test_without_data_seals_the_rest_and_says_so(self, sap, trial):
        (trial.data / "adae.csv").unlink()
        done = sap("lock")
        assert done.code == 0
        assert "data   not sealed yet: adae.csv not in data; `sap lock data` seals them" in done.out
        assert "but 3 of 4 data files were already in the folder (adsl.csv, adrs.csv, adtte.csv)" in done.out
        assert [e.event for e in trial.lock.entries] == ["plan", "code"]

    def test_data_before_the_plan_is_said_aloud(self, sap, trial):
        assert "The data are sealed and the plan is NOT." in sap("lock", "data").out
        assert "The plan was sealed AFTER the data were sealed." in sap("lock", "plan").out

    def test_again_changes_nothing(self, sap, trial):
        sap("lock")
        before = trial.lock_file.read_bytes()
        assert "Plan, data and code are sealed in sap.lock" in sap("lock").out
        assert sap("lock", "plan", "data").out.count("sealed already, with the same content") == 2
        assert trial.lock_file.read_bytes() == before

    @pytest.mark.parametrize(
        ("arguments", "code", "says"),
        [
            (("lock", "plans"), 2, "plans"),
            (("lock", "--by", "Ada\nBob"), 2, "--by should be one line of text"),
            (("lock", "--reason", "\x1b[2J"), 2, "--reason should be one line of text"),
            (("lock", "--plan", "nowhere.yml"), 2, "nowhere.yml"),
            (("lock", "--lock", "nowhere/sap.lock", "--data", "none", "data"), 2, "none"),
            (("lock", "--sign", "nobody.pem"), 2, "nobody.pem does not exist"),
            (("amend", "--reason", "x"), 4, "has no sealed plan to amend"),
            (("verify",), 4, "There is no seal sap.lock"),
        ],
    )
    def test_what_cannot_be_done_is_a_sentence(self, sap, trial, arguments, code, says):
        done = sap(*arguments)
        assert done.code == code
        assert says in done.said
        assert not trial.lock_file.exists()
        assert "Traceback" not in done.said

    def test_a_damaged_seal_is_not_built_on(self, sap, trial):
        sap("lock", "plan")
        text = trial.lock_file.read_text()
        trial.lock_file.write_text(text[:200])
        done = sap("lock", "data")
        assert done.code == 4
        assert "sap.lock is damaged: it is not JSON" in done.err
        assert trial.lock_file.read_text() == text[:200]


class TestAmend:
    def test_says_what_changed_and_both_digests(self, sap, trial):
        sap("lock", "plan")
        former = trial.lock.plan.plan.sha256
        raised(trial)
        done = sap("amend", "--reason", "Protocol amendment 1")
        assert done.code == 0
        assert f"former {former}" in done.out
        assert trial.lock.plan.plan.sha256 in done.out
        assert "Another title" in done.out
        assert "The plan is sealed; the data are not sealed yet, but the data files were already" in done.out

    def test_after_the_data_is_said_aloud(self, sap, trial):
        sap("lock")
        raised(trial)
        done = sap("amend", "--reason", "Protocol amendment 1")
        assert "The amendment to version 0.4 was sealed AFTER the data were sealed." in done.out

    def test_needs_a_reason(self, sap, trial):
        sap("lock", "plan")
        raised(trial)
        assert sap("amend").code == 2
        done = sap("amend", "--reason", " ")
        assert (done.code, done.err) == (2, 'An amendment needs a reason: sap amend --reason "…".\n')
        assert trial.lock.amendments == ()

    def test_of_nothing_is_a_sentence(self, sap, trial):
        sap("lock", "plan")
        before = trial.lock_file.read_bytes()
        done = sap("amend", "--reason", "Protocol amendment 1")
        assert (done.code, done.out) == (
            0,
            "sap/plan.yml is as it was sealed: there is nothing to amend, and nothing was written.\n",
        )
        assert trial.lock_file.read_bytes() == before

    def test_a_second_seal_of_a_changed_plan_is_refused(self, sap, trial):
        sap("lock", "plan")
        raised(trial)
        done = sap("lock", "plan")
        assert done.code == 4
        assert "sap amend" in done.err


class TestVerify:
    def test_what_agrees_ends_with_0(self, sap, trial):
        sap("lock", "--by", "Ada")
        done = sap("verify")
        assert done.code == 0
        assert "1 " in done.out
        assert "plan by Ada" in done.out
        assert done.out.endswith(
            "The plan was sealed together with the data, in one act.\nEverything agrees with the seal.\n"
        )

    def test_what_differs_ends_with_4_and_is_named(self, sap, trial):
        sap("lock")
        flip(trial.data / "adae.csv")
        done = sap("verify")
        assert done.code == 4
        assert "data: data/adae.csv: ADAE differs from its seal" in done.out
        assert done.out.endswith("1 difference.\n")

    def test_pages_have_a_heading_of_their_own(self, sap, trial):
        (trial.folder / "index.qmd").write_text("x")
        done = sap("lock")
        assert "pages: 1 file, whose cells run: index.qmd" in done.out
        assert "code and 1 file of pages by" in sap("verify").out
        (trial.folder / "index.qmd").write_text("y")
        done = sap("verify")
        assert done.code == 4
        assert "pages: index.qmd: this file was changed since the code was sealed; the cells of a page run" in done.out
        sap("lock", "code", "--reason", "Wording")
        assert sap("verify").code == 0

    def test_post_hoc_analyses_are_outside_the_seal(self, sap, trial):
        sap("lock")
        trial.plan.with_name("post_hoc.yml").write_text("x")
        done = sap("verify")
        assert done.code == 0
        assert "Outside the seal: sap/post_hoc.yml." in done.out
        assert json.loads(sap("verify", "--json").out)["outside"] == ["sap/post_hoc.yml"]

    def test_the_seal_is_read_once(self, sap, trial, monkeypatch):
        sap("lock")
        read = []
        real = Path.read_bytes
        monkeypatch.setattr(Path, "read_bytes", lambda p: (read.append(p.name), real(p))[1])
        sap("verify")
        assert read.count("sap.lock") == 1

    def test_json_for_other_programs(self, sap, trial):
        sap("lock")
        flip(trial.plan)
        done = sap("verify", "--json")
        content = json.loads(done.out)
        assert done.code == 4
        assert content["agrees"] is False
        assert [d["part"] for d in content["differences"]] == ["plan"]
        assert [e["event"] for e in content["entries"]] == ["plan", "data", "code"]

    def test_results_that_are_there_are_looked_at(self, sap, trial):
        sap("lock")
        trial.run()
        assert sap("verify").code == 0
        flip(trial.results / "ard.csv")
        assert "results: results/ard.csv: the file was changed after the run." in sap("verify").out

    def test_a_damaged_seal_is_a_difference(self, sap, trial):
        trial.lock_file.write_text("{")
        done = sap("verify", "--json")
        assert done.code == 4
        assert json.loads(done.out)["entries"] == []


class TestSigning:
    def test_from_the_key_to_the_check(self, sap, trial):
        (trial.folder / "my keys").mkdir()
        done = sap("keygen", "--out", "my keys/bob.pem")
        assert "sap verify --pubkey 'my keys/bob.pem.pub'" in done.out
        assert sap("keygen", "--out", "ada.pem").code == 0
        assert "signed by Ada" in sap("lock", "plan", "--by", "Ada", "--sign", "ada.pem").out
        assert "not checked against a known key" in sap("verify").out
        checked = sap("verify", "--pubkey", "ada.pem.pub")
        assert "signed by Ada" in checked.out
        assert "not checked" not in checked.out

    def test_a_signature_alone_can_be_added(self, sap, trial):
        sap("keygen", "--out", "ada.pem")
        sap("keygen", "--out", "bob.pem")
        sap("lock")
        assert "entries 1 to 3 of 3" in sap("lock", "--by", "Ada", "--sign", "ada.pem").out
        assert "signed by Bob" in sap("lock", "--by", "Bob", "--sign", "bob.pem").out
        assert "This key has signed all of it already" in sap("lock", "--sign", "bob.pem").out
        assert [s.by for s in trial.lock.signatures] == ["Ada", "Bob"]
        assert sap("verify", "--pubkey", "ada.pem.pub", "--pubkey", "bob.pem.pub").code == 0

    def test_an_amendment_is_signed_with_it(self, sap, trial):
        sap("keygen", "--out", "ada.pem")
        sap("lock", "--sign", "ada.pem")
        raised(trial)
        sap("amend", "--reason", "Protocol amendment 1", "--sign", "ada.pem")
        assert sap("verify", "--pubkey", "ada.pem.pub").code == 0

    def test_one_who_has_not_signed_is_named(self, sap, trial):
        sap("keygen", "--out", "ada.pem")
        sap("lock")
        done = sap("verify", "--pubkey", "ada.pem.pub")
        assert done.code == 4
        assert "signature: ada.pem.pub: the owner of this key has not signed this seal." in done.out

    def test_with_a_key_that_cannot_be_read_nothing_is_sealed(self, sap, trial):
        (trial.folder / "ada.pem").write_text("no key")
        done = sap("lock", "--sign", "ada.pem")
        assert done.code == 2
        assert "ada.pem is not a private key in PEM form" in done.err
        assert not trial.lock_file.exists()

    def test_keys_are_not_replaced(self, sap, trial):
        sap("keygen", "--out", "ada.pem")
        done = sap("keygen", "--out", "ada.pem")
        assert done.code == 2
        assert "exists already and is not replaced" in done.err


WRITERS = """
import json, os, random, signal, sys, time
from pathlib import Path
from sap.seal.lock import chain_faults
from sap.text.files import locked
from sap.seal.lock import now, read_lock, write_lock
from sap.seal.sealing import open_lock

lock_file = Path("sap.lock")


def write(who, count):
    for _ in range(count):
        with locked(lock_file):
            lock = open_lock(lock_file)
            write_lock(lock_file, lock.with_entry("data", by=who, reason="again", at=now(), data=()))


def start(who, count):
    child = os.fork()
    if child == 0:
        write(who, count)
        os._exit(0)
    return child
"""
TOGETHER = """
for child in [start(who, 20) for who in ("Ada", "Bob", "Cai")]:
    assert os.waitpid(child, 0)[1] == 0
"""
KILLED = """
moments = random.Random(4)
write("Ada", 1)
lengths = []
for _ in range(40):
    child = start("Ada", 10**6)
    time.sleep(moments.uniform(0.001, 0.08))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    lock = read_lock(lock_file)
    assert chain_faults(lock) == (), chain_faults(lock)
    assert lock.text() == lock_file.read_text()
    lengths.append(len(lock.entries))
assert lengths == sorted(lengths)
assert lengths[-1] > lengths[0] + 10, lengths
write("Ada", 1)
"""


def run_writers(folder, script):
    done = subprocess.run(
        [sys.executable, "-c", WRITERS + script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


class TestWhateverHappens:
    def test_writers_at_once_lose_no_entry(self, trial):
        run_writers(trial.folder, TOGETHER)
        assert chain_faults(trial.lock) == ()
        assert Counter(e.by for e in trial.lock.entries) == {"Ada": 20, "Bob": 20, "Cai": 20}

    def test_killed_at_any_moment_the_seal_is_whole(self, trial):
        """Forty times kill -9 while entries are written one after the other; then one more, which tidies up."""
        run_writers(trial.folder, KILLED)
        assert [p.name for p in trial.folder.glob(".sap.lock*")] == [".sap.lock.held"]

    def test_killed_between_the_kept_copy_and_the_seal(self, sap, trial, monkeypatch):
        sap("lock")
        raised(trial)
        before = trial.lock_file.read_bytes()

        def killed(*_):
            raise Stopped(130)

        with monkeypatch.context() as broken:
            broken.setattr("sap.seal.lock.write_lock", killed)
            done = sap("amend", "--reason", "Protocol amendment 1")
            assert (done.code, done.err) == (130, "Stopped. Nothing half-written was left.\n")
        assert trial.lock_file.read_bytes() == before
        assert len(list((trial.plan.parent / "history").iterdir())) == 2
        assert sap("amend", "--reason", "Protocol amendment 1").code == 0
        assert verified(trial.lock_file, plan=trial.plan, data=trial.data).differences == ()


class TestCost:
    @pytest.mark.parametrize("command", ["['--help']", "['lock', '--help']", "['lock', '--by', 'Ada']", "['verify']"])
    def test_no_statistics_are_imported(self, trial, command):
        script = f"""
import sys
from reports.commands.app import app
try:
    app({command})
except SystemExit:
    pass
print(sorted({{"numpy", "pandas", "pandera", "matplotlib", "scipy", "great_tables"}} & set(sys.modules)), file=sys.stderr)
"""
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]"


def test_the_exit_code_is_explained_where_the_others_are(sap):
    assert "4 something differs" in " ".join(sap("--help").out.replace("│", " ").split())


class TestContent:
    """A seal says which items of the guideline for analysis plans are open, and with --strict refuses them."""

    def test_open_items_are_told_and_the_plan_is_sealed(self, sap, trial):
        done = sap("lock", "plan")
        assert done.code == 0
        assert "items of the guideline for analysis plans missing: 1b, " in done.out
        assert trial.lock.plan is not None

    def test_strict_refuses_them_and_seals_nothing(self, sap, trial):
        done = sap("lock", "plan", "--strict")
        assert done.code == 2
        assert "missing: 1b, " in done.err
        assert done.err.endswith("`sap plan content` says where each belongs. Nothing was sealed.\n")
        assert not trial.lock_file.exists()

    def test_strict_holds_for_an_amendment_too(self, sap, trial):
        sap("lock", "plan")
        raised(trial)
        before = trial.lock_file.read_bytes()
        assert sap("amend", "--reason", "Another title", "--strict").code == 2
        assert trial.lock_file.read_bytes() == before
