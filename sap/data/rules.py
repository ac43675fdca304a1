"""The rules that span datasets, held against the data of a trial, with the exceptions that its plan makes."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from sap.data import record_rules, subject_rules, time_rules
from sap.data.causes import Contradiction, Refused, by_cause
from sap.data.failures import MOST_LISTED, Failure, further
from sap.data.rule import Data, Finding, Rule
from sap.model.part import Reference
from sap.plan.plan import Plan
from sap.text.spellings import as_read, difference


def check(data: Data, plan: Plan, failures: Iterable[Failure] = ()) -> list[Failure]:
    """Return every breach of the rules that span datasets."""
    refused = Refused(data, failures)
    strangers: list[Failure] = []
    kept: list[Failure] = []
    found: list[Contradiction] = []
    for rule in (r for r in RULES if r.asked(plan) and not r.lacks(data)):
        for finding in rule.find(data, plan):
            shown = finding.rows[list(dict.fromkeys(("USUBJID", finding.column)))]
            more = len(shown) - MOST_LISTED
            for row, record in zip(shown.index[:MOST_LISTED], shown[:MOST_LISTED].to_dict("records"), strict=True):
                subject = str(record["USUBJID"])
                if refused.holds(finding, row, subject):
                    continue
                failure = excepted(plan, _failure(rule, finding, int(row), record, refused.meant.get(subject, "")))
                if more > 0:
                    kept.append(further(failure, more))
                    more = 0
                if rule is subject_rules.unknown_subject:
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


def not_run(data: Data, plan: Plan) -> Mapping[Reference, tuple[Rule, ...]]:
    """Return the columns that data lack, each with the rules about datasets of the plan that were not held for it."""
    found: dict[Reference, list[Rule]] = {}
    for rule in RULES:
        if rule.asked(plan) and all(r.dataset in plan.datasets for r in rule.reads):
            for column in rule.lacks(data):
                found.setdefault(column, []).append(rule)
    return {column: tuple(rules) for column, rules in found.items()}


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
    "comma": "A column has commas that may be decimal commas.",
    "cut": "A transport file may not be whole.",
    "empty": "A file has no rows.",
    "encoding": "A file is not in UTF-8, and its encoding was guessed.",
    "formula": "A cell of a workbook is a formula.",
    "imputed": "Dates were imputed as the plan says.",
    "nobody": "The plan names a value that no record has.",
    "parameter": "The plan names a parameter that no record has.",
    "partial": "The plan does not say how a partial date is imputed.",
    "planned_n": "Not as many subjects were treated as planned.",
    "twice": "The same dataset lies there in two formats.",
    "unseen": "A text holds a character that a reader does not see.",
}
"""Rules about one dataset that warn, and that a plan may make errors of."""


_FAMILIES = (subject_rules, record_rules, time_rules)
RULES: Final = tuple(
    sorted((r for family in _FAMILIES for r in vars(family).values() if isinstance(r, Rule)), key=lambda r: r.id)
)
"""The rules of all families, in order of their ids."""


def exceptable() -> tuple[str, ...]:
    """Return the rules of which a plan may say how severe they are."""
    return (*(r.id for r in RULES if not r.needed), *TOLD)
