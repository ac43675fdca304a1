"""Every cell of a table is the results dataset, formatted; nothing of the data or the plan is markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from analysis.data.load import load
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.layout.model import ABSENT, Cell, Line
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.tables.by_subject import NOT_IN_SET
from reports.tables.criteria import IN_NO_DEFINITION
from reports.words.numbers import formatted
from tests.each import each

TABLES = ("T-DLT", "T-RESP", "T-OS", "T-PEAK")


class Grid(HTMLParser):
    """What a reader sees of an HTML table: head, sections, rows and notes; and every tag there is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.rows: list[list[str]] = []
        self.links: list[dict[str, str]] = []
        self.feed(text[text.index("<table") :])

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        self.links += [dict(attrs)] if tag == "a" else []
        if tag in {"br", "sup"} and self.rows and self.rows[-1]:
            self.rows[-1][-1] += " ^" if tag == "sup" else " "

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    @property
    def cells(self) -> list[list[str]]:
        return [[" ".join(c.split()) for c in row] for row in self.rows]


@pytest.fixture(scope="module")
def lookup(results) -> Lookup:
    return Lookup(results)


@each("output_id", TABLES)
def test_every_number_of_a_cell_is_a_row_of_the_results_formatted(plan, lookup, results, output_id):
    content = table(plan, lookup, plan.output(output_id))
    seen = 0
    for line in content.lines:
        for column, cell in zip(content.columns, line.cells, strict=True):
            for row in cell.rows:
                assert row in results.of(column.analysis_id)
            shown = [formatted(r.stat, r.fmt) for r in cell.rows]
            if not cell.rows:
                assert cell.text in {ABSENT, IN_NO_DEFINITION, NOT_IN_SET}
            elif line.section.startswith("By subject"):
                values = [r.stat_text or formatted(r.stat, r.fmt) for r in cell.rows]
                assert [v for v in cell.text.split(" · ") if v != ABSENT] == values
            elif any(r.stat is not None for r in cell.rows):
                assert re.findall(r"[−<]?[\d.]+%?|NE|−?∞", cell.text) == shown
                seen += len(shown)
            else:
                assert cell.text == "NE"
    assert seen > 20


@each("output_id", TABLES)
def test_the_page_shows_every_line_and_every_cell(plan, lookup, output_id):
    content = table(plan, lookup, plan.output(output_id))
    grid = [[c.partition(" ^")[0] for c in row] for row in Grid(html_table(content)).cells]
    rows = {row[0]: row[1:] for row in grid if len(row) > 1}
    for line in content.lines:
        if sum(other.label == line.label for other in content.lines) == 1:
            assert rows[line.label] == [c.text for c in line.cells]


@each("output_id", TABLES)
def test_every_number_of_the_page_is_a_link_to_its_record(plan, lookup, results, output_id):
    content = table(plan, lookup, plan.output(output_id))
    found = [c for line in content.lines for c in line.cells]
    shown = [
        row
        for c in found
        for row, before in zip(c.rows, c.pieces[: len(c.pieces) - 1], strict=False)
        if before != "/"  # a denominator is part of its count's link
    ]
    heads = [c.size for c in content.columns]
    links = Grid(html_table(content)).links
    assert [a["href"] for a in links] == [f"trace/{r.analysis_id}.html#{r.anchor}" for r in (*heads, *shown)]
    assert {r.anchor for r in shown} <= {r.anchor for r in results}
    assert all(a["class"] == "traced" and 0 < len(a["data-trace"]) < 100 for a in links)


# Worked out of results/ard.csv by hand once: the line of the letter and of each sensitivity analysis.
def test_the_table_of_responses_is_the_letters(plan, lookup):
    first = table(plan, lookup, plan.output("T-RESP")).lines[0]
    assert (first.section, first.label) == ("CR or CRi", "n/N (%)")
    assert [c.text for c in first.cells[:2]] == ["7/10 (70.0%)", "8/10 (80.0%)"]


def test_each_sensitivity_analysis_is_a_column_with_its_set_and_size(plan, lookup):
    content = table(plan, lookup, plan.output("T-DLT"))
    assert [(c.analysis_id, c.analysis_set, c.n) for c in content.columns] == [
        ("AN-DLT", "DLTE", 9),
        ("AN-DLT-S1", "DLTE", 9),
        ("AN-DLT-S2", "DLTE", 9),
        ("AN-DLT-S3", "SAF", 10),
    ]
    head = Grid(html_table(content)).cells[0]
    assert head[1] == "Planned analysis DLTE, N = 9"
    assert head[4] == "All infused subjects in the denominator SAF, N = 10"


