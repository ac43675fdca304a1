"""What is behind each output, as CSV: the rows of the results dataset, or the records of a listing."""

import csv
import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.results.ard import Results
from analysis.results.tasks import tasks
from reports.engines.embedded.links import check_beside, led_to
from reports.pages.large import pages_apart
from reports.run.shown import ShownRun, open_run
from reports.words.file_names import CSV, CSV_FOLDER, LATER
from sap.seal.results import write_manifest
from sap.text.files import replace_whole
from sap.text.problems import UserError


def csv_files(run: ShownRun) -> dict[str, bytes]:
    """Return a file for each table, figure and listing of a run."""
    made: dict[str, str] = {}
    order = [task.id for task in tasks(run.plan)]
    for output in run.plan.outputs:
        family = {a for name in output.analyses for a in (name, *(s.id for s in run.plan.analysis(name).sensitivity))}
        rows = tuple(row for name in order if name in family for row in run.results.of(name))
        made[output.id] = Results(rows).to_csv()
    for spec in run.plan.listings:
        content = run.listings[spec.id]
        made[spec.id] = _csv(content.columns, content.rows)
    return {f"{CSV_FOLDER}/{name}.{CSV}": text.encode() for name, text in made.items()}


def beside_pages() -> dict[str, bytes]:
    """Return what stands beside the pages of the run that was named: outputs as CSV, and pages that pages lead to."""
    run = open_run()
    return {**csv_files(run), **pages_apart(run)}


def finish() -> None:
    """Complete the site that Quarto has just rendered, which it names: what stands beside it, and the list of all.

    Every link of its pages to what stands beside them is followed. A mistake is a sentence, on which Quarto stops.
    """
    site = Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"])
    try:
        for name, content in led_to(beside_pages(), site).items():
            replace_whole(site / name, content)
        check_beside(site, LATER)
        write_manifest(site, open_run().folder)
    except UserError as error:
        sys.exit(str(error))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
