"""First analysis of response: the best response of each subject, and the proportion of those who responded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analysis.mapping.analyses.piece import Piece, World, analysis
from analysis.mapping.analyses.survival import label_of
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Table
from analysis.mapping.core import source_of
from analysis.mapping.proposal import Entry, Said
from sap.model.datasets import CORE


def responses(world: World) -> tuple[Piece | None, tuple[Said, ...]]:
    """Return the best response, None where no parameter holds responses, and what is to be said of the others."""
    found = sorted(_parameters(world), key=lambda f: f.rank)
    usable = [f for f in found if f.dated or f.single]
    said = tuple(
        Said(f"{f.table.name} {f.code}", "responses that are not analysed", "certain", _UNDATED)
        for f in found
        if f not in usable
    )
    return (_best(world, usable[0]) if usable else None), said


_DATES: Final = frozenset({"ADT", "ADTM"})
_UNDATED: Final = "They are not dated from a first treatment, and there are several records a subject."


@dataclass(frozen=True)
class _Responses:
    """A parameter that holds responses."""

    table: Table
    code: str
    texts: tuple[str, ...]
    recode: words.Recode
    single: bool
    """Whether a subject has one record of it."""
    dated: bool
    """Whether the plan can derive the best of them: by the days since first treatment."""

    @property
    def alone(self) -> bool:
        """Whether its values are one a subject over the whole dataset."""
        return self.table.subjects == self.table.rows

    @property
    def label(self) -> str:
        return label_of(self.table, self.code)

    @property
    def rank(self) -> tuple[int, int, str]:
        """A best response that the trial derived comes first, then assessments by visit, of which one is derived."""
        best = self.single and ("BOR" in self.code or "best" in self.label.casefold())
        return (0 if best else 1 if not self.single else 2, len(self.code), self.code)


def _parameters(world: World) -> Iterator[_Responses]:
    treated = source_of(world.adsl, next(v for v in CORE["ADSL"] if v.name == "TRTSDT"))
    for table in world.tables.values():
        if not {"PARAMCD", "AVALC"} <= table.columns.keys():
            continue
        for code in table.columns["PARAMCD"].texts:
            rows = table.of(code)
            texts = tuple(str(t) for t in rows["AVALC"].unique() if t and t not in table.columns["AVALC"].missing)
            recode = words.response(texts)
            if recode is not None:
                single = not rows["USUBJID"].duplicated().any()
                dates = [
                    (rows[c] != "") & ~rows[c].isin(table.columns[c].missing) for c in _DATES & table.columns.keys()
                ]
                known = treated is not None and bool(treated.texts)
                dated = known and any(d.all() if single else d.any() for d in dates)
                yield _Responses(table, code, texts, recode, single, dated)


def _best(world: World, found: _Responses) -> Piece:
    name, code, label = found.table.name, found.code, found.label
    codes = sorted({found.recode.get(t, t) for t in found.texts}, key=lambda c: (words.rank(c), c))
    order = [c for c in codes if words.rank(c) < len(words.RANK)]
    event = [c for c in order if words.is_response(c)]
    parameter: Entry = {"label": label, "codelist": codes}
    if found.recode:
        parameter["recode"] = dict(found.recode)
    derivation: Entry = {"id": "BEST", "kind": "best_response", "parameter": code, "order": order}
    derivation |= {"text": "Best response"} | ({"dataset": name} if name != "ADRS" else {})
    variable, levels = ("BEST.BOR", [*order, "NE"]) if found.dated else (f"{name}.AVALC", codes)
    steps: list[Entry] = [
        {"method": "binomial", "variable": variable, "event": event, **world.by},
        {"method": "distribution", "variable": variable, **world.by, "levels": levels},
    ]
    title = f"Best response{world.by_arm}"
    analysed = analysis("RESPONSE", title, world.sets.efficacy, steps, endpoint=f"Response: {', '.join(event)}")
    if not found.dated and not found.alone:
        analysed["data_subset"] = {"dataset": name, "variable": "PARAMCD", "comparator": "EQ", "value": code}
    records = "one a subject" if found.single else "several a subject: the best one counts"
    why = f"Its codes are responses; {records}."
    said = [Said(f"{name} {code}", f"{label}, best first: {', '.join(order)}", "likely", why)]
    if found.recode:
        listed = ", ".join(f"{k} -> {v}" for k, v in found.recode.items())
        said.append(Said(f"{name} {code} codes", listed, "likely", "Other words for the same response."))
    shown = (("table", title, ""), ("proportion_figure", f"Proportion with a response{world.by_arm}", ""))
    used = {name: tuple(n for n in ("AVALC", "ADT") if n in found.table.columns)}
    derived = (derivation,) if found.dated else ()
    return Piece(analysed, shown, used, {}, {name: {code: parameter}}, derived, tuple(said))
