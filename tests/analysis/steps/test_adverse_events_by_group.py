"""Adverse events by arm: every arm has the same rows, and where nobody has an event the count is 0 and not absent."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from analysis.data.load import DataError, Study, load
from analysis.recompute import recompute
from analysis.results.ard import Results, Row
from analysis.running.run import run
from sap.reading.read import read_plan
from sap.text.yaml_file import YamlFile

ROOT = Path(__file__).resolve().parents[3]
PLACEBO, ACTIVE, NOBODY = "Placebo", "Active", "Not opened"
ADSL = """USUBJID,AGE,SEX,TRTSDT,TRT01A,SAFFL,DTHFL,DTHDT,LSTALVDT
01,50,F,2024-01-01,Placebo,Y,,,2024-03-01
02,60,M,2024-01-01,Placebo,Y,,,2024-03-01
03,70,F,2024-01-01,Placebo,Y,,,2024-03-01
04,40,M,2024-01-01,Active,Y,,,2024-03-01
05,44,F,2024-01-01,Active,Y,,,2024-03-01
06,55,F,2024-01-01,Other,Y,,,2024-03-01
07,33,F,2024-01-01,Active,N,,,2024-03-01
"""
ADAE = """USUBJID,AESEQ,AEDECOD,AEBODSYS,ATOXGR,AREL,ASTDT,AENDT,TRTEMFL
01,1,Rash,Skin disorders,1,NOT RELATED,2024-01-02,,Y
01,2,Nausea,Gut disorders,2,RELATED,2024-01-03,2024-01-03,Y
04,1,Nausea,Gut disorders,3,RELATED,2024-01-03,,Y
05,1,Nausea,Gut disorders,1,NOT RELATED,2024-01-03,,Y
05,2,Vomiting,Gut disorders,3,RELATED,2023-12-30,,
06,1,Headache,Nerve disorders,4,NOT RELATED,2024-01-03,,Y
07,1,Pain,Eye disorders,2,NOT RELATED,2024-01-03,,Y
"""
# Counted by hand, placebo of 3 and active of 2: 05's vomiting was before treatment, 06 is in no arm, 07 not in the set.
BY_HAND = {
    "": (1, 2),
    "Gut disorders": (1, 2),
    "Nausea": (1, 2),
    "Skin disorders": (1, 0),
    "Rash": (1, 0),
    "Nerve disorders": (0, 0),
    "Headache": (0, 0),
}


@pytest.fixture
def trial(tmp_path: Path) -> Callable[..., Study]:
    """A function that loads the small trial, with other adverse events where they are given."""
    content = YamlFile(ROOT / "reports" / "starter" / "plan.yml").content
    content["datasets"]["ADAE"] = {"file": "adae.csv", "title": "Adverse events"}
    levels = [{"label": arm, "values": [arm]} for arm in (PLACEBO, ACTIVE, NOBODY)]
    content["groupings"] = [{"id": "ARM", "title": "Treatment", "variable": "ADSL.TRT01A", "levels": levels}]
    (first,) = content["analyses"]
    by_arm = {"id": "AN-ARM", "steps": [{"method": "adverse_events", "by": "ARM"}]}
    of_all = {"id": "AN-ALL", "steps": [{"method": "adverse_events"}]}
    content["analyses"] = [first, first | by_arm, first | of_all]

    def loaded(adae: str = ADAE) -> Study:
        (tmp_path / "plan.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        (tmp_path / "adsl.csv").write_text(ADSL, encoding="utf-8")
        (tmp_path / "adae.csv").write_text(adae, encoding="utf-8")
        return load(read_plan(tmp_path / "plan.yml"), tmp_path)

    return loaded


def counted(results: Results, arm: str, *names: str) -> Iterator[Row]:
    return (r for r in results.of("AN-ARM") if r.group1_level == arm and r.stat_name in names)


def test_every_class_and_term_is_counted_in_every_arm(trial):
    results = run(trial())
    for position, (arm, size) in enumerate({PLACEBO: 3, ACTIVE: 2}.items()):
        assert {r.variable_level: r.stat for r in counted(results, arm, "n")} == {
            level: of_arms[position] for level, of_arms in BY_HAND.items()
        }
        shares = {r.variable_level: r.stat for r in counted(results, arm, "p")}
        assert shares == {level: of_arms[position] / size for level, of_arms in BY_HAND.items()}


def test_where_nobody_has_a_term_every_count_and_percentage_of_it_is_zero(trial):
    rash = [r for r in run(trial()).of("AN-ARM") if (r.group1_level, r.variable_level) == (ACTIVE, "Rash")]
    names = {*("n", "n.severe", "n.related", "p", "p.severe", "p.related"), *(f"n.grade{g}" for g in range(1, 6))}
    assert {r.stat_name for r in rash} == names
    assert {(r.stat, r.error) for r in rash} == {(0.0, "")}


def test_an_arm_of_nobody_counts_zero_and_says_why_it_has_no_percentages(trial):
    results = run(trial())
    assert {r.variable_level: r.stat for r in counted(results, NOBODY, "n")} == dict.fromkeys(BY_HAND, 0.0)
    shares = list(counted(results, NOBODY, "p", "p.severe", "p.related"))
    assert len(shares) == 3 * len(BY_HAND)
    assert {(r.stat, r.error) for r in shares} == {
        (None, "not estimable: there are no subjects in analysis set SAF, Not opened")
    }


def test_what_nobody_in_the_arm_has_comes_last_and_by_name(trial):
    active = [r.variable_level for r in counted(run(trial()), ACTIVE, "n")]
    assert active == ["", "Gut disorders", "Nausea", "Nerve disorders", "Headache", "Skin disorders", "Rash"]


def test_what_was_before_treatment_or_outside_the_set_has_no_row(trial):
    assert not {r.variable_level for r in run(trial())} & {"Vomiting", "Pain", "Eye disorders"}


def test_without_arms_the_rows_are_those_of_who_is_analysed(trial):
    found = {r.variable_level: r.stat for r in run(trial()).of("AN-ALL") if r.stat_name == "n"}
    assert found == {level: n + (level in {"", "Nerve disorders", "Headache"}) for level, n in _together().items()}


def _together() -> dict[str, int]:
    return {level: sum(of_arms) for level, of_arms in BY_HAND.items()}


def test_the_second_route_finds_the_same_rows_and_misses_those_that_are_not_there(trial):
    study = trial()
    results = run(study)
    checks = recompute(study, results, with_r=False)
    assert {c.verdict for c in checks} == {"agrees"}
    assert len(checks) == len(results.rows)
    absent = [r for r in results if r.stat == 0 and (r.group1_level, r.variable_level) == (ACTIVE, "Rash")]
    without = Results(tuple(r for r in results if r not in absent))
    missed = [c for c in recompute(study, without, with_r=False) if c.verdict == "differs"]
    assert [(c.group1_level, c.variable_level) for c in missed] == [(ACTIVE, "Rash")] * len(absent)


def test_a_term_in_one_class_in_one_arm_and_in_another_in_the_other_is_refused(trial):
    rows = f"{ADAE}04,2,Rash,Gut disorders,1,NOT RELATED,2024-01-04,,Y\n"
    with pytest.raises(DataError) as refused:
        trial(rows)
    found = [(f.rule, f.column, f.message) for f in refused.value.failures if f.severity == "error"]
    assert found == [("two_classes", "AEBODSYS", "The term Rash stands in this class, and in Skin disorders in row 2.")]


def test_the_plan_says_so_of_the_step_by_arm_alone(trial):
    by_arm, of_all = (trial().plan.analysis(a).steps[0] for a in ("AN-ARM", "AN-ALL"))
    assert "as 0 where nobody in the group has it" in by_arm.in_words
    assert by_arm.own_words.startswith(of_all.own_words)
    assert "group" not in of_all.in_words
