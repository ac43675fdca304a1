"""Compare a computed value with a reference value, and record the comparison when asked to.

Every test against a reference calls :func:`agrees`. When the environment variable ``SAP_REFERENCE_RECORD``
names a file, each comparison also becomes one JSON line in a file beside it, one file a process
(``<stem>.<pid><suffix>``), so that parallel test workers never write to the same file.
"""

import json
import math
import os
from pathlib import Path

RECORD_VARIABLE = "SAP_REFERENCE_RECORD"
ABSOLUTE_ZERO = 1e-15
"""A reference written with 15 digits cannot tell zero from a value smaller than this."""

_WORDS = {"Inf": math.inf, "-Inf": -math.inf, "NaN": None, "NA": None}


def number(value):
    """Read a value: R's words for non-finite numbers become numbers; None and NaN are both missing (None)."""
    if isinstance(value, str):
        return _WORDS[value]
    return None if value is None or math.isnan(value) else float(value)


def relative_difference(actual, expected):
    """Return |actual - expected| / |expected|; 0 when both are missing, infinite alike, or zero."""
    actual, expected = number(actual), number(expected)
    if actual is None or expected is None:
        return 0.0 if actual is expected else math.inf
    if actual == expected or abs(actual - expected) <= ABSOLUTE_ZERO * (expected == 0):
        return 0.0
    if not (math.isfinite(actual) and math.isfinite(expected)) or expected == 0:
        return math.inf
    return abs(actual - expected) / abs(expected)


def agrees(actual, expected, rel=1e-9, *, method, source, case="", requirement=""):
    """Assert that a value agrees with its reference and return the relative difference; all that do not are named.

    Parameters
    ----------
    actual, expected : number, None, or sequence of them
        None, or NaN in an array, stands for "not estimable"; R's words "Inf", "-Inf", "NA", "NaN" are understood. Sequences are
        compared element by element and the largest difference is returned.
    rel : float
        Largest relative difference allowed.
    method, source : str
        What was computed, and where the expected value comes from (the R or SAS call, the paper).
    case, requirement : str
        Which data, and which requirement the comparison is evidence for (default: the method).
    """
    actual, expected = _flat(actual), _flat(expected)
    where = f"{method} [{case}] against {source}"
    assert len(actual) == len(expected), f"{where}: {len(actual)} values, {len(expected)} expected"
    largest, wrong = 0.0, []
    for position, (got, wanted) in enumerate(zip(actual, expected, strict=True), start=1):
        number_of = "" if len(actual) == 1 else f" #{position}"
        difference = relative_difference(got, wanted)
        _record(requirement or method, method, source, f"{case}{number_of}", got, wanted, difference, rel)
        if not difference <= rel:
            wrong.append(f"{got!r} is not {wanted!r}{number_of} (relative difference {difference:.3g})")
        largest = max(largest, difference)
    assert not wrong, f"{where}: {'; '.join(wrong)}"
    return largest


def _flat(value):
    if value is None or isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def _record(requirement, method, source, case, actual, expected, difference, tolerance):
    target = os.environ.get(RECORD_VARIABLE)
    if not target:
        return
    row = {
        "requirement": requirement,
        "method": method,
        "source": source,
        "case": case,
        "actual": _plain(actual),
        "expected": _plain(expected),
        "relative_difference": _plain(difference),
        "tolerance": tolerance,
    }
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.stem}.{os.getpid()}{path.suffix}").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, sort_keys=True) + "\n")


def _plain(value):
    value = number(value)
    if value is None:
        return None
    return value if math.isfinite(value) else ("Inf" if value > 0 else "-Inf")
