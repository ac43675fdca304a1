"""Whether the results that stand are those a run would give again: of the same plan, data, code, libraries and seal."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from analysis.results.folder import write_whole
from analysis.results.provenance import FILE, check_files, provenance_json
from analysis.results.seal_state import SealState
from sap.plan.plan import Plan
from sap.reading.beside import post_hoc_file
from sap.seal.code import FACTS, read_code
from sap.seal.kept import environment_state, note, noted, program_state, state_of
from sap.seal.kept_texts import HISTORY
from sap.seal.libraries import library_differences
from sap.text.files import canonical, digest
from sap.text.problems import UserError

_TOLD: Final = (
    *("BLIS_", "GLIBC_", "KMP_", "LANG", "LC_", "LD_", "MKL_", "NPY_", "OMP_", "OPENBLAS_", "R_", "TZ", "VECLIB_"),
)
"""What the variables begin with that may change how a number is computed, or what R answers."""
R: Final = ("/usr/lib/R", "/usr/local/lib/R")
"""Where R keeps its libraries; what it finds in the environment is looked at besides."""


def made_of(plan_file: Path, data: Path, lock: Path, state: SealState) -> str:
    """Return a digest of all that results are made of; empty while it cannot be told.

    Files of plan, data, facts and seal are read; libraries are looked at as `program_state` says.
    """
    program = program_state()
    # What stands in the place of a library is no part of the program's state.
    if not program or state.stated is None or library_differences(lock.parent, Path.cwd()):
        return ""
    code = state.code or read_code(plan_file.parent, data)
    sealed = [state.state, state.seal, state.sealed_at, state.differences, state.unread, sorted(state.late.items())]
    files = inputs(state.stated.plan, plan_file, data, lock)
    about = [program, code.version, code.commit, code.tree, code.dirty, sealed, _of_r(), state.stated.sha256]
    told = environment_state({name: value for name, value in os.environ.items() if name.startswith(_TOLD)})
    return digest(canonical([*about, told, state_of(files)]))


def inputs(plan: Plan, plan_file: Path, data: Path, lock: Path) -> list[Path]:
    """Return the files that results are made of."""
    history = plan_file.parent / HISTORY
    return [
        *(plan_file, post_hoc_file(plan_file), data / FACTS, lock),
        *(data / dataset.file for dataset in plan.datasets.values()),
        *(sorted(history.iterdir()) if history.is_dir() else ()),
    ]


def stand(results: Path, of: str, engine: str) -> Sequence[str] | None:
    """Return what was said of the results that stand, or None where they are not, to the byte, those of a run.

    What renders them, where that is told, is written into their record: they depend on it in nothing else.
    """
    before = noted(results)
    if not of or before.get("made_of") != of or before.get("record") != state_of([results / FILE]):
        return None
    try:
        found = check_files(results)
    except UserError:
        return None
    said = [str(line) for line in before.get("said", ())]
    if engine and found.engine != engine:
        write_whole(results / FILE, provenance_json(found.model_copy(update={"engine": engine})))
        note_results(results, of, said)
    return said


def note_results(results: Path, of: str, said: Iterable[str]) -> None:
    """Note what results that were just written are made of, and what was said of them."""
    if of:
        note(results, {"made_of": of, "record": state_of([results / FILE]), "said": list(said)})


def _of_r() -> list[Any]:
    """Return what tells one installation of R from another: the second route asks it."""
    program = shutil.which("Rscript")
    if program is None:
        return []
    libraries = [Path(folder) / name for folder in R for name in ("library", "site-library")]
    survival = [place / "survival" / "DESCRIPTION" for place in libraries]
    places = [Path(program).resolve(), *libraries, *survival]
    return [program, *([str(p), p.stat().st_ctime_ns, p.stat().st_size] for p in places if p.exists())]
