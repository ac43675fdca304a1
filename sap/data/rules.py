"""Rules that span datasets: dates in order, deaths agreed, days counted as CDISC does.

Each rule has an id, a severity and a sentence for a data manager, and reads datasets whose cells are already
numbers and dates. A rule whose datasets or columns a trial does not have says nothing.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sap.data import clock_rules as clock
from sap.data import record_rules as find
from sap.data.causes import Contradiction, Refused, by_cause
from sap.data.failures import Failure, Severity
from sap.data.record_rules import Data, Finding
from sap.plan.plan import Plan
from sap.text.spellings import as_read, difference


@dataclass(frozen=True)
class Rule:
    """A rule across datasets."""

    id: str
    severity: Severity
    sentence: str
    fix: str
    find: Callable[[Data, Plan], Iterator[Finding]]
    needed: bool = False
    """Whether nothing can be analysed on data that break it, whatever the plan excepts."""


def check(data: Data, plan: Plan, failures: Iterable[Failure] = ()) -> list[Failure]:
    """Return every breach of the rules that span datasets."""
    refused = Refused(data, failures)
    strangers: list[Failure] = []
    kept: list[Failure] = []
    found: list[Contradiction] = []
    for rule in RULES:
        for finding in rule.find(data, plan):
            shown = finding.rows[list(dict.fromkeys(("USUBJID", finding.column)))]
            for row, record in zip(shown.index, shown.to_dict("records"), strict=True):
                subject = str(record["USUBJID"])
                if refused.holds(finding, row, subject):
                    continue
                failure = excepted(plan, _failure(rule, finding, int(row), record, refused.meant.get(subject, "")))
                if rule.find is find.unknown_subject:
                    strangers.append(failure)
                    refused.add(failure)
                elif failure.excepted:
                    kept.append(failure)
                else:
                    found.append(Contradiction(failure, refused.read(finding, row, subject)))
    return sorted([*_once_each(strangers), *kept, *by_cause(found)])


def _failure(rule: Rule, finding: Finding, row: int, record: Mapping[Hashable, object], meant: str) -> Failure:
    guess = f"Did you mean '{meant}'{_unlike(str(record['USUBJID']), meant)}? " if meant else ""
    may = "" if rule.needed or rule.severity == "warning" else f" {EXCEPT.format(rule=rule.id)}"
    return Failure(
        dataset=finding.dataset,
        row=row,
        subject=str(record["USUBJID"]),
        column=finding.column,
        rule=rule.id,
        value=_shown(record[finding.column]),
        message=rule.sentence,
        fix=f"{guess}{rule.fix}{may}",
        severity=rule.severity,
    )


def _unlike(one: str, other: str) -> str:
    return f" (they differ {difference(one, other)})" if as_read(one) == as_read(other) else ""


def _once_each(strangers: list[Failure]) -> Iterator[Failure]:
    """Yield the records of unknown subjects: a subject is told once, and its further records are consequences."""
    records = Counter(f.subject for f in strangers)
    seen = set[str]()
    for f in strangers:
        yield replace(f, cause=f"USUBJID {f.subject}" if records[f.subject] > 1 else "", consequence=f.subject in seen)
        seen.add(f.subject)


EXCEPT = "If the data are right, the plan may except it (data_rules: - {{rule: {rule}, reason: …}})."
"""How a plan lets its data break a rule."""


def excepted(plan: Plan, failure: Failure) -> Failure:
    """Return a failure as the plan judges it: with the severity and reason of its exception, where there is one."""
    for exception in plan.data_rules:
        if exception.covers(failure.rule, failure.dataset, failure.subject):
            return replace(failure, severity=exception.severity, excepted=exception.reason)
    return failure


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


TOLD: Mapping[str, str] = {
    "alike": "Two spellings are read alike and counted apart.",
    "blanks": "A text begins or ends with blanks.",
    "empty": "A file has no rows.",
    "nobody": "The plan names a value that no record has.",
    "parameter": "The plan names a parameter that no record has.",
    "planned_n": "Not as many subjects were treated as planned.",
    "unseen": "A text holds a character that a reader does not see.",
}
"""Rules about one dataset that warn, and that a plan may make errors of."""


def exceptable() -> tuple[str, ...]:
    """Return the rules of which a plan may say how severe they are."""
    return (*(r.id for r in RULES if not r.needed), *TOLD)


RULES: tuple[Rule, ...] = (
    Rule(
        "X01",
        "error",
        "This subject is not in ADSL.",
        "Correct USUBJID, or add the subject to ADSL.",
        find.unknown_subject,
        needed=True,
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
        "Correct AVAL or the dates; AVAL is in days, and the plan's conventions.origin_day says what the start date "
        "itself counts (0, or 1 for AVAL = ADT - STARTDT + 1).",
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
        "Survival does not start at the first treatment.",
        "Correct STARTDT or TRTSDT; where it starts at something else, name it as the parameter's origin in the plan "
        "(origin: {dataset: ADSL, variable: RANDDT}).",
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
        "Correct TRTEMFL or ASTDT (the plan's conventions.emergent_days says how long after the last treatment one may "
        "start).",
        find.emergent,
    ),
    Rule("X16", "error", "The last treatment is dated before the first.", "Correct TRTEDT.", find.treatment_order),
    Rule(
        "X17",
        "error",
        "A subject whose survival clock started (at the first treatment, or the plan's origin) has no survival record.",
        "Add the record to ADTTE.",
        find.survival_for_all,
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
        needed=True,
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
        "Correct VISIT or the date, or the window in the plan's conventions.visit_windows.",
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
        "Use one of the parameter's events in EVNTDESC, correct CNSR, or add it to the parameter's events in the plan.",
        clock.unknown_end,
        needed=True,
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
