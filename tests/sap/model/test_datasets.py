"""What the core says of a variable that a plan describes in part."""

from sap.model.datasets import variables
from sap.model.variables import Dataset, Variable


def described(dataset: str, **stated: object) -> Variable:
    of = Dataset.model_validate({"file": "a.csv", "title": "A", "variables": [stated]})
    return next(v for v in variables(dataset, of) if v.name == stated["name"])


def test_a_variable_of_another_name_in_the_file_may_be_empty_where_the_core_says_so():
    renamed = described("ADSL", name="TRTSDT", source="TRTSDTM")
    assert (renamed.called, renamed.kind, renamed.missing) == ("Date of First Exposure to Treatment", "date", True)


def test_what_a_plan_says_of_empty_cells_holds():
    assert not described("ADSL", name="TRTSDT", missing=False).missing


def test_a_variable_that_the_core_does_not_know_may_not_be_empty():
    assert not described("ADSL", name="STRATUM").missing
