"""The items of the report of an early phase dose-finding trial; each topic is in our own words.

The base is CONSORT 2010. Its extension CONSORT-DEFINE (BMJ 2023;383:e076387) has 21 new and 19 changed items, of whose
numbers only those up to 3a.2 could be read: they are used here. Its other new topics have the ids D1, D2, …, which are
ours alone because the numbers could not be checked; each is attached to the base item that it sharpens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sap.text.problems import suggest


@dataclass(frozen=True)
class ReportItem:
    """Something that the report of a trial says.

    Attributes
    ----------
    number : str
        Number in CONSORT or CONSORT-DEFINE; D1, D2, … are ours.
    section : str
        Part of the report it belongs to.
    topic : str
        What is asked.
    sharpens : str
        Of an id of ours, the base item it is attached to; else empty.
    """

    number: str
    section: str
    topic: str
    sharpens: str = ""


def _of(section: str, items: Iterable[tuple[str, ...]]) -> tuple[ReportItem, ...]:
    return tuple(ReportItem(number, section, *said) for number, *said in items)


ITEMS: Final[tuple[ReportItem, ...]] = (
    *_of(
        "Title and abstract",
        (
            ("1a", "Title that tells the phase and that a dose is looked for"),
            ("1b", "Summary of design, methods, results and conclusions"),
        ),
    ),
    *_of(
        "Introduction",
        (
            ("2a.1", "Background, and why the trial was needed"),
            ("2a.2", "Main findings of nonclinical research"),
            ("2a.3", "Earlier findings behind planned biomarker studies"),
            ("2b", "Objectives: safety, activity, PK, PD, recommended dose"),
        ),
    ),
    *_of(
        "Methods",
        (
            ("3a.1", "Design: escalation, groups and planned adaptations"),
            ("3a.2", "Drawing of the trial with the points where it moves on"),
            ("D1", "Expansion at one or more doses", "3a"),
            ("3b", "Changes of methods after the start, and why"),
            ("4a", "Who could take part"),
            ("4b", "Where the data were collected"),
            ("5", "Treatment, in enough detail to give it again"),
            ("D2", "Starting dose, dose levels and steps, and why", "5"),
            ("6a", "Outcomes: what, how and when each is measured"),
            ("D3", "Dose-limiting toxicity: definition and window", "6a"),
            ("D4", "Criteria for the recommended dose", "6a"),
            ("6b", "Changes of outcomes after the start, and why"),
            ("7a", "How the number of subjects was found"),
            ("D5", "Operating characteristics of the design", "7a"),
            ("7b", "Interim looks and rules for stopping"),
            ("D6", "When a dose is changed, who decides, on which data", "7b"),
            ("D7", "Rules that stop the trial for safety", "7b"),
            ("8a", "How the random order was made"),
            ("8b", "Kind of randomisation and its restrictions"),
            ("9", "How the next assignment was kept hidden"),
            ("10", "Who made the order, enrolled and assigned"),
            ("11a", "Who was blinded, and how"),
            ("11b", "In what treatments were made to look alike"),
            ("12a", "Statistical methods of the main outcomes"),
            ("D8", "Populations, with who is evaluable for toxicity", "12a"),
            ("12b", "Methods of further analyses, as of subgroups"),
        ),
    ),
    *_of(
        "Results",
        (
            ("13a", "Flow: enrolled, treated and analysed"),
            ("D9", "Numbers by dose: treated and evaluable", "13a"),
            ("13b", "Who was lost or left out, and why"),
            ("14a", "Dates of recruitment and follow-up"),
            ("14b", "Why the trial ended"),
            ("15", "Table of subjects at baseline"),
            ("16", "Number of subjects in each analysis"),
            ("17a", "Each outcome, with its estimate and precision"),
            ("D10", "Interim decisions: how made, and which", "17a"),
            ("D11", "Exposure: dose, intensity and changes", "17a"),
            ("D12", "Results of PK and PD", "17a"),
            ("17b", "Binary outcomes as difference and as ratio"),
            ("18", "Further analyses: planned or exploratory"),
            ("19", "Harms"),
            ("D13", "Dose-limiting toxicities and harms, by dose and grade", "19"),
        ),
    ),
    *_of(
        "Discussion",
        (
            ("20", "Limits: bias, imprecision, many comparisons"),
            ("21", "To whom the findings apply"),
            ("D14", "The dose recommended, and why", "21"),
            ("22", "Interpretation that weighs benefit against harm"),
        ),
    ),
    *_of(
        "Other information",
        (
            ("23", "Registration"),
            ("24", "Where the protocol can be read"),
            ("25", "Funding and the part funders had"),
        ),
    ),
)
"""In the order of a report; an id of ours stands below the item it sharpens."""
NUMBERS: Final = tuple(item.number for item in ITEMS)


def unknown_item(number: str) -> tuple[str, str] | None:
    """Return what is wrong with a number that is no item's, and the mend; None where an item has it."""
    if number in NUMBERS:
        return None
    parts = [n for n in NUMBERS if n.startswith(f"{number}.")]
    fix = f"CONSORT-DEFINE has {', '.join(parts)} in its place." if parts else suggest(number, NUMBERS)
    return f"there is no item '{number}' in the reporting checklist.", fix
