"""What `make mutants` forks from has run every test already: what was cached there would hide a change from its tests."""

import gc
import os
from functools import _lru_cache_wrapper


def pytest_sessionstart():
    if "MUTANT_UNDER_TEST" in os.environ:
        for found in gc.get_objects():
            if isinstance(found, _lru_cache_wrapper) and found.__module__.startswith("analysis."):
                found.cache_clear()
