"""Reference cases for proportions, ranks and tables, read once from tests/reference."""

import json
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "reference"


def read(name):
    """Read a reference file; R's words for non-finite numbers stay as they are."""
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


BINOMIAL = read("binomial.json")["cases"]
FISHER = read("fisher.json")["cases"]
WILCOXON = read("wilcoxon.json")["cases"]
PUBLISHED = read("published_exact.json")


def binomial_name(case):
    """Name a binomial case in the test's id."""
    return f"{case['x']}of{case['n']}"


def wilcoxon_name(case):
    """Name a rank case in the test's id."""
    return case["name"]


def limits(interval):
    """Return both limits of an interval."""
    return [interval.conf_low, interval.conf_high]


def decimals(value):
    """Return one unit in the last printed decimal of a published number, which an iterative search may miss by one."""
    return 1.01 * 10 ** -len(repr(value).partition(".")[2])
