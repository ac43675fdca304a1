"""The concordance of a paper on a terminal."""

from collections.abc import Iterable
from itertools import groupby

from rich.markup import escape
from rich.table import Table

from analysis.concordance.statements import Concordance, Statement
from reports.pages.concordance_words import headline, looked_up, named, possibility, raised, value


def report(found: Concordance) -> Iterable[str]:
    """Yield the lines above the table: the paper, the counts, what a referee would raise."""
    paper = found.paper
    yield ", ".join(filter(None, (paper.title, paper.journal, paper.doi and f"doi {paper.doi}")))
    yield headline(found)
    for kind, points in groupby(raised(found), key=lambda point: point[0]):
        yield f"\n{kind}"
        for _, statements, message in points:
            places = ", ".join(f"{s.id} ({s.section})" for s in statements)
            yield f"  - {places}: {message}"


def statement_table(found: Concordance) -> Table:
    """Return every statement, in the order of the paper."""
    table = Table(header_style="bold", expand=False)
    for name in ("Where", "Statement", "Published", "Found", "Verdict"):
        table.add_column(name, overflow="fold")
    for s in found.statements:
        verdict = f"{s.verdict}: {possibility(s)}" if s.possibility else s.verdict
        table.add_row(*map(escape, (s.section, f"{s.id}: {named(s)}", s.published, _found(s), verdict)))
    return table


def _found(statement: Statement) -> str:
    told = [f"{looked_up(c)} {value(c)}" for c in statement.compared if c.value]
    return "\n".join(dict.fromkeys(told)) or statement.why
