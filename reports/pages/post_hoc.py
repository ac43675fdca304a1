"""Post hoc analyses on a page: why each was made, and what it shows, numbered apart from the plan's outputs."""

from analysis.results.entered_file import everyone
from reports.layout.lookup import Lookup
from reports.outputs.downloads import of_output
from reports.outputs.figure import figure
from reports.outputs.figure_numbers import numbers_in_figure
from reports.outputs.html import html_table
from reports.outputs.listing import listing_html
from reports.outputs.rows import table
from reports.pages.page import DOCUMENTS
from reports.plan_document.analyses import analysis_section
from reports.plan_document.definitions import analysis_sets, derivations, groupings
from reports.run.shells import listed
from reports.run.shown import ShownRun, figure_folder
from reports.run.subjects import subject_names
from reports.trace.traced import traced
from reports.words.markdown import attribute, paragraph_text, raw_html
from sap.plan.plan import Listing, Output, Plan
from sap.reading.post_hoc import POST_HOC

NONE = "\nNone was run. An analysis the plan does not promise can be run from post_hoc.yml beside the plan alone.\n"
ASKED_LATER = (
    "\nNobody promised these analyses. They answer questions that were asked later, and are labelled wherever they are "
    "quoted. Each says why it was made, and whether the data had been seen.\n"
)
_DEFINED = {"derivations": derivations, "analysis_sets": analysis_sets, "groupings": groupings}


def post_hoc_section(promised: Plan, run: ShownRun, lookup: Lookup) -> str:
    """Return the post hoc analyses of a run and their tables, figures and listings."""
    plan = run.plan
    analyses = [a for a in plan.analyses if a.reason == POST_HOC]
    if not analyses:
        return NONE
    outputs = [o for o in plan.outputs if o.reason == POST_HOC]
    listings = [x for x in plan.listings if x.reason == POST_HOC]
    parts = [
        ASKED_LATER,
        *(analysis_section(plan, a) for a in analyses),
        *_definitions(plan, promised),
        *(_output(run, lookup, o) for o in outputs),
        *(_listing(run, x) for x in listings),
    ]
    return "\n".join(parts)


def _definitions(plan: Plan, promised: Plan) -> list[str]:
    """Return the derivations, sets and groupings that only post hoc analyses have."""
    parts = []
    for name, section in _DEFINED.items():
        added = tuple(part for part in getattr(plan, name) if part not in getattr(promised, name))
        if added:
            heading = f"\nDefined for them ({name.replace('_', ' ')}):\n"
            parts += [heading, section(plan.model_copy(update={name: added}))]
    return parts


def caption(spec: Output | Listing) -> str:
    """Return how a post hoc output is called: "Post hoc table PH.1. …"."""
    kind = "listing" if isinstance(spec, Listing) else "table" if spec.kind == "table" else "figure"
    return f"Post hoc {kind} {spec.number}. {spec.title}."


def _output(run: ShownRun, lookup: Lookup, output: Output) -> str:
    words = paragraph_text(f"{caption(output)}{_beside(run.plan, output)}")
    identifier = output.id.lower()
    if output.kind == "table":
        laid = html_table(table(run.plan, lookup, output))
        files = of_output(output.id, output.title)
        return f"\n::: {{#{identifier} .post-hoc}}\n\n{words}\n{raw_html(laid)}{files}\n:::\n"
    picture = figure(run.plan, lookup, output, DOCUMENTS / figure_folder())
    words = paragraph_text(" ".join([caption(output), *output.footnotes]) + _beside(run.plan, output))
    image = figure_folder() / picture.path.name
    files = of_output(output.id, output.title, image)
    numbers = numbers_in_figure(traced(run.plan, lookup.results), picture.rows)
    shown = f'![{words}]({image.as_posix()}){{{picture.classes}fig-alt="{attribute(picture.alt)}"}}'
    return f"\n::: {{#{identifier} .post-hoc}}\n\n{shown}\n\n{numbers}\n{files}\n:::\n"


def _beside(plan: Plan, output: Output) -> str:
    """Return which of the analyses shown were promised."""
    planned = [a for a in output.analyses if plan.analysis(a).reason != POST_HOC]
    return f" Promised by the plan and shown beside: {', '.join(planned)}." if planned else ""


def _listing(run: ShownRun, spec: Listing) -> str:
    records = listed(run.folder)[spec.id]
    names = subject_names(run.plan, everyone(run.entered))
    laid = listing_html(run.plan, spec, records, [names.get(r[0], r[0]) for r in records.rows])
    return (
        f"\n::: {{#{spec.id.lower()} .post-hoc}}\n\n{paragraph_text(caption(spec))}\n"
        f"{raw_html(laid)}{of_output(spec.id, spec.title)}\n:::\n"
    )
