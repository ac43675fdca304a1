"""The page of the concordance: a paper held against itself, the results and the data."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from analysis.concordance.checks import CHECKS
from analysis.concordance.statements import (
    BY_CONSTRUCTION,
    FILE,
    VERDICTS,
    Compared,
    Concordance,
    Statement,
    read_concordance,
)
from analysis.results.ard import Row
from reports.pages.concordance_words import (
    SHORT,
    SLUGS,
    data_check,
    difference,
    expected,
    headline,
    looked_up,
    meaning,
    named,
    possibility,
    quoted,
    raised,
    tag,
    value,
)
from reports.pages.consort import item_table
from reports.run.shown import ShownRun, open_run
from reports.trace.links import RecordLinks, record_links
from reports.words.file_names import CONCORDANCE
from reports.words.markdown import (
    callout,
    column_heads,
    paragraph_text,
    pipe_table,
    raw_html,
    scrolling,
)
from sap.facts.facts import FILE as FACTS
from sap.guidelines.report_items import ITEMS, ReportItem

_QUOTED = re.compile(r"'([A-Za-z][A-Za-z0-9_-]*)'")
HEADS = ("Statement", "Published", "Found here", "Difference", "Verdict")
DATA_CHECKS = f"{CONCORDANCE}/data-checks.html"
"""Page of the checks on the data, from that of the concordance."""
MOST = 3
"""Checks on the data that stand beside a statement; all stand in their own table."""


def _counts(found: Concordance) -> str:
    """Return how many statements have each verdict, and what it means."""
    rows = [(f"{v[0].upper()}{v[1:]}", str(found.count(v)), meaning(found, v)) for v in VERDICTS]
    rows.append(("All", str(len(found.statements)), ""))
    return pipe_table(("Verdict", "Statements", "What it means"), rows, (3, 1, 8))


def _points(found: Concordance) -> str:
    """Return what a referee would raise, the gravest first; each statement named is a link."""
    known = {s.id: s for s in found.statements}
    parts = []
    for kind, of_kind in groupby(raised(found), key=lambda point: point[0]):
        lines = [_point(statements, message, known) for _, statements, message in of_kind]
        parts.append(f"\n**{paragraph_text(kind)}**\n\n" + "\n".join(lines) + "\n")
    return "".join(parts) or "\nThe checks raise nothing.\n"


def _point(statements: Sequence[Statement], message: str, known: Mapping[str, Statement]) -> str:
    about = "; ".join(f"{_link(named(s), f'fact-{s.id}')} ({paragraph_text(s.section)})" for s in statements)
    return f"- {about}. {_linked(message, known, _link, _spaced)}"


def _linked(
    message: str, known: Mapping[str, Statement], link: Callable[[str, str], str], plain: Callable[[str], str]
) -> str:
    """Return a message in which statements, named by id, lead to themselves."""
    pieces = _QUOTED.split(message)
    return "".join(
        (link(named(known[p]), f"fact-{p}") if p in known else plain(f"'{p}'")) if i % 2 else plain(p)
        for i, p in enumerate(pieces)
    )


def _spaced(text: str) -> str:
    """Return plain text in Markdown that keeps the spaces at its ends."""
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    return f"{before}{paragraph_text(text)}{after}" if text.strip() else before


def _link(text: str, anchor: str) -> str:
    return f"[{paragraph_text(text)}](#{anchor})"


def _html_link(text: str, anchor: str) -> str:
    return f'<a href="#{anchor}">{escape(text)}</a>'


def _statements(found: Concordance, rows: Mapping[tuple[str, ...], Row], links: RecordLinks, *, hide: bool) -> str:
    """Return every statement in the order of the paper: a section and a table a section of the paper."""
    cells = _Cells({s.id: s for s in found.statements}, rows, links, hide)
    parts = [_choice(found)]
    for section, of_section in groupby(found.statements, key=lambda s: s.section):
        name = section.lower()
        anchor = re.sub(r"[^a-z0-9]+", "-", name).strip("-")
        parts.append(f"\n### {paragraph_text(section)} {{#concordance-{anchor} .unnumbered}}\n")
        parts.append(raw_html(cells.table(section, list(of_section))))
    return "".join(parts)


def _choice(found: Concordance) -> str:
    """Return buttons that show the statements of one verdict; where the browser cannot, all stay in sight."""
    choices = [("all", "all", len(found.statements)), *((SLUGS[v], v, found.count(v)) for v in VERDICTS)]
    shown = "\n".join(
        f'<label><input type="radio" name="verdict" id="show-{slug}"{" checked" if slug == "all" else ""}> '
        f"{escape(SHORT.get(name, name))} ({n})</label>"
        for slug, name, n in choices
        if n
    )
    fieldset = f'<fieldset class="verdict-choice">\n<legend>Show the statements that are</legend>\n{shown}\n</fieldset>'
    return raw_html(fieldset)


def _table(label: str, classes: str, columns: Iterable[str], heads: Iterable[str], body: str) -> str:
    group = "".join(f'<col class="{c}">' for c in columns)
    head = f"<colgroup>{group}</colgroup>\n<thead><tr>{column_heads(heads)}</tr></thead>"
    return scrolling(label, f'<table class="{classes}">\n{head}\n{body}\n</table>')


@dataclass(frozen=True)
class _Cells:
    """The cells of a table of statements."""

    known: Mapping[str, Statement]
    rows: Mapping[tuple[str, ...], Row]
    links: RecordLinks
    hide: bool

    def table(self, section: str, of_section: Sequence[Statement]) -> str:
        """Return the statements of a section as an HTML table."""
        columns = ("statement", "published", "found", "difference", "verdict")
        body = "\n".join(self._row(s) for s in of_section)
        return _table(f"Statements: {section}", "concordance", columns, HEADS, body)

    def _row(self, s: Statement) -> str:
        slug = SLUGS[s.verdict]
        where = " · ".join(filter(None, (s.where, tag(s))))
        about = f'<th scope="row">{escape(quoted(s, s.words))}<span class="where">{escape(where)}</span></th>'
        made = [(i, c) for i, c in enumerate(s.compared, 1) if c.value]
        found = "".join(f"<li>{one}</li>" for one in self._all_found(s, made))
        gaps = list(dict.fromkeys(d for _, c in made if (d := difference(c))))
        shown = (
            f'<td data-label="Published">{escape(s.published) or "–"}</td>'
            f'<td data-label="Found here">{f"<ul>{found}</ul>" if found else "–"}</td>'
            f'<td data-label="Difference">{escape(", ".join(gaps)) or "–"}</td>'
        )
        row = f"<tr>{about}{shown}{_verdict(s)}</tr>"
        return f'<tbody id="fact-{s.id}" data-verdict="{slug}">\n{row}{_notes(s, self.known)}\n</tbody>'

    def _all_found(self, s: Statement, made: Sequence[tuple[int, Compared]]) -> Iterator[str]:
        """Yield what was found: numbers of the results, then some of the data; the other checks are counted."""
        results = [(i, c) for i, c in made if c.result is not None]
        data = [(i, c) for i, c in made if c.data is not None]
        room = 0 if results else MOST
        # What does not hold is never left out.
        shown = [*results, *data[:room], *((i, c) for i, c in data[room:] if c.holds is False)]
        for i, c in shown:
            yield self._found(s, i, c)
        rest = [i for i, c in data[room:] if c.holds is not False]
        if rest:
            more = "and " if shown else ""
            others = "1 check" if len(rest) == 1 else f"{len(rest)} checks"
            verb = "holds" if len(rest) == 1 else "hold"
            yield f'{more}<a href="{DATA_CHECKS}#check-{s.id}-{rest[0]}">{others}</a> on the data {verb}'

    def _found(self, s: Statement, position: int, c: Compared) -> str:
        words = value(c, hide_subjects=self.hide)
        name = escape(looked_up(c))
        row = self.rows.get(c.row)
        if row is not None:
            return f"{name}: {self.links.html(row)}"
        link = (
            f'<a href="{DATA_CHECKS}#check-{s.id}-{position}">{escape(words)}</a>'
            if c.data is not None
            else escape(words)
        )
        return f"{name}: {link}"


def _verdict(s: Statement) -> str:
    name = escape(SHORT.get(s.verdict, s.verdict))
    beside = f'<span class="where">{escape(possibility(s))}</span>' if s.possibility else ""
    return f'<td data-label="Verdict"><strong class="verdict {SLUGS[s.verdict]}">{name}</strong>{beside}</td>'


def _notes(s: Statement, known: Mapping[str, Statement]) -> str:
    """Return what is to say of a statement, in a line of its own across the table."""
    # That data were made so that a statement holds is said once, with the verdicts.
    why = "" if s.verdict == BY_CONSTRUCTION else s.why
    lines = "".join(f"<p>{_linked(_sentence(note), known, _html_link, escape)}</p>" for note in (why, s.remark) if note)
    if any(f.message not in why for f in s.raised):
        lines += '<p><a href="#sec-concordance-points">Raised above</a></p>'
    return f'\n<tr class="notes"><td colspan="{len(HEADS)}">{lines}</td></tr>' if lines else ""


def _sentence(text: str) -> str:
    first = text[:1] if text.startswith("p ") else text[:1].upper()  # a p-value begins with a small letter
    return f"{first}{text[1:].rstrip('.')}."


def data_checks(found: Concordance, *, hide: bool) -> str:
    """Return each check on the data, as HTML: what was looked up, what the statement needs and what was found."""
    rows = [
        f'<tr id="check-{s.id}-{i}"><th scope="row"><a href="../concordance.html#fact-{s.id}">{escape(s.id)}</a></th>'
        f"<td>{escape(data_check(c.data))}{_note(c)}</td><td>{_expected(c, hide)}</td>"
        f"<td>{escape(value(c, hide_subjects=hide) or c.why)}</td><td>{'yes' if c.holds else 'no'}</td></tr>"
        for s in found.statements
        for i, c in enumerate(s.compared, 1)
        if c.data is not None
    ]
    heads = ("Statement", "What was looked up", "Needed", "Found", "Holds")
    columns = ("about", "looked", "needed", "found", "holds")
    body = f"<tbody>\n{chr(10).join(rows)}\n</tbody>"
    return _table("Checks on the data", "concordance checks", columns, heads, body) if rows else ""


def _data_checks_in_short(found: Concordance) -> str:
    made = [c for s in found.statements for c in s.compared if c.data is not None]
    if not made:
        return "\nNone was made.\n"
    wrong = sum(not c.holds for c in made)
    told = "All of them hold." if not wrong else f"{wrong} of them {'does' if wrong == 1 else 'do'} not hold."
    return f"\n[{len(made)} checks on the data]({DATA_CHECKS}), each with the records looked at, were made. {told}\n"


def _note(c: Compared) -> str:
    return f'<span class="where">{escape(c.data.note)}</span>' if c.data is not None and c.data.note else ""


def _expected(c: Compared, hide: bool) -> str:
    if c.data is None:
        return ""
    if hide and isinstance(c.data.equals, tuple):
        return f"{len(c.data.equals)} subjects"
    return escape(expected(c.data))


def _own_checks(found: Concordance) -> str:
    """Return the checks of the paper's own numbers: what each is, its source, and how many statements stood it."""
    made = [(f.check, f.holds) for s in found.statements for f in s.findings]
    rows = []
    for check in CHECKS:
        applied = [holds for name, holds in made if name in check.names]
        counts = str(len(applied)), str(applied.count(False))
        rows.append((", ".join(check.names), check.about, " ".join(check.sources), *counts))
    heads = ("Check", "What it looks at", "Source", "Made", "Raised")
    return pipe_table(heads, rows, (3, 4, 6, 1, 1))


