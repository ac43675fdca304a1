"""What pages have in common, done once before them: modules imported, the run read, figures drawn."""

import math
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

import reports.pages
from reports.engines.workers import At, Work, cores
from reports.outputs.figure import figure, place, standing
from reports.pages.page import DOCUMENTS
from reports.run.shown import ShownRun, figure_folder, open_run, promised_plan
from sap.seal.kept import forget
from sap.text.problems import UserError

_SHARES: Final = 3
_ASKED: Final = re.compile(r"\breports\.pages\.(\w+)")


def prepare(texts: Sequence[str], *, fresh: bool = False) -> list[Work[None]]:
    """Import and read what several pages need, and return what draws each figure that does not stand.

    Pages are forked from the process in which this was done, and begin with it. Of one page alone, figures that its
    text does not name are left.
    """
    named = Counter(name for text in texts for name in set(_ASKED.findall(text)))
    for module in iter_modules(reports.pages.__path__):
        if named[module.name] > 1:  # what one page needs, it imports while others work
            import_module(f"reports.pages.{module.name}")
    promised_plan()
    run = open_run()
    if not run.made_of():
        return []  # what is drawn here would be drawn again by its page
    wanted = [
        o for o in run.plan.outputs if o.kind != "table" and (len(texts) > 1 or any(o.id in text for text in texts))
    ]
    for output in wanted if fresh else ():
        forget(place(output, DOCUMENTS / figure_folder()))
    missing = [o.id for o in wanted if standing(run.lookup, o, DOCUMENTS / figure_folder()) is None]
    # Several to a process, which has to make ready for drawing; more processes than cores, so that none is left alone.
    shares = [missing[n :: _SHARES * cores()] for n in range(_SHARES * cores())]
    return [_drawing(Path.cwd(), run, share) for share in shares if share]


def _drawing(project: Path, run: ShownRun, figure_ids: Sequence[str]) -> Work[None]:
    failed = partial(_failed, figure_ids)
    told = f"drawing {', '.join(figure_ids)}"
    return Work(told, partial(_draw, project, run, figure_ids), math.inf, failed, failed)


def _draw(project: Path, run: ShownRun, figure_ids: Sequence[str], _: At) -> None:
    """Draw some figures; what is wrong with one is said by the page that shows it."""
    os.chdir(project)
    for figure_id in figure_ids:
        with suppress(UserError):
            figure(run.plan, run.lookup, run.plan.output(figure_id), DOCUMENTS / figure_folder())


def _failed(figure_ids: Sequence[str], _: int | None) -> Exception:
    return UserError(f"The process that drew {', '.join(figure_ids)} was ended from outside (is there enough memory?).")
