"""A listing as an HTML table: the records as they are, with labels and units from the plan."""

from collections.abc import Sequence
from html import escape

from analysis.pipeline.listings import ListedRecords
from reports.words.labels import variable_label
from sap.model.part import Reference
from sap.plan.plan import Listing, Plan


def listing_html(plan: Plan, spec: Listing, records: ListedRecords, names: Sequence[str]) -> str:
    """Return a listing as an HTML fragment."""
    heads = ["Subject", *(variable_label(plan, _reference(c)) for c in records.columns[1:])]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    rows = [_row((name, *cells[1:])) for name, cells in zip(names, records.rows, strict=True)]
    none = f'<tr><td colspan="{len(heads)}">No subject has such a record.</td></tr>'
    notes = "".join(f"<p>{escape(note)}</p>" for note in (*spec.footnotes, _source(plan, spec)))
    return (
        f'<div class="listing" id="{escape(spec.id.lower())}-table">\n<div class="wide" tabindex="0" role="region" '
        f'aria-label="{escape(spec.title)}">\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        f"{chr(10).join(rows) or none}\n</tbody>\n</table>\n</div>\n"
        f'<div class="notes">{notes}</div>\n</div>'
    )


def _row(cells: Sequence[str]) -> str:
    subject, *others = cells
    return f'<tr><th scope="row">{escape(subject)}</th>{"".join(f"<td>{escape(c)}</td>" for c in others)}</tr>'


def _reference(column: str) -> Reference:
    dataset, _, variable = column.partition(".")
    return Reference(dataset=dataset, variable=variable)


def _source(plan: Plan, spec: Listing) -> str:
    names = dict.fromkeys([spec.dataset, *(v.dataset for v in spec.variables)])
    return f"Source: {', '.join(names)}. Listing {spec.number} of plan {plan.plan.id} {plan.plan.version}."
