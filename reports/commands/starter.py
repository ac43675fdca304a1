"""The plan that a new study begins with, put together from what was asked for."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

ENDPOINTS: Final[Mapping[str, str]] = {
    "ae": "adverse events by system organ class, term and worst grade",
    "death": "proportion of subjects who died",
    "dlt": "dose-limiting toxicity",
    "os": "overall survival",
    "pfs": "progression-free survival",
    "response": "objective response",
}
"""Each has a file of its name beside the plan to begin with."""
DESIGNS: Final = ("single-arm", "cohorts", "randomised")
CALLED: Final[Mapping[str, str]] = {
    "ae": "adverse_events safety",
    "death": "mortality deaths",
    "dlt": "dose_limiting_toxicity toxicity",
    "os": "overall_survival survival",
    "pfs": "progression_free_survival progression",
    "randomised": "rct randomized parallel",
    "response": "orr bor objective_response",
    "single-arm": "single one_arm",
}
"""What else the field says for them."""
OVERVIEW: Final = "Gap 9: the design in a sentence"
CONTROL: Final = "Gap 9: the control, or that there is none"
ASSIGNED: Final = "Gap 10: how subjects are assigned, or that they are not"
RECEIVED: Final = "Gap 9: what they receive"
STUDY: Final = "GAP-STUDY-ID"
_MERGED: Final = (
    "objectives",
    "dlt_rules",
    "derivations",
    "groupings",
    "analyses",
    "outputs",
    "listings",
)
_ORDER: Final = ("dlt_rules", "derivations", "analysis_sets", "groupings", "analyses", "outputs", "listings")
_NUMBER: Final = re.compile(r'number: "([\d.]+)"')


@dataclass(frozen=True)
class Asked:
    """What a person said of a new study; what is left out stays a gap of the plan, or as the plan begins."""

    design: str = ""
    arms: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    """The first is primary."""
    planned_n: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """Texts by the gap that they fill."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The arms or cohorts that are told apart."""
        named = self.arms or self.cohorts
        return named if len(named) > 1 else ()

    @property
    def filled(self) -> Mapping[str, str]:
        """What fills a gap: what was said, and what follows from the design."""
        given = dict(self.answers)
        named = ", ".join(self.arms or self.cohorts)
        if STUDY in given:
            given.setdefault("GAP-PLAN-ID", f"SAP-{given[STUDY]}")
        if len(self.arms) == 1:
            given.setdefault(RECEIVED, named)
        match self.design:
            case "single-arm":
                same = "every subject receives the same treatment"
                given = {
                    OVERVIEW: f"One arm: {same}.",
                    CONTROL: "None: the trial has one arm.",
                    ASSIGNED: f"None: {same}.",
                } | given
            case "cohorts":
                told = f"{len(self.cohorts)} cohorts: {named}."
                given = {OVERVIEW: told, CONTROL: "None: cohorts are described, and not compared."} | given
            case "randomised":
                given = {OVERVIEW: f"Randomised, {len(self.arms)} parallel arms: {named}."} | given
        return given


def plan_text(asked: Asked) -> str:
    """Return the plan that a study begins with."""
    starter = files("reports") / "starter"
    text = (starter / "plan.yml").read_text(encoding="utf-8")
    if asked.endpoints or asked.groups:
        primary, *others = asked.endpoints or ("death",)
        wanted = {primary: "primary", "baseline": "secondary", **dict.fromkeys(others, "secondary")}
        parts = [
            (starter / "endpoints" / f"{name}.yml").read_text(encoding="utf-8").replace("PURPOSE", purpose)
            for name, purpose in wanted.items()
        ]
        text = _joined(text, parts, asked)
    if asked.planned_n is not None:
        text = re.sub(r"(?m)^  planned_n: \d+", f"  planned_n: {asked.planned_n}", text)
    for gap, answer in asked.filled.items():
        written = json.dumps(answer, ensure_ascii=False)  # a text of JSON is one of YAML
        text = text.replace(f"'{gap}'", written).replace(f": {gap}\n", f": {written}\n")
    return text


def _joined(text: str, parts: Iterable[str], asked: Asked) -> str:
    """Return a plan of the head of another and of parts."""
    head = _sections(text)
    found: dict[str, list[str]] = {key: [] for key in _MERGED}
    datasets = {"ADSL": _blocks(head["datasets"])["ADSL"]}
    group, title, variable = ("ARM", "Arm", "TRT01A") if asked.arms else ("COHORT", "Cohort", "COHORT")
    if asked.groups:
        names = [json.dumps(name, ensure_ascii=False) for name in asked.groups]
        codes = f"{{name: {variable}, label: {title}, codelist: [{', '.join(names)}]}}"
        datasets["ADSL"] += f"    variables:\n      - {codes}\n"
        levels = "".join(f"      - {{label: {name}, values: [{name}]}}\n" for name in names)
        place = f"    title: {title}\n    variable: ADSL.{variable}\n    levels:\n"
        found["groupings"] = [f"  - id: {group}\n{place}{levels}"]
    for part in parts:
        lines = part.splitlines(keepends=True)
        own = _sections("".join(line.replace("by: GROUP", f"by: {group}") for line in lines if _holds(line, asked)))
        for name, block in _blocks(own.pop("datasets", "")).items():
            further = block.partition("    parameters:\n")[2]
            datasets[name] = datasets[name] + further if name in datasets else block
        for key in _MERGED:
            found[key].append(own.get(key, ""))
    for key in ("outputs", "listings"):
        found[key] = sorted("".join(found[key]).splitlines(keepends=True), key=_numbered)
    bodies = {key: "".join(body) for key, body in found.items()} | {"datasets": "".join(datasets.values())}
    if "os" in asked.endpoints:
        head["conventions"] = f"  survival_parameter: OS\n{head['conventions']}"
    kept = {key: bodies.get(key, body) for key, body in head.items() if key not in _ORDER}
    kept |= {key: bodies.get(key, head.get(key, "")) for key in _ORDER}
    written = [f"{key}:\n{body.rstrip()}\n" for key, body in kept.items() if key and body]
    begun = head[""].replace(": one analysis of one set", "")
    return begun + "\n".join(written).replace("changes_from_protocol:\n []", "changes_from_protocol: []")


def _holds(line: str, asked: Asked) -> bool:
    return bool(asked.groups) or "by: GROUP" not in line


def _numbered(line: str) -> list[int]:
    found = _NUMBER.search(line)
    return [int(part) for part in found[1].split(".")] if found else []


def _sections(text: str) -> dict[str, str]:
    """Return what stands below each key of a plan, and what stands before the first."""
    before, *rest = re.split(r"(?m)^(\w+):\n?", text)
    return {"": before} | dict(zip(rest[::2], rest[1::2], strict=True))


def _blocks(text: str) -> dict[str, str]:
    """Return the datasets of a plan by their names, each with its line."""
    return {found[1]: found[0] for found in re.finditer(r"(?m)^  ([A-Z]+):.*\n(?:    .*\n)*", text)}
