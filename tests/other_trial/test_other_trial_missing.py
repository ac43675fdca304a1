"""What is missing: each variable a plan lets be missing, emptied; nothing fails, both routes agree, the page counts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from analysis.data.load import validate
from analysis.recompute import recompute
from analysis.results.ard import Results
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.layout.model import Table
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.plan_document.document import SECTIONS
from sap.data.failures import Failure
from sap.model.datasets import CORE
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.text.problems import PlanError, UserError
from tests.broken_data import BrokenData

HERE = Path(__file__).parent
EVENTS = {"method": "adverse_events"}


@dataclass(frozen=True)
class Seen:
    """What a run on changed data gave; without results where it was refused."""

    plan: Plan
    failures: tuple[Failure, ...]
    results: Results | None = None
    refused: str = ""

    def table(self, output: str) -> Table:
        assert self.results is not None, self.failures
        return table(self.plan, Lookup(self.results), self.plan.output(output))

    def counts(self, group: str = "", names: tuple[str, ...] = ("n",)) -> dict[str, tuple[float | None, ...]]:
        """Return counts of adverse events by class or term."""
        assert self.results is not None, self.failures
        own = [r for r in self.results.of("EVENTS") if r.group1_level == group]
        by = {(r.variable_level, r.stat_name): r.stat for r in own}
        return {level: tuple(by[level, n] for n in names) for level in dict.fromkeys(r.variable_level for r in own)}

    def value(self, analysis: str, stat: str, group: str = "", **where: str) -> float | None:
        assert self.results is not None, self.failures
        return Lookup(self.results).row(analysis, stat, group=group, **where).stat


Change = Callable[[dict], None]
Run = Callable[..., Seen]


@pytest.fixture
def broken(tmp_path) -> BrokenData:
    return BrokenData(Path(copytree(HERE / "data", tmp_path / "data")))


@pytest.fixture
def ran(tmp_path, broken) -> Run:
    """Return a function that runs the trial, with its events by class and term, where some variables may be missing."""

    def of(*missing: str, edit: Change = lambda _: None) -> Seen:
        content = yaml.load((HERE / "plan.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        for name in missing:
            dataset, variable = name.split(".")
            (core,) = (v for v in CORE[dataset] if v.name == variable)
            own = content["datasets"][dataset].setdefault("variables", [])
            own.append(core.model_dump(mode="json") | {"missing": True})
        (first, *_) = content["analyses"]
        events = {
            "id": "EVENTS",
            "title": "Events",
            "analysis_set": "TREATED",
            "steps": [EVENTS | {"by": "DOSE"}, EVENTS],
        }
        content["analyses"].append({k: v for k, v in first.items() if k != "sensitivity"} | events)
        shown = {"id": "TAB-AE", "number": "14.3.1", "kind": "table", "title": "Events", "analyses": ["EVENTS"]}
        content["outputs"].append(shown)
        edit(content)
        file = tmp_path / "plan.yml"
        file.write_text(
            yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        plan = read_plan(file)
        found = validate(plan, broken.folder)
        if found.study is None:
            return Seen(plan, found.failures, refused="data")
        try:
            results = run(found.study)
        except UserError as error:
            return Seen(plan, found.failures, refused=str(error))
        wrong = [c for c in recompute(found.study, results, with_r=False) if c.verdict != "agrees"]
        assert not wrong, wrong[:3]
        return Seen(plan, found.failures, results)

    return of


def emptied(broken: BrokenData, dataset: str, column: str, every: int = 3) -> int:
    """Empty every third cell of a column and return how many those were."""
    head, *rows = broken.rows(dataset)
    head = [name.removeprefix("\ufeff") for name in head]
    at = head.index(column)
    count = sum(bool(r[at]) for r in rows[::every])
    broken.write(
        dataset, [head, *([*r[:at], "" if i % every == 0 else r[at], *r[at + 1 :]] for i, r in enumerate(rows))]
    )
    return count


CONTRADICTED: Mapping[str, set[str]] = {
    "ADSL.TRTSDT": {"X15"},  # events after a treatment that began on no day
    "ADSL.DTHFL": {"X04", "X10"},  # empty means alive, and there is a date of death
    "ADSL.DTHDT": {"X04"},
    "ADAE.ASTDT": {"undated"},  # whether an event without a start is dose-limiting cannot be told, and is not guessed
    "ADAE.TRTEMFL": {"X15"},  # empty means before treatment, and the event began after it
    "ADTTE.PARAMCD": {"X17"},
}
"""Empty cells that say something, and what else in the data says otherwise."""


def test_every_variable_of_the_core_may_be_missing(tmp_path, broken, ran):
    whole = {d: broken.rows(d) for d in ("ADSL", "ADAE", "ADRS", "ADTTE")}
    wrong: dict[str, object] = {}
    for dataset, rows in whole.items():
        names = [name.removeprefix("\ufeff") for name in rows[0]]
        for variable in (v.name for v in CORE[dataset] if v.name in names and v.name not in {"USUBJID", "STUDYID"}):
            name = f"{dataset}.{variable}"
            emptied(broken, dataset, variable)
            seen = ran(name)
            broken.write(dataset, rows)
            errors = {f.rule for f in seen.failures if f.severity == "error"}
            if errors != CONTRADICTED.get(name, set()) or bool(seen.refused) != (name in CONTRADICTED):
                wrong[name] = (errors, seen.refused)
            if seen.results is not None:
                pages = [html_table(seen.table(o.id)) for o in seen.plan.outputs if o.kind == "table"]
                wrong |= {f"{name} on a page": p for p in pages if ">nan<" in p.lower()}
    assert not wrong


def notes(content: Table) -> set[str]:
    return {n for c in content.columns for n in c.notes}


def without(broken: BrokenData, column: str, **where: str) -> int:
    """Empty a cell of an adverse event."""
    row = broken.row_of("ADAE", **where)
    broken.set("ADAE", row, **{column: ""})
    return row


def test_an_event_without_a_grade_is_one_of_any_grade_and_of_none(broken, ran):
    """Grade 3 diarrhoea of 001 and grade 4 neutropenia of 002 lose their grade; 002 still has fatigue of grade 2."""
    rows = [without(broken, "ATOXGR", ASTDT=start) for start in ("2024-01-28", "2024-01-31")]
    seen = ran("ADAE.ATOXGR")
    found = seen.counts(names=("n", "n.severe", "n.grade3", "n.grade4", "n.nograde"))
    assert found[""] == (9, 6, 3, 3, 1)
    assert found["Diarrhoea"] == (3, 2, 2, 0, 1)
    assert found["Neutropenia"] == (3, 2, 0, 2, 1)
    content = seen.table("TAB-AE")
    assert [x.label for x in content.lines if x.section == "Adverse events: grade missing"][-1].strip() == "Neutropenia"
    assert "2 events of 2 subjects without a grade, counted as any grade only" in notes(content)
    assert [(f.row, f.subject[-3:]) for f in seen.failures if f.rule == "X28"] == [(rows[0], "001"), (rows[1], "002")]


def test_no_column_says_grade_missing_where_the_plan_lets_none_be(ran):
    assert not [x for x in ran().table("TAB-AE").lines if "missing" in x.section]


def test_a_missing_grade_meets_no_criterion_and_leaves_a_subject_undecided(broken, ran):
    """001 has a DLT by grade 3 diarrhoea (D1); without the grade it cannot be told, and who has another DLT keeps it."""

    def evaluable(content: dict) -> None:
        where = {"dataset": "TOX", "variable": "EVALFL", "comparator": "EQ", "value": "Y"}
        content["analysis_sets"][2]["where"] = where

    def toxicity(seen: Seen) -> tuple[float | None, ...]:
        return tuple(seen.value("TOXICITY", stat, variable="DLTFL", context="proportion") for stat in ("n", "N"))

    n, total = toxicity(ran(edit=evaluable))
    assert n is not None
    assert total is not None
    without(broken, "ATOXGR", AEDECOD="Diarrhoea", ASTDT="2024-01-28")
    without(broken, "ATOXGR", AEDECOD="Diarrhoea", ASTDT="2024-06-29")  # 012: a reaction of grade 4 is a DLT (D4)
    without(broken, "ATOXGR", AEDECOD="Fatigue")  # of 002 for 26 days, on day 5: of grade 3 it would be one
    seen = ran("ADAE.ATOXGR", edit=evaluable)
    assert toxicity(seen) == (n - 1, total - 2)
    # Of 012 only is counted what concerns a subject in the set.
    assert "1 event of 1 subject without a grade, not counted" in notes(seen.table("TAB-TOX"))
    assert not [n for n in notes(seen.table("TAB-TOX")) if "without relatedness" in n]


def relatedness(**said: object) -> Change:
    return lambda content: content["conventions"].update(relatedness=said)


def test_an_event_nobody_judged_counts_as_related_unless_the_plan_says_otherwise(broken, ran):
    """The grade 3 diarrhoea of 001, a DLT when related, is not judged."""
    row = without(broken, "AREL", ASTDT="2024-01-28")
    usual, unlike = ran("ADAE.AREL"), ran("ADAE.AREL", edit=relatedness(missing="not related"))
    toxicities = [s.value("TOXICITY", "n", variable="DLTFL", context="proportion") for s in (usual, unlike)]
    assert toxicities == [5, 4]
    assert [s.counts(names=("n", "n.related"))["Diarrhoea"] for s in (usual, unlike)] == [(3, 3), (3, 2)]
    for seen, counted in ((usual, "related"), (unlike, "not related")):
        for output in ("TAB-AE", "TAB-TOX"):
            assert f"1 event of 1 subject without relatedness, counted as {counted}" in notes(seen.table(output)), (
                output
            )
            assert not [n for n in notes(seen.table(output)) if "without a grade" in n], output
    assert [(f.row, f.column) for f in usual.failures if f.rule == "X29"] == [(row, "AREL")]


def test_the_plan_says_which_values_mean_related(broken, ran):
    """Four words in place of two: definite, probable and possible are related; the counts are those of the two."""
    words = ["DEFINITE", "PROBABLE", "POSSIBLE", "UNLIKELY"]

    def causality(content: dict) -> None:
        variable = {"name": "AREL", "label": "Causality", "codelist": words}
        content["datasets"]["ADAE"]["variables"] = [variable]

    before = ran().counts(names=("n", "n.related"))
    head, *rows = broken.rows("ADAE")
    at = head.index("AREL")
    new = [words[i % 3] if r[at] == "RELATED" else words[3] for i, r in enumerate(rows)]
    broken.write("ADAE", [head, *([*r[:at], word, *r[at + 1 :]] for r, word in zip(rows, new, strict=True))])
    with pytest.raises(PlanError) as caught:
        ran(edit=causality)
    assert [(p.path, p.message) for p in caught.value.problems] == [
        ("conventions.relatedness.values", "there is no ADAE.AREL value 'RELATED' in the plan.")
    ]
    seen = ran(edit=lambda content: (causality(content), relatedness(values=words[:3])(content)))
    assert seen.counts(names=("n", "n.related")) == before
    words_of_plan = "Called related means ADAE.AREL is DEFINITE, PROBABLE, POSSIBLE; a missing value counts as related."
    assert words_of_plan in SECTIONS["data_handling"](seen.plan)
    assert words_of_plan in SECTIONS["dlt_rules"](seen.plan)


def test_an_event_without_class_or_term_is_called_not_coded(broken, ran):
    """Diarrhoea of 001 loses its class, of 003 its term, of 012 nothing; the rash of 010 loses both."""
    without(broken, "AEBODSYS", ASTDT="2024-01-28")
    without(broken, "AEDECOD", ASTDT="2024-02-26")
    broken.set("ADAE", without(broken, "AEDECOD", ASTDT="2024-05-24"), AEBODSYS="")
    found = ran("ADAE.AEDECOD", "ADAE.AEBODSYS").counts()
    gut = "Gastrointestinal disorders"
    for level, n in {
        "": 9,
        gut: 3,  # 003, 005, 012
        "Diarrhoea": 1,  # 012
        f"Not coded ({gut})": 1,  # 003
        "Not coded": 2,  # the class: 001 and 010
        "Diarrhoea (Not coded)": 1,  # 001
        "Not coded (Not coded)": 1,  # 010
    }.items():
        assert found[level] == (n,), level


def test_an_event_without_a_term_is_called_as_it_was_reported(broken, ran):
    head, *rows = broken.rows("ADAE")
    broken.write("ADAE", [[*head, "AETERM"], *([*r, f"as told {i}"] for i, r in enumerate(rows))])
    without(broken, "AEDECOD", ASTDT="2024-01-28")
    assert ran("ADAE.AEDECOD").counts()["as told 0 (not coded)"] == (1,)


def test_an_assessment_after_a_progression_is_told_with_its_row_and_below_the_table(broken, ran):
    """001 progressed on 2024-02-19; a CR in April neither makes a responder nor goes without a word."""
    before = ran().value("RESPONSE", "n", level="CR / PR", context="proportion")
    row = broken.append("ADRS", USUBJID="SOL-201-001", PARAMCD="RSP", AVALC="CR", ADT="2024-03-04", ADY="57")
    seen = ran()
    assert seen.value("RESPONSE", "n", level="CR / PR", context="proportion") == before
    told = [(f.row, f.subject, f.value, f.severity) for f in seen.failures if f.rule == "X27"]
    assert told == [(row, "SOL-201-001", "2024-03-04", "warning")]
    assert "1 assessment of 1 subject after the first progression, not counted" in notes(seen.table("TAB-RESP"))


def test_an_assessment_without_a_date_is_counted_out_loud(broken, ran):
    row = broken.row_of("ADRS", USUBJID="SOL-201-003", AVALC="PR")
    broken.set("ADRS", row, ADT="", ADY="")
    seen = ran("ADRS.ADT")
    assert "1 assessment of 1 subject without a date, not counted" in notes(seen.table("TAB-RESP"))
    assert [(f.rule, f.row, f.column) for f in seen.failures if f.dataset == "ADRS"] == [("X30", row, "ADT")]


def test_a_time_of_which_nobody_knows_how_it_ended_is_left_out(broken, ran):
    at = {"variable": "PROGR", "context": "survival", "group": "0.3 mg/kg"}
    before = {stat: ran().value("SURVIVAL", stat, **at) for stat in ("N", "n.event", "n.censor")}
    broken.set("ADTTE", broken.row_of("ADTTE", USUBJID="SOL-201-003", PARAMCD="PFS"), CNSR="")  # was censored
    seen = ran("ADTTE.CNSR")
    after = {stat: seen.value("SURVIVAL", stat, **at) for stat in before}
    assert after == {"N": before["N"] - 1, "n.event": before["n.event"], "n.censor": before["n.censor"] - 1}
    assert any("subjects have no time and are left out" in note for note in notes(seen.table("TAB-TTE")))


def test_a_value_that_is_missing_counts_as_without_the_event_out_loud(broken, ran):
    broken.set("ADSL", broken.row_of("ADSL", USUBJID="SOL-201-004"), PRLINES="")

    def lines(content: dict) -> None:
        next(v for v in content["datasets"]["ADSL"]["variables"] if v["name"] == "PRLINES")["missing"] = True

    cells = [c for line in ran(edit=lines).table("TAB-BASE").lines for c in line.cells]
    told = {n for c in cells for n in c.notes if "without a value" in n}
    assert told == {"1 of 11 subjects without a value, counted as without the event"}


def test_stable_disease_before_treatment_counts_where_the_window_opens_before_it(broken, ran):
    broken.set("ADRS", broken.row_of("ADRS", USUBJID="SOL-201-007", AVALC="NE"), AVALC="SD")  # a week before treatment
    at = {"variable": "BOR", "context": "distribution", "level": "SD"}
    before = ran().value("RESPONSE", "n", **at)
    seen = ran(edit=lambda content: content["derivations"][1].update(window={"start": -10}))
    assert seen.value("RESPONSE", "n", **at) == before + 1


def test_the_plan_document_says_what_ends_confirms_and_is_too_early_for_a_best_response(ran):
    def strict(content: dict) -> None:
        content["derivations"][1].update(confirmation=28, min_days=42, window={"end": 400})

    plain, seen = (SECTIONS["derivations"](ran(edit=e).plan) for e in (lambda _: None, strict))
    assert "up to and including the first PD after first treatment" in " ".join(plain.split())
    told = " ".join(seen.split())
    for said in (
        "days 1 to 400 since first treatment",
        "CR, PR when seen again, as good or better, at least 28 days later with no worse assessment between, else counted as SD",
        "SD from day 42 since first treatment on, and not counted before",
    ):
        assert said in told, said


def test_progression_must_be_a_value_of_the_parameter(ran):
    with pytest.raises(PlanError, match="there is no RSP value 'Progression' in the plan"):
        ran(edit=lambda content: content["derivations"][1].update(progression=["Progression"]))
