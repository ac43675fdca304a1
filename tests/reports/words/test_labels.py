"""What a variable is called in a table."""

from reports.words.labels import clock, unit_text, variable_label
from sap.model.part import Reference
from sap.model.variables import Origin
from tests.each import each


@each(
    ("unit", "printed"),
    [
        ("10^9/L", "10⁹/L"),
        ("10^12/L", "10¹²/L"),
        ("10^-3/uL", "10⁻³/uL"),
        ("10^6 cells/kg", "10⁶ cells/kg"),
        ("mg/m2", "mg/m²"),
        ("m3", "m³"),
    ],
)
def test_powers_of_a_unit_are_raised(unit: str, printed: str) -> None:
    assert unit_text(unit) == printed


@each("unit", ["pg/mL", "%", "C", "cm2x", "x10^3", "IL2"])
def test_other_units_stay_as_the_plan_has_them(unit: str) -> None:
    assert unit_text(unit) == unit


@each(
    ("dataset", "variable", "label"),
    [
        ("CRS", "MAXGR", "Cytokine release syndrome after infusion: worst grade (0, none)"),
        ("EXPAN", "PEAK", "Peak value (%)"),
        ("EXPAN", "TPEAK", "Time to peak (days since first treatment)"),
        ("AUC14", "AUC", "Area under the curve (% × days)"),
        ("BOR", "BOR", "Best overall response"),
        ("MRDBEST", "BOR", "Minimal residual disease, best value"),
        ("OS", "AVAL", "Time to event or censoring (days)"),
        ("ADAE", "ATOXGR", "Grade"),
        ("ADSL", "DTHFL", "Died"),
        ("ADSL", "AGE", "Age (years)"),
    ],
)
def test_a_variable_is_called_what_a_reader_calls_it_with_its_unit(plan, dataset, variable, label) -> None:
    assert variable_label(plan, Reference(dataset=dataset, variable=variable)) == label


def test_day_1_is_what_the_plan_says_starts_the_time(plan):
    from_1 = plan.model_copy(update={"conventions": plan.conventions.model_copy(update={"origin_day": 1})})
    told = {"OS": "day 1 = first treatment", "RFS": "day 1 = first overall response of CR or CRi", "BOR": ""}
    assert {time: clock(from_1, time) for time in told} == told
    assert {clock(plan, time) for time in told} == {""}
    (parameter,) = (d.parameter for d in plan.derivations if d.id == "RFS")
    with_date = from_1.model_copy(deep=True)
    origin = Origin(dataset="ADSL", variable="TRTEDT")
    adtte = with_date.datasets["ADTTE"]
    parameters = adtte.parameters | {parameter: adtte.parameters[parameter].model_copy(update={"origin": origin})}
    datasets = with_date.datasets | {"ADTTE": adtte.model_copy(update={"parameters": parameters})}
    label = variable_label(plan, Reference(dataset="ADSL", variable="TRTEDT"))
    expected = f"day 1 = {label[0].lower()}{label[1:]}"
    assert clock(with_date.model_copy(update={"datasets": datasets}), "RFS") == expected
    assert variable_label(from_1, Reference(dataset="OS", variable="AVAL")).endswith("(days; day 1 = first treatment)")
