"""What the pages are about: the plan, the results and where they come from, as `sap render` named them."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Final

from analysis.results.ard import RECORD, Results, Row, number_of, read_results, record_level, subject_of
from analysis.results.entered_file import Entered, everyone, read_entered
from analysis.results.listings_file import ListedRecords, read_listings
from analysis.results.provenance import FILE, ChangedError, Provenance, check_files
from reports.engines.isolation import isolated
from reports.layout.lookup import Lookup
from reports.run import shells
from reports.tables import context_of
from sap.plan.plan import Plan
from sap.reading.beside import post_hoc_file, post_hoc_sha256
from sap.reading.post_hoc import read_whole_plan
from sap.reading.read import read_plan
from sap.seal.kept import program_state
from sap.seal.libraries import library_differences
from sap.seal.lock import CodeSeal, Lock, read_lock
from sap.seal.plan_history import read_late_promises
from sap.text.files import digest
from sap.text.problems import UserError

PLAN: Final = "SAP_PLAN"
RESULTS: Final = "SAP_RESULTS"
LOCK: Final = "SAP_LOCK"
"""Environment variables by which a command tells its pages which plan, results and seal they are about."""
FIGURES: Final = "SAP_FIGURES"
"""Environment variable for the folder in which pages draw, below that of the documents."""
PROFILE: Final = "QUARTO_PROFILE"
"""Environment variable with the names of the profiles, separated by commas."""
EXECUTE_INFO: Final = "QUARTO_EXECUTE_INFO"
"""Environment variable with the path of a JSON file that names the format a page is rendered to."""
BUNDLE: Final = "manuscript"
"""The profile whose bundle holds the manuscript and no other page."""

IDENTIFYING: Final = frozenset({"USUBJID", "SUBJID"})
"""Variables whose values name a subject."""
_Files = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class ShownRun:
    """A run as a page sees it."""

    plan: Plan
    """The plan, with the post hoc analyses that were run."""
    results: Results
    """What pages print; subjects have the names the plan lets pages use."""
    folder: Path
    """The folder of the results."""
    provenance: Provenance
    """Where they come from."""
    entered: tuple[Entered, ...] = ()
    """Who entered each step, by id."""
    drawn: Results | None = None
    """What figures draw, where pages print placeholders."""
    late: Mapping[str, str] = field(default_factory=dict)
    """Analyses that were promised or changed after data lock, in words."""
    made_of: Callable[[], str] = str
    """Gives a digest of all that its pictures depend on; empty where they are drawn anew."""

    @cached_property
    def lookup(self) -> Lookup:
        """The results, to be looked up."""
        return Lookup(self.results, self.drawn, made_of=self.made_of)

    @cached_property
    def names(self) -> dict[str, str]:
        """What pages call each subject, by id."""
        return subject_names(self.plan, everyone(self.entered))

    @cached_property
    def listings(self) -> dict[str, ListedRecords]:
        """The records of each listing as pages show them, each with the name of its subject first."""
        found = read_listings(self.folder / "listings.json")
        found = shells.shell_listings(found) if shells.wanted() else found
        return {id_: replace(r, rows=tuple(map(self._named, r.rows))) for id_, r in found.items()}

    def _named(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        return (self.names.get(cells[0], cells[0]), *cells[1:])


def plan_file() -> Path:
    """Return the file of the plan a page is about."""
    return Path(os.environ.get(PLAN, "sap/plan.yml"))


def promised_plan() -> Plan:
    """Return the plan a page is about, as it is promised."""
    return _plan(plan_file(), _as_they_are(plan_file()))


@lru_cache(maxsize=1)
def _plan(file: Path, _as_it_is: _Files) -> Plan:
    return read_plan(file)


def _as_they_are(*files: Path) -> _Files:
    """Return what tells files from what they were: a process reads anew what has changed, and nothing else twice."""
    found = ((file.resolve(), file.stat()) for file in files if file.exists())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def lock_if_sealed() -> Lock | None:
    """Return the seal a page is about, or None where there is none."""
    file = _lock_file()
    return read_lock(file) if file.exists() else None


def late_promises() -> dict[str, str]:
    """Return which analyses were promised or changed after data lock, in words; empty where no seal tells."""
    return read_late_promises(_lock_file(), plan_file())


def sealed_code() -> CodeSeal | None:
    """Return the code that is sealed; None where no seal tells."""
    try:
        lock = lock_if_sealed()
    except UserError:
        return None  # what a page says of a damaged seal, `reports.pages.seal` says
    return lock.code.code if lock is not None and lock.code is not None else None


def _lock_file() -> Path:
    return Path(os.environ.get(LOCK, "sap.lock"))


def provenance_if_run() -> Provenance | None:
    """Return where the results come from, for a page that can be read before there are any."""
    return check_files(results_folder()) if (results_folder() / FILE).is_file() else None


def results_folder() -> Path:
    """Return the folder of the results a page is about."""
    return Path(os.environ.get(RESULTS, "results"))


def open_run() -> ShownRun:
    """Return the run that ``sap render`` named, or the default one."""
    plan, folder = plan_file(), results_folder()
    files = _as_they_are(plan, post_hoc_file(plan), _lock_file(), *sorted(folder.glob("*")))
    return _run(plan, folder, files, as_shells=shells.wanted())


@lru_cache(maxsize=1)
def _run(plan: Path, folder: Path, _as_they_are: _Files, *, as_shells: bool) -> ShownRun:
    run = read_run(read_whole_plan(plan), folder)
    if run.provenance.plan.post_hoc_sha256 != post_hoc_sha256(plan):
        raise UserError(f"{post_hoc_file(plan)} is not as it was run. Run `sap run` again.")
    if as_shells:
        digits = run.plan.conventions.p_value_digits
        drawn, printed = shells.layout(run.results, digits), shells.shells(run.results, digits)
        run = replace(run, results=printed, drawn=drawn)
    return replace(run, late=late_promises(), made_of=partial(_made_of, run.provenance.sha256, as_shells))


def _made_of(record: str, as_shells: bool) -> str:
    state = program_state()
    return digest(f"{record} {state} {as_shells}".encode()) if state else ""


def _hold_libraries() -> None:
    """Raise when something else than the libraries as they were installed takes part in a page of a sealed run."""
    found = library_differences(_lock_file().parent, Path.cwd())
    if found:
        told = "\n".join(f"  - {difference}" for difference in found)
        raise ChangedError(f"These results are sealed, and what would show them is not:\n{told}")


def figure_folder() -> Path:
    """Return the folder in which pages draw, relative to that of the documents."""
    return Path(os.environ.get(FIGURES, "fig"))


def read_run(plan: Plan, folder: Path) -> ShownRun:
    """Return the run in a folder as its pages see it."""
    provenance = check_files(folder)
    if provenance.state == "sealed" and not isolated():  # Quarto starts its kernels as it likes
        _hold_libraries()
    entered = read_entered(folder)
    results = with_names(read_results(folder / "ard.csv"), subject_names(plan, everyone(entered)))
    return ShownRun(plan, results, folder, provenance, entered)


def stands_alone(env: Mapping[str, str]) -> bool:
    """Return whether no other page is beside the page that is rendered, so that a link to one would lead nowhere."""
    if BUNDLE in env.get(PROFILE, "").replace(" ", "").split(","):
        return True
    told = env.get(EXECUTE_INFO, "")
    return bool(told) and _base_format(Path(told)) not in {"html", ""}


def _base_format(file: Path) -> str:
    """Return the format as Quarto names it, "docx" or "typst"; empty where the file does not say."""
    try:
        format_ = json.loads(file.read_text(encoding="utf-8"))["format"]
        return str(format_["identifier"]["base-format"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def subject_names(plan: Plan, everyone: Sequence[str]) -> dict[str, str]:
    """Return what each subject is called on a page."""
    shown = plan.conventions.show_subject_ids
    return {subject: subject if shown else f"Subject {i}" for i, subject in enumerate(everyone, start=1)}


def with_names(results: Results, names: Mapping[str, str]) -> Results:
    """Return results in which subjects have the names of a page; the same rows in the same order.

    A row's anchor follows the name, so that no digest of an id stands on a page either.
    """
    return results if all(k == v for k, v in names.items()) else Results(tuple(_named(r, names) for r in results))


def _named(row: Row, names: Mapping[str, str]) -> Row:
    if row.context == RECORD:
        own = subject_of(row.variable_level)
        return replace(row, variable_level=record_level(names.get(own, own), number_of(row.variable_level)))
    if not context_of(row.context).of_subjects:
        return row
    name = names.get(row.variable_level, row.variable_level)
    return replace(row, variable_level=name, stat_text=name if row.variable in IDENTIFYING else row.stat_text)
