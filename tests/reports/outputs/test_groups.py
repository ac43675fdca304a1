"""Groups stand side by side in a table about one analysis, each under its own number of subjects."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.results.ard import Results
from analysis.running.run import run
from reports.formats.grid import grid
from reports.layout.lookup import Lookup
from reports.layout.model import ABSENT
from reports.outputs.html import html_parts, html_table
from reports.outputs.table import table
from reports.run.shells import shells
from sap.plan.plan import Plan
from sap.reading.read import read_plan

ROOT = Path(__file__).resolve().parents[3]
ARMS = ("Placebo", "Low dose", "High dose")
ADSL = """USUBJID,AGE,SEX,TRTSDT,TRT01A,SAFFL,DTHFL,DTHDT,LSTALVDT,WEIGHT,SITE
01,50,F,2024-01-01,Placebo,Y,,,2024-03-01,60.5,Site 1
02,60,M,2024-01-01,Placebo,Y,,,2024-03-01,,Site 2
03,70,F,2024-01-01,Placebo,Y,Y,2024-02-01,2024-02-01,80,Site 3
04,40,M,2024-01-01,Low dose,Y,,,2024-03-01,70,Site 4
05,44,F,2024-01-01,Low dose,Y,,,2024-03-01,71,Site 5
06,55,X,2024-01-01,High dose,Y,,,2024-03-01,72,Site 6
07,33,F,,,N,,,2024-01-01,55,Site 7
"""
ADAE = """USUBJID,AESEQ,AEDECOD,AEBODSYS,ATOXGR,AREL,ASTDT,AENDT,TRTEMFL
01,1,Rash,Skin disorders,1,NOT RELATED,2024-01-02,,Y
01,2,Nausea,Gut disorders,2,RELATED,2024-01-03,2024-01-03,Y
04,1,Nausea,Gut disorders,3,RELATED,2024-01-03,,Y
05,1,Nausea,Gut disorders,1,NOT RELATED,2024-01-03,,Y
06,1,Headache,Nerve disorders,1,NOT RELATED,2024-01-03,,Y
"""
STAGES = (
    "stages: [{label: Treated, where: {dataset: ADSL, variable: TRTSDT, comparator: NE, value: ''}}], "
    "outcomes: [{label: Dead, where: {dataset: ADSL, variable: DTHFL, comparator: EQ, value: Y}}]"
)
STEPS = {
    "AN-BASE": """
      - {method: summary, variable: ADSL.WEIGHT, by: ARM, digits: 1}
      - {method: distribution, variable: ADSL.SEX, by: ARM, levels: [F, M]}
      - {method: summary, variable: ADSL.WEIGHT, digits: 1}
      - {method: binomial, variable: ADSL.DTHFL, by: ARM, event: [Y], label: Died}""",
    "AN-AE": """
      - {method: adverse_events, by: ARM, label: Events}""",
    "AN-SIZE": """
      - {method: summary, variable: ADSL.WEIGHT, by: ARM}""",
    "AN-TWO": """
      - {method: distribution, variable: ADSL.SEX, by: ARM, levels: [F, M]}
      - {method: distribution, variable: ADSL.SEX, by: DEATH, levels: [F, M]}
      - {method: disposition, by: ARM, {STAGES}}""",
    "AN-BOTH": """
      - {method: adverse_events, by: ARM}
      - {method: adverse_events, label: Events}""",
    "AN-ALLAE": """
      - {method: adverse_events}""",
    "AN-SENS": """
      - {method: summary, variable: ADSL.WEIGHT, by: ARM}
    sensitivity: [{id: AN-SENS-1, kind: sensitivity, title: Women, changes: Women alone, reason: To see, analysis_set: WOMEN}]""",
    "AN-SEVEN": """
      - {method: summary, variable: ADSL.AGE, by: SEVEN}
      - {method: summary, variable: ADSL.AGE}""",
    "AN-FEW": """
      - {method: summary, variable: ADSL.AGE, by: DEATH}""",
    "AN-EACH": """
      - {method: distribution, variable: ADSL.SEX, by: ARM, levels: [F, M], percentages: recorded}
      - {method: distribution, variable: ADSL.SEX, levels: [F, M], percentages: recorded, label: Sex}
      - {method: disposition, by: ARM, {STAGES}}
      - {method: disposition, {STAGES}}
      - {method: binomial, variable: ADSL.DTHFL, event: [Y], label: Died, upper_bound: true}
      - {method: binomial, variable: ADSL.DTHFL, by: ARM, event: [Y]}
      - {method: distribution, variable: ADSL.WEIGHT, by: ARM, levels: [60.5], percentages: recorded, label: Weight known}
      - {method: distribution, variable: ADSL.WEIGHT, levels: [60.5], percentages: recorded, label: Weight known}
      - {method: rank_comparison, variable: ADSL.AGE, by: DEATH, label: Age}""",
}


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> tuple[Plan, Lookup]:
    folder = tmp_path_factory.mktemp("arms")
    plan = (ROOT / "reports" / "starter" / "plan.yml").read_text(encoding="utf-8")
    head, _, rest = plan.partition("analyses:\n")
    _, _, analysis = rest.partition("  - id: AN-1")
    body, _, _ = analysis.partition("    steps:")
    head = head.replace(
        "    title: Subject-level data\n",
        """    title: Subject-level data
    variables:
      - {name: SEX, label: Sex, codelist: [F, M, X]}
      - {name: WEIGHT, label: Weight (kg), type: number, missing: true}
      - {name: SITE, label: Site}
  ADAE: {file: adae.csv, title: Adverse events}
