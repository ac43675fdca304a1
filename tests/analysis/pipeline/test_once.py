"""A run reads each file once, parses each text of the plan once, and derives and expects once."""

from collections import Counter
from pathlib import Path

from analysis.data import derive, load
from analysis.pipeline import beside, result_files
from analysis.pipeline.analyse import analyse
from analysis.reconcile import reconcile
from analysis.results.seal_state import held_against_seal
from reports.words.numbers import shown
from sap.reading.read import read_stated
from sap.text import yaml_file
from tests.sealed import trial

OTHER_TRIAL = Path(__file__).parents[2] / "other_trial"


def test_nothing_is_done_twice_in_one_run(tmp_path, monkeypatch):
    """The second route derives by itself: what is counted is the first. Nothing is forked, so that all is counted."""
    monkeypatch.setattr(beside, "FORKS", False)
    of = trial(tmp_path / "trial", OTHER_TRIAL)
    of.seal()
    of.plan.write_text(of.plan.read_text(encoding="utf-8") + "# changed since\n", encoding="utf-8")
    counts = Counter()

    def counted(module, name, key):
        real = getattr(module, name)

        def counting(*args):
            counts[name, key(*args)] += 1
            return real(*args)

        monkeypatch.setattr(module, name, counting)

    counted(yaml_file, "read_yaml", lambda text: text)
    counted(derive, "_derive", lambda derivation, *_: derivation.id)
    counted(result_files, "expected", lambda plan: plan.plan.id)
    counted(reconcile, "expected", lambda plan: plan.plan.id)
    counted(load, "read_table", lambda dataset, *_: dataset)
    stated = read_stated(of.plan)
    state = held_against_seal(of.lock, of.plan, of.data, unlocked=True, stated=stated)
    analyse(of.plan, of.data, tmp_path / "results", state, shown=shown, tell=lambda _: None)
    assert {name for name, _ in counts} == {"read_yaml", "_derive", "expected", "read_table"}
    assert {what: n for what, n in counts.items() if n > 1} == {}
    assert len([text for name, text in counts if name == "read_yaml"]) == 2, "the plan, and the sealed one"
    assert {d for name, d in counts if name == "_derive"} == {d.id for d in stated.plan.derivations}
