"""The flow of subjects as a picture: no two boxes overlap, text stays in its box, and it says what the results say."""

import re
from collections import Counter
from itertools import combinations

import numpy as np

from analysis.running.run import run
from analysis.steps.disposition import lost
from reports.figures.flow import PAD, WIDTH, Node, Paragraph, SetNode, laid_out, width
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.run.shells import layout as drawn_shells
from reports.run.shells import shells
from reports.words.numbers import shown
from tests.analysis.steps.test_disposition import random_trial
from tests.each import each

LONG = "Withdrew consent after the first dose of lymphodepleting chemotherapy because of distance from the trial centre"
WORDS = ["Infused", "n\u00a0=\u00a010 (100.0%)", LONG, "x" * 90, "A", "Died before day 28", "é – “quoted” $a_b$"]


def drawing(seed):
    """Return the layout of 1 to 7 stages and 0 to 8 sets with words of any length."""
    rng = np.random.default_rng(seed)

    def words(most):
        n = int(rng.integers(1, most + 1))
        look = {"size": 9.0, "bold": bool(rng.random() < 0.3), "indent": 7.0, "hanging": 7.0}
        return tuple(Paragraph(WORDS[int(rng.integers(len(WORDS)))], **look) for _ in range(n))

    def missing():
        return words(6) if rng.random() < 0.7 else ()

    stages = [Node(words(4), missing() if i else ()) for i in range(int(rng.integers(1, 8)))]
    sets = [SetNode(words(3), missing(), int(rng.integers(len(stages)))) for _ in range(int(rng.integers(0, 9)))]
    return laid_out(stages, sets)


SEEDS = range(40)


def apart(a, b):
    return a.x + a.width <= b.x or b.x + b.width <= a.x or a.bottom <= b.y or b.bottom <= a.y


@each("seed", SEEDS)
def test_no_two_boxes_overlap_and_all_are_on_the_picture(seed):
    found = drawing(seed)
    assert all(apart(a, b) for a, b in combinations(found.boxes, 2))
    for box in found.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert 0 <= box.y < box.bottom <= found.height


@each("seed", SEEDS)
def test_text_stays_in_its_box_and_lines_below_each_other(seed):
    for box in drawing(seed).boxes:
        for line in box.lines:
            assert line.x >= box.x + PAD
            assert line.x + line.width <= box.x + box.width - PAD + 1e-9
            assert box.y <= line.y - 0.93 * line.size  # ascent of the font
            assert line.y + 0.24 * line.size <= box.bottom  # and its descent
        assert all(b.y - a.y >= 1.16 * a.size for a, b in zip(box.lines, box.lines[1:], strict=False))


def segments(path):
    return zip(path.points, path.points[1:], strict=False)


@each("seed", SEEDS)
def test_no_line_goes_through_a_box_and_lines_of_two_stages_never_cross(seed):
    found = drawing(seed)
    pieces = [(p, *s) for p in found.paths for s in segments(p)]
    for _, (x1, y1), (x2, y2) in pieces:
        for box in found.boxes:
            left, right, top, bottom = box.x + 0.1, box.x + box.width - 0.1, box.y + 0.1, box.bottom - 0.1
            inside = max(x1, x2) > left and min(x1, x2) < right and max(y1, y2) > top and min(y1, y2) < bottom
            assert not inside
    rails = [p for p in found.paths if len(p.points) == 4]
    for one, other in combinations(rails, 2):
        if one.points[0] == other.points[0]:
            continue
        for a in segments(one):
            for b in segments(other):
                assert not crossing(a, b)


def crossing(a, b):
    """Whether a line across and a line down meet."""
    for across, down in ((a, b), (b, a)):
        if across[0][1] == across[1][1] and down[0][0] == down[1][0]:
            xs, ys = sorted((across[0][0], across[1][0])), sorted((down[0][1], down[1][1]))
            if xs[0] < down[0][0] < xs[1] and ys[0] < across[0][1] < ys[1]:
                return True
    return False


def test_every_word_of_a_label_is_drawn():
    box = laid_out([Node((Paragraph(LONG, 9.0), Paragraph("x" * 90, 9.0)))], []).boxes[0]
    assert "".join(line.text for line in box.lines).replace(" ", "") == LONG.replace(" ", "") + "x" * 90


def test_a_number_is_never_parted_from_the_last_word_before_it():
    box = laid_out([Node((Paragraph("Observed for less than twenty-eight whole days:\u00a00", 9.0),))], []).boxes[0]
    assert box.lines[-1].text != "0"
    assert width("days:\u00a00", 9.0) > width("days:", 9.0)


def words(svg):
    return [t.strip() for t in re.findall(r"<!-- (.*?) -->", svg, re.DOTALL)]


