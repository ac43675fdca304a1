"""What a person goes on from in datasets by visit."""

from analysis.mapping.analyses.visits import further


def test_visits_stand_in_their_order_and_parameters_with_their_units(dataset):
    rows = "A PULSE Pulse_Rate_(beats/min) Week_4 2\nA PULSE Pulse_Rate_(beats/min) Baseline 1"
    entries, parameters, said = further(dataset("ADVS", f"USUBJID PARAMCD PARAM AVISIT AVISITN\n{rows}"))
    assert entries["AVISIT"]["codelist"] == ["Baseline", "Week 4"]
    assert parameters["PULSE"] == {"label": "Pulse Rate", "unit": "beats/min"}
    assert said[0].why == "AVISITN numbers them."
