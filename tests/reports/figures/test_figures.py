"""A figure shows the results and nothing else, says them in words, and is the same bytes every time."""

import re
import xml.etree.ElementTree as ET

import pytest

from analysis.data.load import load
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.outputs.figure import Picture, figure
from reports.words.numbers import formatted
from tests.each import each

FIGURES = ("F-DLT", "F-RESP", "F-OS", "F-PEAK")


@pytest.fixture(scope="module")
def lookup(results) -> Lookup:
    return Lookup(results)


@pytest.fixture(scope="module")
def pictures(plan, lookup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fig")
    return {name: figure(plan, lookup, plan.output(name), folder) for name in FIGURES}


def words(svg: str) -> list[str]:
    """Return the texts of an SVG: those drawn as text, and those matplotlib notes beside drawn glyphs."""
    texts = ["".join(e.itertext()).strip() for e in ET.fromstring(svg).iter() if e.tag.endswith("}text")]
    return texts + [t.strip() for t in re.findall(r"<!-- (.*?) -->", svg, re.DOTALL)]


@each("name", FIGURES)
def test_a_figure_is_the_same_bytes_every_time_and_has_no_date(plan, lookup, pictures, tmp_path, name):
    first = pictures[name].path.read_bytes()
    again = figure(plan, lookup, plan.output(name), tmp_path)
    assert again.path.read_bytes() == first
    assert again.alt == pictures[name].alt
    assert b"dc:date" not in first
    assert not re.search(rb"20\d\d-\d\d-\d\d", first)


@each("name", FIGURES)
def test_a_figure_is_drawn_without_a_file_from_elsewhere(pictures, name):
    svg = pictures[name].path.read_text(encoding="utf-8")
    assert ET.fromstring(svg).tag.endswith("}svg")
    links = re.findall(r'(?:href|src)="([^"]*)"', svg)
    assert [link for link in links if not link.startswith("#")] == []


@each("name", FIGURES)
def test_no_draft_is_left_beside_a_figure(pictures, name):
    assert not list(pictures[name].path.parent.glob(".*"))


@each(("name", "analysis_id"), [("F-DLT", "AN-DLT"), ("F-RESP", "AN-RESP")])
def test_proportions_are_told_in_words_with_counts_and_intervals(plan, results, pictures, name, analysis_id):
    ids = [analysis_id, *(s.id for s in plan.analysis(analysis_id).sensitivity)]
    for task in ids:
        found = {r.stat_name: formatted(r.stat, r.fmt) for r in results.of(task) if r.context == "proportion"}
        told = f"{found['n']}/{found['N']}, {found['estimate']} (95% CI {found['conf.low']} to {found['conf.high']})"
        assert told in pictures[name].alt
    svg = words(pictures[name].path.read_text(encoding="utf-8"))
    assert len([w for w in svg if re.fullmatch(r"\d+/\d+, [\d.]+% \([\d.]+% to [\d.]+%\)", w)]) >= len(ids)


def test_survival_is_told_in_words_with_events_median_and_landmarks(results, pictures):
    alt = pictures["F-OS"].alt
    assert "4 events among 10 subjects, median not reached" in alt
    for row in results.of("AN-OS"):
        if row.context == "survival_at" and row.stat_name in {"estimate", "conf.low", "conf.high"}:
            assert formatted(row.stat, row.fmt) in alt
    assert alt.index("90 days") < alt.index("180 days") < alt.index("365 days")


# By hand from data/adtte.csv: 15 64 87 130 deaths; 124 216 268 322 391 488 alive.
def test_the_numbers_below_the_curve_are_those_at_risk_at_each_time(plan, lookup, pictures):
    days = (0, 90, 180, 270, 365, 450)
    rows = [
        lookup.row("AN-OS", s, context="at_risk", level=str(d)).stat
        for s in ("n.risk", "n.event", "n.censor")
        for d in days
    ]
    assert rows == [10, 7, 5, 3, 2, 1, 0, 3, 4, 4, 4, 4, 0, 0, 1, 3, 4, 5]
    drawn = words(pictures["F-OS"].path.read_text(encoding="utf-8"))
    below = [w for w in drawn if re.fullmatch(r"\d+", w)]
    for n in map(int, rows):
        assert str(n) in below
    assert {"At risk", "Events", "Censored"} <= set(drawn)


def test_the_test_and_the_shift_are_told_with_each_groups_median_and_range(plan, lookup, pictures):
    alt = pictures["F-PEAK"].alt
    for group in ("CR/CRi", "Not CR/CRi"):
        at = {"context": "summary", "variable": "PEAK", "group": group}
        n, median, low, high = (lookup.row("AN-PEAK", s, **at) for s in ("n", "median", "min", "max"))
        shown = [formatted(r.stat, r.fmt) for r in (n, median, low, high)]
        assert f"{group}: n = {shown[0]}, median {shown[1]}, range {shown[2]} to {shown[3]}" in alt
    p = lookup.row("AN-PEAK", "p.value")
    assert f"p = {formatted(p.stat, p.fmt)}" in alt
    assert "95% CI" in alt


def test_every_subject_with_a_peak_is_a_point(plan, lookup, results, tmp_path, monkeypatch):
    import reports.figures.dot

    drawn: list[float] = []
    original = reports.figures.dot._points

    def draw(axes, at, points, span):
        drawn.extend(points)
        original(axes, at, points, span)

    monkeypatch.setattr(reports.figures.dot, "_points", draw)
    figure(plan, lookup, plan.output("F-PEAK"), tmp_path)
    listed = [r.stat for r in results.of("AN-PEAK") if r.context == "subject" and r.variable == "PEAK"]
    assert sorted(drawn) == sorted(listed)


def test_the_axes_carry_the_words_of_the_plan(plan, pictures):
    for name in FIGURES:
        drawn = words(pictures[name].path.read_text(encoding="utf-8"))
        assert plan.output(name).axis in drawn


@each("name", ["F-OS", "F-HSCTOS"])
def test_a_curve_is_of_those_without_the_event_unless_the_plan_names_it(plan, lookup, tmp_path, name):
    output = plan.output(name)
    for curve, said in ((output.curve, "Overall survival (%)"), (None, "Subjects without the event (%)")):
        picture = figure(plan, lookup, output.model_copy(update={"curve": curve}), tmp_path)
        assert said in words(picture.path.read_text(encoding="utf-8"))


@each(("name", "set_id"), [("F-DLT", "DLTE"), ("F-RESP", "RSPE"), ("F-OS", "SAF"), ("F-PEAK", "CKE")])
def test_a_figure_of_nobody_is_drawn_and_says_so(planned, study, tmp_path, name, set_id):
    def nobody(p):
        for s in p["analysis_sets"]:
            if s["id"] == set_id:
                s["where"] = {"dataset": "ADSL", "variable": "AGE", "comparator": "GT", "value": 119}

    empty = planned(nobody)
    picture = figure(empty, Lookup(run(type(study)(empty, study.data, study.sources))), empty.output(name), tmp_path)
    assert ET.parse(picture.path).getroot().tag.endswith("}svg")
    assert "nan" not in picture.alt.lower()
    assert "None" not in picture.alt


def test_a_picture_far_taller_than_wide_is_told_to_the_page(pictures, tmp_path):
    tall = tmp_path / "tall.svg"
    tall.write_text('<svg viewBox="0 0 518.4 3589.92"></svg>', encoding="utf-8")
    assert Picture(tall, "", ()).classes == ".tall "
    assert {p.classes for p in pictures.values()} == {""}


def test_peaks_that_are_all_below_quantification_are_drawn(plan, broken, tmp_path):
    head, *rows = broken.rows("ADCK")
    for cells in rows:
        cells[head.index("AVAL")] = ""
        cells[head.index("BLQFL")] = "Y"
    broken.write("ADCK", [head, *rows])
    found = run(load(plan, broken.folder))
    picture = figure(plan, Lookup(found), plan.output("F-PEAK"), tmp_path)
    assert "CR/CRi: n = 7, median 0.0, range 0.0 to 0.0" in picture.alt
