"""What pages have in common, done once before them: modules imported, the run read, figures drawn."""

import math
import os
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import reports.pages
from reports.engines.workers import At, Work
from reports.outputs.figure import figure, standing
from reports.pages.page import DOCUMENTS
from reports.run.shown import ShownRun, figure_folder, open_run, promised_plan


def prepare(text: str | None = None) -> list[Work[None]]:
    """Import and read what pages need, and return what draws each figure that does not stand.

    Pages are forked from the process in which this was done, and begin with it. Where the text of the one page that is
    to be made is given, figures that it does not name are left.
    """
    for module in iter_modules(reports.pages.__path__):
        import_module(f"reports.pages.{module.name}")
    promised_plan()
    run = open_run()
    if not run.made_of:
        return []  # what is drawn here would be drawn again by its page
    wanted = [o for o in run.plan.outputs if o.kind != "table" and (text is None or o.id in text)]
    missing = [o.id for o in wanted if standing(run.lookup, o, DOCUMENTS / figure_folder()) is None]
    return [_drawing(Path.cwd(), run, figure_id) for figure_id in missing]


def _drawing(project: Path, run: ShownRun, figure_id: str) -> Work[None]:
    failed = partial(_failed, figure_id)
    return Work(f"drawing {figure_id}", partial(_draw, project, run, figure_id), math.inf, failed, failed)


def _draw(project: Path, run: ShownRun, figure_id: str, _: At) -> None:
    """Draw one figure; what is wrong with it is said by the page that shows it."""
    os.chdir(project)
    figure(run.plan, run.lookup, run.plan.output(figure_id), DOCUMENTS / figure_folder())


def _failed(figure_id: str, _: int | None) -> Exception:
    return RuntimeError(f"the process that drew {figure_id} was ended from outside")
