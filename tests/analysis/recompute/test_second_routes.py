"""Every method and every kind of sample has its second route."""

from typing import get_args, get_type_hints

from analysis.recompute.sampled import SAMPLED
from analysis.recompute.samples import Sample
from analysis.recompute.statistics_of import STATISTICS
from tests.each import each
from tests.promised import PROMISED

COMPARED = {"rank_comparison"}
"""Methods of two groups at once."""


def test_every_method_is_sampled():
    missing = sorted(set(PROMISED) - set(SAMPLED) - COMPARED)
    assert not missing, f"analysis/recompute/sampled.py has no sample for {missing}: add a function to SAMPLED"


def test_every_kind_of_sample_has_its_statistics():
    missing = sorted(kind.__name__ for kind in set(get_args(Sample)) - set(STATISTICS))
    assert not missing, f"analysis/recompute/statistics_of.py computes nothing of {missing}: add to STATISTICS"


@each("method", sorted(SAMPLED))
def test_a_method_is_sampled_by_what_its_step_says(method):
    assert get_type_hints(SAMPLED[method])["step"] is PROMISED[method]


@each("kind", STATISTICS, ids=lambda kind: kind.__name__)
def test_statistics_are_those_of_the_kind_of_sample(kind):
    assert get_type_hints(STATISTICS[kind])["sample"] is kind
