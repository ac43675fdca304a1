"""Arms in their order, and sets from flags."""

from analysis.mapping.arms import arms_of, sets_of


def test_a_numeric_twin_orders_the_arms(dataset):
    arms, said = arms_of(dataset("ADSL", "USUBJID TRT01A TRT01AN\nA High 81\nB Placebo 0\nC Low 54"))
    assert arms is not None
    assert arms.levels == ("Placebo", "Low", "High")
    assert [s.sure for s in said] == ["certain"]


def test_without_a_twin_the_order_is_a_guess(dataset):
    arms, said = arms_of(dataset("ADSL", "USUBJID ARM\nA B\nB A"))
    assert arms is not None
    assert arms.levels == ("A", "B")
    assert said[0].sure == "guess"


def test_who_got_nothing_is_no_arm(dataset):
    arms, _ = arms_of(dataset("ADSL", "USUBJID ARM\nA X\nB Y\nC Screen_Failure\nD Not_Assigned"))
    assert arms is not None
    assert arms.levels == ("X", "Y")


def test_one_treatment_makes_no_arms(dataset):
    arms, said = arms_of(dataset("ADSL", "USUBJID TRT01A\nA X\nB X"))
    assert arms is None
    assert said[0].what == "one group: X"


def test_subjects_who_got_another_treatment_than_planned_are_counted(dataset):
    _, said = arms_of(dataset("ADSL", "USUBJID TRT01A TRT01P\nA X Y\nB Y Y\nC X X"))
    assert said[-1].what == "1 subjects have another arm in TRT01P"


def test_sets_are_those_of_which_somebody_is(dataset):
    sets, said = sets_of(dataset("ADSL", "USUBJID ITTFL SAFFL PPROTFL\nA 1 Y N\nB 1 N N"), {})
    assert dict(sets.flags) == {"ITT": "ITTFL", "SAF": "SAFFL"}
    assert (sets.efficacy, sets.safety) == ("ITT", "SAF")
    assert [s.what for s in said if s.place == "set PP"] == ["left out"]


def test_without_flags_everybody_is_the_set(dataset):
    sets, _ = sets_of(dataset("ADSL", "USUBJID\nA"), {})
    assert (sets.efficacy, sets.safety) == ("ALL", "ALL")
