"""What a step says of itself: its variables, those a subject needs a value of, the values and sets it names."""

from sap.methods.binomial import Binomial
from sap.methods.disposition import Disposition
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.rank_comparison import RankComparison
from sap.methods.summary import Summary
from sap.plan.plan import Plan


def steps(plan: Plan) -> list:
    return [s for a in plan.analyses for t in (a, *a.sensitivity) for s in t.steps]


def test_every_step_is_about_a_variable_and_needs_no_other(plan):
    for step in steps(plan):
        assert step.references, f"{step.method}: its options name no variable, so it must say which it is about"
        assert set(step.needed) <= set(step.references)


def test_variables_are_those_the_options_name():
    of_age = Summary(method="summary", variable="ADSL.AGE")
    assert [str(r) for r in of_age.references] == [str(r) for r in of_age.needed] == ["ADSL.AGE"]


def test_a_time_is_told_with_its_censoring_and_only_the_time_is_needed():
    survival = KaplanMeier(method="kaplan_meier", data="OS")
    assert [str(r) for r in survival.references] == ["OS.AVAL", "OS.CNSR"]
    assert [str(r) for r in survival.needed] == ["OS.AVAL"]


def test_a_count_needs_no_value_and_names_its_event():
    responded = Binomial(method="binomial", variable="BOR.AVALC", event=["CR", "PR"])
    assert responded.needed == ()
    assert [(place, str(r), values) for place, r, values in responded.named_values] == [
        (("event",), "BOR.AVALC", ("CR", "PR"))
    ]


def test_a_disposition_names_the_sets_it_counts(plan):
    (step,) = {s for s in steps(plan) if isinstance(s, Disposition)}
    assert [name for _, name in step.named_sets] == [s.analysis_set for s in step.sets]
    for (_, position, _), name in step.named_sets:
        assert step.sets[position].analysis_set == name


def test_only_a_comparison_compares_its_groups(plan):
    assert {s.method for s in steps(plan) if s.compares} == {
        s.method for s in steps(plan) if isinstance(s, RankComparison)
    }
