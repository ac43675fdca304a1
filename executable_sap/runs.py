"""A run of a plan in a notebook: its results as a data frame, its tables and figures as they stand on the pages."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import pandas as pd

from analysis.pipeline.analyse import analyse
from analysis.recompute import READING
from analysis.recompute.comparison.check import read_checks
from analysis.results.ard import COLUMNS, Row
from analysis.results.folder import one_run_in
from analysis.results.seal_state import SealState
from executable_sap.frames import Data, folder_of
from executable_sap.outputs import Figure, Hints, Table
from reports.outputs.captions import kind_of, label
from reports.outputs.figure import figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.run.shown import ShownRun, read_run
from reports.trace.explain import as_text, find
from reports.trace.links import record_links
from reports.trace.record import trace
from reports.words.numbers import shown
from sap.plan.plan import Listing, Output
from sap.reading.beside import post_hoc_sha256
from sap.reading.post_hoc import read_whole_plan
from sap.reading.read import read_stated
from sap.text.files import file_digest
from sap.text.problems import UserError, suggest

S = TypeVar("S", Output, Listing)
_NUMBERS: Final = dict.fromkeys(("reported", "recomputed", "difference", "r_value"), float)


@dataclass(frozen=True, repr=False, eq=False)
class Run:
    """A plan that was run on data.

    Attributes
    ----------
    ard : DataFrame
        The analysis results dataset: a row a statistic, the columns of ``ard.csv``.
    checks : DataFrame
        Each statistic beside the same by the second route, with the ``verdict``; of context ``reading``, what both
        routes read of the files.
    """

    ard: pd.DataFrame
    checks: pd.DataFrame
    _run: ShownRun

    def table(self, id: str) -> Table:  # noqa: A002 - the plan's word
        """Return a table of the plan.

        Parameters
        ----------
        id : str
            Its id, as ``T-OS``, or its number, as ``14.2.1``.

        Returns
        -------
        Table
            It shows itself in a notebook.

        Raises
        ------
        UserError
            When the plan has no such table.
        """
        output = self._output("Table", id)
        laid = table(self._run.plan, self._run.lookup, output)
        rows = [row for line in laid.lines for cell in line.cells for row in cell.rows]
        hinted = replace(laid, links=Hints(record_links(self._run.plan, self._run.results)))
        return Table(output.id, self._title(output), _frame(rows), html_table(hinted, scroll=False))

    def figure(self, id: str) -> Figure:  # noqa: A002 - the plan's word
        """Return a figure of the plan.

        Parameters
        ----------
        id : str
            Its id, as ``F-OS``, or its number, as ``14.2.4``.

        Returns
        -------
        Figure
            It shows itself in a notebook.

        Raises
        ------
        UserError
            When the plan has no such figure.
        """
        output = self._output("Figure", id)
        with TemporaryDirectory() as folder:
            drawn = figure(self._run.plan, self._run.lookup, output, Path(folder))
            svg = drawn.path.read_text(encoding="utf-8")
        return Figure(output.id, self._title(output), _frame(drawn.rows), svg, drawn.alt)

    def listing(self, id: str) -> pd.DataFrame:  # noqa: A002 - the plan's word
        """Return the records of a listing of the plan, as texts.

        Raises
        ------
        UserError
            When the plan has no such listing.
        """
        records = self._run.listings[_named("Listing", id, self._run.plan.listings).id]
        return pd.DataFrame(records.rows, columns=records.columns)

    def explain(self, what: str, statistic: str = "") -> str:
        """Return where a number comes from: promise, method, options, row, datasets and subjects.

        Parameters
        ----------
        what : str
            An analysis, or the id of a number.
        statistic : str
            Name of a statistic of the analysis, as ``estimate``.

        Raises
        ------
        UserError
            When the results have no such number.
        """
        return as_text(find(trace(self._run), what, statistic))

    @property
    def stamp(self) -> str:
        """What stands across all of it: nothing for a sealed run, else ``DRAFT``."""
        return self._run.provenance.stamp

    def _output(self, kind: str, wanted: str) -> Output:
        return _named(kind, wanted, [o for o in self._run.plan.outputs if kind_of(o) == kind])

    def _title(self, spec: Output | Listing) -> str:
        return f"{label(spec)}. {spec.title}{f' – {self.stamp}' if self.stamp else ''}"

    def _told(self) -> str:
        plan, computed = self._run.plan.plan, self.checks[self.checks["context"] != READING]
        counted = Counter(computed["verdict"])
        words = {"agrees": "agree", "differs": "differ"}
        again = ", ".join(f"{n} {words.get(verdict, verdict)}" for verdict, n in sorted(counted.items()))
        stamp = f" {self.stamp}." if self.stamp else ""
        return f"Plan {plan.id} {plan.version}: {len(self.ard)} statistics; by the second route {again}.{stamp}"

    def _repr_html_(self) -> str:
        specs: tuple[Output | Listing, ...] = (*self._run.plan.outputs, *self._run.plan.listings)
        items = "".join(f"<li><code>{s.id}</code> {escape(f'{label(s)}. {s.title}')}</li>" for s in specs)
        return f"<p>{escape(self._told())}</p>\n<ul>{items}</ul>"

    def __repr__(self) -> str:
        return self._told()


def run(
    plan: str | Path = "sap/plan.yml",
    data: Data = "data",
    *,
    out: str | Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Run:
    """Validate data and run a plan on them, every statistic by both routes.

    What runs in a notebook is not held to the seal, so everything is stamped ``DRAFT``; `read` opens the results of a
    sealed ``sap run``.

    Parameters
    ----------
    plan : str or Path
        The plan; post hoc analyses that stand beside it are run too.
    data : str, Path or mapping of DataFrame
        Folder of the datasets, or a data frame for each by its name (``{"ADSL": adsl}``).
    out : str or Path, optional
        Folder for the files that ``sap run`` writes; none is kept by default.
    tell : callable
        Is told each step, as ``print``.

    Returns
    -------
    Run
        The results.

    Raises
    ------
    UserError
        When the plan or the data have a mistake, which `check` and `validate` list.
    """
    stated = read_stated(Path(plan))
    with folder_of(stated.plan, data) as files, TemporaryDirectory() as own:
        results = Path(own) / "results" if out is None else Path(out)
        with one_run_in(results, tell):
            analyse(Path(plan), files, results, SealState("draft", stated=stated), shown=shown, tell=tell)
            return read(results, plan)


def read(results: str | Path = "results", plan: str | Path = "sap/plan.yml") -> Run:
    """Open the results that ``sap run`` wrote.

    Parameters
    ----------
    results : str or Path
        The folder of the results.
    plan : str or Path
        The plan they are of.

    Returns
    -------
    Run
        The results; without a stamp where they are sealed.

    Raises
    ------
    UserError
        When there are none, or they or the plan were changed since.
    """
    file = Path(plan)
    opened = read_run(read_whole_plan(file), Path(results))
    ran = opened.provenance.plan
    if (ran.sha256, ran.post_hoc_sha256) != (file_digest(file), post_hoc_sha256(file)):
        raise UserError(
            f"{results} is not of {file}, or not of what it says now. Run `sap run` again, or name its plan."
        )
    checks = pd.DataFrame(map(asdict, read_checks(Path(results) / "checks.csv"))).astype(_NUMBERS)
    _ = opened.listings  # read while the folder is there
    return Run(_frame(opened.results), checks, opened)


def _frame(rows: Iterable[Row]) -> pd.DataFrame:
    frame = pd.DataFrame([[getattr(row, column) for column in COLUMNS] for row in rows], columns=COLUMNS)
    return frame.astype({"stat": float})


def _named(kind: str, wanted: str, specs: Iterable[S]) -> S:
    by_name = {name.lower(): spec for spec in specs for name in (spec.id, spec.number)}
    if wanted.lower() not in by_name:
        told = suggest(wanted, [spec.id for spec in by_name.values()])
        raise UserError(f"The plan has no {kind.lower()} '{wanted}'. {told}")
    return by_name[wanted.lower()]
