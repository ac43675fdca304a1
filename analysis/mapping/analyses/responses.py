"""First analysis of response: the best response of each subject, and the proportion of those who responded."""

from collections.abc import Iterator

from analysis.mapping.analyses.piece import Piece, World, analysis
from analysis.mapping.analyses.survival import label_of
from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Table
from analysis.mapping.proposal import Entry, Said


def responses(world: World) -> Piece | None:
    """Return the best response; None where no parameter holds responses."""
    found = sorted(_parameters(world), key=lambda f: f[0])
    return found[0][1] if found else None


def _parameters(world: World) -> Iterator[tuple[tuple[int, str], Piece]]:
    for table in world.tables.values():
        if not {"PARAMCD", "AVALC"} <= table.columns.keys():
            continue
        for code in table.columns["PARAMCD"].texts:
            rows = table.of(code)
            texts = [str(t) for t in rows["AVALC"].unique() if t and t not in table.columns["AVALC"].missing]
            recode = words.response(texts)
            if recode is not None and "ADT" in table.columns:
                best = not rows["USUBJID"].duplicated().any()
                # Assessments by visit come before a best response that somebody derived: the plan derives it itself.
                yield (int(best), code), _best(world, table, code, texts, recode)


def _best(world: World, table: Table, code: str, texts: list[str], recode: words.Recode) -> Piece:
    label = label_of(table, code)
    codes = sorted({recode.get(t, t) for t in texts}, key=lambda c: (words.rank(c), c))
    order = [c for c in codes if words.rank(c) < len(words.RANK)]
    parameter: Entry = {"label": label, "codelist": codes} | ({"recode": dict(recode)} if recode else {})
    derivation: Entry = {
        "id": "BEST",
        "kind": "best_response",
        "parameter": code,
        "order": order,
        "text": f"Best of {label}",
    }
    if table.name != "ADRS":
        derivation["dataset"] = table.name
    event = [c for c in order if words.is_response(c)]
    steps: list[Entry] = [
        {"method": "binomial", "variable": "BEST.BOR", "event": event, **world.by},
        {"method": "distribution", "variable": "BEST.BOR", **world.by, "levels": [*order, "NE"]},
    ]
    found = analysis(
        "RESPONSE", f"Best response{world.by_arm}", world.sets.efficacy, steps, endpoint=f"Response: {', '.join(event)}"
    )
    title = f"Best response{world.by_arm}"
    records = (
        "one a subject"
        if not table.of(code)["USUBJID"].duplicated().any()
        else "several a subject: the best one counts"
    )
    said = [
        Said(
            f"{table.name} {code}",
            f"{label}, best first: {', '.join(order)}",
            "likely",
            f"Its codes are responses; {records}.",
        )
    ]
    if recode:
        listed = ", ".join(f"{k} -> {v}" for k, v in recode.items())
        said.append(Said(f"{table.name} {code} codes", listed, "likely", "Other words for the same response."))
    shown = (("table", title, ""), ("proportion_figure", f"Proportion with a response{world.by_arm}", ""))
    return Piece(
        found, shown, {table.name: ("AVALC", "ADT")}, {}, {table.name: {code: parameter}}, (derivation,), tuple(said)
    )
