"""The table of contexts has every context of the results, and nothing is told of one that no method gives."""

from analysis.results.ard import Results
from analysis.steps import method
from reports.run.shells import shells
from reports.tables import context_of, contexts, method_table
from sap.methods import METHODS


def test_every_context_has_its_words(results):
    given = {r.context for r in results}.union(*(method(name).data_contexts for name in METHODS))
    missing = sorted(given - set(contexts()))
    assert not missing, f"no file of reports/tables has words for {missing}: add a Context to the table of the method"


def test_every_context_is_that_of_a_method(results, plan):
    """Of methods that no analysis of this study uses, no results are here to tell."""
    used = {s.method for a in plan.analyses for t in (a, *a.sensitivity) for s in t.steps}
    given = {r.context for r in results}.union(*(method(name).data_contexts for name in METHODS))
    for name in used:
        unused = set(method_table(name).contexts) - given
        assert not unused, f"reports/tables/{name}.py has words for {unused}, in which the method gives nothing"


def test_a_context_that_is_not_in_the_table_is_called_by_its_name():
    assert context_of("hodges_lehmann").words == "Hodges lehmann"
    assert not context_of("hodges_lehmann").lines


def test_what_is_drawn_has_no_place_in_a_shell(results):
    drawn = [r for r in results if context_of(r.context).drawn]
    assert {r.context for r in drawn} == {"curve", "simon_makuch"}
    assert not list(shells(Results(tuple(drawn))))


def test_levels_are_subjects_where_the_lines_are(results, study):
    names = set(study.data["ADSL"]["USUBJID"])
    for row in results:
        of_subject = row.variable_level.partition(", record ")[0] in names
        assert of_subject == context_of(row.context).of_subjects, row
