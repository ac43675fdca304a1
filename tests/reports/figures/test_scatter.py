"""The scatter figure: every subject a point, its group a shape, the coefficients in words, and no line."""

import re
from dataclasses import replace

import pytest

from analysis.results.ard import Results
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.run.shells import layout, shells

USED = re.compile(r"<use [^>]*style=\"fill: (#[0-9a-f]{6})[^\"]*stroke: #1f2933")
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#5b6770"


def points(svg: str) -> dict[str, int]:
    colours = USED.findall(svg)
    return {c: colours.count(c) for c in (BLUE, ORANGE, GREY)}


@pytest.fixture(scope="module")
def output(plan):
    return plan.output("F-CORR")


def test_every_subject_is_a_point_of_each_panel_and_its_shape_the_response(plan, results, output, tmp_path):
    picture = figure(plan, Lookup(results), output, tmp_path)
    # Seven responders and three others in three panels, and one of each in the key.
    assert points(picture.path.read_text(encoding="utf-8")) == {BLUE: 22, ORANGE: 10, GREY: 0}
    assert picture.alt.startswith("One point a subject, no line. Shapes show CR/CRi, Not CR/CRi. ")
    assert (
        "CAR-T infection efficiency (%) against Peak share of CAR-T cells (%): Spearman's rho 0.89, n = 10, "
        "95% CI 0.50 to 0.98, exact p = 0.001; Kendall's tau-b 0.78, n = 10, 95% CI 0.47 to 0.92, exact p < 0.001."
    ) in picture.alt


def test_what_is_printed_has_been_looked_up(plan, results, output, tmp_path):
    picture = figure(plan, Lookup(results), output, tmp_path)
    told = {(r.variable, r.context, r.stat_name) for r in picture.rows}
    for variable in ("CLL1PCT", "DOSE", "INFEFF"):
        for coefficient in ("spearman", "kendall"):
            assert {(variable, coefficient, n) for n in ("N", "estimate", "conf.low", "p.value", "p.type")} <= told


def test_subjects_in_one_place_are_counted_and_one_in_no_group_is_shown(plan, results, output, tmp_path):
    def moved(row):
        if (
            row.analysis_id != "AN-CORR"
            or row.context != "subject"
            or row.variable_level not in {"RECON-01", "RECON-05"}
        ):
            return row
        if row.variable == "BOR":
            return replace(row, stat_text="")
        return replace(row, stat=60.0)

    picture = figure(plan, Lookup(Results(tuple(map(moved, results)))), output, tmp_path)
    svg = picture.path.read_text(encoding="utf-8")
    assert svg.count("<!-- ×2 -->") == 3
    assert points(svg)[GREY] == 7
    assert "In no group" in picture.alt


def of_many(results, subjects=254):
    """Return results as of many subjects whose values are whole numbers, so that most places hold several."""
    rows = [r for r in results if r.analysis_id != "AN-CORR" or r.context != "subject"]
    listed = [r for r in results if r.analysis_id == "AN-CORR" and r.context == "subject"]
    one = {r.variable: r for r in listed if r.variable_level == listed[0].variable_level}
    for i in range(subjects):
        x = i % 23 * (i % 5)
        values = {"CLL1PCT": x, "DOSE": i % 4, "INFEFF": i % 17, "PEAK": (x + i % 7) // 2}
        for name, row in one.items():
            value = {"stat_text": "NR" if i % 3 else "CR"} if name == "BOR" else {"stat": float(values[name])}
            rows.append(replace(row, variable_level=f"S{i}", **value))
    return Results(tuple(rows))


def area(use: str, svg: str) -> float:
    """Return what the area of the marker that a point uses is in proportion to: the square of its width."""
    path = re.search(rf'<path id="{use}" d="([^"]*)"', svg, re.DOTALL)
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path[1])]
    return (max(xs) - min(xs)) ** 2


def test_of_many_places_with_several_subjects_the_area_of_the_points_counts(plan, results, output, tmp_path):
    picture = figure(plan, Lookup(of_many(results)), output, tmp_path)
    svg = picture.path.read_text(encoding="utf-8")
    assert "<!-- ×" not in svg
    assert "One point a place, its area the number of subjects of the group there, no line. Shapes show" in picture.alt
    key = re.findall(r"<!-- (\d+) subjects? -->", svg)
    used = re.findall(r'xlink:href="#(\w+)" x="[^"]*" y="[^"]*" style="fill-opacity: 0; stroke: #1f2933', svg)
    areas = [area(use, svg) for use in used]
    assert len(key) == len(areas) == 3
    assert [a / areas[0] for a in areas] == pytest.approx([float(n) for n in key], rel=1e-4)


def test_every_subject_of_a_figure_of_areas_is_counted_in_its_place(plan, results, output, tmp_path):
    unmarked = output.model_copy(update={"marks": None})
    picture = figure(plan, Lookup(of_many(results)), unmarked, tmp_path)
    svg = picture.path.read_text(encoding="utf-8")
    assert picture.alt.startswith("One point a place, its area the number of subjects there, no line. ")
    one = min(area(use, svg) for use in set(re.findall(r'xlink:href="#(\w+)"[^>]*stroke: #1f2933', svg)))
    drawn = re.findall(r'xlink:href="#(\w+)" x="[^"]*" y="[^"]*" style="fill: #0072b2', svg)
    assert sum(area(use, svg) / one for use in drawn) == pytest.approx(3 * 254, rel=1e-4)


def test_without_values_the_frame_stands_and_says_so(plan, results, output, tmp_path):
    def emptied(row):
        if row.analysis_id != "AN-CORR":
            return row
        nothing = row.context == "subject" or row.stat_name not in {"N", "conf.level", "p.type"}
        return replace(row, stat=None, stat_text="", error="not estimable: fewer than 3 pairs") if nothing else row

    picture = figure(plan, Lookup(Results(tuple(map(emptied, results)))), output, tmp_path)
    assert "Spearman's rho not estimable" in picture.alt
    assert picture.path.read_text(encoding="utf-8").count("<!-- No subject with both values -->") == 3


def test_a_layout_shows_points_and_no_number(plan, results, output, tmp_path):
    lookup = Lookup(shells(results), layout(results))
    picture = figure(plan, lookup, output, tmp_path)
    assert "Spearman's rho xx.xx, n = xx" in picture.path.read_text(encoding="utf-8")
    assert "0.89" not in picture.alt


def test_words_wider_than_a_panel_have_a_line_more(plan, results, output, tmp_path):
    told = (replace(r, stat_text="approximate") if r.stat_name == "p.type" else r for r in results)
    picture = figure(plan, Lookup(Results(tuple(told))), output, tmp_path)
    svg = picture.path.read_text(encoding="utf-8")
    assert "approximate p = 0.001" in svg
    assert ", approximate p = 0.001" not in svg
    assert ", approximate p = 0.001" in picture.alt
