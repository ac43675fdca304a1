"""What the pages themselves say of the reporting checklist: where an item is reported, and why another is not.

A heading says `consort="6a D3"` among its attributes; the front matter of a page says `consort: 1a` of its title, and
under `not-reported` a reason for items that are not reported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reports.engines.embedded.qmd import parse
from reports.engines.embedded.yamltext import Yaml
from sap.guidelines.report_items import unknown_item
from sap.text.problems import PlanError, Problem

_HEADING: Final = re.compile(r"^(?P<level>#{1,6}) +(?P<title>.*?) *(?:\{(?P<attributes>[^{}]*)\})?\s*$")
_ITEMS: Final = re.compile(r"""\bconsort=(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_ANCHOR: Final = re.compile(r"(?:^|\s)#([\w-]+)")
_FENCE: Final = re.compile(r"^(?:`{3,}|~{3,})")
FIRST: Final = "index"
"""The manuscript, whose places are named first."""
PLAN: Final = "Plan"
"""How places of the plan's document begin."""
REASONS: Final = "not-reported"


@dataclass(frozen=True)
class Place:
    """A place that reports something: its name, and the link that leads there."""

    words: str
    href: str


@dataclass(frozen=True)
class Marks:
    """What pages say of items: the places of those that are reported, the reasons of those that are not."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    given: dict[str, tuple[str, int]] = field(default_factory=dict)
    """File and line of each reason."""
    problems: list[Problem] = field(default_factory=list)

    def known(self, items: str, where: tuple[str, int]) -> Iterator[str]:
        """Yield the items that a person named; what is none is a problem."""
        for item in items.split():
            if wrong := unknown_item(item):
                self.problem(where, *wrong)
            else:
                yield item

    def problem(self, where: tuple[str, int], what: str, fix: str) -> None:
        """Note what is wrong at a line of a file."""
        self.problems.append(Problem(*where, "", what, fix))

    def place(self, items: str, where: tuple[str, int], place: Place) -> None:
        """Note that items are reported at a place."""
        for item in self.known(items, where):
            self.places.setdefault(item, []).append(place)

    def refuse_both(self, shown: Mapping[str, object]) -> None:
        """Raise every problem, and of each reason that its item is reported all the same: by a page, or `shown`."""
        for item in self.reasons:
            places = [p.words for p in self.places.get(item, ())] or (["tables and figures"] if item in shown else [])
            if places:
                what = f"item {item} has a reason not to be reported, and is reported ({', '.join(places)})."
                self.problem(self.given[item], what, "Take away the reason, or the mark.")
        if self.problems:
            raise PlanError(self.problems)


def read_marks(documents: Path) -> Marks:
    """Return what the pages of a folder say of the items."""
    marks = Marks()
    for path in sorted(documents.glob("*.qmd"), key=lambda p: (p.stem != FIRST, p.name)):
        text = path.read_text(encoding="utf-8")
        front = parse(text, path).front
        title = PLAN if path.stem == "sap" else str(front.values.get("title", path.stem))
        if "consort" in front.values:
            place = Place("Title" if path.stem == FIRST else title, f"{path.stem}.html")
            marks.place(str(front.values["consort"]), (str(path), front.line("consort")), place)
        _read_reasons(marks, front)
        for line, words, attributes in _headings(text):
            found = _ITEMS.search(attributes)
            anchor = _ANCHOR.search(attributes)
            if found and anchor:
                named = words if path.stem == FIRST else f"{title}: {words}"
                place = Place(named, f"{path.stem}.html#{anchor[1]}")
                marks.place(next(filter(None, found.groups()), ""), (str(path), line), place)
            elif found:
                what = "this heading reports items and has no anchor to lead to."
                marks.problem((str(path), line), what, "Name one: {#sec-name …}.")
    return marks


def _headings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the words (below those of its chapter) and the attributes of each heading."""
    chapter, fenced = "", False
    for line, row in enumerate(text.splitlines(), start=1):
        fenced ^= bool(_FENCE.match(row))
        found = None if fenced else _HEADING.match(row)
        if found:
            level, title = len(found["level"]), found["title"]
            chapter = title if level <= 2 else chapter
            yield line, f"{chapter}: {title}" if level > 2 and chapter else title, found["attributes"] or ""


def _read_reasons(marks: Marks, front: Yaml) -> None:
    given: Any = front.values.get(REASONS) or {}
    if not isinstance(given, dict):
        what = f"{REASONS} holds items with a reason for each."
        marks.problem((str(front.file), front.line(REASONS)), what, "Write: 4b: The source does not say where.")
        return
    for items, reason in given.items():
        where = str(front.file), front.line(REASONS, str(items))
        for item in marks.known(str(items), where):
            if not isinstance(reason, str) or not reason.strip():
                marks.problem(where, f"item {item} has no reason.", "Say in a sentence why it is not reported.")
            elif item in marks.reasons:
                marks.problem(where, f"item {item} has two reasons.", "Keep one.")
            else:
                marks.reasons[item], marks.given[item] = reason, where
