"""Grouping factors of a reporting event as groupings of a plan."""

from dataclasses import dataclass
from typing import Any

from sap.event.clauses import NAME, Clauses, UnknownClauseError, conditions_of
from sap.event.names import Ids, heading, told_apart
from sap.event.told import Json, Teller, order_of, parts, text_of


@dataclass(frozen=True)
class Factor:
    """A grouping of the plan, with what is known of it in the event."""

    written: dict[str, Any]
    """As the plan has it."""
    group_ids: tuple[str, ...]
    """Ids of its groups in the event, in the order of its levels."""

    @property
    def id(self) -> str:
        """Its id in the plan."""
        return str(self.written["id"])

    @property
    def dataset(self) -> str:
        """The dataset of its variable."""
        return str(self.written["variable"]).partition(".")[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its levels."""
        return tuple(level["label"] for level in self.written.get("levels", ()))

    def codes(self) -> dict[str, str]:
        """Return the label of the group by each value that makes it."""
        levels = self.written.get("levels", ())
        return {value: level["label"] for level in levels for value in level.get("values", ())}


def factors(event: Json, clauses: Clauses, ids: Ids, tell: Teller) -> dict[str, Factor]:
    """Return the groupings by their id in the event; one without a variable is told."""
    found = {}
    for place, part in parts(event, "analysisGroupings", "", tell):
        name = text_of(part, "id")
        if not name or name in found:
            tell.left_out(place, name, "a grouping needs an id of its own.")
            continue
        made = _factor(part, place, clauses, ids)
        if made is not None:
            found[name] = made
    return found


def _factor(part: Json, place: str, clauses: Clauses, ids: Ids) -> Factor | None:
    name, tell = text_of(part, "id"), clauses.tell
    dataset, variable = (text_of(part, key).upper() for key in ("groupingDataset", "groupingVariable"))
    levels, group_ids = [], []
    wheres = []
    for where, group in sorted(parts(part, "groups", place, tell), key=lambda p: order_of(p[1])):
        group_id = text_of(group, "id")
        try:
            clause = clauses.of(group, where)
        except UnknownClauseError as error:
            tell.left_out(error.place, group_id, f"the group cannot be made: {error.why}")
            continue
        if clause is None:
            tell.left_out(where, group_id, "the group has no condition, so nobody can be put in it.")
            continue
        wheres.append(clause)
        group_ids.append(group_id)
        levels.append(heading(text_of(group, "label", "name")) or heading(text_of(group, "name")) or group_id)
    about = next(iter(conditions_of(wheres[0])), {}) if wheres else {}
    dataset, variable = dataset or about.get("dataset", ""), variable or about.get("variable", "")
    if not (NAME.fullmatch(dataset) and NAME.fullmatch(variable)):
        tell.left_out(place, name, "it names no dataset and variable, and has no group that does.")
        return None
    if wheres and variable != "USUBJID" and all(w.get("variable") == "USUBJID" for w in wheres):
        tell.left_out(place, name, "the file has none of the columns of its groups.")
        return None
    if clauses.absent(dataset, variable) and not wheres:
        tell.left_out(place, name, f"the file of {dataset} has no column {variable}.")
        return None
    if clauses.absent(dataset, variable):
        variable = str(about.get("variable", variable))
    written: dict[str, Any] = {
        "id": ids.of("grouping", name),
        "title": heading(text_of(part, "label", "name")) or name,
        "variable": f"{dataset}.{variable}",
    }
    if wheres:
        listed = zip(told_apart(levels), wheres, strict=True)
        written["levels"] = [_level(label, clause, dataset, variable) for label, clause in listed]
    elif part.get("dataDriven") is not True:
        tell.changed(place, name, "it is not data-driven and has no groups: its groups are the values of the data.")
    return Factor(written, tuple(group_ids))


def _level(label: str, clause: dict[str, Any], dataset: str, variable: str) -> dict[str, Any]:
    same = clause.get("dataset") == dataset and clause.get("variable") == variable
    if same and clause["comparator"] in {"EQ", "IN"}:
        values = clause["value"] if isinstance(clause["value"], list) else [clause["value"]]
        if "" not in values:
            return {"label": label, "values": values}
    return {"label": label, "where": clause}
