"""A timeline draws every record, keeps what is printed apart, says what it leaves out, and grows with the subjects."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.results.ard import Results
from reports.figures.frame import Drawing
from reports.figures.swimmer import apart
from reports.figures.timeline_bands import (
    PLAIN,
    RAMP,
    Scale,
    Span,
    ValueAxis,
    days_shown,
    extent,
    placed,
    timeline,
    tracks,
)
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.run.shells import layout, shells
from reports.words.numbers import shown
from sap.model.part import Window

SCALE = Scale(0.0, 100.0)
NOWHERE = Path("not written.svg")


@pytest.fixture(scope="module")
def output(plan):
    return plan.output("F-TIME")


def drawn(plan, results, output, tmp_path):
    picture = figure(plan, Lookup(results), output, tmp_path)
    return picture, picture.path.read_text(encoding="utf-8")


def inches(svg):
    return float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)[1]) / 72


def test_the_finding_is_told_with_the_numbers_of_the_results(plan, results, output, tmp_path):
    alt = drawn(plan, results, output, tmp_path)[0].alt
    assert "10 subjects; Death: 4; Alive at last contact: 6; Transplantation after the infusion: 6" in alt
    rows = {r.stat_name: r.stat for r in results.of("AN-TLAE") if r.context == "records"}
    assert f"Adverse events: {rows['n.records']:g} records of {rows['n']:g} of 10 subjects, 3 of them ongoing" in alt
    assert "Lanes of records: Cytokine release syndrome; " in alt
    low = next(r for r in results.of("AN-ANC") if r.stat_name == "median.min")
    assert f"lowest median {shown(low)} on day " in alt
    assert "line at 0.5" in alt
    assert "highest grade" not in alt
    assert "below 0.5" not in alt


def test_every_record_is_looked_up_and_so_leads_to_its_clause(plan, results, output, tmp_path):
    rows = drawn(plan, results, output, tmp_path)[0].rows
    for analysis in ("AN-TLAE", "AN-TLRSP", "AN-TLPD", "AN-COURSE"):
        promised = {r for r in results.of(analysis) if r.context in {"record", "subject"}}
        assert promised <= set(rows), analysis


def test_every_record_is_in_one_track_and_none_overlaps_another_in_it(plan, results, output):
    found = timeline(Drawing(plan, Lookup(results), output, NOWHERE))
    scale = days_shown(found, -7, 133)
    places = placed(found, scale)
    for place in places:
        for name, lane in place.lanes:
            assert sorted(s.start for t in lane for s in t.spans) == sorted(s.start for s in place.band.lanes[name])
            for track in lane:
                ends = [extent(s, scale, lasting=True) for s in track.spans]
                assert all(a[1] <= b[0] for a, b in pairwise(ends))
    assert all(a.bottom == b.top for a, b in pairwise(places))


def test_records_that_overlap_are_stacked_and_those_side_by_side_share_a_track():
    first, inside, after = (Span(a, b, False, "3", 3) for a, b in ((0, 20), (10, 12), (40, 60)))
    assert tracks([after, inside, first], SCALE, lasting=True) == [(first, after), (inside,)]


def test_a_short_record_keeps_room_for_its_grade_at_its_left():
    day = Span(10, 10, False, "4", 4)
    low, high = extent(day, SCALE, lasting=True)
    assert low < 9.5 < 10.5 == high
    assert len(tracks([Span(8, 8, False, "2", 2), day], SCALE, lasting=True)) == 2


def test_a_record_outside_the_days_shown_takes_no_track():
    assert tracks([Span(150, 160, False, "3", 3)], SCALE, lasting=True) == []


def test_what_happens_on_one_day_stands_one_above_the_other():
    assert apart([5, 40, 5], near=3) == [-0.5, 0, 0.5]
    assert apart([40, 5, 7, 9], near=3) == [0, -1, 0, 1]
    assert apart([], near=3) == []


def test_an_ongoing_record_goes_on_as_long_as_its_subject_was_observed(plan, results, output):
    found = timeline(Drawing(plan, Lookup(results), output, NOWHERE))
    open_ended = [(b.swimmer.end, s.end) for b in found.bands for own in b.lanes.values() for s in own if s.ongoing]
    assert len(open_ended) == 3
    assert all(end == observed for observed, end in open_ended)


def test_without_days_of_the_plan_everything_is_shown(plan, results, output, tmp_path):
    alt = drawn(plan, results, output.model_copy(update={"window": None}), tmp_path)[0].alt
    assert "not shown" not in alt
    one_end = output.model_copy(update={"window": Window(end=30)})
    assert "on one axis of days −1 to 30" in drawn(plan, results, one_end, tmp_path)[0].alt
    assert "Observed beyond the days shown: 9 subjects" in drawn(plan, results, one_end, tmp_path)[0].alt


def test_its_height_grows_with_the_subjects(plan, results, output, tmp_path):
    names = ("RECON-01", "RECON-02", "RECON-03")
    few = Results(
        tuple(
            r
            for r in results
            if r.context not in {"record", "subject", "profile_subject"} or any(n in r.variable_level for n in names)
        )
    )
    small, whole = (inches(drawn(plan, r, output, tmp_path)[1]) for r in (few, results))
    assert small < 0.5 * whole
    assert whole < 11


def test_nobody_gives_a_figure_that_says_so(plan, results, output, tmp_path):
    nobody = Results(tuple(r for r in results if r.context not in {"record", "subject", "profile_subject"}))
    picture, svg = drawn(plan, nobody, output, tmp_path)
    assert "No subjects." in picture.alt
    assert svg.startswith("<?xml")


def test_a_subject_without_records_responses_or_counts_keeps_a_band(plan, results, output, tmp_path):
    bare = Results(
        tuple(
            r
            for r in results
            if not (r.context in {"record", "profile_subject"} and r.variable_level.startswith("RECON-05"))
        )
    )
    alt = drawn(plan, bare, output, tmp_path)[0].alt
    assert "10 subjects; Death: 4" in alt
    bands = {b.swimmer.name: b for b in timeline(Drawing(plan, Lookup(bare), output, NOWHERE)).bands}
    assert len(bands) == 10
    without = [name for name, b in bands.items() if "Cytokine release syndrome" not in b.lanes]
    assert without == ["RECON-05"]


def test_a_subject_without_a_time_is_not_drawn_and_is_told(plan, results, tmp_path):
    untimed = Results(
        tuple(
            replace(r, stat=None, error="not estimable: the subject has no value")
            if (r.analysis_id, r.variable, r.variable_level) == ("AN-COURSE", "AVAL", "RECON-05")
            else r
            for r in results
        )
    )
    for name in ("F-TIME", "F-SWIM"):
        alt = drawn(plan, untimed, plan.output(name), tmp_path)[0].alt
        assert "9 subjects; without a time, not drawn: 1; Death: 3" in alt, name


def test_a_swimmer_without_response_or_transplantation_is_a_bar_alone(plan, results, tmp_path):
    gone = {"BOR", "RSPDAY", "DAY"}
    bare = Results(
        tuple(
            replace(r, stat=None, stat_text="", error="not estimable: the subject has no value")
            if r.analysis_id in {"AN-COURSE", "AN-RELAPSE"} and r.variable in gone
            else r
            for r in results
            if r.analysis_id != "AN-TLPD"
        )
    )
    assert drawn(plan, bare, plan.output("F-SWIM"), tmp_path)[0].alt.endswith(
        "10 subjects; Death: 4; Alive at last contact: 6."
    )


def test_progression_is_marked_on_both_figures(plan, results, tmp_path):
    for name in ("F-TIME", "F-SWIM"):
        assert "Relapse or progression: 2" in drawn(plan, results, plan.output(name), tmp_path)[0].alt


def test_grades_keep_their_order_in_grey():
    def lightness(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grey = [lightness(fill) for fill, _ in RAMP]
    assert all(a - b > 25 for a, b in pairwise(grey))


def test_grades_1_to_5_have_their_own_shade_and_other_values_their_order(plan, results, output):
    found = timeline(Drawing(plan, Lookup(results), output, NOWHERE))
    assert found.shades[5] == RAMP[4]
    assert found.shade(Span(0, 1, False, "severe", None)) == PLAIN
    tens = replace(found, bands=tuple(replace(b, lanes=_times_ten(b.lanes)) for b in found.bands))
    assert [tens.shades[g] for g in (10, 50)] == [RAMP[0], RAMP[4]]


def _times_ten(lanes):
    return {n: tuple(replace(s, grade=10 * s.grade) for s in own) for n, own in lanes.items()}


def test_the_axis_of_a_measurement_tells_low_counts_apart():
    root, log, line = (
        ValueAxis("", *rest) for rest in (("square-root", 0, 4), ("logarithmic", 0.1, 10), ("linear", -1, 3))
    )
    assert [root.share(v) for v in (0, 1, 4, 9)] == [0, 0.5, 1, 1]
    assert [log.share(v) for v in (0.1, 1, 10)] == pytest.approx([0, 0.5, 1])
    assert [line.share(v) for v in (-1, 1, 3)] == [0, 0.5, 1]
    assert [a.top for a in (root, log, line)] == [2, 10, 2]


def test_shells_print_no_grade_and_no_response(plan, results, output, tmp_path):
    picture = figure(plan, Lookup(shells(results), layout(results)), output, tmp_path)
    assert not re.search(r"\d", picture.alt)
    of_layout = timeline(Drawing(plan, Lookup(layout(results)), output, NOWHERE))
    assert {s.text for b in of_layout.bands for s in b.spans} | {v.text for b in of_layout.bands for v in b.values} == {
        "xxx"
    }
    assert "Cytokine release syndrome" in of_layout.names


def test_a_table_counts_records_and_lists_them_where_it_lists_subjects(plan, results, output):
    made = output.model_copy(update={"kind": "table", "analyses": ("AN-TLAE",), "window": None, "reference": None})
    lines = {x.label: x.cells[0].text for x in table(plan, Lookup(results), made).lines}
    assert lines == {"Subjects with a record, n/N": "10/10", "Records": "30", "Records without an end": "3"}
    listed = table(plan, Lookup(results), made.model_copy(update={"by_subject": True})).lines[3:]
    assert [x.label for x in listed[:2]] == ["RECON-01, record 1", "RECON-01, record 2"]
    assert listed[0].cells[0].text == "Neutrophil count decreased · 3 · day 4 to 44"
    assert "Neutrophil count decreased · 4 · day 5 to ongoing" in {x.cells[0].text for x in listed}
    assert len(listed) == 30


def test_a_table_of_values_on_a_day_lists_the_value_and_the_day(plan, results, output):
    update = {"kind": "table", "analyses": ("AN-TLRSP",), "by_subject": True}
    lines = table(plan, Lookup(results), output.model_copy(update=update)).lines
    assert lines[2].cells[0].text == "NR · day 14"
