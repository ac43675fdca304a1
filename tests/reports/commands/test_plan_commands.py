"""`sap plan …` and `sap schema`: what a person reads, what a script reads, and exit codes for both."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLAN = ROOT / "sap" / "plan.yml"


@pytest.fixture
def written(tmp_path):
    """Return a function that writes the plan with one text in it replaced."""

    def write(old: str, new: str) -> Path:
        text = PLAN.read_text(encoding="utf-8")
        assert old in text
        file = tmp_path / "plan.yml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return file

    return write


def test_a_plan_without_mistakes_says_what_it_promises(sap, plan):
    done = sap("plan", "check")
    assert done.code == 0
    assert done.out.startswith("sap/plan.yml has no mistakes. SAP-CLL1-RECON ")
    assert f"promises {len(plan.analyses)} analyses (1 primary, " in done.out
    assert f"It needs {len(plan.datasets)} datasets: ADSL, " in done.out


def test_the_check_says_what_will_be_shown_in_the_order_of_the_numbers(sap, plan):
    done = sap("plan", "check")
    shown = [line for line in done.out.splitlines() if line.startswith(("  Table ", "  Figure ", "  Listing "))]
    assert len(shown) == len(plan.outputs) + len(plan.listings)
    assert shown[0] == "  Table 14.1.1 Demographics and disease (T-DEMOG: AN-DEMOG)"
    assert shown[-1].startswith("  Listing 16.2.8 ")
    numbers = [[int(part) for part in line.split()[1].split(".")] for line in shown]
    assert numbers == sorted(numbers)
    told = json.loads(sap("plan", "check", "--json").out)
    assert [s["number"] for s in told["shown"]] == [line.split()[1] for line in shown]
    assert told["shown_nowhere"] == []


def test_an_analysis_that_nothing_shows_is_named(sap, written):
    file = written("analyses: [AN-DEATH]", "analyses: [AN-OS]")
    assert "No table and no figure shows AN-DEATH.\n" in sap("plan", "check", file).out
    assert json.loads(sap("plan", "check", file, "--json").out)["shown_nowhere"] == ["AN-DEATH"]


def test_a_plan_with_mistakes_names_each_with_its_line_and_ends_with_2(sap, written):
    file = written("analysis_set: CKE", "analysis_set: CKF")
    done = sap("plan", "check", file)
    line = next(n for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "CKF" in text)
    assert done.code == 2
    assert done.out == ""
    assert f"{file}:{line} at analyses[4].analysis_set: there is no analysis set 'CKF' in the plan." in done.err
    assert "Did you mean 'CKE'?" in done.err


def test_the_same_for_a_script(sap, written):
    done = sap("plan", "check", written("conf_type: log-log", "conf_type: loglog"), "--json")
    (problem,) = json.loads(done.out)["problems"]
    assert done.code == 2
    assert set(problem) == {"file", "line", "path", "message", "fix"}
    assert problem["message"] == "'loglog' is not allowed here."


def test_a_script_learns_what_is_promised(sap):
    done = sap("plan", "check", "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert (told["problems"], told["id"], told["analyses"]["primary"]) == ([], "SAP-CLL1-RECON", 1)


def test_the_post_hoc_analyses_beside_a_plan_are_checked_with_it(sap, tmp_path):
    for name in ("plan.yml", "post_hoc.yml"):
        shutil.copy(ROOT / "tests" / "other_trial" / name, tmp_path / name)
    done = sap("plan", "check", tmp_path / "plan.yml")
    assert done.code == 0
    assert f"{tmp_path / 'post_hoc.yml'} has no mistakes. Post hoc: RESPONSE-SUBGROUPS." in done.out
    assert json.loads(sap("plan", "check", tmp_path / "plan.yml", "--json").out)["post_hoc"]
    (tmp_path / "post_hoc.yml").write_text("analyses: 3\n", encoding="utf-8")
    done = sap("plan", "check", tmp_path / "plan.yml")
    assert done.code == 2
    assert "post_hoc.yml:1 at analyses" in done.err
    (problem,) = json.loads(sap("plan", "check", tmp_path / "plan.yml", "--json").out)["problems"]
    assert problem["file"].endswith("post_hoc.yml")


def test_a_plan_that_is_not_there_ends_with_2(sap, tmp_path):
    done = sap("plan", "check", tmp_path / "nothing.yml")
    assert done.code == 2
    assert "there is no such file" in done.err


def test_the_plan_named_by_the_environment_is_checked(sap, written, monkeypatch):
    monkeypatch.setenv("SAP_PLAN", str(written("analysis_set: CKE", "analysis_set: CKF")))
    assert sap("plan", "check").code == 2


def test_a_difference_is_said_in_words_and_ends_with_1(sap, written):
    done = sap("plan", "diff", PLAN, written("conf_type: log-log", "conf_type: log"))
    assert done.code == 1
    assert done.out == (
        "AN-OS, step 1 (kaplan_meier): conf_type changes from log-log to log\nAnalyses touched: AN-OS.\n"
    )


def test_a_difference_is_given_to_a_script_with_its_place(sap, written):
    done = sap("plan", "diff", PLAN, written("conf_type: log-log", "conf_type: log"), "--json")
    told = json.loads(done.out)
    (change,) = told["changes"]
    assert done.code == 1
    assert change["path"] == ["analyses", "AN-OS", "steps", "1", "conf_type"]
    assert change["kind"] == "changed"
    assert told["touched"] == {"AN-OS": [change["words"]]}


def test_a_change_that_no_analysis_feels_says_so(sap, written):
    done = sap("plan", "diff", PLAN, written("title: Overall survival and follow-up", "title: Survival"))
    assert done.code == 1
    assert "No analysis is touched." in done.out


def test_the_same_plan_says_that_nothing_changes_and_ends_with_0(sap):
    done = sap("plan", "diff", PLAN, PLAN)
    assert (done.code, done.out) == (0, "Nothing changes: the files are the same.\n")


def test_comments_and_layout_promise_nothing(sap, written):
    done = sap("plan", "diff", PLAN, written("outputs:\n", "\n# What is shown.\noutputs:\n"))
    assert (done.code, done.out) == (0, "Nothing changes: only comments or layout differ.\n")


def test_a_plan_with_mistakes_cannot_be_compared(sap, written):
    done = sap("plan", "diff", PLAN, written("analysis_set: CKE", "analysis_set: CKF"))
    assert done.code == 2
    assert "'CKF'" in done.err


def test_the_schema_is_printed_as_json(sap):
    done = sap("schema")
    assert done.code == 0
    assert json.loads(done.out)["title"] == "Statistical analysis plan"


def test_the_schema_is_written_with_the_line_an_editor_needs(sap, tmp_path):
    done = sap("schema", "--out", tmp_path / "plan.schema.json")
    assert json.loads((tmp_path / "plan.schema.json").read_text(encoding="utf-8"))["type"] == "object"
    assert "# yaml-language-server: $schema=plan.schema.json" in done.out


def test_a_schema_that_cannot_be_written_is_said(sap, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = sap("schema", "--out", tmp_path / "taken" / "plan.schema.json")
    assert done.code == 2
    assert "--out" in done.err


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """A folder with the pages and the plan, and nothing else: no data, no results, no seal."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copytree(ROOT / "reports", folder / "reports", ignore=shutil.ignore_patterns("*.py", "__pycache__", "fig"))
    shutil.copy(ROOT / "_quarto.yml", folder)
    (folder / "sap").mkdir()
    shutil.copy(PLAN, folder / "sap")
    return folder


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAP_")}
    command = [sys.executable, "-m", "reports.commands.cli", *words]
    own = {**environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def document(bare) -> str:
    """The rendered document of the plan."""
    done = in_folder(bare, "plan", "render")
    assert done.returncode == 0, done.stderr
    assert "_plan/reports/sap.html" in done.stdout
    return (bare / "_plan" / "reports" / "sap.html").read_text(encoding="utf-8")


def test_the_document_of_the_plan_needs_no_data_and_no_results(bare, document):
    assert "SAP-CLL1-RECON" in document
    assert 'id="sec-an-dlt"' in document
    assert not (bare / "data").exists()
    assert not (bare / "results").exists()


def test_it_is_one_page_and_nothing_on_it_leads_to_another(bare, document):
    pages = [p.relative_to(bare / "_plan").as_posix() for p in sorted((bare / "_plan").rglob("*.html"))]
    assert pages == ["index.html", "reports/sap.html"]
    links = re.findall(r'<a\b[^>]*\bhref="([^"#]*)', document)
    assert set(links) <= {"", "sap.html"} | {link for link in links if link.startswith("https://")}


def test_a_mistake_of_the_plan_is_told_before_anything_is_rendered(bare, written):
    done = in_folder(bare, "plan", "render", "--plan", str(written("analysis_set: CKE", "analysis_set: CKF")))
    assert done.returncode == 2
    assert "'CKF'" in done.stderr
    assert "rendering" not in done.stdout


def test_ctrl_c_while_a_page_runs_is_one_sentence(bare):
    """Neither silence, nor a line of the kernel that lost its parent."""
    command = [sys.executable, "-m", "reports.commands.cli", "plan", "render", "--out", "_stopped"]
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=bare, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while "rendering reports/sap.qmd" not in running.stdout.readline():
        assert running.poll() is None
    time.sleep(1.5)  # the kernel starts
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)  # ends when the kernel, which inherits the streams, has ended too
    assert (running.returncode, err) == (130, "Stopped. Nothing half-written was left.\n"), out
    assert not (bare / "_stopped").exists()


