"""What happened to each subject, in the sentences of the plan with the values of the data."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import pandas as pd

from analysis.data.sample import cell_text
from analysis.data.sets import records_where
from sap.model.days import as_times_count
from sap.model.derivations import RECORDS_SLOT, Narrative, Sentence, ToldRecords, slots

Data = Mapping[str, pd.DataFrame]
_Row = Mapping[str, object]
DayOf = Callable[[pd.Timestamp], str]
"""A date as a day of the subject, in the count of the plan."""


def narratives(data: Data, spec: Narrative, origin_day: int = 0) -> pd.DataFrame:
    """Return the narrative of every treated subject; the day of first treatment is `origin_day`."""
    adsl = data["ADSL"]
    treated = adsl.loc[adsl["TRTSDT"].notna(), ["USUBJID", "TRTSDT"]]
    named = {reference.dataset for _, reference, _ in spec.references}
    rows = {name: dict(iter(data[name].groupby("USUBJID", sort=False))) for name in sorted(named | _listed(spec))}
    texts = []
    for subject, start in zip(treated["USUBJID"], treated["TRTSDT"], strict=True):
        day_of = partial(_day, start, origin_day)
        own = {name: of[subject] for name, of in rows.items() if subject in of}
        told = (_sentence(s, own, day_of) for s in spec.sentences)
        texts.append(" ".join(filter(None, told)))
    return pd.DataFrame({"USUBJID": treated["USUBJID"].to_numpy(), "TEXT": pd.Series(texts, dtype=object)})


def _day(start: pd.Timestamp, origin_day: int, date: pd.Timestamp) -> str:
    return f"{as_times_count(float((date - start).days), origin_day):.0f}"


def _listed(spec: Narrative) -> set[str]:
    return {s.records.dataset for s in spec.sentences if s.records is not None}


def _sentence(sentence: Sentence, own: Data, day_of: DayOf) -> str:
    """Return a sentence about a subject, or what stands in its place where it has no value or no record."""
    records = "" if sentence.records is None else _records(sentence.records, own, day_of, sentence.words)
    if sentence.records is None or records:
        found = _filled(sentence.text, _values(sentence.text, own), day_of, sentence.words)
        if found:
            return found.replace(RECORDS_SLOT, records)
    other = sentence.otherwise or ""
    return _filled(other, _values(other, own), day_of, sentence.words)


def _values(text: str, own: Data) -> _Row:
    """Return the values that a text names, of datasets with one record a subject."""
    found: dict[str, object] = {}
    for written, slot in slots(text):
        rows = own.get(slot.dataset or "")
        if rows is not None and len(rows) > 1:
            msg = f"{slot.dataset} has several records a subject, so {written} is not one value: list them by records"
            raise ValueError(msg)
        if rows is not None:
            found[written] = rows.iloc[0][slot.variable]
    return found


def _records(told: ToldRecords, own: Data, day_of: DayOf, words: Mapping[str, str]) -> str:
    """Return the records of a subject, each in its words, parted by semicolons."""
    rows = own.get(told.dataset)
    if rows is None:
        return ""
    if told.where is not None:
        rows = rows[records_where(rows, told.where)]
    if told.sort:
        rows = rows.sort_values(list(told.sort), kind="stable", na_position="last")
    texts = []
    for row in rows.to_dict("records"):
        for text in filter(None, (told.text, told.otherwise)):
            found = _filled(text, {w: row[s.variable] for w, s in slots(text)}, day_of, words)
            if found:
                texts.append(found)
                break
    return "; ".join(texts)


def _filled(text: str, values: _Row, day_of: DayOf, words: Mapping[str, str]) -> str:
    """Return a text with its values; nothing where one is missing."""
    for written, slot in slots(text):
        value = values.get(written)
        if isinstance(value, pd.Timestamp | date) and slot.day and not pd.isna(value):
            shown = day_of(pd.Timestamp(value))
        else:
            shown = cell_text(value)  # type: ignore[arg-type]
        if not shown:
            return ""
        text = text.replace(written, words.get(shown, shown))
    return text
