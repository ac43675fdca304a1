"""Made-up follow-up for property tests: few subjects, many ties, some float noise."""

from hypothesis import settings
from hypothesis import strategies as st

quick = settings(max_examples=60, deadline=None, derandomize=True)

# Few distinct values make ties common; days in months make float noise common.
TIMES = st.one_of(st.integers(0, 12).map(float), st.integers(0, 400).map(lambda days: days / 30.4375))
SUBJECTS = st.lists(st.tuples(TIMES, st.booleans()), min_size=1, max_size=20)
FAILURES = st.lists(st.tuples(TIMES, st.integers(0, 3)), min_size=1, max_size=20)
TWO_GROUPS = st.lists(st.tuples(TIMES, st.booleans()), min_size=2, max_size=9)
LEVELS = st.tuples(st.floats(0.5, 0.94), st.floats(0.95, 0.999))


def columns(subjects):
    """Return times and events as two lists."""
    return [time for time, _ in subjects], [event for _, event in subjects]
