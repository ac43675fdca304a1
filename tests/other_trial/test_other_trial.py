"""Another trial through the same engine: values worked out by hand in README.md, limits from R 4 (package survival)."""

import pytest

from analysis.data.load import validate
from sap.reading.read import read_plan
from sap.text.problems import PlanError
from tests.each import each

LOW_DOSE, HIGH_DOSE = "0.3 mg/kg", "1 mg/kg"


def subjects(ids):
    return [f"SOL-201-{i:03d}" for i in ids]


@pytest.fixture(scope="module")
def derived(study):
    data = study.derived
    return {name: data[name].set_index("USUBJID") for name in ("TOX", "RECIST", "RECANY")}


@pytest.fixture(scope="module")
def proportion(lookup):
    """Return a function that gives n, N and the limits of a proportion."""

    def found(analysis_id, group="", **where):
        names = ("n", "N", "conf.low", "conf.high")
        rows = [lookup.row(analysis_id, s, context="proportion", group=group, **where) for s in names]
        return tuple(int(r.stat) for r in rows[:2]), tuple(r.stat for r in rows[2:])

    return found


def test_awkward_files_keep_every_rule(plan, study, folder):
    content = (folder / "adae.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    # One of the twelve planned subjects was not treated, and one had no adverse event: worth a warning, not an error.
    found = validate(plan, folder).failures
    assert [(f.rule, f.severity) for f in found] == [("planned_n", "warning"), ("X21", "warning")]
    assert {s.dataset: s.rows for s in study.sources} == {"ADSL": 12, "ADAE": 13, "ADRS": 22, "ADTTE": 22}
    assert "SITENOTE" in (folder / "adsl.csv").read_text(encoding="utf-8")
    assert "SITENOTE" not in study.data["ADSL"]  # nobody asks for it


def test_a_refused_value_is_one_mistake_of_the_plan(plan_file, tmp_path):
    text = plan_file.read_text(encoding="utf-8")
    copy = tmp_path / "plan.yml"
    copy.write_text(text.replace("values: [0.3]", "values: [yes]"), encoding="utf-8")  # YAML reads yes as true
    with pytest.raises(PlanError) as refused:
        read_plan(copy)
    assert [p.path for p in refused.value.problems] == ["groupings[1].levels[1].values[1]"]


def test_sets_and_subsets_count_who_the_clauses_mean(lookup):
    assert {r.variable_level: r.stat for r in lookup.rows("SETS", context="analysis_set")} == {
        "ENROLLED": 12,
        "TREATED": 11,
        "CYCLE1SET": 10,
        "JAPAN": 0,
    }
    assert {r.variable_level: r.stat for r in lookup.rows("SETS", context="analysis")} == {
        "TOXICITY": 10,
        "TOXICITY-ALL": 11,
        "RESPONSE": 11,
        "RESPONSE-ANY": 11,
        "RESPONSE-ENROLLED": 12,
        "RESPONSE-MEASURABLE": 8,
        "SURVIVAL": 11,
        "SURVIVAL-NEW": 11,
        "SURVIVAL-JAPAN": 0,
        "BASELINE": 11,
        "JAPAN-ALL": 0,
        "RESPONSE-SUBGROUPS": 11,
    }


def test_toxicity_by_subject(derived):
    tox = derived["TOX"]
    assert list(tox.index) == subjects([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12])
    met = tox[tox["DLTFL"] == "Y"]
    assert dict(zip(met.index, zip(met["CRITERIA"], met["DLTDAY"], strict=True), strict=True)) == {
        "SOL-201-001": ("D1", 20),
        "SOL-201-004": ("D2", 10),
        "SOL-201-008": ("D4", 0),
        "SOL-201-009": ("D2", 8),
        "SOL-201-012": ("D1; D4", 1),
    }
    assert tox.loc["SOL-201-007", "OBSDAYS"] == 18


@each(
    ("analysis_id", "group", "counts", "limits"),
    [
        ("TOXICITY", "", (5, 10), (0.187086028447, 0.812913971553)),  # R: binom.test(5, 10)
        ("TOXICITY", LOW_DOSE, (2, 5), (0.0527449505263, 0.8533672003653)),  # R: binom.test(2, 5)
        ("TOXICITY", HIGH_DOSE, (3, 5), (0.146632799635, 0.947255049474)),  # R: binom.test(3, 5)
        ("TOXICITY-ALL", "", (5, 11), (0.167488094064, 0.766206402341)),  # R: binom.test(5, 11)
        ("TOXICITY-ALL", HIGH_DOSE, (3, 6), (0.118117248757, 0.881882751243)),  # R: binom.test(3, 6)
        ("RESPONSE-MEASURABLE", "", (4, 8), (0.157012770487, 0.842987229513)),  # R: binom.test(4, 8)
        ("RESPONSE-MEASURABLE", LOW_DOSE, (2, 4), (0.0675859864885, 0.9324140135115)),  # R: binom.test(2, 4)
        ("RESPONSE-MEASURABLE", HIGH_DOSE, (2, 4), (0.0675859864885, 0.9324140135115)),  # R: binom.test(2, 4)
    ],
)
def test_proportions_by_dose(proportion, analysis_id, group, counts, limits):
    assert proportion(analysis_id, group) == (counts, pytest.approx(limits, rel=1e-10))


@each(
    ("analysis_id", "group", "level", "counts", "limits"),
    [
        (
            "RESPONSE",
            "",
            "CR / PR",
            (4, 11),
            (0.135075472920, 0.650188465428),
        ),  # R: binom.test(4, 11, conf.level = 0.9)
        (
            "RESPONSE",
            LOW_DOSE,
            "CR / PR",
            (2, 5),
            (0.0764403914123, 0.8107446225622),
        ),  # R: binom.test(2, 5, conf.level = 0.9)
        (
            "RESPONSE",
            HIGH_DOSE,
            "CR / PR",
            (2, 6),
            (0.0628498917084, 0.7286616274802),
        ),  # R: binom.test(2, 6, conf.level = 0.9)
        ("RESPONSE", "", "CR / PR / SD", (7, 11), (0.307904715012, 0.890736556181)),  # R: binom.test(7, 11)
        (
            "RESPONSE-ENROLLED",
            "",
            "CR / PR",
            (4, 12),
            (0.122850663244, 0.609137698229),
        ),  # R: binom.test(4, 12, conf.level = 0.9)
    ],
)
def test_response_and_disease_control_stand_side_by_side(proportion, analysis_id, group, level, counts, limits):
    assert proportion(analysis_id, group, level=level) == (counts, pytest.approx(limits, rel=1e-10))


@each(
    ("grouping", "group", "counts"),
    [
        ("MEASURABLE", "Yes", (4, 9)),
        ("MEASURABLE", "No", (0, 2)),
        ("CHECKPOINT", "Yes", (2, 4)),
        ("CHECKPOINT", "No", (2, 7)),
    ],
)
def test_groupings_may_share_labels(proportion, grouping, group, counts):
    assert proportion("RESPONSE-SUBGROUPS", group, grouping=grouping)[0] == counts


def test_one_sided_bound(stat):
    # R: binom.test(5, 10, alternative = "less")$conf.int[2]
    assert stat("TOXICITY", "conf.high", context="proportion_upper_bound") == pytest.approx(0.777558898992, rel=1e-10)


@each(("group", "counts"), [("", (2, 2, 0, 2)), (LOW_DOSE, (1, 1, 0, 0)), (HIGH_DOSE, (1, 1, 0, 2))])
def test_criteria_are_counted_by_dose(stat, group, counts):
    found = tuple(stat("TOXICITY", "n", group, context="criteria", level=c) for c in ("D1", "D2", "D3", "D4"))
    assert found == counts


def test_best_response_by_subject(derived):
    best = derived["RECIST"]
    assert " ".join(best["BOR"]) == "PD SD CR PR SD NE PD PR PD PR SD"
    assert list(best["RSPDAY"].fillna(-99)) == [42, 42, 84, 42, 42, -99, 42, 42, 42, 84, 84]
    assert derived["RECANY"].loc["SOL-201-009", "BOR"] == "CR"


def test_distribution_of_best_response(stat, lookup):
    counts = {k: stat("RESPONSE", "n", context="distribution", level=k) for k in ("CR", "PR", "SD", "PD", "NE")}
    assert counts == {"CR": 1, "PR": 3, "SD": 3, "PD": 3, "NE": 1}
    enrolled = lookup.row("RESPONSE-ENROLLED", "n", context="distribution", level="Missing")
    assert enrolled.stat == 1  # 006 was not treated


def test_numbers_are_matched_as_numbers(stat, proportion):
    lines = {k: stat("BASELINE", "n", context="distribution", level=k) for k in ("1", "2", "3", "Other")}
    assert lines == {"1": 3, "2": 5, "3": 2, "Other": 1}
    # R: binom.test(3, 11)
    limits = (0.0602177341729, 0.6097425595724)
    assert proportion("BASELINE", level="3 / 4") == ((3, 11), pytest.approx(limits, rel=1e-10))


def test_subjects_in_no_group_are_named(lookup):
    rows = lookup.rows("RESPONSE-ENROLLED", stat="n", context="proportion", grouping="DOSE")
    assert [r.warning for r in rows] == ["1 of 12 subjects are in no group of Dose level and are left out"] * 2


def test_lesions_by_dose(stat):
    # R: wilcox.test(c(40, 55, 62, 30), c(71, 48, 80, 52, 66), exact = TRUE, conf.int = TRUE)
    assert stat("BASELINE", "statistic", context="rank_test") == 4
    assert stat("BASELINE", "p.value", context="rank_test") == pytest.approx(24 / 126, rel=1e-12)
    assert stat("BASELINE", "p.value.min", context="rank_test") == pytest.approx(2 / 126, rel=1e-12)
    assert [stat("BASELINE", s, context="shift") for s in ("estimate", "conf.low", "conf.high")] == [-17, -41, 10]
    assert stat("BASELINE", "mean", LOW_DOSE, context="summary", variable="TUMSZ") == 46.75


def test_nobody_in_japan_leaves_everything_else(results, stat):
    rows = results.of("JAPAN-ALL")
    counts = {"n", "N", "n.missing", "n.event", "n.censor", "n.risk", "conf.level"}
    assert {r.stat for r in rows if r.stat_name in counts - {"conf.level"}} == {0}
    asked = [r for r in rows if r.stat_name not in counts and not r.stat_text]
    assert {r.context for r in asked} == {
        "proportion", "proportion_upper_bound", "distribution", "criteria", "summary", "rank_test", "shift", "effect",
        "survival", "survival_at", "follow_up_reverse_km", "follow_up_observed",
    }  # fmt: skip
    assert all(r.stat is None and r.error.startswith("not estimable: ") for r in asked)
    assert stat("SURVIVAL-JAPAN", "n.risk", LOW_DOSE, context="at_risk", variable="PROGR", level="85") == 0
    assert stat("SURVIVAL", "n.event", context="survival") == 6
