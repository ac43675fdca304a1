"""Draw the SYNTHETIC trial SYN-31: ADaM in SAS transport and Dataset-JSON, of 200 subjects whom nobody ever treated.

    python make_data.py [OUT]

OUT is the folder ``data`` beside this file when left out. The seed is fixed, so the files are the same on every run.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from pathlib import Path
from random import Random

import pandas as pd
import pyreadstat

SEED = 31
STUDYID = "SYNTHETIC-31"
SIZE = 200
OPENED, CUTOFF = date(2031, 2, 3), date(2034, 3, 31)
"""Days of an invented calendar: nobody takes a future date for that of a trial."""
PLACEBO, ACTIVE = "Placebo", "SYN-9"
DOSES = ("10 mg", "20 mg")
MEDIAN = {PLACEBO: (120, 330), "10 mg": (165, 400), "20 mg": (210, 470)}
"""Median days to progression and to death, before strata."""
SHRINKAGE = {PLACEBO: 0.06, "10 mg": -0.22, "20 mg": -0.38}
"""Mean relative change of the sum of diameters at the best assessment, on the scale of logarithms."""
VISITS = (("Week 4", 28), ("Week 8", 56), ("Week 16", 112), ("Week 24", 168), ("Week 32", 224), ("Week 40", 280))
TUMOUR_VISITS = VISITS[1:]
SIZE_OF_TUMOUR = ("SUMDIAM", "Sum of diameters (mm)")
EVENTS = (
    ("Nausea", "Gastrointestinal disorders", 0.30, 0.45, 3),
    ("Diarrhoea", "Gastrointestinal disorders", 0.22, 0.38, 3),
    ("Vomiting", "Gastrointestinal disorders", 0.15, 0.24, 3),
    ("Constipation", "Gastrointestinal disorders", 0.16, 0.14, 2),
    ("Fatigue", "General disorders and administration site conditions", 0.34, 0.42, 3),
    ("Pyrexia", "General disorders and administration site conditions", 0.10, 0.13, 2),
    ("Neutropenia", "Blood and lymphatic system disorders", 0.18, 0.36, 4),
    ("Anaemia", "Blood and lymphatic system disorders", 0.24, 0.30, 3),
    ("Thrombocytopenia", "Blood and lymphatic system disorders", 0.08, 0.16, 4),
    ("Rash", "Skin and subcutaneous tissue disorders", 0.06, 0.31, 3),
    ("Alopecia", "Skin and subcutaneous tissue disorders", 0.20, 0.22, 2),
    ("Hypertension", "Vascular disorders", 0.07, 0.18, 3),
    ("Pneumonia", "Infections and infestations", 0.05, 0.07, 5),
    ("Urinary tract infection", "Infections and infestations", 0.08, 0.08, 3),
    ("Alanine aminotransferase increased", "Investigations", 0.06, 0.17, 4),
    ("Headache", "Nervous system disorders", 0.13, 0.12, 2),
)
"""Term, class, probability under placebo and under SYN-9, highest grade."""
OF_INTEREST = {"Rash": "Skin reactions", "Alanine aminotransferase increased": "Liver toxicity"}
LABS = (
    ("HGB", "Hemoglobin (g/L)", 125.0, 12.0, -6.0, 115.0, 165.0),
    ("NEUT", "Neutrophils (10^9/L)", 4.4, 1.2, -0.9, 2.0, 7.5),
    ("ALT", "Alanine aminotransferase (U/L)", 26.0, 7.0, 6.0, 7.0, 45.0),
)
"""Code, name, mean and SD at baseline, mean change under SYN-9, limits of normal."""
VITALS = (("SYSBP", "Systolic blood pressure (mmHg)", 128.0, 13.0, 6.0), ("WEIGHT", "Weight (kg)", 74.0, 13.0, -1.5))
DRUGS = (("Ondansetron", 0.42), ("Loperamide", 0.25), ("Paracetamol", 0.36), ("Amlodipine", 0.18), ("Omeprazole", 0.3))
DEVIATIONS = (
    ("Eligibility criterion not met", 0.02, "Y"),
    ("Wrong dose taken", 0.05, "Y"),
    ("Visit out of window", 0.2, "N"),
)
Row = dict[str, object]


@dataclass(frozen=True)
class Subject:
    """What was drawn for a subject; days are since randomisation."""

    row: Row
    arm: str
    dose: str
    randomised: date
    first_dose: date | None
    last_dose: date | None
    progressed: int
    died: int
    seen: int
    """Day last seen, which censors."""

    @property
    def id(self) -> str:
        """Its USUBJID."""
        return str(self.row["USUBJID"])

    @property
    def treated(self) -> int:
        """Days on treatment."""
        return 0 if self.first_dose is None or self.last_dose is None else (self.last_dose - self.first_dose).days + 1

    def on(self, day: int) -> date:
        """Return the date of a day."""
        return self.randomised + timedelta(days=day)


def subjects(rng: Random) -> Iterator[Subject]:
    """Yield subjects, randomised in blocks of four within ECOG status and liver metastases, then to a dose."""
    blocks: dict[tuple[str, str], list[str]] = {}
    doses: list[str] = []
    for number in range(1, SIZE + 1):
        ecog, liver = ("1" if rng.random() < 0.45 else "0"), ("Y" if rng.random() < 0.6 else "N")
        block = blocks.setdefault((ecog, liver), [])
        if not block:
            block += rng.sample([PLACEBO, PLACEBO, ACTIVE, ACTIVE], 4)
        arm = block.pop()
        if arm == ACTIVE and not doses:
            doses = rng.sample([*DOSES, *DOSES], 4)
        dose = doses.pop() if arm == ACTIVE else PLACEBO
        worse = exp(0.35 * (ecog == "1") + 0.25 * (liver == "Y") - 0.3)
        pfs, os = (max(1, round(rng.expovariate(log(2) * worse / median))) for median in MEDIAN[dose])
        randomised = OPENED + timedelta(days=round(rng.uniform(0, 700)))
        treated = rng.random() > 0.02
        died = max(os, 5)
        progressed = min(pfs, died)
        seen = min((CUTOFF - randomised).days, round(rng.expovariate(1 / 2600)) + 20)
        first = randomised + timedelta(days=rng.randrange(4)) if treated else None
        stop = min(progressed + rng.randrange(1, 9), died, seen) if rng.random() > 0.12 else rng.randrange(8, 90)
        last = max(first, randomised + timedelta(days=min(stop, died, seen))) if first else None
        why = _why(rng, stop, progressed, died, seen)
        row: Row = {
            "STUDYID": STUDYID, "USUBJID": f"SYNTHETIC-{number:03d}", "SITEID": f"{rng.randrange(1, 13):02d}",
            "AGE": float(min(84, max(29, round(rng.gauss(62, 10))))), "SEX": rng.choice("FM"),
            "TRT01P": arm, "TRT01PN": float(arm == ACTIVE), "DOSELVL": dose, "STRECOG": ecog, "STRLIVER": liver,
            "RANDDT": randomised, "TRTSDT": first, "TRTEDT": last, "ITTFL": "Y", "SAFFL": "Y" if treated else "N",
            "TRTDURD": float((last - first).days + 1) if first and last else None,
            "EOTREAS": why if treated else "", "DTHFL": "Y" if died <= seen else "",
            "DTHDT": randomised + timedelta(days=died) if died <= seen else None,
            "LSTALVDT": randomised + timedelta(days=min(died, seen)),
        }  # fmt: skip
        yield Subject(row, arm, dose, randomised, first, last, progressed, died, seen)


def _why(rng: Random, stop: int, progressed: int, died: int, seen: int) -> str:
    if stop >= seen:
        return "Ongoing at data cut-off"
    if stop >= died:
        return "Death"
    return (
        "Progression" if stop >= progressed else rng.choice(("Adverse event", "Adverse event", "Withdrawal by subject"))
    )


def times(s: Subject) -> Iterator[Row]:
    """Yield overall and progression-free survival in days from randomisation."""
    for code, name, day, event in (
        ("OS", "Overall survival", s.died, "Death"),
        ("PFS", "Progression-free survival", s.progressed, "Progression" if s.progressed < s.died else "Death"),
    ):
        known = day <= s.seen
        at = day if known else s.seen
        yield {
            **_of(s), "PARAMCD": code, "PARAM": f"{name} (days)", "STARTDT": s.randomised, "ADT": s.on(at),
            "AVAL": float(at), "CNSR": float(not known), "EVNTDESC": event if known else "Last seen alive",
        }  # fmt: skip


def adverse_events(rng: Random, s: Subject) -> Iterator[Row]:
    """Yield the adverse events of a treated subject, in the order of the terms."""
    if s.first_dose is None or s.last_dose is None:
        return
    days = (s.last_dose - s.first_dose).days
    number = 0
    for term, group, placebo, active, worst in EVENTS:
        often = placebo if s.arm == PLACEBO else active * (1.15 if s.dose == DOSES[1] else 0.85)
        while rng.random() < often:
            often /= 3
            number += 1
            start = s.first_dose + timedelta(days=rng.randrange(0, max(1, min(days + 20, 260))))
            start = min(start, s.on(min(s.died, s.seen)))
            grade = min(worst, 1 + sum(rng.random() < 0.38 for _ in range(3)))
            fatal = grade == 5 and s.died <= s.seen
            grade = 5 if fatal else min(grade, 4)
            serious = fatal or (grade >= 3 and rng.random() < 0.4)
            related = rng.random() < (0.25 if s.arm == PLACEBO else 0.55)
            end = min(start + timedelta(days=rng.randrange(1, 40)), s.on(min(s.died, s.seen)))
            stopped = s.row["EOTREAS"] == "Adverse event" and grade >= 3 and start <= s.last_dose
            yield {
                **_of(s), "AESEQ": float(number), "AEDECOD": term, "AEBODSYS": group, "ATOXGR": float(grade),
                "AESER": "Y" if serious else "N", "AEREL": "RELATED" if related else "NOT RELATED",
                "AEACN": "DRUG WITHDRAWN" if stopped else "DOSE NOT CHANGED", "AESDTH": "Y" if fatal else "N",
                "CQ01NAM": OF_INTEREST.get(term, ""), "TRTEMFL": "Y", "ASTDT": start, "AENDT": end,
            }  # fmt: skip


def tumour(rng: Random, s: Subject) -> Iterator[tuple[Row, Row | None]]:
    """Yield the sum of diameters at each visit, and the response there."""
    base = round(rng.uniform(30, 140), 1)
    depth = SHRINKAGE[s.dose] + rng.gauss(0, 0.28) - (4 if s.arm == ACTIVE and rng.random() < 0.07 else 0)
    yield {**_of(s), **_measure(SIZE_OF_TUMOUR, "Baseline", s.on(-7), base, base)}, None
    for assessed, (visit, day) in enumerate(TUMOUR_VISITS, 1):
        if day > min(s.seen, s.died) or day > s.progressed + 28:
            return
        late = day >= s.progressed
        size = max(
            0.0, round(base * exp(depth * min(1.0, assessed / 2) + rng.gauss(0, 0.06)) * (1.35 if late else 1), 1)
        )
        change = 100 * (size - base) / base
        response = "PD" if late else "CR" if size < 4 else "PR" if change <= -30 else "SD"
        at = s.on(day + rng.randrange(-3, 4))
        at = min(at, s.on(min(s.seen, s.died)))
        measured = {**_of(s), **_measure(SIZE_OF_TUMOUR, visit, at, size, base)}
        yield measured, {
            **_of(s), "PARAMCD": "OVRLRESP", "PARAM": "Overall response, RECIST 1.1", "AVISIT": visit,
            "AVISITN": float(day), "ADT": at, "AVALC": response,
        }  # fmt: skip


def measurements(rng: Random, s: Subject, kinds: Sequence[tuple[str, str, float, float, float]]) -> Iterator[Row]:
    """Yield each parameter at baseline and at the visits of a treated subject, some of them missed."""
    if s.first_dose is None or s.last_dose is None:
        return
    for code, name, mean, spread, effect in kinds:
        base = round(max(mean * 0.3, rng.gauss(mean, spread)), 1)
        yield {**_of(s), **_measure((code, name), "Baseline", s.first_dose, base, base)}
        for visit, day in VISITS[:4]:
            at = s.first_dose + timedelta(days=day + rng.randrange(-3, 4))
            if at > s.last_dose or rng.random() < 0.06:
                continue
            shift = effect * (1 if s.arm == ACTIVE else 0.2)
            value = round(max(mean * 0.1, base + shift + rng.gauss(0, spread / 2)), 1)
            yield {**_of(s), **_measure((code, name), visit, at, value, base)}


def _measure(parameter: tuple[str, str], visit: str, at: date, value: float, base: float) -> Row:
    change = None if visit == "Baseline" else round(value - base, 1)
    share = None if change is None else 100 * change / base
    return {
        "PARAMCD": parameter[0], "PARAM": parameter[1], "AVISIT": visit, "AVISITN": float(dict(VISITS).get(visit, 0)),
        "ADT": at, "AVAL": value, "BASE": base, "CHG": change,
        "PCHG": share, "ABLFL": "Y" if visit == "Baseline" else "",
    }  # fmt: skip


def with_range(row: Row) -> Row:
    """Return a laboratory record with where it lies against the limits of normal, at baseline too."""
    low, high = next(kind[5:] for kind in LABS if kind[0] == row["PARAMCD"])

    def at(value: object) -> str:
        return "LOW" if float(str(value)) < low else "HIGH" if float(str(value)) > high else "NORMAL"

    return {**row, "ANRIND": at(row["AVAL"]), "BNRIND": at(row["BASE"])}


def _of(s: Subject) -> Row:
    return {"STUDYID": STUDYID, "USUBJID": s.id}


def draw(rng: Random) -> dict[str, list[Row]]:
    """Return the records of each dataset."""
    everybody = list(subjects(rng))
    found: dict[str, list[Row]] = {"ADSL": [s.row for s in everybody]}
    found["ADTTE"] = [row for s in everybody for row in times(s)]
    found["ADAE"] = [row for s in everybody for row in adverse_events(rng, s)]
    sizes = [pair for s in everybody for pair in tumour(rng, s)]
    found["ADTR"] = [size for size, _ in sizes]
    found["ADRS"] = [response for _, response in sizes if response]
    found["ADLB"] = [with_range(r) for s in everybody for r in measurements(rng, s, [kind[:5] for kind in LABS])]
    found["ADVS"] = [r for s in everybody for r in measurements(rng, s, VITALS)]
    found["ADCM"] = [
        {
            **_of(s),
            "CMSEQ": float(i),
            "CMDECOD": name,
            "ASTDT": s.first_dose + timedelta(days=rng.randrange(60) % s.treated),
        }
        for s in everybody
        if s.first_dose
        for i, name in enumerate((name for name, often in DRUGS if rng.random() < often), 1)
    ]
    found["ADDV"] = [
        {**_of(s), "DVSEQ": float(i), "DVDECOD": name, "DVMAJOR": major}
        for s in everybody
        for i, (name, major) in enumerate(((n, m) for n, often, m in DEVIATIONS if rng.random() < often), 1)
    ]
    return found


LABELS = {
    "ADSL": "Subjects", "ADTTE": "Time to event", "ADAE": "Adverse events", "ADTR": "Tumour measurements",
    "ADRS": "Response assessments", "ADLB": "Laboratory results", "ADVS": "Vital signs",
    "ADCM": "Concomitant medication", "ADDV": "Protocol deviations",
}  # fmt: skip
TRANSPORT = ("ADSL", "ADTTE", "ADAE", "ADCM", "ADDV")
"""Written as SAS transport files; the others as Dataset-JSON."""
COLUMN_LABELS = {
    "STUDYID": "Study Identifier", "USUBJID": "Unique Subject Identifier", "SITEID": "Study Site Identifier",
    "AGE": "Age", "SEX": "Sex", "TRT01P": "Planned Treatment", "TRT01PN": "Planned Treatment (N)",
    "DOSELVL": "Dose Level",
    "STRECOG": "ECOG Performance Status at Randomization", "STRLIVER": "Liver Metastases at Randomization",
    "RANDDT": "Date of Randomization", "TRTSDT": "Date of First Exposure to Treatment",
    "TRTEDT": "Date of Last Exposure to Treatment", "ITTFL": "Intent-To-Treat Population Flag",
    "SAFFL": "Safety Population Flag", "TRTDURD": "Days on Treatment", "EOTREAS": "Reason for End of Treatment",
    "DTHFL": "Subject Death Flag", "DTHDT": "Date of Death", "LSTALVDT": "Date Last Known Alive",
    "PARAMCD": "Parameter Code", "PARAM": "Parameter", "STARTDT": "Time-to-Event Origin Date", "ADT": "Analysis Date",
    "AVAL": "Analysis Value", "AVALC": "Analysis Value (C)", "CNSR": "Censor",
    "EVNTDESC": "Event or Censoring Description",
    "AESEQ": "Sequence Number", "AEDECOD": "Dictionary-Derived Term", "AEBODSYS": "Body System or Organ Class",
    "ATOXGR": "Analysis Toxicity Grade", "AESER": "Serious Event", "AEREL": "Causality", "AEACN": "Action Taken",
    "AESDTH": "Results in Death", "CQ01NAM": "Events of Special Interest", "TRTEMFL": "Treatment Emergent Flag",
    "ASTDT": "Analysis Start Date", "AENDT": "Analysis End Date",
    "AVISIT": "Analysis Visit", "AVISITN": "Analysis Visit (N)",
    "BASE": "Baseline Value",
    "CHG": "Change from Baseline", "PCHG": "Percent Change from Baseline", "ABLFL": "Baseline Record Flag",
    "ANRIND": "Reference Range Indicator", "BNRIND": "Baseline Reference Range Indicator", "CMSEQ": "Sequence Number",
    "CMDECOD": "Standardized Medication Name", "DVSEQ": "Sequence Number", "DVDECOD": "Protocol Deviation",
    "DVMAJOR": "Major Deviation",
}  # fmt: skip
_EPOCH = date(1960, 1, 1)
_MADE = "03FEB31:00:00:00"
"""When the files say they were made: a day of the invented calendar, so that each run writes the same bytes."""


def as_transport(name: str, rows: Sequence[Row], file: Path) -> None:
    """Write records as a SAS transport file, dates as days since 1960 with the format DATE9."""
    dates = {k for row in rows for k, v in row.items() if isinstance(v, date)}
    frame = pd.DataFrame(
        [{k: float((v - _EPOCH).days) if isinstance(v, date) else v for k, v in row.items()} for row in rows]
    )
    for column in dates:
        frame[column] = frame[column].astype("float64")
    pyreadstat.write_xport(
        frame,
        file,
        file_label=LABELS[name],
        column_labels=[COLUMN_LABELS[c] for c in frame.columns],
        table_name=name,
        file_format_version=5,
        variable_format=dict.fromkeys(sorted(dates), "DATE9."),
    )
    made = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
    file.write_bytes(made.sub(_MADE.encode(), file.read_bytes()))


def as_dataset_json(name: str, rows: Sequence[Row], file: Path) -> None:
    """Write records as CDISC Dataset-JSON 1.1, dates as ISO texts."""
    names = list(rows[0])
    columns = [{"itemOID": f"IT.{name}.{c}", "name": c, "label": COLUMN_LABELS[c], **_type(rows, c)} for c in names]
    written: Mapping[str, object] = {
        "datasetJSONCreationDateTime": "2031-02-03T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "studyOID": STUDYID,
        "itemGroupOID": f"IG.{name}",
        "records": len(rows),
        "name": name,
        "label": LABELS[name],
        "columns": columns,
        "rows": [[_cell(row[c]) for c in names] for row in rows],
    }
    lines = json.dumps(written, ensure_ascii=False, separators=(",", ":")).replace('],["', '],\n["')
    file.write_text(lines + "\n", encoding="utf-8")


def _type(rows: Sequence[Row], column: str) -> dict[str, str]:
    values = [row[column] for row in rows if row[column] is not None]
    if any(isinstance(v, date) for v in values):
        return {"dataType": "date"}
    return {"dataType": "float" if any(isinstance(v, float) for v in values) else "string"}


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def main(out: Path) -> None:
    """Write every dataset into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in draw(Random(SEED)).items():
        if name in TRANSPORT:
            as_transport(name, rows, out / f"{name.lower()}.xpt")
        else:
            as_dataset_json(name, rows, out / f"{name.lower()}.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data")