def test_a_criterion_a_rule_does_not_have_is_not_applicable_and_not_zero(plan, lookup):
    content = table(plan, lookup, plan.output("T-DLT"))
    met, within_reach = (x for x in content.lines if x.label.endswith("(C6)"))
    assert [c.text for c in met.cells] == ["2 (22.2%)", "2 (22.2%)", IN_NO_DEFINITION, "2 (20.0%)"]
    # Subjects 3, 6 and 7 were seen on day 42 without a transplantation by then.
    assert [c.text for c in within_reach.cells] == ["3 (33.3%)", "3 (33.3%)", IN_NO_DEFINITION, "3 (30.0%)"]


def test_a_footnote_letter_stands_at_each_cell_it_explains_and_once_below(plan, lookup):
    text = html_table(table(plan, lookup, plan.output("T-OS")))
    grid = Grid(text).cells
    marked = {letter for row in grid for c in row[1:] if " ^" in c for letter in c.partition(" ^")[2].split(",")}
    notes = [row[0].removeprefix("^") for row in grid if len(row) == 1 and row[0].startswith("^")]
    assert [n[0] for n in notes] == sorted(marked) == ["a", "b", "c", "d"]
    assert all(n.endswith(".") for n in notes)
    assert next(n for n in notes if n[0] == "c") == "c Not estimable: time 365 is after the last observed time, 322."
    (row,) = (r for r in grid if r[0].startswith("At 365 days"))
    assert row[2] == "NE ^c"


def test_the_footnotes_of_the_plan_stand_below_the_table(plan, lookup):
    output = plan.output("T-DLT")
    below = [row[0] for row in Grid(html_table(table(plan, lookup, output))).cells if len(row) == 1]
    assert set(output.footnotes) <= set(below)


def test_subjects_are_listed_only_where_the_plan_asks(plan, lookup):
    listed = {
        o.id: any(x.section.startswith("By subject") for x in table(plan, lookup, o).lines)
        for o in plan.outputs
        if o.kind == "table"
    }
    assert listed == {o.id: o.by_subject for o in plan.outputs if o.kind == "table"}
    assert {True, False} == set(listed.values())


def test_a_value_a_subject_does_not_have_keeps_its_place_in_the_listing(plan, lookup):
    """Without a peak, the response must not stand where the peak belongs."""
    without = Lookup(
        type(lookup.results)(
            tuple(
                replace(r, stat=None, error="not estimable: x")
                if (r.context, r.variable_level) == ("subject", "RECON-05") and r.stat is not None
                else r
                for r in lookup.results
            )
        )
    )
    output = plan.output("T-PEAK").model_copy(update={"by_subject": True})
    (line,) = (x for x in table(plan, without, output).lines if x.label == "RECON-05")
    assert line.cells[0].text == f"{ABSENT} · {ABSENT} · NR"


def test_a_subject_called_script_is_text(plan, broken):
    for dataset in plan.datasets:
        head, *rows = broken.rows(dataset)
        place = head.index("USUBJID")
        for cells in rows:
            cells[place] = "<script>alert(1)</script>" if cells[place] == "RECON-01" else cells[place]
        broken.write(dataset, [head, *rows])
    found = html_table(table(plan, Lookup(run(load(plan, broken.folder))), plan.output("T-DLT")))
    assert "<script" not in found
    assert [r[0] for r in Grid(found).cells if "script" in r[0]] == ["<script>alert(1)</script>"]


@each("hostile", ["<b>bold</b>", "<sup>a</sup> <img src=x onerror=alert(1)>", "a & b < c", "&lt;i&gt;"])
def test_words_of_the_plan_are_text_wherever_they_stand(plan, lookup, hostile):
    content = table(plan, lookup, plan.output("T-RESP").model_copy(update={"footnotes": (hostile,)}))
    first = content.lines[0]
    cells = (Cell(hostile), *first.cells[1:])
    content = replace(
        content,
        lines=(Line(hostile, hostile, cells), *content.lines[1:]),
        columns=(replace(content.columns[0], title=hostile), *content.columns[1:]),
    )
    grid = Grid(html_table(content))
    assert not grid.tags & {"b", "img", "i"}
    words = " ".join(hostile.split())
    rows = grid.cells
    assert rows[0][1].startswith(words)
    assert rows[1] == [words]
    assert rows[2][:2] == [words, words]
    assert [words] in rows[3:]


