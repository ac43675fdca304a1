"""A proposed plan as the text of its file: short enough to be read at once, and a person goes on from it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from textwrap import shorten
from typing import Final

from analysis.mapping.analyses.piece import ARM
from analysis.mapping.arms import EVERYBODY, FLAGS
from analysis.mapping.flow import Named, item, section, told_at_end
from analysis.mapping.proposal import Entry, Said
from analysis.mapping.propose import DatasetDraft, Draft

MOST_LINES: Final = 80
"""Most lines of a plan that is begun from data."""
_OBJECTIVE: Final = {"id": "O1", "purpose": "exploratory", "text": "Describe the trial."}


def plan_text(draft: Draft) -> str:
    """Return the plan as YAML; what would make it too long is left out, what a person can add most easily first."""
    return "".join(f"{line}\n" for line in _lines(shortened(draft)))


def shortened(draft: Draft) -> Draft:
    """Return what of a draft its plan has the lines for."""
    for shorter in _shorter(draft):
        if len(_lines(shorter)) <= MOST_LINES:
            break
    return shorter


def left_out(draft: Draft) -> str:
    """Return what was left out of a shortened draft, as its comment and the screen say it; empty when nothing was."""
    return f"Left out to keep {MOST_LINES} lines: {'; '.join(draft.left)}." if draft.left else ""


def _shorter(draft: Draft) -> Iterator[Draft]:
    """Yield a draft and what is left of it when parts are given up one after another."""
    yield draft
    unused = [n for n, d in reversed(list(draft.datasets.items())) if not d.used]
    for name in unused:
        whole = draft.datasets[name]
        short = replace(whole, variables={}, parameters={})
        kinds = {"variable": len(whole.variables), "parameter": len(whole.parameters)}
        gone = " and ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in kinds.items() if n)
        told = (*draft.left, f"{gone} of {name}") if gone else draft.left
        draft = replace(draft, datasets={**draft.datasets, name: short}, left=told)
        yield draft
    for name in unused:
        kept = {n: d for n, d in draft.datasets.items() if n != name}
        # A dataset that goes whole is told instead of what went of it before.
        told = tuple(part for part in draft.left if not part.endswith(f" of {name}"))
        draft = replace(draft, datasets=kept, left=(*told, f"{name} ({draft.datasets[name].entry['title']})"))
        yield draft
    for shorter in (_without("AE-ANY"), _undrawn("proportion_figure"), _of_steps("BASELINE", 4)):
        draft = shorter(draft)
        yield draft
    while any(p.analysis["id"] == "TIMES" for p in draft.pieces):
        draft = _fewer_times(draft)
        yield draft
    further = [str(p.analysis["id"]) for p in draft.pieces if str(p.analysis["id"]).startswith("KM-")][1:]
    for shorter in (
        *map(_without, further),
        _undrawn("kaplan_meier_figure"),
        _without("BASELINE"),
        _without("RESPONSE"),
    ):
        draft = shorter(draft)
        yield draft


Shorter = Callable[[Draft], Draft]


def _without(name: str) -> Shorter:
    def shorter(draft: Draft) -> Draft:
        gone = [f"{name} ({p.analysis['title']})" for p in draft.pieces if p.analysis["id"] == name]
        kept = tuple(p for p in draft.pieces if p.analysis["id"] != name)
        return replace(draft, pieces=kept, left=(*draft.left, *gone))

    return shorter


def _undrawn(kind: str) -> Shorter:
    def shorter(draft: Draft) -> Draft:
        pieces = (replace(p, shown=tuple(s for s in p.shown if s[0] != kind)) for p in draft.pieces)
        gone = [f"figure {s[1]}" for p in draft.pieces for s in p.shown if s[0] == kind]
        return replace(draft, pieces=tuple(pieces), left=(*draft.left, *gone))

    return shorter


def _of_steps(name: str, most: int) -> Shorter:
    def shorter(draft: Draft) -> Draft:
        pieces = (
            replace(p, analysis={**p.analysis, "steps": p.steps[:most]}) if p.analysis["id"] == name else p
            for p in draft.pieces
        )
        gone = sum(max(0, len(p.steps) - most) for p in draft.pieces if p.analysis["id"] == name)
        told = (*draft.left, f"{gone} further step{'s' * (gone != 1)} of {name}") if gone else draft.left
        return replace(draft, pieces=tuple(pieces), left=told)

    return shorter


def _fewer_times(draft: Draft) -> Draft:
    """Return a draft without the last of the further times to event, with which its table goes when none is left."""
    piece = next(p for p in draft.pieces if p.analysis["id"] == "TIMES")
    *derivations, last = piece.derivations
    gone = str(last["parameter"])
    if not derivations:
        return _without("TIMES")(draft)
    parameters = {n: {c: e for c, e in of.items() if c != gone} for n, of in piece.parameters.items()}
    fewer = replace(
        piece,
        analysis={**piece.analysis, "steps": piece.steps[:-1]},
        derivations=tuple(derivations),
        parameters=parameters,
    )
    datasets = {
        n: replace(d, parameters={c: e for c, e in d.parameters.items() if c != gone or n not in piece.parameters})
        for n, d in draft.datasets.items()
    }
    pieces = tuple(fewer if p is piece else p for p in draft.pieces)
    return replace(draft, pieces=pieces, datasets=datasets, left=(*draft.left, f"time to {gone}"))


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
    plan = {
        "id": f"SAP-{study_id}",
        "version": "0.1",
        "date": "Gap 2: date of this version",
        "title": "Statistical analysis plan",
    }
    told: Entry = {
        "id": study_id,
        "title": "Gap 1a: title",
        "short_title": draft.study or "Gap 1a: short title",
        "phase": "Gap 9: phase",
        "population": "Gap 22: who",
        "treatment": "Gap 9: treatment",
        "source": "Gap 3: source",
        "data_notice": "Gap: where the rows come from",
        "plan_notice": "This plan was begun from the data themselves, after they were seen.",
        "planned_n": draft.planned,
    }
    design = {
        "overview": "Gap 9: design in a sentence",
        "control": "Gap 9: control",
        "randomisation": "Gap 10: assignment",
        "blinding": "Gap 9: blinding",
        "treatment": "Gap 9: treatment",
        "follow_up": "Gap 9: follow-up",
    }
    conventions: Entry = {
        "days": f"A time to event starts on day {draft.origin_day}.",
        "baseline": "Gap 25a: baseline",
        "visits": "Gap 15: visits",
        "partial_dates": "Gap 28: incomplete dates",
        "missing": "Gap 28: missing values",
        "multiplicity": "Gap 17: several tests",
        "origin_day": draft.origin_day,
    }
    if any(draft.survival_parameter in d.parameters for d in draft.datasets.values()):
        conventions["survival_parameter"] = draft.survival_parameter
    # One line of them: a second would cost an analysis; the screen has them all.
    left = [f"# {shorten(left_out(draft), 118, placeholder=' …')}"] if draft.left else []
    return [
        '# Begun by `sap map` from data alone. It runs; "Gap" is yours to write. # says how sure a line is, and why.',
        *left,
        *item("plan:", plan),
        *item("study:", told),
        *item("design:", design),
        *item("objectives:", [_OBJECTIVE]),
        *item("sample_size:", {"text": "Gap 11: why this many subjects"}),
        "changes_from_protocol: []",
        *item("conventions:", conventions, _comment(draft.said, "conventions.origin_day")),
    ]


def _comment(said: Iterable[Said], *places: str) -> str:
    """Return how sure a line is and why; a reason that says little is not told."""
    found = [s for s in said if s.place in places]
    least = max(found, key=lambda s: _SURE.index(s.sure), default=None)
    return f"{least.sure}: {least.why.rstrip('.')}" if least is not None else ""


_SURE: Final = ("certain", "likely", "guess", "problem")


def _dataset(name: str, drafted: DatasetDraft, draft: Draft) -> Iterator[str]:
    """Yield a dataset in flow style: what is short shares a line, what is mapped has one with its reason."""
    about = [f"{name} key", f"{name} missing values"]
    if not drafted.variables and not drafted.parameters:
        yield from item(f"{name}:", drafted.entry, _comment(draft.said, *about), indent=2)
        return
    *head, last = item(f"{name}:", drafted.entry, indent=2)
    yield from (*head, f"{last[:-1]},")
    close = "]," if drafted.parameters else "]}"
    reasons = {n: _comment(draft.said, f"{name}.{n}") for n, e in drafted.variables.items() if _mapped(e)}
    mapped = [e for n, e in drafted.variables.items() if not (reasons.get(n) or "certain").startswith("certain")]
    plain = [e for e in drafted.variables.values() if e not in mapped]
    if drafted.variables:
        if mapped:
            yield "    variables: ["
        for i, entry in enumerate(mapped):
            comma = "," if plain or i < len(mapped) - 1 else close
            yield from _ended(item("", entry, indent=6), comma, reasons[str(entry["name"])])
        if plain:
            lines = item("", plain, indent=5) if mapped else item("variables:", plain, indent=4)
            lines[0] = lines[0].replace("[", " ", 1) if mapped else lines[0]
            yield from (*lines[:-1], lines[-1][:-1] + close)
    if drafted.parameters:
        yield from _parameters(name, drafted, draft)


def _parameters(name: str, drafted: DatasetDraft, draft: Draft) -> Iterator[str]:
    """Yield the parameters: on lines of their own where one is not certain, else as they fit."""
    reasons = [_comment(draft.said, f"{name} {code} unit") for code in drafted.parameters]
    if all(not r or r.startswith("certain") for r in reasons):
        yield from _ended(item("parameters:", drafted.parameters, indent=4), "}", reasons[0])
        return
    yield "    parameters: {"
    for i, ((code, entry), reason) in enumerate(zip(drafted.parameters.items(), reasons, strict=True)):
        comma = "," if i < len(drafted.parameters) - 1 else "}}"
        yield from _ended(item(f"{code}:", entry, indent=6), comma, reason)


def _ended(lines: list[str], end: str, comment: str) -> list[str]:
    """Return lines with what ends them, and a comment where it fits."""
    return told_at_end([*lines[:-1], f"{lines[-1]}{end}"], comment)


def _mapped(entry: Entry) -> bool:
    """Return whether a variable is more than named."""
    return bool({"source", "recode", "impute", "codelist"} & entry.keys())


def _sets(draft: Draft) -> Iterator[str]:
    everybody = {"dataset": "ADSL", "variable": "USUBJID", "comparator": "NE", "value": ""}
    yield from item(
        "-",
        {"id": EVERYBODY, "title": "All subjects", "text": "All", "where": Named("all", everybody)},
        indent=2,
    )
    for set_id, flag in draft.sets.flags.items():
        where = {"dataset": "ADSL", "variable": flag, "comparator": "EQ", "value": "Y"}
        told = {"id": set_id, "title": FLAGS[flag][1], "text": f"{flag} = Y", "where": where}
        yield from item("-", told, _comment(draft.said, f"set {set_id}"), indent=2)


def _groupings(draft: Draft) -> Iterator[str]:
    if draft.arms is None or not draft.arms.several:
        return
    levels = [{"label": v, "values": [v]} for v in draft.arms.levels]
    told = {"id": ARM, "title": "Arm", "variable": f"ADSL.{draft.arms.variable}", "levels": levels}
    yield from item("-", told, _comment(draft.said, f"ADSL.{draft.arms.variable}"), indent=2)


def _analyses(draft: Draft) -> Iterator[str]:
    estimand = {
        "population": "Gap 22: who",
        "treatment": "Gap 9: what",
        "variable": "Endpoint",
        "summary": "Method",
    }
    for i, piece in enumerate(draft.pieces):
        told = dict(piece.analysis) | ({"estimand": Named("estimand", estimand)} if i == 0 else {})
        yield from item("-", told, indent=2)


_NUMBERS: Final = {"table": "14.1", "figure": "14.2"}


def _outputs(draft: Draft) -> Iterator[str]:
    counts = dict.fromkeys(_NUMBERS, 0)
    for piece in draft.pieces:
        for kind, title, axis in piece.shown:
            sort = "table" if kind == "table" else "figure"
            counts[sort] += 1
            name = f"{sort[0].upper()}-{counts[sort]}"
            told: Entry = {
                "id": name,
                "number": f"{_NUMBERS[sort]}.{counts[sort]}",
                "kind": kind,
                "title": title,
                "analyses": [piece.analysis["id"]],
            }
            yield from item("-", told | ({"axis": axis} if axis else {}), indent=2)
