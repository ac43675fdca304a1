"""What a variable is called in a table."""

import pytest

from reports.labels import unit_text


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("unit", ["pg/mL", "%", "C", "cm2x", "x10^3", "IL2"])
def test_other_units_stay_as_the_plan_has_them(unit: str) -> None:
    assert unit_text(unit) == unit