def test_the_picture_says_what_the_results_say(plan, results, tmp_path):
    picture = figure(plan, Lookup(results), plan.output("F-FLOW"), tmp_path)
    drawn = words(picture.path.read_text(encoding="utf-8"))
    assert {"Enrolled", "Received the infusion", "DLT-evaluable set (DLTE)", "Lost: n\u00a0=\u00a00 (0.0%)"} <= set(
        drawn
    )
    assert drawn.count("n\u00a0=\u00a010 (100.0%)") == 7
    assert "Alive at the last contact 6 (60.0%); Died from any cause 4 (40.0%)" in picture.alt
    assert "Left out: 1 (Died before day 28 without dose-limiting toxicity 1)" in picture.alt
    shown = [r for r in results.of("AN-DISP") if r.stat_name in {"n", "p"}]
    assert set(shown) <= set(picture.rows)


def test_it_is_the_same_bytes_every_time(plan, results, tmp_path):
    first, again = (
        figure(plan, Lookup(results), plan.output("F-FLOW"), tmp_path / name).path.read_bytes() for name in "ab"
    )
    assert first == again


def test_of_nobody_it_is_drawn_with_zeros(planned, study, tmp_path):
    def nobody(content):
        (everyone,) = (s for s in content["analysis_sets"] if s["id"] == "ENR")
        everyone["where"] = {"dataset": "ADSL", "variable": "AGE", "comparator": "GT", "value": 119}

    empty = planned(nobody)
    found = run(type(study)(empty, study.data, study.sources))
    picture = figure(empty, Lookup(found), empty.output("F-FLOW"), tmp_path)
    assert "Enrolled: 0." in picture.alt
    assert "None" not in picture.alt
    assert "n\u00a0=\u00a00" in words(picture.path.read_text(encoding="utf-8"))


def test_a_shell_shows_its_boxes_without_numbers(plan, results, tmp_path):
    lookup = Lookup(shells(results), drawn=drawn_shells(results))
    picture = figure(plan, lookup, plan.output("F-FLOW"), tmp_path)
    drawn = words(picture.path.read_text(encoding="utf-8"))
    assert "n\u00a0=\u00a0xx (xx.x%)" in drawn
    assert not [w for w in drawn if re.search(r"[:=(]\s*\d", w)]
    assert not re.search(r"\d", picture.alt.replace("“", ""))


@each("seed", range(8))
def test_any_disposition_can_be_drawn(plan, study, results, tmp_path, seed):
    """Stages, sets and reasons at random: every count of the results is on the picture."""
    step, adsl, defined = random_trial(seed)
    analysis = plan.analysis("AN-DISP").model_copy(update={"steps": (step,), "analysis_set": "ALL"})
    everyone = (
        defined[0].model_copy(update={"id": "ALL"}) if defined else plan.set_of("ENR").model_copy(update={"id": "ALL"})
    )
    clause = {"dataset": "ADSL", "variable": "USUBJID", "comparator": "NE", "value": ("",)}
    everyone = type(everyone).model_validate({**everyone.model_dump(by_alias=True), "where": clause})
    small = plan.model_copy(update={"analysis_sets": (everyone, *defined), "analyses": (analysis,), "derivations": ()})
    found = run(type(study)(small, {"ADSL": adsl}, study.sources))
    picture = figure(small, Lookup(found), small.output("F-FLOW"), tmp_path)
    promised = counts(found.of("AN-DISP"))
    if any((r.context, r.variable_level) == ("lost", lost(step.stages[0].label)) for r in found):
        # Who did not reach the first stage stands below a box of everybody.
        (everybody,) = (r for r in found.of("SETS") if (r.context, r.variable_level) == ("analysis", "AN-DISP"))
        promised[f"n={shown(everybody)}"] += 1
    assert drawn_counts(words(picture.path.read_text(encoding="utf-8"))) == promised


def counts(rows):
    """Return every count of a disposition as its box says it, and how often, without its blanks."""
    of = {(r.context, r.variable_level, r.stat_name): r for r in rows}
    told = Counter()
    for (context, level, name), n in of.items():
        if name != "n":
            continue
        p = of[context, level, "p"]
        text = shown(n) if p.error else f"{shown(n)} ({shown(p)})"
        if context in {"lost_by_reason", "left_out_by_reason"}:
            told[f":{shown(n)}"] += 1
        elif context == "outcome":
            told[f":{text}"] += 1
        else:
            told[f"n={text}"] += 1
    return Counter({re.sub(r"\s", "", text): times for text, times in told.items()})


def drawn_counts(texts):
    """Return what stands in the boxes of a flow after "n =" or a colon, and how often, without its blanks."""
    joined = ["".join(line.split()) for line in texts]
    found = (re.search(r"(n=|:)(\d+(\([\d.]+%\))?)$", line) for line in joined)
    return Counter(m[1] + m[2] for m in found if m)
