"""The words of the standard, and ours where it has none."""

from analysis.ars.clause import Json
from analysis.ars.units import Unit

PURPOSES = {
    "primary": "PRIMARY OUTCOME MEASURE",
    "secondary": "SECONDARY OUTCOME MEASURE",
    "exploratory": "EXPLORATORY OUTCOME MEASURE",
}
REASONS = {"specified in SAP": "SPECIFIED IN SAP", "post hoc": "DATA DRIVEN"}

SENSITIVITY = "TERM-SENSITIVITY"
SUPPLEMENTARY = "TERM-SUPPLEMENTARY"
SET_SIZE = "TERM-SET-SIZE"
CONFIDENCE_LEVEL = "TERM-CONFIDENCE-LEVEL"
HTML = "TERM-HTML"


def purpose(unit: Unit) -> Json:
    """Return the purpose of an analysis; a change of another analysis has that as its purpose, not the outcome."""
    if unit.analysis is None:
        return {"sponsorTermId": SET_SIZE}
    if unit.change is not None:
        return {"sponsorTermId": SENSITIVITY if unit.change.kind == "sensitivity" else SUPPLEMENTARY}
    return {"controlledTerm": PURPOSES[unit.analysis.purpose]}


def reason(unit: Unit) -> Json:
    """Return why an analysis was done."""
    return {"controlledTerm": REASONS[unit.reason]}


def terminology() -> list[Json]:
    """Return the terms that the standard's lists do not have."""
    purposes = [
        _term(
            SENSITIVITY, "SENSITIVITY ANALYSIS", "The same question under other assumptions (ICH E9(R1), A.5.2); the "
            "category names the main analysis."
        ),
        _term(
            SUPPLEMENTARY, "SUPPLEMENTARY ANALYSIS", "Another question beside that of a main analysis (ICH E9(R1), "
            "A.5.3); the category names it."
        ),
        _term(SET_SIZE, "SIZE OF ANALYSIS SET", "How many subjects are in an analysis set."),
    ]  # fmt: skip
    roles = [_term(CONFIDENCE_LEVEL, "CONFIDENCE LEVEL", "The level for which a limit was computed.")]
    files = [_term(HTML, "html", "A page of the report.")]
    return [
        _extension("TERMS-PURPOSE", "AnalysisPurposeEnum", purposes),
        _extension("TERMS-ROLE", "OperationRoleEnum", roles),
        _extension("TERMS-FILE", "OutputFileTypeEnum", files),
    ]


def _term(name: str, value: str, description: str) -> Json:
    return {"id": name, "submissionValue": value, "description": description}


def _extension(name: str, enumeration: str, terms: list[Json]) -> Json:
    return {"id": name, "enumeration": enumeration, "sponsorTerms": terms}