""",
    )
    arms = "".join(f"      - {{label: {arm}, values: [{arm}]}}\n" for arm in ARMS)
    head = head.replace(
        "analysis_sets:\n",
        """analysis_sets:
  - id: WOMEN
    title: Women
    text: All women.
    where: {dataset: ADSL, variable: SEX, comparator: EQ, value: F}
""",
    )
    groupings = f"""groupings:
  - id: ARM
    title: Treatment
    variable: ADSL.TRT01A
    levels:
{arms}  - id: DEATH
    title: Death
    variable: ADSL.DTHFL
    levels: [{{label: Died, values: [Y]}}, {{label: Alive, values: [""]}}]
  - id: SEVEN
    title: Site
    variable: ADSL.SITE
    levels: [{", ".join(f"{{label: Site {i}, values: [Site {i}]}}" for i in range(1, 8))}]
"""
    analyses = "".join(
        f"  - id: {id_}{body}    steps:{steps.replace('{STAGES}', STAGES)}\n" for id_, steps in STEPS.items()
    )
    outputs = "".join(
        f'  - {{id: {id_.replace("AN", "T")}, number: "{i}", kind: table, title: A table, analyses: [{id_}]}}\n'
        for i, id_ in enumerate(STEPS, start=1)
    )
    outputs += "  - {id: T-APART, number: '99', kind: table, title: A table, analyses: [AN-SIZE, AN-FEW]}\n"
    file = folder / "plan.yml"
    file.write_text(f"{head}{groupings}analyses:\n{analyses}outputs:\n{outputs}", encoding="utf-8")
    (folder / "adsl.csv").write_text(ADSL, encoding="utf-8")
    (folder / "adae.csv").write_text(ADAE, encoding="utf-8")
    read = read_plan(file)
    return read, Lookup(run(load(read, folder)))


@pytest.fixture
def shown(trial):
    plan, lookup = trial
    return lambda output_id: table(plan, lookup, plan.output(output_id))


def rows(content) -> dict[tuple[str, str], list[str]]:
    return {(line.section, line.label.strip()): [c.text for c in line.cells] for line in content.lines}


def test_each_group_is_a_column_under_its_own_number_of_subjects(shown):
    content = shown("T-BASE")
    assert [(c.title, c.n) for c in content.columns] == [("Placebo", 3), ("Low dose", 2), ("High dose", 1), ("All", 6)]
    assert rows(content)["Sex, n (%)", "F"] == ["2 (66.7%)", "1 (50.0%)", "0 (0.0%)", ABSENT]
    assert rows(content)["Died", "n/N (%)"] == ["1/3 (33.3%)", "0/2 (0.0%)", "0/1 (0.0%)", ABSENT]


def test_a_step_of_all_fills_the_column_of_all_beside_the_same_step_of_groups(shown):
    assert rows(shown("T-BASE"))["Weight (kg)", "n"] == ["2", "2", "1", "5"]


def test_a_category_that_only_one_group_has_is_a_line_of_all(shown):
    assert rows(shown("T-BASE"))["Sex, n (%)", "Other"] == ["0 (0.0%)", "0 (0.0%)", "1 (100.0%)", ABSENT]


def test_adverse_events_of_groups_stand_side_by_side_measure_by_measure(shown):
    content = shown("T-AE")
    assert [(c.title, c.n) for c in content.columns] == [("Placebo", 3), ("Low dose", 2), ("High dose", 1)]
    found = rows(content)
    assert found["Events: any grade", "Nausea"] == ["1 (33.3%)", "2 (100.0%)", "0 (0.0%)"]
    assert found["Events: grade 3 or higher", "Nausea"] == ["0 (0.0%)", "1 (50.0%)", "0 (0.0%)"]
    assert ("Events: grade 3 or higher", "Rash") not in found


def test_no_cell_of_adverse_events_by_group_is_empty_or_needs_a_note(shown):
    content = shown("T-AE")
    assert ABSENT not in {c.text for line in content.lines for c in line.cells}
    assert {c.notes for c in content.columns} == {("Groups: Treatment",)}


def test_who_is_in_no_group_is_told_below_adverse_events(trial):
    """An event of theirs alone has a line on which every group has none."""
    plan, lookup = trial
    told = "1 of 7 subjects are in no group of Treatment and are left out"
    counted = (r.context == "adverse_events" and r.stat_name == "N" for r in lookup.results)
    warned = (replace(r, warning=told) if n else r for r, n in zip(lookup.results, counted, strict=True))
    content = table(plan, Lookup(Results(tuple(warned))), plan.output("T-AE"))
    assert {c.notes for c in content.columns} == {("Groups: Treatment", told)}
    assert rows(content)["Events: any grade", "Any adverse event"] == ["1 (33.3%)", "2 (100.0%)", "1 (100.0%)"]


def test_a_shell_shows_every_measure_of_every_event(trial):
    plan, lookup = trial
    found = rows(table(plan, Lookup(shells(lookup.results)), plan.output("T-AE")))
    assert len({section for section, _ in found}) == 8
    assert found["Events: grade 3 or higher", "Rash"] == ["xx (xx.x%)"] * 3


def test_classes_and_terms_come_by_falling_number_in_all_groups(shown):
    labels = [label for section, label in rows(shown("T-AE")) if section == "Events: any grade"]
    assert labels == [
        "Any adverse event",
        "Gut disorders",
        "Nausea",
        "Nerve disorders",
        "Headache",
        "Skin disorders",
        "Rash",
    ]


def test_groups_of_several_kinds_stand_beside_each_other_and_their_heads_say_of_which_kind(shown):
    content = shown("T-TWO")
    arms = [("Treatment: Placebo", 3), ("Treatment: Low dose", 2), ("Treatment: High dose", 1)]
    assert [(c.title, c.n) for c in content.columns] == [*arms, ("Death: Died", 1), ("Death: Alive", 5)]
    found = rows(content)
    assert found["Sex, n (%)", "F"] == ["2 (66.7%)", "1 (50.0%)", "0 (0.0%)", "1 (100.0%)", "2 (40.0%)"]
    assert found["Disposition: outcome of “Treated”", "Dead"][:3] == ["1 (33.3%)", "0 (0.0%)", "0 (0.0%)"]


def test_analyses_of_other_subjects_have_their_own_columns_of_groups(shown):
    content = shown("T-SENS")
    assert [(c.title, c.n) for c in content.columns] == [
        ("Planned analysis: Placebo", 3),
        ("Planned analysis: Low dose", 2),
        ("Planned analysis: High dose", 1),
        ("Women: Placebo", 2),
        ("Women: Low dose", 1),
        ("Women: High dose", 0),
    ]
    assert rows(content)["Weight (kg)", "n"] == ["2", "2", "1", "2", "1", "0"]
    assert [[c.title[:5] for c in part.columns] for part in content.parts] == [["Plann"] * 3, ["Women"] * 3]


def test_more_groups_than_a_page_has_room_for_stand_in_several_tables_below_each_other(shown):
    content = shown("T-SEVEN")
    assert [[c.title for c in part.columns] for part in content.parts] == [
        ["Site 1", "Site 2", "Site 3", "Site 4"],
        ["Site 5", "Site 6", "Site 7", "All"],
    ]
    page = html_table(content)
    assert [page.count(f">{c.title}<") for c in content.columns] == [1] * 8
    assert page.count("Groups: Site") == 1
    read = [grid(part) for part in html_parts(content)]
    assert [len(part.rows) for part in read] == [4, 4]
    assert [[cell.text.strip() for cell in part.rows[1]] for part in read] == [["n", *"1111"], ["n", *"1106"]]


def test_analyses_that_share_no_line_stand_in_tables_of_their_own(shown):
    content = shown("T-APART")
    assert [len(part.columns) for part in content.parts] == [3, 2]
    assert ABSENT not in {c.text for part in content.parts for line in part.lines for c in line.cells}


def test_groups_of_a_description_alone_stand_side_by_side_under_all_their_subjects(shown):
    content = shown("T-SIZE")
    assert [(c.title, c.n) for c in content.columns] == [("Placebo", 3), ("Low dose", 2), ("High dose", 1)]
    assert rows(content)["Weight (kg)", "n"] == ["2", "2", "1"]


def test_events_of_groups_and_of_all_are_one_part(shown):
    content = shown("T-BOTH")
    assert [(c.title, c.n) for c in content.columns] == [("Placebo", 3), ("Low dose", 2), ("High dose", 1), ("All", 6)]
    found = rows(content)
    assert found["Events: any grade", "Any adverse event"] == ["1 (33.3%)", "2 (100.0%)", "1 (100.0%)", "4 (66.7%)"]
    assert found["Events: any grade", "Nausea"] == ["1 (33.3%)", "2 (100.0%)", "0 (0.0%)", "3 (50.0%)"]
    assert found["Events: grade 3 or higher", "Nausea"] == ["0 (0.0%)", "1 (50.0%)", "0 (0.0%)", "1 (16.7%)"]
    assert list(found)[:3] == [("Events: any grade", x) for x in ("Any adverse event", "Gut disorders", "Nausea")]
    assert ABSENT not in {text for cells in found.values() for text in cells}
    page = html_table(content)
    assert [page.count(f"SAF, N = {n}") for n in ("<", "3")] == [4, 0]


def test_what_only_a_subject_in_no_group_has_is_counted_as_none_in_each_group(trial):
    plan, lookup = trial
    worse = ("AN-BOTH", "Rash", "")

    def altered(row):
        of = (row.analysis_id, row.variable_level, row.group1_level)
        return replace(row, stat=1.0) if of == worse and row.stat_name == "n.severe" else row

    content = table(plan, Lookup(Results(tuple(map(altered, lookup.results)))), plan.output("T-BOTH"))
    assert rows(content)["Events: grade 3 or higher", "Rash"][:3] == ["0 (0.0%)"] * 3


def test_every_method_of_groups_and_of_all_fills_the_same_columns(shown):
    content = shown("T-EACH")
    assert [(c.title, c.n) for c in content.columns] == [("Placebo", 3), ("Low dose", 2), ("High dose", 1), ("All", 6)]
    found = rows(content)
    assert found["Sex, n/N (%)", "F"] == ["2/3 (66.7%)", "1/2 (50.0%)", "0/1 (0.0%)", "3/6 (50.0%)"]
    assert found["Disposition", "Treated"] == ["3 (100.0%)", "2 (100.0%)", "1 (100.0%)", "6 (100.0%)"]
    assert found["Disposition: outcome of “Treated”", "Dead"] == ["1 (33.3%)", "0 (0.0%)", "0 (0.0%)", "1 (16.7%)"]
    assert found["Died", "n/N (%)"] == ["1/3 (33.3%)", "0/2 (0.0%)", "0/1 (0.0%)", "1/6 (16.7%)"]
    # Weight is missing in one subject of placebo: its row says so under an N of 3.
    assert found["Weight known, n/N (%)", "60.5"] == ["1/2 (50.0%)", "0/2 (0.0%)", "0/1 (0.0%)", "1/5 (20.0%)"]
    assert found["Weight known, n/N (%)", "Missing"] == ["1", "0", "0", "1"]
    # A comparison looks at all subjects, and its lines name the groups.
    assert found["Age – Death", "Died: n"] == [ABSENT, ABSENT, ABSENT, "1"]


def test_no_percentage_stands_under_another_number_than_its_denominator(trial):
    """N above a column is what its percentages are of, or the cell says what they are of."""
    plan, lookup = trial
    checked = 0
    for output in plan.outputs:
        content = table(plan, lookup, output)
        for line in content.lines:
            for column, cell in zip(content.columns, line.cells, strict=True):
                share = next(
                    (r for r in cell.rows if r.fmt.endswith("%") and r.stat_name.startswith(("p", "est"))), None
                )
                if share is not None and share.stat:
                    size = next((r.stat for r in cell.rows if r.stat_name == "N"), column.n)
                    assert share.stat == pytest.approx(cell.rows[0].stat / size), (output.id, line.label, cell.text)
                    assert "/" in cell.layout or size == column.n, (output.id, line.label, cell.text)
                    checked += 1
    assert checked > 100


def test_the_page_says_what_the_groups_are_and_how_many_subjects_each_has(shown):
    page = html_table(shown("T-BASE"))
    assert "Groups: Treatment." in page
    assert page.count("SAF, N = ") == 4


def test_a_line_below_a_line_below_a_heading_is_set_in_by_another_level(shown):
    content = shown("T-AE")
    deeper = replace(content.lines[2], label="\u2003\u2003Reason")
    assert 'class="below-3">Reason' in html_table(replace(content, lines=(*content.lines[:2], deeper)))