def test_a_warning_of_the_method_is_a_footnote(plan, lookup):
    text = html_table(table(plan, lookup, plan.output("T-PEAK")))
    assert "The exact distribution is discrete: the level achieved is 0.9667." in text


def test_two_events_of_one_variable_are_two_parts_of_the_table(planned, study):
    """CR alone beside CR or CRi: neither may hide the other."""

    def also_cr(p):
        steps = p["analyses"][1]["steps"]
        steps.insert(1, steps[0] | {"event": ["CR"], "label": "CR"})

    two = planned(also_cr)
    found = run(type(study)(two, study.data, study.sources))
    lines = table(two, Lookup(found), two.output("T-RESP")).lines
    counted = {x.section: x.cells[0].text for x in lines if x.label == "n/N (%)"}
    assert counted == {"CR or CRi": "7/10 (70.0%)", "CR": "1/10 (10.0%)"}


def test_a_table_without_any_line_is_still_a_table(plan, lookup):
    content = replace(table(plan, lookup, plan.output("T-RESP")), lines=())
    assert Grid(html_table(content)).cells[0][1] == "Planned analysis RSPE, N = 10"


def test_the_same_table_is_the_same_bytes(plan, lookup):
    output = plan.output("T-OS")
    assert html_table(table(plan, lookup, output)) == html_table(table(plan, lookup, output))


def test_limits_at_another_level_stand_on_lines_of_their_own(plan, study):
    """A sensitivity analysis at 90% must not show its limits under the label of the planned 95%."""
    planned = plan.analysis("AN-RESP")
    wider = planned.steps[0].model_copy(update={"conf_level": 0.9})
    change = planned.sensitivity[0].model_copy(update={"id": "AN-RESP-90", "steps": (wider,), "use": {}})
    changed = planned.model_copy(update={"sensitivity": (change,)})
    other = plan.model_copy(update={"analyses": (changed,)})
    content = table(other, Lookup(run(replace(study, plan=other))), other.output("T-RESP"))
    cells = {line.label: [c.text for c in line.cells] for line in content.lines if " CI" in line.label}
    # R 4.2.2: binom.test(7, 10, conf.level = 0.95)$conf.int and conf.level = 0.9
    assert cells == {
        "95% CI, two-sided, Clopper–Pearson": ["34.8% to 93.3%", "–"],
        "90% CI, two-sided, Clopper–Pearson": ["–", "39.3% to 91.3%"],
    }


def test_a_comparison_that_leaves_subjects_out_says_how_many_it_took_and_why_once(plan, lookup):
    content = table(plan, lookup, plan.output("T-PEAK"))
    text = html_table(content)
    head = Grid(text).cells[0]
    assert head[1] == "Planned analysis CKE, N = 10"
    assert re.fullmatch(r"CR/CRi against no response CKE, N = 10, 9 compared \^[a-z]", head[2])
    assert text.count("1 of 10 subjects have no value or no group and are left out.") == 1
    assert not any("left out" in note for line in content.lines for c in line.cells for note in c.notes)


def test_a_warning_beside_one_of_subjects_left_out_stays_at_its_cell(lookup):
    row = lookup.row("AN-PEAK-S1", "p.value", context="rank_test")
    cell = Cell("{}", (replace(row, warning=f"{row.warning}; tied values share midranks"),))
    assert cell.left_out == ("1 of 10 subjects have no value or no group and are left out",)
    assert cell.notes == ("tied values share midranks",)


def test_intervals_by_different_methods_are_told_apart_in_the_words_of_the_methods(plan, lookup):
    content = table(plan, lookup, plan.output("T-PEAK"))
    marked = [line.label for line in content.lines if line.notes]
    assert marked == [line.label for line in content.lines if line.label.endswith("CI)")]
    (note,) = {note for line in content.lines for note in line.notes}
    for context in ("shift", "effect"):
        assert lookup.rows("AN-PEAK", context=context)[0].method in note
    assert not any(line.notes for line in table(plan, lookup, plan.output("T-RESP")).lines)


def test_analyses_of_the_same_subjects_that_share_no_line_stand_in_one_column(plan, lookup):
    content = table(plan, lookup, plan.output("T-ENGR"))
    (column,) = content.columns
    assert (column.analysis_id, *column.others) == plan.output("T-ENGR").analyses
    assert all(len(line.cells) == 1 and line.cells[0].rows for line in content.lines)


def test_analyses_of_different_subjects_keep_their_columns(plan, lookup):
    sets = [c.analysis_set for c in table(plan, lookup, plan.output("T-MRD")).columns]
    assert len(set(sets)) == len(sets) > 1
