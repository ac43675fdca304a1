"""The statistical analysis plan that runs, for notebooks and programs: run a plan, look at what it gives.

``import executable_sap as sap``, then `run`, `read`, `check` and `validate`, and the mathematics in `methods`. The
program itself is imported as ``sap``, ``analysis`` and ``reports``: names that others use too, so it is made sure of
first that these are its own.
"""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_HOME: Final = Path(__file__).resolve().parents[1]
for _room in ("sap", "analysis", "reports"):
    _spec = find_spec(_room)
    _found = _spec.origin if _spec else None
    if _found is None or Path(_found).resolve().parents[1] != _HOME:
        raise ImportError(
            f"executable_sap needs its own package '{_room}' in {_HOME}, and Python finds {_found or 'none'}. "
            f"Rename what is called '{_room}', or install executable-sap in an environment of its own."
        )

from executable_sap import methods
from executable_sap.mistakes import check, validate
from executable_sap.outputs import Figure, Table
from executable_sap.runs import Run, read, run
from sap.seal.libraries import DISTRIBUTION
from sap.text.problems import UserError

__version__: Final = version(DISTRIBUTION)
__all__ = ["Figure", "Run", "Table", "UserError", "__version__", "check", "methods", "read", "run", "validate"]