def test_the_check_ends_with_how_many_items_of_the_guideline_are_answered(sap, written):
    assert re.fullmatch(
        r"content: \d+ of 66 answered, \d+ not applicable, \d+ not stated, none missing",
        sap("plan", "check").out.splitlines()[-1],
    )
    open_item = written("    32b: The letter names no data management plan.\n", "")
    assert sap("plan", "check", open_item).out.splitlines()[-1].endswith("not stated, 1 missing: 32b")
    assert json.loads(sap("plan", "check", open_item, "--json").out)["content"]["missing"] == ["32b"]


def test_each_item_is_listed_with_the_line_that_answers_it_or_why_none_does(sap, written):
    file = written("    32b: The letter names no data management plan.\n", "")
    lines = file.read_text(encoding="utf-8").splitlines()
    at = 1 + next(n for n, text in enumerate(lines) if text.startswith("  background:"))
    done = sap("plan", "content", file)
    assert done.code == 1
    assert f"  7    background, rationale and research question: line {at} study.background\n" in done.out
    assert "  32b  references: data management plan: MISSING. Its place: documents.data_management_plan.\n" in done.out
    assert re.search(
        r"  E5   what makes a dose recommended: not applicable \(line \d+\): The plan recommends no dose", done.out
    )
    assert sap("plan", "content").code == 0


def test_the_list_for_a_script_leads_to_lines_of_the_plan(sap):
    items = json.loads(sap("plan", "content", "--json").out)["items"]
    lines = PLAN.read_text(encoding="utf-8").splitlines()
    wrong = []
    for item in items:
        for place in item["places"]:
            last = re.split(r"[.\[]", place["path"].removesuffix("]"))[-1]
            if not last.isdecimal() and f"{last}:" not in lines[place["line"] - 1]:
                wrong.append((item["item"], place))
    assert (len(items), wrong) == (66, [])
    assert {i["anchor"] for i in items} == {f"item-{i['item'].lower()}" for i in items}
