"""A word that is no name of the plan leads to the one it was meant to be: shortened, misspelled, or the field's own."""

from sap.methods import METHODS
from sap.model.figures import FIGURES
from sap.text.problems import suggest
from sap.text.usual_words import meant, shortens
from tests.each import each

KINDS = ("table", *FIGURES)


@each(
    "word, known, name",
    [
        ("km_figure", KINDS, "kaplan_meier_figure"),
        ("km", KINDS, "kaplan_meier_figure"),
        ("Swimmer", KINDS, "swimmer_figure"),
        ("tabl", KINDS, "table"),
        ("km", METHODS, "kaplan_meier"),
        ("kaplan-meyer", METHODS, "kaplan_meier"),
        ("ae", METHODS, "adverse_events"),
        ("binom", METHODS, "binomial"),
        ("tte", ("adverse_event", "best_response", "time_to_event"), "time_to_event"),
        ("equals", ("EQ", "NE", "IN"), "EQ"),
        (">=", ("EQ", "GE", "GT"), "GE"),
        ("float", ("date", "integer", "number", "text"), "number"),
        ("an-dlt-estimate-00000000", ("an-dlt-estimate-0a1b2c3d", "an-os-median-00000001"), "an-dlt-estimate-0a1b2c3d"),
        ("set", ("analysis_set", "endpoint", "steps"), "analysis_set"),
        ("changes", ("changes_from_protocol", "conventions"), "changes_from_protocol"),
    ],
)
def test_the_name_that_was_meant_is_found(word, known, name):
    assert meant(word, known) == name


@each("word, known", [("zzz", METHODS), ("a", METHODS), ("", METHODS), ("adverse", ()), ("ab", ("a_b_c", "a_b_d"))])
def test_nothing_is_guessed_where_nothing_or_several_are_near(word, known):
    assert meant(word, known) is None


def test_a_slip_of_the_pen_goes_before_what_the_word_might_shorten():
    assert meant("DLTF", ("DLTFL", "D_L_T_F")) == "DLTFL"


def test_a_name_is_shortened_by_how_its_parts_begin_each_in_turn():
    assert shortens("kapmei", "kaplan_meier")
    assert not shortens("mk", "kaplan_meier")
    assert not shortens("kaplan", "kaplan_meier")
    assert shortens("kaplan", "kaplan_meier", whole=False)


def test_what_is_called_otherwise_elsewhere_is_named_beside_what_is_known():
    usual = {"rank_comparison": "wilcoxon mann_whitney"}
    told = suggest("Mann-Whitney", ("binomial", "rank_comparison"), usual)
    assert told == "Did you mean 'rank_comparison'? Known: binomial, rank_comparison."


def test_no_two_methods_and_no_two_figures_are_called_the_same_elsewhere():
    for kinds in (METHODS.values(), FIGURES.values()):
        words = [word for kind in kinds for word in kind.also_called.split()]
        assert sorted(words) == sorted(set(words))