def _reported(found: Concordance) -> str:
    """Return the items of the reporting checklist that statements answer, and the numbers of the others."""

    def statements(item: ReportItem) -> str:
        return ", ".join(_html_link(s.id, f"fact-{s.id}") for s in found.statements if item.number in s.consort)

    answered = [item for item in ITEMS if statements(item)]
    others = ", ".join(item.number for item in ITEMS if item not in answered)
    said = (
        f"**The statements of the publication answer {len(answered)} of the {len(ITEMS)} items of the "
        f"[reporting checklist](consort.qmd), at least in part.** What was not made a statement here is not counted."
        f"{f' Answered by none: {others}.' if others else ''}"
    )
    heads = ("Item", "What is asked", "Statements that answer it")
    return f"\n{said}\n{item_table('What the publication reports', 'reported', heads, statements, answered)}"


NOTHING = (
    f"No facts file ({FACTS}) stood beside the data of this run, so that nothing is held against a publication. "
    "`sap concordance FACTS.yml` holds any paper against itself."
)


@dataclass(frozen=True)
class ConcordancePage:
    """The concordance of a run."""

    run: ShownRun
    """The run."""
    found: Concordance | None
    """The concordance; None where no facts file stood beside the data."""

    @property
    def _hide(self) -> bool:
        return not self.run.plan.conventions.show_subject_ids

    def _print(self, section: Callable[[Concordance], str]) -> None:
        if self.found is not None:
            print(section(self.found))

    def paper(self) -> None:
        """Print which paper it is, and the counts; or why there is nothing to show."""
        if self.found is None:
            print(callout("note", "No publication", NOTHING))
            return
        paper = self.found.paper
        named = [paper.authors and f"{paper.authors}.", f"{paper.title}.", paper.journal and f"{paper.journal},"]
        told = " ".join(filter(None, (*named, paper.doi and f"doi {paper.doi}"))).rstrip(",.")
        print(f"\n{paragraph_text(told)}.\n\n{paragraph_text(headline(self.found))}\n")

    def counts(self) -> None:
        """Print how many statements have each verdict."""
        self._print(_counts)

    def points(self) -> None:
        """Print what a referee would raise."""
        self._print(_points)

    def statements(self) -> None:
        """Print every statement, in the order of the paper."""
        if self.found is not None:
            rows = {r.identity: r for r in self.run.results}
            links = record_links(self.run.plan, self.run.results)
            print(_statements(self.found, rows, links, hide=self._hide))

    def reported(self) -> None:
        """Print which items of the reporting checklist the publication answers."""
        self._print(_reported)

    def data_checks(self) -> None:
        """Print how many checks on the data were made, and the way to them."""
        self._print(_data_checks_in_short)

    def own_checks(self) -> None:
        """Print the checks of the paper's own numbers."""
        self._print(_own_checks)


def open_concordance() -> ConcordancePage:
    """Return the concordance of the run that ``sap render`` named, or of the default one."""
    run = open_run()
    file = run.folder / FILE
    return ConcordancePage(run, read_concordance(file) if file.is_file() else None)
