"""Outputs of a reporting event: titles, footnotes, and the analyses each shows, in the order of its contents."""

from collections.abc import Iterator
from typing import Any

from sap.event.told import Json, Teller, order_of, parts, text_of

Outputs = dict[str, list[str]]
"""The analyses of each output, by ids of the event, in their order."""


def shown_in(event: Json, tell: Teller) -> Outputs:
    """Return the outputs of the lists of contents, each with the analyses below it."""
    found: Outputs = {}
    main = event.get("mainListOfContents")
    others = [part for _, part in parts(event, "otherListsOfContents", "", tell)]
    for contents in ([main] if isinstance(main, dict) else []) + others:
        nested = contents.get("contentsList")
        if isinstance(nested, dict):
            _walk(nested, "", found)
    known = [text_of(part, "id") for _, part in parts(event, "outputs", "", tell)]
    for output in known:
        found.setdefault(output, [])
    empty = [output for output in known if not found[output]]
    shown = {a for listed in found.values() for a in listed}
    left = [name for _, part in parts(event, "analyses", "", tell) if (name := text_of(part, "id")) not in shown]
    if len(empty) == 1 and left:  # nothing says which output shows them, and there is one to show them
        found[empty[0]] = left
    return found


def _walk(nested: Json, output: str, found: Outputs) -> None:
    items = [i for i in nested.get("listItems") or [] if isinstance(i, dict)]
    for item in sorted(items, key=order_of):
        own = text_of(item, "outputId") or output
        if own:
            listed = found.setdefault(own, [])
            analysis = text_of(item, "analysisId")
            if analysis and analysis not in listed:
                listed.append(analysis)
        below = item.get("sublist")
        if isinstance(below, dict):
            _walk(below, own, found)


def sections(event: Json, output: Json, kind: str, tell: Teller) -> tuple[str, ...]:
    """Return the texts of the sections of one kind of an output, as its title or its footnotes."""
    return tuple(filter(None, _texts(event, output, kind, tell)))


def _texts(event: Json, output: Json, kind: str, tell: Teller) -> Iterator[str]:
    known: dict[str, Any] = {}
    for place, part in parts(event, "globalDisplaySections", "", tell):
        known |= {text_of(s, "id"): s for _, s in parts(part, "subSections", place, tell)}
    for place, ordered in sorted(parts(output, "displays", "outputs", tell), key=lambda p: order_of(p[1])):
        display = ordered.get("display")
        for where, section in parts(display if isinstance(display, dict) else {}, "displaySections", place, tell):
            if text_of(section, "sectionType") != kind:
                continue
            for _, entry in sorted(parts(section, "orderedSubSections", where, tell), key=lambda p: order_of(p[1])):
                own = entry.get("subSection")
                text = own if isinstance(own, dict) else known.get(text_of(entry, "subSectionId"), {})
                yield text_of(text, "text")
