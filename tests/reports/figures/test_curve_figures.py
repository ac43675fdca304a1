"""Figures of curves: keys lie outside the frame, numbers at risk are always there, days are those of the data."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from analysis.data.load import load
from analysis.recompute.comparison.compare import recompute
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from sap.plan.plan import Plan
from sap.reading.read import read_plan

START = date(2024, 1, 1)
STARTER = Path(__file__).resolve().parents[3] / "reports" / "starter" / "plan.yml"
CASES = {
    # Groups of curves that cross, that stay high, that fall at once: time and whether it is an event, by subject.
    "crossing": {"Low": [(30, 1), (40, 1), (50, 1), (60, 1)], "High": [(5, 1), (10, 1), (80, 0), (90, 0)]},
    "plateaus": {
        "First of three arms": [(100, 0), (120, 0), (183, 0)],
        "Second": [(90, 1), (183, 0), (150, 0)],
        "Third": [(183, 0)] * 3,
    },
    "drops": {f"Dose level {k}": [(k, 1), (k + 1, 1), (k + 2, 1), (180, 0)] for k in range(1, 6)},
}
KM = "{method: kaplan_meier, data: TIME, label: Time, conf_type: log-log, landmarks: [30], "


def trial(folder: Path, groups, *, origin: int, axis: str = "", extra: str = "") -> tuple[Plan, Lookup]:
    """Return the plan and the results of times by group, counted from day `origin`."""
    people = [(f"{i:03}", g, t, e) for i, (g, t, e) in enumerate((g, t, e) for g, of in groups.items() for t, e in of)]
    plan = STARTER.read_text(encoding="utf-8")
    head, _, rest = plan.partition("analyses:\n")
    body = rest.partition("  - id: AN-1")[2].partition("    steps:")[0]
    head = head.replace("\nconventions:\n", f"\nconventions:\n  origin_day: {origin}\n")
    assert f"origin_day: {origin}" in head
    levels = "".join(f"      - {{label: {g}, values: [{g}]}}\n" for g in groups)
    text = head.replace(
        "\nanalysis_sets:",
        "  ADTTE:\n    file: adtte.csv\n    title: Times\n    parameters: {T: {label: Time, unit: DAYS}}\n"
        "\nderivations:\n  - {id: TIME, kind: time_to_event, parameter: T, text: Time to event}\n\nanalysis_sets:",
    )
    text += f"groupings:\n  - id: ARM\n    title: Arm\n    variable: ADSL.TRT01A\n    levels:\n{levels}"
    text += f"analyses:\n  - id: AN-T{body}    steps:\n      - {KM}by: ARM{extra}}}\n      - {KM[:-2]}}}\n"
    text += "      - {method: by_subject, variables: [TIME.AVAL, TIME.CNSR]}\n"
    drawn = f"{{id: F-T, number: '1', kind: kaplan_meier_figure, title: Times, analyses: [AN-T]{axis}}}"
    text += f"outputs:\n  - {drawn}\n  - {{id: T-T, number: '2', kind: table, title: Times, analyses: [AN-T]}}\n"
    text += "  - {id: F-S, number: '3', kind: swimmer_figure, title: Times, analyses: [AN-T]}\n"
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    adsl = "".join(f"{s},50,F,2024-01-01,{g},Y,,,2024-12-31\n" for s, g, _, _ in people)
    head_of_adsl = "USUBJID,AGE,SEX,TRTSDT,TRT01A,SAFFL,DTHFL,DTHDT,LSTALVDT\n"
    (folder / "adsl.csv").write_text(head_of_adsl + adsl, encoding="utf-8")
    rows = "".join(f"{s},T,{t + origin},{1 - e},2024-01-01,{START + timedelta(days=t)}\n" for s, _, t, e in people)
    (folder / "adtte.csv").write_text("USUBJID,PARAMCD,AVAL,CNSR,STARTDT,ADT\n" + rows, encoding="utf-8")
    read = read_plan(folder / "plan.yml")
    study = load(read, folder)
    results = run(study)
    assert {c.verdict for c in recompute(study, results, with_r=False)} == {"agrees"}
    return read, Lookup(results)


@pytest.fixture
def frames(monkeypatch):
    """Return, after a figure was drawn, the figures as matplotlib has them."""
    kept: list[Figure] = []
    save = Figure.savefig

    def keep(self, *args, **kwargs):
        kept.append(self)
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", keep)
    return kept


def keys_inside(drawn: Figure) -> list[str]:
    """Return the words of keys that lie in the frame of axes in which something is drawn."""
    drawn.draw_without_rendering()
    keys = [*drawn.legends, *(a.get_legend() for a in drawn.axes if a.get_legend() is not None)]
    places = [a.get_window_extent() for a in drawn.axes if a.axison]
    return [k.get_texts()[0].get_text() for k in keys if any(k.get_window_extent().overlaps(p) for p in places)]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("origin", [0, 1])
def test_without_days_in_the_plan_numbers_stand_below_the_ticks_and_the_key_outside(tmp_path, frames, case, origin):
    plan, lookup = trial(tmp_path, CASES[case], origin=origin)
    picture = figure(plan, lookup, plan.output("F-T"), tmp_path)
    (drawn,) = frames
    (axes,) = drawn.axes
    assert keys_inside(drawn) == []
    ticks = [int(t) for t in axes.get_xticks()]
    # At most seven spans of a usual length, from the start: 183 days in steps of 30, 90 in steps of 14.
    assert ticks == [origin, *(range(14, 91, 14) if case == "crossing" else range(30, 184, 30))]
    below = [t.get_text() for t in axes.texts]
    for group, times in CASES[case].items():
        at = below.index(f"{group}: At risk") + 1
        by_hand = [sum(t + origin >= day for t, _ in times) for day in ticks]
        assert [int(n) for n in below[at : at + len(ticks)]] == by_hand, group
    assert "numbers at risk below" in picture.alt
    assert [line.get_label() for line in axes.lines if not line.get_label().startswith("_")] == list(CASES[case])


def test_days_of_the_plan_are_the_ticks_of_the_axis(tmp_path, frames):
    plan, lookup = trial(tmp_path, CASES["crossing"], origin=0, extra=", at_risk: [0, 45, 90]")
    figure(plan, lookup, plan.output("F-T"), tmp_path)
    assert list(frames[0].axes[0].get_xticks()) == [0, 45, 90]


def test_times_stand_in_the_count_of_the_data_and_table_axis_and_words_say_what_day_1_is(tmp_path, frames):
    plan, lookup = trial(tmp_path, CASES["crossing"], origin=1, axis=", axis: Time on study")
    low = {"grouping": "ARM", "group": "Low"}
    at = {"context": "survival", "level": "median", **low}
    # R: survfit(Surv(c(31, 41, 51, 61), rep(1, 4)) ~ 1, conf.type = "log-log"): the plateau from 41 to 51 gives 46
    assert lookup.row("AN-T", "estimate", **at).stat == 46
    # The event 30 days after the start is on day 31: on day 30 nobody has had it, where day 0 counts 3 of 4 are left.
    assert lookup.row("AN-T", "estimate", context="survival_at", level="30", **low).stat == 1
    observed = {n: lookup.row("AN-T", n, context="follow_up_observed", **low).stat for n in ("min", "max")}
    assert observed == {"min": 31, "max": 61}
    picture = figure(plan, lookup, plan.output("F-T"), tmp_path)
    assert frames[0].axes[0].get_xlabel() == "Time on study (day 1 = first treatment)"
    assert "Day 1 = first treatment." in picture.alt
    assert "median 46.0 days" in picture.alt
    notes = {n for c in table(plan, lookup, plan.output("T-T")).columns for n in c.notes}
    assert notes == {"Groups: Arm", "Times to event in days: day 1 = first treatment"}


def test_where_the_start_is_day_0_nothing_is_said_of_day_1(tmp_path, frames):
    plan, lookup = trial(tmp_path, CASES["crossing"], origin=0)
    picture = figure(plan, lookup, plan.output("F-T"), tmp_path)
    notes = {n for c in table(plan, lookup, plan.output("T-T")).columns for n in c.notes}
    assert notes == {"Groups: Arm"}
    assert not re.search(r"[Dd]ay 1", picture.alt + frames[0].axes[0].get_xlabel())
    assert lookup.row("AN-T", "estimate", context="survival_at", level="30", grouping="ARM", group="Low").stat == 0.75


@pytest.mark.parametrize(
    ("origin", "title"), [(0, "Days since first treatment"), (1, "Days (day 1 = first treatment)")]
)
def test_bars_of_subjects_run_from_the_start_to_the_day_the_data_give(tmp_path, frames, origin, title):
    plan, lookup = trial(tmp_path, CASES["crossing"], origin=origin)
    figure(plan, lookup, plan.output("F-S"), tmp_path)
    (axes,) = frames[0].axes
    ends = sorted(t + origin for of in CASES["crossing"].values() for t, _ in of)
    assert sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches) == [(origin, e) for e in ends]
    assert axes.get_xlabel() == title


@pytest.mark.parametrize("name", ["F-OS", "F-HSCTOS", "F-POST", "F-TEMP", "F-CYTO", "F-CORR", "F-SWIM"])
def test_no_key_of_this_study_lies_on_what_is_drawn(plan, results, tmp_path, frames, name):
    figure(plan, Lookup(results), plan.output(name), tmp_path)
    assert keys_inside(frames[0]) == []
