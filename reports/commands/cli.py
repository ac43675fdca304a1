"""The `sap` command: validate the data, run the plan, render the report.

Exit codes: 0 done; 1 the data break a rule, or two things compared differ; 2 the plan or the command line is wrong;
3 a page could not be rendered; 4 something differs from the seal; 70 a fault of the program itself; 130 stopped by
Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
"""

import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from reports.engines.isolation import start_again
from reports.engines.process import Stopped, own_scratch, stoppable
from sap.text.cells import with_unseen
from sap.text.problems import UserError

STOPPED: Final = "Stopped. Nothing half-written was left."


RENDERS: Final = frozenset({"bundle", "dry-run", "render"})
"""Words of the commands whose pages are forked from them."""
_LOOKED_THROUGH: Final = (200_000, 50, 100)
"""How seldom memory is looked through for garbage: what is imported is none, and looking costs a tenth of a run."""
HELD: Final = frozenset({"amend", "bundle", "lock", "render", "run", "verify"})
"""Commands that compute, seal or verify: they start in an interpreter in which nothing else takes part."""


def main() -> None:
    """Run the command, and put away whatever it wrote in passing, however it ends."""
    gc.set_threshold(*_LOOKED_THROUGH)
    if _is_the_program():
        words = sys.argv[1:]
        unlocked = "--unlocked" in words or os.environ.get("SAP_UNLOCKED", "").lower() in {"1", "true", "yes", "on"}
        command = next((word for word in words if not word.startswith("-")), "")
        held = command in HELD and not unlocked and "--help" not in words
        start_again(words, held=held, pages=not RENDERS.isdisjoint(words))
    with stoppable(), own_scratch():
        _run()


def _run() -> None:
    """Run the command; a mistake of the user is a sentence, never a traceback."""
    if sys.flags.optimize:
        print(
            "Python runs with -O, which leaves out checks and words of the program. Start it without.", file=sys.stderr
        )
        sys.exit(2)
    debug = "--debug" in sys.argv[1:] or bool(os.environ.get("SAP_DEBUG"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "–" shows "?" instead of failing
    from reports.commands.app import app  # nothing of it is imported by a process that starts again

    try:
        app()
    except UserError as error:
        _explain(error, debug=debug)
        sys.exit(error.exit_code)
    except Stopped:
        import logging

        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what a stopped page leaves behind is no news
        print(STOPPED, file=sys.stderr)
        raise
    except Exception as error:  # noqa: BLE001 (the last line of defence: no traceback reaches a user)
        if debug:
            _print_traceback()
        print(f"A fault of the program, not of yours: {type(error).__name__}: {error}", file=sys.stderr)
        print("Run the same command as `sap --debug …` and report what it prints.", file=sys.stderr)
        sys.exit(70)


def _print_traceback() -> None:
    import traceback

    traceback.print_exc()


def _is_the_program() -> bool:
    """Return whether this process was started as the command, and is nothing else's (a test's, a notebook's)."""
    begun = Path(getattr(sys.modules["__main__"], "__file__", None) or "?").resolve()
    return begun.stem in {"sap", "sap-script"} or begun.parent.name == "sap.exe" or begun == Path(__file__).resolve()


def _explain(error: UserError, *, debug: bool) -> None:
    from reports.commands.progress import console, failure_table
    from sap.data.failures import Failure

    if debug:
        _print_traceback()
    failures = getattr(error, "failures", ())
    if failures and all(isinstance(f, Failure) for f in failures):
        console(errors=True).print(failure_table(failures))
    detail = getattr(error, "detail", "")
    if detail:  # a traceback of a page's cell is shown above the sentence, which stays in sight
        print(with_unseen(detail), file=sys.stderr)
    print(with_unseen(getattr(error, "head", str(error))), file=sys.stderr)


if __name__ == "__main__":
    main()
