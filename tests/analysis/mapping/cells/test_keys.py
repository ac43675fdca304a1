"""The variables that tell records apart."""

from analysis.mapping.cells.keys import key_of


def test_the_usual_key_is_not_written(dataset):
    key, said = key_of(dataset("ADAE", "USUBJID AESEQ\nA 1\nA 2\nB 1"))
    assert (key, said) == ((), None)


def test_the_fewest_usual_variables_that_are_unique_are_the_key(dataset):
    table = dataset("ADVS", "USUBJID PARAMCD AVISIT ADT\nA P 1 x\nA P 2 x\nA Q 1 x\nB P 1 y")
    assert key_of(table)[0] == ("USUBJID", "PARAMCD", "AVISIT")


def test_a_sequence_number_is_taken_first(dataset):
    table = dataset("ADCM", "USUBJID CMSEQ CMTRT\nA 1 x\nA 2 x\nB 1 x")
    assert key_of(table)[0] == ("USUBJID", "CMSEQ")


def test_records_that_nothing_tells_apart_have_no_key(dataset):
    key, said = key_of(dataset("ADVS", "USUBJID PARAMCD\nA P\nA P"))
    assert key == ()
    assert said is not None
    assert said.sure == "guess"
    assert "1 of 2 records repeat another" in said.why
