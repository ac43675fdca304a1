"""A run as its pages see it, without running the command: from a study and its results."""

from pathlib import Path

from analysis.data.load import Study
from analysis.pipeline.analyse import provenance_of
from analysis.results.ard import Results
from analysis.results.entered_file import everyone, to_json
from analysis.results.seal_state import SealState
from analysis.running.entered import entered
from reports.run.shown import ShownRun, subject_names, with_names
from sap.plan.plan import Plan
from sap.text.files import digest

ROOT = Path(__file__).resolve().parents[1]


def opened_run(study: Study, results: Results, plan_file: Path = ROOT / "sap/plan.yml") -> ShownRun:
    """Return the run that would be read from a results folder."""
    who = entered(study)
    named = with_names(results, subject_names(study.plan, everyone(who)))
    return ShownRun(study.plan, named, Path("results"), provenance_of(study, plan_file, SealState("draft")), who)


def write_run(study: Study, results: Results, folder: Path, plan_file: Path = ROOT / "sap/plan.yml") -> None:
    """Write what pages and `sap explain` read of a run."""
    from analysis.results.provenance import provenance_json

    texts = {"ard.csv": results.to_csv(), "entered.json": to_json(entered(study))}
    found = provenance_of(study, plan_file, SealState("draft"))
    found = found.model_copy(update={"files": {name: digest(text.encode()) for name, text in texts.items()}})
    folder.mkdir(exist_ok=True)
    for name, text in {**texts, "provenance.json": provenance_json(found)}.items():
        (folder / name).write_text(text, encoding="utf-8")


def hidden(plan: Plan) -> Plan:
    """Return the plan with subjects' ids kept from pages."""
    conventions = plan.conventions.model_copy(update={"show_subject_ids": False})
    return plan.model_copy(update={"conventions": conventions})
