"""Write the reconstructed study data: eight CSV files with ADaM column names.

    python data/make_data.py [OUT]

OUT is the folder of this file when left out. The result is the same on every run.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from conduct import (
    CART,
    CELLS,
    CYCLOPHOSPHAMIDE,
    DEVIATIONS,
    FLUDARABINE,
    LYMPHODEPLETION,
    LYMPHODEPLETION_DAYS,
    cumulative,
)
from events import BODY_SYSTEM, EVENTS, RESPONSES
from follow_up import PARAMETERS, time
from subjects import STUDYID, SUBJECTS, Subject
from trajectories import LLOQ, cart, cytokine, haemoglobin, neutrophils, other_cytokine, platelets, temperature

SEED = 20170206
LATER_SEED = 20170207
"""Of the parameters that came later: their numbers leave the earlier ones as they are."""
Row = Mapping[str, object]
Courses = tuple[tuple[str, str, str, Iterator[tuple[int, float]]], ...]
"""PARAMCD, PARAM, unit, and values by day."""


def when(subject: Subject, day: int) -> date:
    """Return the date of a day since infusion."""
    return subject.treatment.infusion + timedelta(days=day)


def study_day(day: int) -> int:
    """Return the CDISC study day: infusion is 1, the day before is -1."""
    return day + 1 if day >= 0 else day


def flag(value: bool) -> str:
    """Return Y or N."""
    return "Y" if value else "N"


def keys(subject: Subject) -> dict[str, object]:
    """Return the identifiers every row begins with."""
    return {"STUDYID": STUDYID, "USUBJID": subject.usubjid}


def dated(subject: Subject, day: int) -> dict[str, object]:
    """Return the analysis date and study day of a measurement."""
    return {"ADT": when(subject, day), "ADY": study_day(day)}


def adsl() -> Iterator[Row]:
    """Yield one row a subject."""
    for s in SUBJECTS:
        last = when(s, s.outcome.days)
        yield keys(s) | {
            "SUBJID": s.subjid,
            "AGE": s.baseline.age,
            "SEX": s.baseline.sex,
            "RFICDT": when(s, -s.treatment.consent),
            "TRTSDT": s.treatment.infusion,
            "TRT01A": "CLL-1 CAR-T",
            "SAFFL": "Y",
            "DTHFL": "Y" if s.died else "",
            "DTHDT": last if s.died else "",
            "DTHCAUS": s.outcome.cause_of_death,
            "LSTALVDT": last,
            "DOSE": s.treatment.dose,
            "RELAPSFL": flag(s.baseline.relapsed),
            "POSTHFL": flag(s.baseline.after_hsct),
            "MDSAMLFL": flag(s.baseline.mds_to_aml),
            "PRLINES": s.baseline.lines,
            "CLL1PCT": s.baseline.cll1,
            "INFEFF": f"{s.treatment.infection:.2f}",
            "HSCTFL": flag(s.treatment.hsct_day is not None),
            "HSCTDT": "" if s.treatment.hsct_day is None else when(s, s.treatment.hsct_day),
            "STERFL": flag(s.treatment.steroids),
            "TOCIFL": flag(s.treatment.tocilizumab),
            "ENRLFL": "Y",
            "RESISTFL": "Y",
            "LDSDT": when(s, LYMPHODEPLETION_DAYS[0]),
            "LDEDT": when(s, LYMPHODEPLETION_DAYS[-1]),
            "LDDAYS": len(LYMPHODEPLETION_DAYS),
            "CYCUM": cumulative(CYCLOPHOSPHAMIDE),
            "FLUCUM": cumulative(FLUDARABINE),
            "HSCTDON": "" if s.treatment.hsct_day is None else "HAPLOIDENTICAL",
            "HSCTTYP": "" if s.treatment.hsct_day is None else "SALVAGE" if s.salvage else "BRIDGING",
        }


def adae() -> Iterator[Row]:
    """Yield adverse events, numbered within a subject by onset."""
    for s in SUBJECTS:
        own = sorted((e for e in EVENTS if e.subjid == s.subjid), key=lambda e: (e.start, e.term, e.grade))
        for number, e in enumerate(own, start=1):
            yield keys(s) | {
                "AESEQ": number,
                "AEDECOD": e.term,
                "AEBODSYS": BODY_SYSTEM[e.term],
                "ATOXGR": e.grade,
                "AREL": "RELATED" if e.related else "NOT RELATED",
                "ASTDT": when(s, e.start),
                "AENDT": "" if e.end is None else when(s, e.end),
                "ASTDY": study_day(e.start),
                "AENDY": "" if e.end is None else study_day(e.end),
                "TRTEMFL": flag(e.start >= 0),
            }


def visit(day: int) -> str:
    """Return the nominal visit of a day since infusion."""
    if day <= 28:
        return "Day 14" if day <= 20 else "Day 28"
    return f"Month {round(day / 30.4375)}"


def adrs() -> Iterator[Row]:
    """Yield response assessments, then minimal residual disease, by subject."""
    params = (("OVRLRESP", "Overall Response", 2), ("MRD", "Minimal Residual Disease", 3))
    for s in SUBJECTS:
        for paramcd, param, column in params:
            for row in (r for r in RESPONSES if r[0] == s.subjid and r[column]):
                named = {"PARAMCD": paramcd, "PARAM": param, "AVALC": row[column]}
                yield keys(s) | named | dated(s, row[1]) | {"VISIT": visit(row[1])}


def adtte() -> Iterator[Row]:
    """Yield overall survival, then the other times of who has them."""
    for s in SUBJECTS:
        yield keys(s) | {
            "PARAMCD": "OS",
            "PARAM": "Overall Survival",
            "STARTDT": s.treatment.infusion,
            "ADT": when(s, s.outcome.days),
            "AVAL": s.outcome.days,
            "AVALU": "DAYS",
            "CNSR": 0 if s.died else 1,
            "EVNTDESC": "Death" if s.died else "Alive at last contact",
            "CNSDTDSC": "" if s.died else "Date last known alive",
        }
    for paramcd, param in PARAMETERS.items():
        for s in SUBJECTS:
            found = time(s, paramcd)
            if found is not None:
                yield keys(s) | {
                    "PARAMCD": paramcd,
                    "PARAM": param,
                    "STARTDT": when(s, found.start),
                    "ADT": when(s, found.end),
                    "AVAL": found.end - found.start,
                    "AVALU": "DAYS",
                    "CNSR": 0 if found.event else 1,
                    "EVNTDESC": found.event,
                    "CNSDTDSC": found.censored,
                }


def adex() -> Iterator[Row]:
    """Yield what was given, one row a day and drug: lymphodepletion, then the infusion."""
    for s in SUBJECTS:
        given = [(day, *dose, "mg/m2") for day in LYMPHODEPLETION_DAYS for dose in LYMPHODEPLETION]
        for number, (day, drug, dose, unit) in enumerate([*given, (0, CART, s.treatment.dose, CELLS)], start=1):
            yield keys(s) | {
                "EXSEQ": number,
                "EXTRT": drug,
                "EXDOSE": dose,
                "EXDOSU": unit,
                "ASTDT": when(s, day),
                "AENDT": when(s, day),
                "ASTDY": study_day(day),
                "AENDY": study_day(day),
            }


def addv() -> Iterator[Row]:
    """Yield deviations from the protocol, numbered within a subject by day."""
    for s in SUBJECTS:
        own = sorted((d for d in DEVIATIONS if d.subjid == s.subjid), key=lambda d: d.day)
        for number, d in enumerate(own, start=1):
            named = {"DVSEQ": number, "DVCAT": d.category, "DVTERM": d.term, "DVIMPFL": "N"}
            yield keys(s) | named | dated(s, d.day)


def adck(rng: np.random.Generator) -> Iterator[Row]:
    """Yield CAR-T cells; below the limit of quantification the value is empty."""
    for s in SUBJECTS:
        for day, value in cart(s, rng):
            below = value < LLOQ
            yield (
                keys(s)
                | {"PARAMCD": "CARTPCT", "PARAM": "CAR-T Cells of T Cells (%)"}
                | {"AVAL": "" if below else value, "AVALU": "%", "LLOQ": LLOQ, "BLQFL": "Y" if below else ""}
                | dated(s, day)
            )


def adlb(rng: np.random.Generator) -> Iterator[Row]:
    """Yield temperature, neutrophils, IL-6, CRP and ferritin; then the parameters that came later."""
    for s in SUBJECTS:
        courses: Courses = (
            ("TEMP", "Body Temperature (C)", "C", temperature(s, rng)),
            ("NEUT", "Neutrophils (10^9/L)", "10^9/L", neutrophils(s, rng)),
            ("IL6", "Interleukin 6 (pg/mL)", "pg/mL", cytokine(s, s.peaks.il6, (4.0, 13.0), rng)),
            ("CRP", "C Reactive Protein (mg/L)", "mg/L", cytokine(s, s.peaks.crp, (3.0, 12.0), rng)),
            ("FERRITIN", "Ferritin (ug/L)", "ug/L", cytokine(s, s.peaks.ferritin, (450.0, 1100.0), rng)),
        )
        yield from measured(s, courses)
    later = np.random.default_rng(LATER_SEED)
    for s in SUBJECTS:
        courses = (
            ("TNFA", "Tumor Necrosis Factor Alpha (pg/mL)", "pg/mL", other_cytokine(s, "TNFA", later)),
            ("IFNG", "Interferon Gamma (pg/mL)", "pg/mL", other_cytokine(s, "IFNG", later)),
            ("IL10", "Interleukin 10 (pg/mL)", "pg/mL", other_cytokine(s, "IL10", later)),
            ("HGB", "Hemoglobin (g/L)", "g/L", haemoglobin(s, later)),
            ("PLAT", "Platelets (10^9/L)", "10^9/L", platelets(s, later)),
        )
        yield from measured(s, courses)


def measured(subject: Subject, courses: Courses) -> Iterator[Row]:
    """Yield the rows of some parameters of a subject."""
    for paramcd, param, unit, course in courses:
        named = {"PARAMCD": paramcd, "PARAM": param}
        for day, value in course:
            yield keys(subject) | named | {"AVAL": value, "AVALU": unit} | dated(subject, day)


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as CSV; the first row names the columns."""
    records = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def main(out: Path) -> None:
    """Write the eight datasets into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    write(out / "adsl.csv", adsl())
    write(out / "adae.csv", adae())
    write(out / "adrs.csv", adrs())
    write(out / "adtte.csv", adtte())
    write(out / "adck.csv", adck(rng))
    write(out / "adlb.csv", adlb(rng))
    write(out / "adex.csv", adex())
    write(out / "addv.csv", addv())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
