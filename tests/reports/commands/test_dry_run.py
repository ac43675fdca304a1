"""A dry run shows the whole report on synthetic data, says so everywhere, and touches nothing else; shells show no number."""

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.results.ard import Results
from analysis.results.listings_file import ListedRecords
from analysis.results.provenance import DRY_RUN, check_files
from reports.figures.frame import LAYOUT
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.pages.quality import EMPTY
from reports.run.shells import layout, placeholder, shell_listings, shells
from reports.tables import stated as stated_names
from reports.words.numbers import shown
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
KEPT = ("data", "results", "_site")


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what stands below a folder, each file with its size and time."""
    files = (f for f in folder.rglob("*") if f.is_file())
    return {str(f): (f.stat().st_size, f.stat().st_mtime_ns) for f in files}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory) -> Path:
    """The shells of eight synthetic subjects, rendered once."""
    out = tmp_path_factory.mktemp("rehearsal") / "dry run"
    before = {name: state(ROOT / name) for name in KEPT}
    command = [sys.executable, "-m", "reports.commands.cli", "dry-run", "--n", "8", "--rate", "DLT=0.5", "--seed", "2"]
    command += ["--engine", "embedded", "--shells", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    after = {name: state(ROOT / name) for name in KEPT}
    changed = [name for name in KEPT if before[name].keys() - after[name].keys()]
    assert changed == []
    assert not (ROOT / "reports" / "fig" / "dry-run").exists()
    return out


def test_it_writes_data_results_and_a_site_and_says_what_was_asked_for(rehearsed, plan):
    assert sorted(f.name for f in rehearsed.iterdir()) == ["data", "dry-run.json", "results", "site"]
    asked = json.loads((rehearsed / "dry-run.json").read_text(encoding="utf-8"))
    assert (asked["n"], asked["seed"], asked["rates"], asked["shells"]) == (8, 2, {"DLT": 0.5}, True)
    assert len(list((rehearsed / "data").glob("*.csv"))) == len(plan.datasets)
    assert [f.name for f in rehearsed.parent.iterdir()] == [rehearsed.name]


def test_its_state_is_in_every_row_and_in_the_provenance(rehearsed):
    assert check_files(rehearsed / "results").state == "dry run"
    for name in ("ard", "checks", "coverage", "reconciliation"):
        text = (rehearsed / "results" / f"{name}.csv").read_text(encoding="utf-8")
        assert {r["stamp"] for r in csv.DictReader(text.splitlines())} == {DRY_RUN}, name


def test_every_page_is_stamped_and_none_speaks_of_the_trials_own_data(rehearsed, plan):
    pages = sorted((rehearsed / "site" / "reports").glob("*.html"))
    assert len(pages) >= 8
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.count(DRY_RUN) >= 2, page.name
        assert plan.study.data_notice.split(".")[0] not in text, page.name


@pytest.fixture(scope="module")
def stated(results):
    """Return the numbers that the plan states, as they are printed: levels, priors, thresholds, stopping bounds."""
    return {shown(r) for r in results if r.stat_name in stated_names()}


def test_the_tables_of_shells_hold_placeholders_and_what_the_plan_states(rehearsed, stated):
    text = (rehearsed / "site" / "reports" / "tables.html").read_text(encoding="utf-8")
    links = re.findall(r'<a class="traced"[^>]*data-trace="([^"]*)"[^>]*>([^<]*)</a>', text)
    assert len(links) > 100
    assert {words for _, words in links} - stated == {"xx", "xx.x", "xx.xx", "xx.x%", "x.xxx", "xxx", "xx/xx"}
    assert all(re.search(r"= x+(\.x+)?%? ", f"{short} ") for short, words in links if words not in stated)


def test_the_prose_of_shells_holds_placeholders(rehearsed, stated):
    text = (rehearsed / "site" / "reports" / "index.html").read_text(encoding="utf-8")
    words = re.findall(r'<a [^>]*class="traced"[^>]*>([^<]*)</a>', text)
    assert len(words) > 50
    assert {w for w in words if re.search(r"\d", w)} <= stated


def test_the_figures_of_shells_say_layout_only(rehearsed, plan):
    text = (rehearsed / "site" / "reports" / "figures.html").read_text(encoding="utf-8")
    alts = re.findall(r'<img [^>]*alt="([^"]*)"', text)
    assert len(alts) == sum(o.kind != "table" for o in plan.outputs)
    assert all(alt.startswith(LAYOUT) and "xx" in alt for alt in alts)


@each(
    ("name", "told"),
    [
        ("data", "is not for synthetic data"),
        ("data/new", "is not for synthetic data"),
        ("results", "is not for synthetic data"),
        ("_site", "is not for synthetic data"),
        ("reports/fig", "is not for synthetic data"),
        ("sap", "is not for synthetic data"),
        (".", "is not for synthetic data"),
        ("..", "is not for synthetic data"),
        ("docs", "is not the folder of a dry run (it has no dry-run.json)"),
        ("README.md", "is a file"),
    ],
)
def test_a_folder_that_is_not_a_dry_runs_is_refused(sap, name, told):
    done = sap("dry-run", "--out", name)
    assert done.code == 2
    assert told in done.err
    assert "--out" in done.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rate", "DLT"), "--rate DLT is not an id with a number. Write it as --rate ID=0.3."),
        (("--rate", "DLT=high"), "is not an id with a number"),
        (("--rate", "DLT=0.1", "--rate", "DLT=0.2"), "--rate DLT is given twice"),
        (("--rate", "DLT=7"), "is not a rate"),
        (("--hazard", "OZ=0.1"), "the plan has nothing of that name to draw"),
        (("--follow-up", "long"), "is not a span of days"),
        (("--n", "0"), "give a number of subjects from 1"),
        (("--n", "-3"), "give a number of subjects from 1"),
    ],
)
def test_an_option_that_cannot_be_read_is_refused_in_words_and_leaves_nothing(sap, tmp_path, options, told):
    done = sap("dry-run", "--out", tmp_path / "out", *options)
    assert done.code == 2
    assert told in done.err
    assert "drawing" not in done.said
    assert not (tmp_path / "out").exists()


def test_a_folder_without_pages_is_refused_before_anything_is_drawn_wherever_its_plan_stands(
    sap, tmp_path, monkeypatch
):
    shutil.copy(ROOT / "tests" / "other_trial" / "plan.yml", tmp_path / "plan.yml")
    monkeypatch.chdir(tmp_path)
    done = sap("dry-run", "--plan", "plan.yml")
    assert done.code == 3
    assert "there is no _quarto.yml in" in done.err
    assert "drawing" not in done.said
    refused = sap("dry-run", "--plan", "plan.yml", "--out", ".")
    assert refused.code == 2
    (tmp_path / "_dry_run").mkdir()
    monkeypatch.setenv("SAP_RESULTS", "_dry_run")
    again = sap("dry-run", "--plan", "plan.yml")
    assert "is not for synthetic data. Name a folder of its own with --out." in again.err


def test_of_synthetic_data_shells_show_no_second_route(rehearsed):
    text = (rehearsed / "site" / "reports" / "quality.html").read_text(encoding="utf-8")
    assert EMPTY.strip() in text
    assert "Largest relative difference" not in text.partition("sec-references")[0]


def test_a_shell_keeps_what_the_plan_states_and_nothing_that_data_decide(results):
    made = shells(results, 4)
    assert {r.stat_name for r in made if r.stat is not None} <= stated_names()
    assert "estimate" not in stated_names()
    assert {r.stat_text for r in made if r.fmt == "p"} == {"x.xxxx"}
    assert not any(r.error or r.warning for r in made)
    assert len({r.variable_level for r in made if r.context == "subject"}) == 3
    assert not any(re.search(r"\d", shown(r)) for r in made if r.stat_name not in stated_names())


def test_placeholders_follow_formats():
    assert [placeholder(f) for f in ("xx", "xx.x", "xx.x%", "p", "")] == ["xx", "xx.x", "xx.x%", "x.xxx", "xxx"]


def test_a_table_of_shells_has_the_lines_of_the_table_it_announces(plan, results):
    for output in (o for o in plan.outputs if o.kind == "table" and not o.by_subject):
        real, mock = (table(plan, Lookup(r), output) for r in (results, shells(results)))
        assert [(x.section, x.label) for x in mock.lines] == [(x.section, x.label) for x in real.lines]
        assert not any(cell.notes for line in mock.lines for cell in line.cells)


def test_a_figure_of_shells_is_drawn_where_the_results_are_and_prints_placeholders(plan, results, tmp_path):
    lookup = Lookup(shells(results), layout(results))
    for output in (o for o in plan.outputs if o.kind != "table"):
        picture = figure(plan, lookup, output, tmp_path)
        text = picture.path.read_text(encoding="utf-8")
        assert text.count(LAYOUT) == 1
        assert "xx" in picture.alt
        assert all(r.stat is None or r.stat_name in stated_names() for r in picture.rows)
        real = figure(plan, Lookup(results), output, tmp_path / "real").path.read_text(encoding="utf-8")
        assert text.count("<path") > 0.5 * real.count("<path")


def test_a_picture_of_a_run_that_is_not_sealed_carries_its_stamp_and_a_sealed_one_none(plan, results, tmp_path):
    output = plan.output("F-OS")
    stamped = figure(plan, Lookup(results.with_stamp(DRY_RUN)), output, tmp_path)
    assert stamped.alt.startswith(f"{DRY_RUN}. Kaplan–Meier")
    assert DRY_RUN in stamped.path.read_text(encoding="utf-8")
    assert 'class="mark"' not in figure(plan, Lookup(results), output, tmp_path).path.read_text(encoding="utf-8")


def test_listings_of_shells_show_three_records_without_their_values():
    rows = tuple((f"SYN-00{i}", "2024-01-08", "") for i in range(1, 6))
    mock = shell_listings({"L": ListedRecords("L", 5, 5, ("ADSL.USUBJID", "ADSL.TRTSDT", "ADSL.DTHDT"), rows)})["L"]
    assert mock.rows == (("SYN-001", "xxx", "xxx"), ("SYN-002", "xxx", "xxx"), ("SYN-003", "xxx", "xxx"))


def test_text_beside_a_number_is_printed_in_its_place(results):
    row = next(r for r in results if r.stat is not None)
    assert shown(replace(row, stat_text="xx")) == "xx"
    assert Results((replace(row, stat_text="xx"),)).rows[0].stat == row.stat
