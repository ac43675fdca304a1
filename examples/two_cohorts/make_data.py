"""Draw the SYNTHETIC trial SYN-24: four CSV files with ADaM column names, of 24 subjects whom nobody ever treated.

    python make_data.py [OUT]

OUT is the folder ``data`` beside this file when left out. The seed is fixed, so the files are the same on every run.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import inf, log
from pathlib import Path
from random import Random

SEED = 503
"""Chosen so that every table has something to show, as no trial may choose."""
STUDYID = "SYNTHETIC-24"
OPENED, END = date(2031, 1, 6), date(2032, 11, 30)
"""Days of an invented calendar: nobody takes a future date for that of a trial."""
COHORTS = {"40 mg": (170, 0.30, 0.08), "80 mg": (290, 0.60, 0.20)}
"""Median days to progression, probability of response, probability of dose-limiting toxicity."""
VISITS = tuple(range(56, 337, 56))
EVENTS = (
    ("Nausea", "Gastrointestinal disorders", 0.5, 2),
    ("Diarrhoea", "Gastrointestinal disorders", 0.35, 2),
    ("Fatigue", "General disorders and administration site conditions", 0.45, 2),
    ("Neutropenia", "Blood and lymphatic system disorders", 0.4, 4),
    ("Thrombocytopenia", "Blood and lymphatic system disorders", 0.3, 3),
    ("Pneumonia", "Infections and infestations", 0.1, 3),
)
"""Term, class, probability in a subject, highest grade."""
DOSE_LIMITING = (
    ("Alanine aminotransferase increased", "Investigations"),
    ("Diarrhoea", "Gastrointestinal disorders"),
    ("Rash maculo-papular", "Skin and subcutaneous tissue disorders"),
)
Row = Mapping[str, object]


@dataclass(frozen=True)
class Subject:
    """What was drawn for a subject; days are since the first dose, ``inf`` is never."""

    usubjid: str
    cohort: str
    first_dose: date
    age: int
    sex: str
    lines: int
    ecog: int
    stopped: int
    """Last day of treatment."""
    why: str
    died: float
    seen: int
    """Day last known alive."""
    assessed: tuple[tuple[int, str, str], ...]
    """Day, visit and response of each assessment."""
    change: str

    def on(self, day: float) -> date:
        """Return the date of a day."""
        return self.first_dose + timedelta(days=int(day))


def below(draw: Random, n: int) -> int:
    """Return a whole number from 0 to n - 1, each as likely."""
    return int(draw.random() * n)


def waiting(draw: Random, median: float) -> float:
    """Return an exponential time with this median."""
    return -median * log(1 - draw.random()) / log(2)


def assigned(draw: Random, blocks: int) -> Iterator[str]:
    """Yield cohorts in permuted blocks of four."""
    for _ in range(blocks):
        block = sorted([*COHORTS, *COHORTS], key=lambda _: draw.random())
        yield from block


def subjects(draw: Random) -> Iterator[Subject]:
    """Yield the 24 subjects in the order in which they entered."""
    gaps = accumulate(3 + below(draw, 16) for _ in range(24))
    for number, (cohort, entered) in enumerate(zip(assigned(draw, 6), gaps, strict=True), start=1):
        first_dose = OPENED + timedelta(days=entered)
        yield subject(draw, f"SYNTHETIC-{number:02}", cohort, first_dose)


def subject(draw: Random, usubjid: str, cohort: str, first_dose: date) -> Subject:
    """Return one subject: how long the lymphoma is held, what is seen of it, and when the subject leaves."""
    median, respond, _ = COHORTS[cohort]
    responds, deep, progression = draw.random() < respond, draw.random() < 0.4, waiting(draw, median)
    leaves = 8 + below(draw, 150) if draw.random() < 0.12 else inf
    died = progression + waiting(draw, 240) if draw.random() < 0.7 else inf
    last = (END - first_dose).days
    died = died if died <= min(last, leaves) else inf
    until = min(last, leaves, died)
    assessed: list[tuple[int, str, str]] = []
    for planned in VISITS:
        day = planned - 3 + below(draw, 7)
        if day > until or (assessed and assessed[-1][2] == "PD"):
            break
        best = "CR" if deep and assessed else "PR"
        answer = "PD" if day >= progression else best if responds else "SD"
        assessed.append((day, f"Week {planned // 7}", answer))
    answers = [answer for _, _, answer in assessed]
    progressed = next((day for day, _, answer in assessed if answer == "PD"), inf)
    reasons = (
        (progressed, "Progression"),
        (leaves, "Subject's wish"),
        (died - 1, "Toxicity"),
        (last, "End of the trial"),
    )
    stopped, why = min(reasons)
    return Subject(
        usubjid=usubjid,
        cohort=cohort,
        first_dose=first_dose,
        age=38 + below(draw, 42),
        sex="FM"[below(draw, 2)],
        lines=1 + below(draw, 4),
        ecog=below(draw, 3),
        stopped=int(stopped),
        why=why,
        died=died,
        seen=int(until),
        assessed=tuple(assessed),
        change=change(draw, answers),
    )


def change(draw: Random, answers: Sequence[str]) -> str:
    """Return the best change that goes with the responses, in percent; empty where nothing was assessed."""
    share = draw.random()
    if not answers:
        return ""
    if "CR" in answers:
        return "-100.0"
    low, high = (-95, -51) if "PR" in answers else (-48, 20) if "SD" in answers else (52, 110)
    return f"{low + share * (high - low):.1f}"


def adsl(s: Subject) -> Row:
    """Return the row of a subject."""
    dead = s.died < inf
    return {
        "STUDYID": STUDYID,
        "USUBJID": s.usubjid,
        "AGE": s.age,
        "SEX": s.sex,
        "RFICDT": s.on(-10),
        "TRTSDT": s.first_dose,
        "TRTEDT": s.on(s.stopped),
        "COHORT": s.cohort,
        "DTHFL": "Y" if dead else "N",
        "DTHDT": s.on(s.died) if dead else "",
        "LSTALVDT": s.on(s.seen),
        "PRLINES": s.lines,
        "ECOG": s.ecog,
        "TRTDURD": s.stopped + 1,
        "BESTCHG": s.change,
        "EOSREAS": s.why,
    }


def events(draw: Random, s: Subject) -> Iterator[tuple[int, int, str, str, int, str]]:
    """Yield first day, last day, term, class, grade and causality of each adverse event."""
    for term, organ_class, often, highest in EVENTS:
        happens, start, lasts, grade = (
            draw.random() < often,
            below(draw, 90),
            2 + below(draw, 14),
            1 + below(draw, highest),
        )
        related = "RELATED" if draw.random() < 0.7 and (grade < 3 or term == "Neutropenia") else "NOT RELATED"
        if happens and start <= min(s.stopped, s.seen):
            yield start, min(start + lasts, s.seen), term, organ_class, grade, related
    limited, start, which = draw.random() < COHORTS[s.cohort][2], 4 + below(draw, 20), below(draw, len(DOSE_LIMITING))
    if limited and start <= min(s.stopped, s.seen):
        yield start, min(start + 9, s.seen), *DOSE_LIMITING[which], 3, "RELATED"


def adae(draw: Random, s: Subject) -> Iterator[Row]:
    """Yield the adverse events of a subject."""
    for number, (start, end, term, organ_class, grade, related) in enumerate(sorted(events(draw, s)), start=1):
        yield {
            "STUDYID": STUDYID,
            "USUBJID": s.usubjid,
            "AESEQ": number,
            "AEDECOD": term,
            "AEBODSYS": organ_class,
            "ATOXGR": grade,
            "AREL": related,
            "ASTDT": s.on(start),
            "AENDT": s.on(end),
            "TRTEMFL": "Y",
        }


def adrs(s: Subject) -> Iterator[Row]:
    """Yield the assessments of a subject."""
    for day, visit, answer in s.assessed:
        keys = {"STUDYID": STUDYID, "USUBJID": s.usubjid, "PARAMCD": "OVRLRESP", "PARAM": "Overall Response"}
        yield {**keys, "AVALC": answer, "ADT": s.on(day), "ADY": day + 1, "VISIT": visit}


def adtte(s: Subject) -> Iterator[Row]:
    """Yield the times of a subject: progression-free survival, and for a responder the duration of response."""
    last = max((day for day, _, _ in s.assessed), default=0)
    progressed = next((day for day, _, answer in s.assessed if answer == "PD"), inf)
    ends = min(progressed, s.died)
    what = "" if ends == inf else "Progression" if progressed <= s.died else "Death"
    responded = next((day for day, _, answer in s.assessed if answer in {"CR", "PR"}), None)
    starts = [("PFS", "Progression-Free Survival", 0)]
    if responded is not None:
        starts.append(("DOR", "Duration of Response", responded))
    for code, name, start in starts:
        end = last if ends == inf else int(ends)
        yield {
            "STUDYID": STUDYID,
            "USUBJID": s.usubjid,
            "PARAMCD": code,
            "PARAM": name,
            "STARTDT": s.on(start),
            "ADT": s.on(end),
            "AVAL": end - start,
            "AVALU": "DAYS",
            "CNSR": int(ends == inf),
            "EVNTDESC": what,
            "CNSDTDSC": "" if what else "Last assessment",
        }


def tables() -> dict[str, list[Row]]:
    """Return the rows of each file."""
    draw = Random(SEED)
    people = list(subjects(draw))
    return {
        "adsl": [adsl(s) for s in people],
        "adae": [row for s in people for row in adae(draw, s)],
        "adrs": [row for s in people for row in adrs(s)],
        "adtte": [row for s in people for row in adtte(s)],
    }


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as CSV."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, listed[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"
    out.mkdir(exist_ok=True)
    for name, rows in tables().items():
        write(out / f"{name}.csv", rows)
