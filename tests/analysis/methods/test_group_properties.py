"""What must hold of comparisons of groups whatever the data."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.states.switch import split_at
from analysis.methods.states.time_dependent import mantel_byar, simon_makuch
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.logrank import logrank, logrank_exact
from tests.analysis.methods.survival_strategies import SUBJECTS, TWO_GROUPS, columns, quick


def same(first, second):
    """Whether two values agree, or are both not estimable."""
    return first is second if first is None or second is None else first == pytest.approx(second, rel=1e-9, abs=1e-12)


@quick
@given(TWO_GROUPS, st.data())
def test_the_exact_test_counts_every_allocation(subjects, data):
    times, events = columns(subjects)
    size = len(times)
    n_first = data.draw(st.integers(1, size - 1))
    group = ["A"] * n_first + ["B"] * (size - n_first)
    result = logrank_exact(times, events, group)
    if not any(events):
        assert result.p_value is None
        return
    differences = []
    for chosen in itertools.combinations(range(size), n_first):
        test = logrank(times, events, ["A" if i in chosen else "B" for i in range(size)])
        differences.append(test.observed[0] - test.expected[0])
    far = np.abs(differences) >= abs(result.statistic) - 1e-9
    assert result.p_value == pytest.approx(far.mean(), rel=1e-12, abs=0)
    assert result.p_min_attainable <= result.p_value
    assert result.p_less + result.p_greater >= 1


@quick
@given(SUBJECTS, st.data())
def test_a_state_that_never_changes_is_a_group(subjects, data):
    times, events = columns(subjects)
    exposed = data.draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times)))
    split = split_at(times, events, [0 if e else None for e in exposed])
    arrays = (split.start, split.stop, split.event, split.exposed)
    test = mantel_byar(*arrays)
    if len(set(exposed)) == 2:
        expected = logrank(times, events, exposed)
        assert same(test.statistic, expected.statistic)
    for state, curve in ((False, simon_makuch(*arrays).unexposed), (True, simon_makuch(*arrays).exposed)):
        members = [i for i, e in enumerate(exposed) if e == state]
        if members:
            km = kaplan_meier([times[i] for i in members], [events[i] for i in members])
            assert curve.surv.tolist() == pytest.approx(km.surv.tolist(), abs=1e-14)


@quick
@given(TWO_GROUPS, st.data())
def test_the_names_of_the_groups_do_not_matter(subjects, data):
    times, events = columns(subjects)
    group = data.draw(st.lists(st.sampled_from("AB"), min_size=len(times), max_size=len(times)))
    if len(set(group)) < 2:
        return
    swapped = ["A" if label == "B" else "B" for label in group]
    first, second = logrank(times, events, group), logrank(times, events, swapped)
    assert same(first.p_value, second.p_value)
    exact, other = logrank_exact(times, events, group), logrank_exact(times, events, swapped)
    assert exact.p_value == other.p_value
    assert (exact.p_less, exact.p_greater) == (other.p_greater, other.p_less)
