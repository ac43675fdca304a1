"""Reference cases for time-to-event methods, read once from tests/reference."""

from tests.analysis.methods.exact_reference import read

KAPLAN_MEIER = read("kaplan_meier.json")["datasets"]
LOGRANK = read("logrank.json")["datasets"]
COMPETING_RISKS = read("competing_risks.json")["datasets"]
PUBLISHED = read("published_survival.json")
SMALL_SAMPLES = read("survival_small_samples.json")


def name(case):
    """Name a case in the test's id."""
    return case["name"] if isinstance(case, dict) else str(case)


def survival_data(case):
    """Return times, with all 17 digits, and event flags of a Kaplan-Meier case."""
    return [float(t) for t in case["data"]["time"]], case["data"]["status"]


def band_type(r_name):
    """Translate R's conf.type."""
    return {"arcsin": "arcsine"}.get(r_name, r_name)


def triple(estimate):
    """Return estimate and limits."""
    return [estimate.estimate, estimate.conf_low, estimate.conf_high]
