"""In a notebook: a run is a data frame, its tables and figures show themselves, a mistake is a sentence."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import executable_sap as sap
from reports.commands.run import run as command
from tests.other_trial.conftest import HERE as TRIAL

PLAN, DATA = TRIAL / "plan.yml", TRIAL / "data"


@pytest.fixture(scope="module")
def run() -> sap.Run:
    return sap.run(PLAN, DATA)


def frames() -> dict[str, pd.DataFrame]:
    return {file.stem.upper(): pd.read_csv(file) for file in DATA.glob("*.csv")}


def test_a_run_gives_the_results_that_the_command_writes(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command(PLAN, DATA, out=tmp_path / "results", lock=tmp_path / "sap.lock", unlocked=True)
    written = pd.read_csv(
        tmp_path / "results" / "ard.csv", keep_default_na=False, na_values={"stat": [""]}, dtype={"step": str}
    )
    pd.testing.assert_frame_equal(run.ard, written)
    opened = sap.read(tmp_path / "results", PLAN)
    pd.testing.assert_frame_equal(opened.ard, run.ard)
    pd.testing.assert_frame_equal(opened.checks, run.checks)
    (tmp_path / "plan.yml").write_text(PLAN.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(sap.UserError, match="Run `sap run` again, or name its plan"):
        sap.read(tmp_path / "results", tmp_path / "plan.yml")


def test_every_statistic_stands_beside_the_second_route(run):
    of_files = run.checks["context"] == "reading"
    assert of_files.any()
    assert (~of_files).sum() == len(run.ard)
    assert set(run.checks["verdict"]) <= {"agrees", "not recomputed"}
    assert f"{len(run.ard)} statistics; by the second route" in repr(run)


def test_what_ran_in_a_notebook_is_stamped(run):
    assert run.stamp == "DRAFT"
    assert set(run.ard["stamp"]) == {"DRAFT"}


def test_data_frames_are_data_and_files_are_kept_where_they_are_wanted(run, tmp_path):
    told = []
    again = sap.run(PLAN, frames(), out=tmp_path / "results", tell=told.append)
    pd.testing.assert_frame_equal(again.ard, run.ard)
    assert {"ard.csv", "ars.json", "checks.csv"} <= {path.name for path in (tmp_path / "results").iterdir()}
    assert f"writing {tmp_path / 'results'}" in told


def test_each_table_and_figure_of_the_plan_shows_itself_with_its_stamp(run):
    plan = run._run.plan
    for output in plan.outputs:
        shown = run.table(output.id) if output.kind == "table" else run.figure(output.number)
        page = shown._repr_html_()
        assert f"{output.number}. " in page
        assert "– DRAFT" in page
        assert not shown.ard.empty, output.id
        assert f"({len(shown.ard)} numbers)" in repr(shown)
        assert f"<code>{output.id}</code>" in run._repr_html_()


def test_a_number_of_a_table_says_which_record_it_is_and_leads_nowhere(run):
    output = next(o for o in run._run.plan.outputs if o.kind == "table")
    page = run.table(output.id).html
    assert re.search(rf'<span title="{output.analyses[0]}: [^"]+">', page)
    assert "<a " not in page


def test_a_figure_is_a_picture_with_words(run):
    output = next(o for o in run._run.plan.outputs if o.kind != "table")
    shown = run.figure(output.id)
    assert shown._repr_svg_().rstrip().endswith("</svg>")
    assert shown.alt.startswith("DRAFT. ")
    assert 'src="data:image/svg+xml;base64,' in shown._repr_html_()


def test_a_listing_is_its_records(run):
    listing = run._run.plan.listings[0]
    assert run.listing(listing.id).columns[0].endswith("USUBJID")


def test_a_number_is_explained(run):
    analysis = run._run.plan.analyses[0].id
    assert analysis in run.explain(analysis)


def test_what_the_plan_does_not_have_is_told_with_what_is_near(run):
    table = next(o.id for o in run._run.plan.outputs if o.kind == "table")
    with pytest.raises(sap.UserError, match=rf"The plan has no table '{table}X'. Did you mean '{table}'\?"):
        run.table(f"{table}X")
    with pytest.raises(sap.UserError, match=r"The plan has no dataset 'ADSLL'\. Did you mean 'ADSL'"):
        sap.run(PLAN, {"ADSLL": pd.DataFrame()})


def test_a_sound_plan_and_sound_data_have_nothing_to_tell():
    assert not (sap.check(PLAN)["severity"] == "error").any()
    assert not (sap.validate(PLAN, DATA)["severity"] == "error").any()


def test_mistakes_of_a_plan_are_rows(tmp_path):
    broken = tmp_path / "plan.yml"
    broken.write_text(PLAN.read_text(encoding="utf-8").replace("analyses:", "analysis:", 1), encoding="utf-8")
    found = sap.check(broken)
    assert (found["severity"] == "error").all()
    assert found["message"].str.contains("analys").any()


def test_mistakes_of_the_data_are_rows_and_stop_the_run():
    broken = frames()
    broken["ADSL"]["TRTSDT"] = broken["ADSL"]["TRTSDT"].astype(object)
    broken["ADSL"].loc[0, "TRTSDT"] = "soon"
    found = sap.validate(PLAN, broken)
    assert ("ADSL", 2, "TRTSDT", "soon", "error") in set(
        found[["dataset", "row", "column", "value", "severity"]].itertuples(index=False, name=None)
    )
    with pytest.raises(sap.UserError, match="nothing was analysed"):
        sap.run(PLAN, broken)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("sap.run('nowhere.yml')", "nowhere.yml: there is no such file."),
        ("sap.run(PLAN, {'ADSL': adsl})", "ADSL row 2 TRTSDT 'soon': Date of First Exposure"),
    ],
)
def test_a_notebook_shows_a_mistake_as_a_sentence(cell, told, capsys):
    adsl = pd.read_csv(DATA / "adsl.csv", dtype=str)
    adsl.loc[0, "TRTSDT"] = "soon"
    shell = InteractiveShell()
    shell.user_ns |= {"sap": sap, "PLAN": PLAN, "adsl": adsl}
    shell.run_cell(cell)
    shown = "".join(capsys.readouterr())
    assert told in shown
    assert "Traceback" not in shown
    assert "executable_sap/" not in shown


def test_a_room_that_is_somebody_elses_is_named(tmp_path):
    (tmp_path / "analysis.py").write_text("print('not ours')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import executable_sap"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"Python finds {tmp_path / 'analysis.py'}. Rename what is called 'analysis'" in done.stderr
    assert "not ours" not in done.stdout
