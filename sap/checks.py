"""Rules that span datasets: dates in order, deaths agreed, days counted as CDISC does.

Each rule has an id, a severity and a sentence for a data manager, and reads datasets whose cells are already
numbers and dates. A rule whose datasets or columns a trial does not have says nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from sap import finders as find
from sap import time_finders as clock
from sap.failures import Failure, Severity
from sap.finders import Data, Finding
from sap.plan import Plan


@dataclass(frozen=True)
class Rule:
    """A rule across datasets."""

    id: str
    severity: Severity
    sentence: str
    fix: str
    find: Callable[[Data, Plan], Iterator[Finding]]


def check(data: Data, plan: Plan) -> list[Failure]:
    """Return every breach of the rules that span datasets.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Datasets with typed cells; the index is the row in the file.
    plan : Plan
        The plan, for the conventions it fixes.

    Returns
    -------
    list of Failure
        In order of dataset, row and column.
    """
    return sorted(
        Failure(
            dataset=dataset,
            row=int(row),
            subject=str(record["USUBJID"]),
            column=column,
            rule=rule.id,
            value=_shown(record[column]),
            message=rule.sentence,
            fix=rule.fix,
            severity=rule.severity,
        )
        for rule in RULES
        for dataset, rows, column in rule.find(data, plan)
        for row, record in zip(rows.index, rows.to_dict("records"), strict=True)
    )


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


RULES: tuple[Rule, ...] = (
    Rule(
        "X01",
        "error",
        "This subject is not in ADSL.",
        "Correct USUBJID, or add the subject to ADSL.",
        find.unknown_subject,
    ),
    Rule(
        "X02",
        "error",
        "Consent is dated after the first treatment.",
        "Correct RFICDT or TRTSDT.",
        find.consent_after_treatment,
    ),
    Rule(
        "X03",
        "error",
        "Death is dated before the first treatment.",
        "Correct DTHDT or TRTSDT.",
        find.death_before_treatment,
    ),
    Rule("X04", "error", "The death flag and the date of death disagree.", "Give both or neither.", find.death_flag),
    Rule(
        "X05",
        "error",
        "The subject is alive after the date of death.",
        "Correct LSTALVDT or DTHDT.",
        find.alive_after_death,
    ),
    Rule(
        "X06",
        "error",
        "This is dated after the subject's death.",
        "Correct the date, or DTHDT in ADSL.",
        find.after_death,
    ),
    Rule("X07", "error", "This is dated before consent.", "Correct the date, or RFICDT in ADSL.", find.before_consent),
    Rule("X08", "error", "The event ends before it starts.", "Correct ASTDT or AENDT.", find.event_order),
    Rule(
        "X09",
        "error",
        "The time does not equal the days between STARTDT and ADT.",
        "Correct AVAL or the dates (the plan's origin_day says what the start date itself counts).",
        find.time_from_dates,
    ),
    Rule(
        "X10",
        "error",
        "A death in ADTTE must be a death in ADSL, and the reverse.",
        "Correct CNSR (0 is death) or DTHFL.",
        find.deaths_agree,
    ),
    Rule("X11", "error", "The date of death differs from ADSL's.", "Correct ADT or DTHDT.", find.death_dates_agree),
    Rule(
        "X12",
        "error",
        "Survival must start at the first treatment.",
        "Correct STARTDT or TRTSDT.",
        find.clock_starts_at_treatment,
    ),
    Rule(
        "X13",
        "error",
        "The study day does not follow from the date (the day of first treatment is day 1; there is no day 0).",
        "Correct the day or the date.",
        find.study_days,
    ),
    Rule("X14", "error", "A grade 5 event needs a death in ADSL.", "Correct ATOXGR or DTHFL.", find.fatal_event),
    Rule(
        "X15",
        "error",
        "An event is treatment-emergent exactly when it starts on or after the first treatment.",
        "Correct TRTEMFL or ASTDT (the plan's emergent_days says how long after the last treatment one may start).",
        find.emergent,
    ),
    Rule("X16", "error", "The last treatment is dated before the first.", "Correct TRTEDT.", find.treatment_order),
    Rule(
        "X17", "error", "A treated subject has no survival record in ADTTE.", "Add the record.", find.survival_for_all
    ),
    Rule(
        "X18",
        "error",
        "The subject was last known alive before the first treatment.",
        "Correct LSTALVDT.",
        find.alive_before_treatment,
    ),
    Rule(
        "X19",
        "warning",
        "This is dated after the subject was last known alive.",
        "Update LSTALVDT in ADSL, or correct the date.",
        find.after_last_alive,
    ),
    Rule(
        "X20",
        "error",
        "The value and its flag of being below quantification disagree.",
        "Correct AVAL, LLOQ or BLQFL.",
        find.quantification,
    ),
    Rule(
        "X21",
        "warning",
        "A treated subject has no adverse event in ADAE.",
        "Check that ADAE is complete.",
        find.no_event,
    ),
    Rule(
        "X22",
        "warning",
        "The day is outside the window that the plan gives this visit.",
        "Correct VISIT or the date (the windows are the plan's visit_windows).",
        find.outside_visit,
    ),
    Rule(
        "X23",
        "error",
        "Nothing in ADEX was given on the day treatment began.",
        "Correct TRTSDT, or add the exposure of that day.",
        clock.no_first_exposure,
    ),
    Rule(
        "X24",
        "error",
        "What starts this clock (the plan's origin) never happened in this subject.",
        "Remove the record, or add what starts its clock.",
        clock.origin_missing,
    ),
    Rule(
        "X25",
        "error",
        "The clock does not start on the day of what starts it (the plan's origin).",
        "Correct STARTDT, or the record it starts from.",
        clock.starts_elsewhere,
    ),
    Rule(
        "X26",
        "error",
        "The plan does not name this as an event of this time.",
        "Use one of the parameter's events in EVNTDESC, or correct CNSR.",
        clock.unknown_end,
    ),
    Rule(
        "X27",
        "warning",
        "This is dated after the subject's first progression, so best response does not count it.",
        "Check the date and the progression; the plan's progression says which values end best response.",
        find.after_progression,
    ),
    Rule(
        "X28",
        "warning",
        "This event has no grade: it counts as any grade only, and whether it was dose-limiting cannot be told.",
        "Give the grade if it can be found out; a subject for whom it may decide is not evaluable for toxicity.",
        find.without_grade,
    ),
    Rule(
        "X29",
        "warning",
        "Nobody judged whether this event was related: it counts as the plan's relatedness says of missing ones.",
        "Give the relatedness if it can be found out.",
        find.without_relatedness,
    ),
    Rule(
        "X30",
        "warning",
        "This is missing: what asks for it leaves the record out.",
        "Fill the cell if the value can be found out.",
        find.left_out,
    ),
)
"""The rules, in order of their ids."""
