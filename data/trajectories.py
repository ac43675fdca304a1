"""Synthetic courses over time: CAR-T cells, temperature, neutrophils, cytokines. Days are days since infusion."""

from collections.abc import Iterator

import numpy as np
from events import ANAEMIA, CRS, EVENTS, FEBRILE_NEUTROPENIA, NEUTROPHILS, PLATELETS, Event
from subjects import Subject

LLOQ = 0.1
CART_DAYS = (0, 1, 4, 6, 8, 10, 12, 14, 16, 18, 21, 28, 60, 90, 180)
NEUT_DAYS = (-1, 2, 4, 6, 8, 10, 12, 14, 17, 21, 28, 35, 42, 49, 60, 90, 120)
CYTOKINE_DAYS = (-1, 1, 3, 5, 7, 9, 11, 14, 18, 21, 28)
TEMP_DAYS = tuple(range(-1, 22))

# Neutrophils (10^9/L) by CTCAE grade; 0 is no event.
NEUT_RANGE = {0: (1.7, 3.6), 2: (1.05, 1.45), 3: (0.55, 0.95), 4: (0.0, 0.38)}
# Hemoglobin (g/L) and platelets (10^9/L) by CTCAE grade.
HGB_RANGE = {0: (121.0, 146.0), 2: (81.0, 98.0), 3: (58.0, 78.0)}
PLAT_RANGE = {0: (152.0, 285.0), 2: (51.0, 73.0), 3: (26.0, 48.0), 4: (4.0, 23.0)}

# Cytokines that the supplement's figure may show: value before infusion (pg/mL), and the share of the rise of IL-6 on
# the log scale that each has.
OTHER_CYTOKINES = {"TNFA": ((3.0, 8.0), 0.35), "IFNG": ((2.0, 6.0), 0.75), "IL10": ((2.0, 5.0), 0.6)}


def _own(subject: Subject, *terms: str) -> list[Event]:
    return [e for e in EVENTS if e.subjid == subject.subjid and e.term in terms]


def _grade(subject: Subject, day: int, term: str) -> int:
    """Return the grade a subject has on a day, 0 without the event."""
    grades = [e.grade for e in _own(subject, term) if e.start <= day and (e.end is None or day <= e.end)]
    return max(grades, default=0)


def _until(subject: Subject, days: tuple[int, ...], last: int | None = None) -> list[int]:
    """Return the days before death or the end of follow-up, and up to `last`."""
    return [d for d in days if d < subject.outcome.days and (last is None or d <= last)]


def cart(subject: Subject, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield CAR-T cells (% of T cells): log-linear rise to the stated peak, then two-phase decay.

    Sampling stops at transplantation, whose conditioning removes the cells.
    """
    start = 0.02
    for day in _until(subject, CART_DAYS, subject.treatment.hsct_day):
        noise = float(rng.uniform(0.75, 1.1))
        if day == 0:
            yield day, 0.0
        elif day == subject.peaks.day:
            yield day, subject.peaks.cart
        elif day < subject.peaks.day:
            rise = (subject.peaks.cart / start) ** (day / subject.peaks.day)
            yield day, round(min(start * rise * noise, 0.9 * subject.peaks.cart), 2)
        else:
            since = day - subject.peaks.day
            decay = 0.85 * np.exp(-since / 4.0) + 0.15 * np.exp(-since / 25.0)
            yield day, round(float(subject.peaks.cart * decay * min(noise, 1.0)), 2)


def temperature(subject: Subject, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield body temperature (°C): fever at infusion where there was a reaction, in CRS, in febrile neutropenia."""
    for day in _until(subject, TEMP_DAYS):
        spread = float(rng.uniform(0.0, 0.6))
        crs = _grade(subject, day, CRS)
        if day == 0 and subject.peaks.fever_at_infusion:
            value = 38.2 + spread
        elif crs:
            value = 38.0 + 0.3 * crs + spread
        elif _grade(subject, day, FEBRILE_NEUTROPENIA):
            value = 38.4 + spread
        else:
            value = 36.4 + spread
        yield day, round(value, 1)


def neutrophils(subject: Subject, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield neutrophils (10^9/L) in the CTCAE range of the adverse event of that day."""
    for day in _until(subject, NEUT_DAYS):
        low, high = NEUT_RANGE[_grade(subject, day, NEUTROPHILS)]
        yield day, round(float(rng.uniform(low, high)), 2)


def haemoglobin(subject: Subject, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield hemoglobin (g/L) in the CTCAE range of the anaemia of that day."""
    for day in _until(subject, NEUT_DAYS):
        low, high = HGB_RANGE[_grade(subject, day, ANAEMIA)]
        yield day, round(float(rng.uniform(low, high)))


def platelets(subject: Subject, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield platelets (10^9/L) in the CTCAE range of the adverse event of that day."""
    for day in _until(subject, NEUT_DAYS):
        low, high = PLAT_RANGE[_grade(subject, day, PLATELETS)]
        yield day, round(float(rng.uniform(low, high)))


def other_cytokine(subject: Subject, name: str, rng: np.random.Generator) -> Iterator[tuple[int, float]]:
    """Yield a cytokine that rises with IL-6, less steeply."""
    (low, high), share = OTHER_CYTOKINES[name]
    height = (low + high) / 2 * (subject.peaks.il6 / 8.0) ** share
    yield from cytokine(subject, round(height * float(rng.uniform(0.9, 1.1)), 1), (low, high), rng)


def cytokine(
    subject: Subject, peak: float, baseline: tuple[float, float], rng: np.random.Generator
) -> Iterator[tuple[int, float]]:
    """Yield a cytokine: a bell on the log scale from baseline to the stated peak, centred on the worst CRS."""
    base = float(rng.uniform(*baseline))
    worst = max(_own(subject, CRS), key=lambda e: e.grade)
    middle = min(CYTOKINE_DAYS, key=lambda d: (abs(d - (worst.start + (worst.end or worst.start)) / 2), d))
    for day in _until(subject, CYTOKINE_DAYS):
        noise = float(rng.uniform(0.85, 1.0))
        bell = float(np.exp(-(((day - middle) / 5.0) ** 2))) if day > 0 else 0.0
        value = peak if day == middle else base * (peak / base) ** bell * noise
        yield day, round(value, 1)
