"""What operations of a reporting event are known to ask for."""

from sap.event.operations import asked
from tests.each import each

KNOWN = {
    ("n",): ("frequency", ("n",)),
    ("n", "%"): ("frequency", ("n", "p")),
    ("N", "pct", "Events"): ("frequency", ("n", "p", "records")),
    ("n", "Mean", "SD", "Median", "Min", "Max"): ("description", ("n", "mean", "sd", "median", "min", "max")),
    ("Count", "Std Dev", "Q1", "75th percentile"): ("description", ("n", "sd", "p25", "p75")),
    ("Risk Difference %", "95% CI Low", "95% CI High"): ("risk_difference", ("estimate", "conf.low", "conf.high")),
    ("Risk difference", "Lower CL", "Upper 95% CL"): ("risk_difference", ("estimate", "conf.low", "conf.high")),
    ("Risk difference", "Lower CL", "Upper CL"): ("risk_difference", ("estimate", "", "")),
    ("Risk difference", "Lower 90% CI", "Upper 90% CI"): ("risk_difference", ("estimate", "conf.low", "conf.high")),
    ("Risk difference", "90% CI Low", "95% CI High"): ("risk_difference", ("estimate", "", "")),
    ("N", "n", "%"): ("frequency", ("N", "n", "p")),
    ("Odds Ratio", "95% CI Low", "95% CI High"): ("", ("", "", "")),
    ("Difference", "95% CI Low", "95% CI High"): ("", ("", "", "")),
    ("95% CI Low", "95% CI High"): ("", ("", "")),
    ("p",): ("", ("",)),
    ("n", "p"): ("frequency", ("n", "")),
    ("n", "Geometric mean", "Mean"): ("description", ("n", "", "mean")),
    ("Hazard ratio",): ("", ("",)),
}


@each("names", KNOWN, ids=str)
def test_operations_are_known_by_what_they_are_called(names):
    found = asked([(name,) for name in names], "")
    assert (found.method, found.statistics) == KNOWN[names]


@each("low", ["90% CI Low", "Lower 90% CI", "LCL 90%"])
def test_a_level_is_read_where_a_limit_names_it(low):
    assert asked([("Risk difference",), (low,)], "").conf_level == 0.9


OTHERS = [
    "Kaplan-Meier estimate of survival time",
    "ANCOVA: difference in LS means",
    "Chi-square test",
    "Logistic regression",
    "Stratified risk difference by Mantel and Haenszel",
]


@each("words", OTHERS)
@each("names", [("Median", "Q1"), ("Difference", "95% CI Low"), ("n", "%"), ("Risk difference",)], ids=str)
def test_a_method_called_as_another_one_is_not_known_by_its_operations(words, names):
    assert asked([(name,) for name in names], words).method == ""


def test_a_difference_is_one_of_proportions_where_the_method_says_so():
    assert asked([("Difference",)], "Difference in proportions").method == "risk_difference"
    assert asked([("Difference",)], "Difference of means").method == ""


def test_what_counts_events_counts_records():
    assert asked([("n",)], "Number of events").statistics == ("records",)
    assert asked([("n",)], "Subjects with events, based on subject occurrence").statistics == ("n",)
