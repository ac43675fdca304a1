"""A proposed plan as the text of its file: short enough to be read at once, and a person goes on from it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from analysis.mapping.arms import EVERYBODY, FLAGS
from analysis.mapping.flow import WIDTH, Named, item, section
from analysis.mapping.piece import ARM
from analysis.mapping.propose import DatasetDraft, Draft
from analysis.mapping.proposal import Entry, Said

MOST_LINES: Final = 80
"""Most lines of a plan that is begun from data."""
_OBJECTIVES: Final = (("O1", "Describe the subjects."), ("O2", "Describe what helps."), ("O3", "Describe what harms."))


def plan_text(draft: Draft) -> str:
    """Return the plan as YAML; what would make it too long is left out, what a person can add most easily first."""
    for shorter in _shorter(draft):
        lines = _lines(shorter)
        if len(lines) <= MOST_LINES:
            break
    return "".join(f"{line}\n" for line in lines)


def _shorter(draft: Draft) -> Iterator[Draft]:
    """Yield a draft and what is left of it when parts are given up one after another."""
    yield draft
    for kind in ("kaplan_meier_figure", "proportion_figure"):
        draft = replace(draft, pieces=tuple(replace(p, shown=tuple(s for s in p.shown if s[0] != kind)) for p in draft.pieces))
        yield draft
    for name in [n for n, d in draft.datasets.items() if not d.used]:
        draft = replace(draft, datasets={n: d for n, d in draft.datasets.items() if n != name}, left=(*draft.left, name))
        yield draft
    while len(draft.pieces) > 1:
        gone = next((p for p in reversed(draft.pieces) if str(p.analysis["id"]).startswith("KM-")), draft.pieces[-1])
        draft = replace(draft, pieces=tuple(p for p in draft.pieces if p is not gone), left=(*draft.left, str(gone.analysis["id"])))
        yield draft


def _lines(draft: Draft) -> list[str]:
    return [
        *_head(draft),
        *section("datasets", (line for n, d in draft.datasets.items() for line in _dataset(n, d, draft))),
        *section("data_rules", (line for e in draft.exceptions for line in item("-", e, indent=2))),
        *section("derivations", (line for p in draft.pieces for d in p.derivations for line in item("-", d, indent=2))),
        *section("analysis_sets", _sets(draft)),
        *section("groupings", _groupings(draft)),
        *section("analyses", _analyses(draft)),
        *section("outputs", _outputs(draft)),
    ]


def _head(draft: Draft) -> list[str]:
    study = re.sub(r"[^A-Za-z0-9_-]+", "-", draft.study).strip("-")
    study_id = study if study[:1].isalpha() else f"S-{study}" if study else "GAP-STUDY-ID"
    plan = {"id": f"SAP-{study_id}", "version": "0.1", "date": "Gap 2: date of this version", "title": "Statistical analysis plan"}
    told: Entry = {
        "id": study_id,
        "title": "Gap 1a: title of the trial",
        "short_title": draft.study or "Gap 1a: short title",
        "phase": "Gap 9: phase",
        "population": "Gap 22: who is studied",
        "treatment": "Gap 9: what they receive",
        "source": "Gap 3: where the trial is described",
        "data_notice": "Gap: where the rows behind these pages come from.",
        "plan_notice": "This plan was begun from the data themselves, after they were seen.",
        "planned_n": draft.planned,
    }
    design = {
        "overview": "Gap 9: the design in a sentence",
        "control": "Gap 9: the control, or none",
        "randomisation": "Gap 10: how subjects are assigned",
        "blinding": "Gap 9: who knows the treatment",
        "treatment": "Gap 9: what is given",
        "follow_up": "Gap 9: from when to when",
    }
    conventions: Entry = {
        "days": f"The day of the start is day {draft.origin_day} of a time to event.",
        "baseline": "Gap 25a: which measurement is the baseline",
        "visits": "Gap 15: how assessments are assigned to visits",
        "partial_dates": "Gap 28: incomplete dates",
        "missing": "Gap 28: missing values",
        "multiplicity": "Gap 17: several tests",
        "origin_day": draft.origin_day,
    }
    if draft.survival_parameter:
        conventions["survival_parameter"] = draft.survival_parameter
    used = {str(p.analysis["objective"]) for p in draft.pieces}
    objectives = [{"id": i, "purpose": "exploratory", "text": text} for i, text in _OBJECTIVES if i in used]
    left = f" Left out for length: {', '.join(draft.left)}." if draft.left else ""
    return [
        "# Begun by `sap map` from the data alone: it runs, and what begins with \"Gap\" is yours to write before it is sealed.",
        f"# After # stands how sure a line is and why; `sap map` prints all reasons.{left}"[:118],
        *item("plan:", plan),
        *item("study:", told),
        *item("design:", design),
        *section("objectives", (line for o in objectives for line in item("-", o, indent=2))),
        *item("sample_size:", {"text": "Gap 11: why this many subjects"}),
        "changes_from_protocol: []",
        *item("conventions:", conventions, _comment(draft.said, "conventions.origin_day")),
    ]


def _comment(said: Iterable[Said], *places: str) -> str:
    """Return how sure a line is and why; a reason that says little is not told."""
    found = [s for s in said if s.place in places]
    return "; ".join(f"{s.sure}: {s.why.rstrip('.')}" for s in found[:1])


def _dataset(name: str, drafted: DatasetDraft, draft: Draft) -> Iterator[str]:
    """Yield a dataset in flow style: what is short shares a line, what is mapped has one with its reason."""
    about = [f"{name} key", f"{name} missing values"]
    if not drafted.variables and not drafted.parameters:
        yield from item(f"{name}:", drafted.entry, _comment(draft.said, *about), indent=2)
        return
    *head, last = item(f"{name}:", drafted.entry, indent=2)
    yield from (*head, f"{last[:-1]},")
    close = "]," if drafted.parameters else "]}"
    plain = [e for e in drafted.variables.values() if not _mapped(e)]
    mapped = [e for e in drafted.variables.values() if _mapped(e)]
    if drafted.variables:
        yield "    variables: ["
        for i, entry in enumerate([*mapped]):
            comma = "," if plain or i < len(mapped) - 1 else close
            yield from _ended(item("", entry, indent=5), comma, _comment(draft.said, f"{name}.{entry['name']}"))
        if plain:
            *first, rest = item("", plain, indent=5)
            lines = [*first, rest]
            lines[0] = lines[0].replace("[", "", 1)
            yield from (*lines[:-1], lines[-1][:-1] + close)
    if drafted.parameters:
        yield "    parameters: {"
        for i, (code, entry) in enumerate(drafted.parameters.items()):
            comma = "," if i < len(drafted.parameters) - 1 else "}}"
            yield from _ended(item(f"{code}:", entry, indent=6), comma, _comment(draft.said, f"{name} {code} unit", f"{name} {code}"))


def _ended(lines: list[str], end: str, comment: str) -> list[str]:
    """Return lines with what ends them, and a comment where it fits."""
    told = f"{lines[-1]}{end}"
    longer = f"{told}  # {comment}"
    return [*lines[:-1], longer if comment and len(longer) <= WIDTH else told]


def _mapped(entry: Entry) -> bool:
    """Return whether a variable is more than named."""
    return bool({"source", "recode", "impute", "codelist"} & entry.keys())


def _sets(draft: Draft) -> Iterator[str]:
    everybody = {"dataset": "ADSL", "variable": "USUBJID", "comparator": "NE", "value": ""}
    yield from item("-", {"id": EVERYBODY, "title": "All subjects", "text": "Who is in ADSL.", "where": Named("all", everybody)}, indent=2)
    for set_id, flag in draft.sets.flags.items():
        where = {"dataset": "ADSL", "variable": flag, "comparator": "EQ", "value": "Y"}
        told = {"id": set_id, "title": FLAGS[flag][1], "text": f"Who has {flag} = Y.", "where": where}
        yield from item("-", told, _comment(draft.said, f"set {set_id}"), indent=2)


def _groupings(draft: Draft) -> Iterator[str]:
    if draft.arms is None or not draft.arms.several:
        return
    levels = [{"label": v, "values": [v]} for v in draft.arms.levels]
    told = {"id": ARM, "title": "Arm", "variable": f"ADSL.{draft.arms.variable}", "levels": levels}
    yield from item("-", told, _comment(draft.said, f"ADSL.{draft.arms.variable}"), indent=2)


def _analyses(draft: Draft) -> Iterator[str]:
    estimand = {"population": "Gap 22: who is studied", "treatment": "Gap 9: what they receive", "variable": "As the endpoint says", "summary": "As the methods say"}
    for i, piece in enumerate(draft.pieces):
        told = dict(piece.analysis) | ({"estimand": Named("estimand", estimand)} if i == 0 else {})
        yield from item("-", told, indent=2)


_FIGURES: Final = 2
_NUMBERS: Final = {"table": "14.1", "figure": "14.2"}


def _outputs(draft: Draft) -> Iterator[str]:
    counts = dict.fromkeys(_NUMBERS, 0)
    for piece in draft.pieces:
        for kind, title, axis in piece.shown:
            sort = "table" if kind == "table" else "figure"
            counts[sort] += 1
            name = f"{sort[0].upper()}-{counts[sort]}"
            told: Entry = {"id": name, "number": f"{_NUMBERS[sort]}.{counts[sort]}", "kind": kind, "title": title, "analyses": [piece.analysis["id"]]}
            yield from item("-", told | ({"axis": axis} if axis else {}), indent=2)
