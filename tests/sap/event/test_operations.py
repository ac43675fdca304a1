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
    ("Risk difference", "Lower CL", "Upper 95% CL"): ("risk_difference", ("estimate", "conf.low", "")),
    ("n", "Geometric mean", "Mean"): ("description", ("n", "", "mean")),
    ("Hazard ratio",): ("", ("",)),
}


@each("names", KNOWN, ids=str)
def test_operations_are_known_by_what_they_are_called(names):
    found = asked([(name,) for name in names], "")
    assert (found.method, found.statistics) == KNOWN[names]


def test_a_level_is_read_where_a_limit_names_it():
    assert asked([("Difference",), ("90% CI Low",), ("90% CI High",)], "").conf_level == 0.9


def test_what_counts_events_counts_records():
    assert asked([("n",)], "Number of events").statistics == ("records",)
    assert asked([("n",)], "Subjects with events, based on subject occurrence").statistics == ("n",)
