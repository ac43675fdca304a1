"""What this machine has and lacks, each with its remedy."""

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from reports.commands.options import DATA, LOCK, PLAN, DataOption, LockOption, PlanOption

OLDEST: Final = (3, 11)
ROOM: Final = 200
"""Megabytes that results, a site and what passes through come to, with room for the site before."""
SECONDS: Final = 20
"""How long a program may take to say its version."""
NAME: Final = "executable-sap"
AGAIN: Final = "python -m pip install --force-reinstall"

Status = Literal["ok", "not there", "look", "MISSING"]


@dataclass(frozen=True)
class Check:
    """What was looked at, how it is, and what to do about it."""

    name: str
    status: Status
    """ok; not there, and not needed; to be looked at; or needed and missing."""
    found: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap doctor --json; exit code 1 when something needed is missing")(doctor)


def doctor(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    lock: LockOption = LOCK,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at Python, libraries, pandoc, Quarto, fonts, R, disk, plan and seal; say of each what to do where it lacks.

    Needed are Python, the libraries, pandoc, fonts and room on the disk. The rest adds to what is there.
    """
    looks: tuple[Callable[[], Check], ...] = (_python, _libraries, _pandoc, _quarto, _fonts, _r)
    found = [*(look() for look in looks), *_disks(), _plan(plan), _seal(plan, data, lock)]
    missing = any(check.status == "MISSING" for check in found)
    if as_json:
        print(json.dumps({"ready": not missing, "checks": [asdict(c) for c in found]}, indent=2, ensure_ascii=False))
    else:
        for check in found:
            print(f"{check.status:<9} {check.name:<12} {check.found}")
            if check.remedy:
                print(f"{'':<22} -> {check.remedy}")
        print("Something needed is missing." if missing else "Everything that is needed is there.")
    raise typer.Exit(1 if missing else 0)


def _python() -> Check:
    told = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        return Check("Python", "MISSING", told, f"Install Python {'.'.join(map(str, OLDEST))} or newer.")
    return Check("Python", "ok", f"{told} at {sys.executable}")


def _libraries() -> Check:
    try:
        from packaging.requirements import Requirement

        wanted = [Requirement(text) for text in requires(NAME) or ()]
    except (ImportError, PackageNotFoundError) as error:
        return Check("Libraries", "MISSING", f"the program is not installed as a package ({error})", f"{AGAIN} {NAME}")
    needed = [r for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = {str(r): have for r in needed if not r.specifier.contains(have := _version(r.name), prereleases=True)}
    if wrong:
        told = ", ".join(f"{name} (found: {have or 'none'})" for name, have in wrong.items())
        return Check("Libraries", "MISSING", told, f"python -m pip install {shlex.join(wrong)}")
    return Check("Libraries", "ok", f"{len(needed)} as {NAME} {_version(NAME)} needs them")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _pandoc() -> Check:
    from reports.engines.embedded.errors import RenderError
    from reports.engines.project import pandoc_path

    remedy = f"{AGAIN} pypandoc_binary"
    try:
        program = pandoc_path()
    except RenderError:
        return Check("pandoc", "MISSING", "not installed: no page can be rendered", remedy)
    return _program("pandoc", program, "--version", Check("pandoc", "MISSING", f"{program} does not run", remedy))


def _quarto() -> Check:
    program = shutil.which("quarto")
    if program is None:
        told = "not on the PATH; not needed: the embedded engine renders the pages"
        return Check("Quarto", "not there", told, "To render with Quarto itself, install it from quarto.org.")
    broken = Check("Quarto", "look", f"{program} does not run", "Reinstall it, or render with --engine embedded.")
    return _program("Quarto", program, "--version", broken)


def _fonts() -> Check:
    spec = find_spec("matplotlib")
    folder = Path(spec.origin if spec and spec.origin else "").parent / "mpl-data" / "fonts" / "ttf"
    absent = [name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf") if not (folder / name).is_file()]
    if absent:
        return Check("Fonts", "MISSING", f"{', '.join(absent)} not in {folder}", f"{AGAIN} matplotlib")
    return Check("Fonts", "ok", "DejaVu Sans of matplotlib, for figures and PDF")


def _r() -> Check:
    program = shutil.which("Rscript")
    if program is None:
        told = "no Rscript on the PATH; not needed: numbers are then not held against R"
        return Check("R", "not there", told, "Install R and its package survival to have a third route.")
    broken = Check("R", "look", f"{program} does not run", "Reinstall R.")
    found = _program("R", program, "--version", broken)
    if found.status == "ok" and _said([program, "--vanilla", "-e", "library(survival)"]) is None:
        return Check("R", "look", f"{found.found} without its package survival", "In R: install.packages('survival')")
    return found


def _program(name: str, program: str, option: str, otherwise: Check) -> Check:
    said = _said([program, option])
    return otherwise if said is None else Check(name, "ok", f"{said.strip().partition(chr(10))[0]} at {program}")


def _said(command: list[str]) -> str | None:
    """Return what a program says; None where it cannot be run, fails or does not end."""
    from reports.engines.process import run_program

    try:
        done = run_program(command, Path.cwd(), seconds=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout or done.stderr


def _disks() -> Iterator[Check]:
    for name, folder in (("Disk", Path.cwd()), ("Scratch", Path(tempfile.gettempdir()))):
        try:
            with tempfile.TemporaryFile(dir=folder):
                free = shutil.disk_usage(folder).free // 10**6
        except OSError as error:
            told = f"{folder} cannot be written ({error.strerror})"
            yield Check(name, "MISSING", told, "Work in a folder of your own, or set TMPDIR for the scratch.")
            continue
        told = f"{free} MB free in {folder}"
        yield Check(name, "ok", told) if free >= ROOM else Check(name, "MISSING", told, f"Free {ROOM} MB.")


def _plan(plan: Path) -> Check:
    from sap.reading.post_hoc import read_whole_plan
    from sap.text.problems import UserError

    if not plan.is_file():
        return Check("Plan", "not there", f"no {plan} here", "sap new FOLDER begins one; --plan names another.")
    try:
        found = read_whole_plan(plan)
    except UserError as error:
        several = str(error).count("\n") + 1
        return Check("Plan", "look", f"{plan} has mistakes ({several})", f"sap plan check {plan}")
    return Check("Plan", "ok", f"{found.plan.id} {found.plan.version}")


def _seal(plan: Path, data: Path, lock: Path) -> Check:
    from sap.seal.verify import verified
    from sap.text.problems import UserError

    if not lock.is_file():
        return Check("Seal", "not there", f"no {lock} here", "sap lock plan seals the plan; --unlocked runs a draft.")
    try:
        found = verified(lock, plan=plan, data=data)
    except UserError as error:
        return Check("Seal", "look", str(error).partition("\n")[0], "sap verify")
    if found.differences:
        several = len(found.differences)
        told = f"{several} {'difference' if several == 1 else 'differences'} to {lock}: {found.differences[0]}"
        return Check("Seal", "look", told, "sap verify names each; --unlocked runs a draft.")
    return Check("Seal", "ok", f"plan, data and code are as {lock} seals them")
