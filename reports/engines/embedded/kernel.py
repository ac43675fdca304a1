"""A kernel of a sealed run: ipykernel, in which a page reads what is sealed or was made by the run, and no more."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import launch_new_instance

from reports.engines.isolation import StrangerError
from sap.reading.beside import post_hoc_file
from sap.seal.code import DRAWN, FACTS
from sap.seal.kept_texts import HISTORY
from sap.seal.libraries import DEPENDENCIES, HOME, PACKAGES


def refuse_unsealed_reads() -> None:
    """Refuse, from now on, that a page reads a file of the project that is not sealed, nor made by the run."""
    project, lock = Path.cwd(), Path(os.environ.get("SAP_LOCK", "sap.lock"))
    plan, data = Path(os.environ.get("SAP_PLAN", "sap/plan.yml")), Path(os.environ.get("SAP_DATA", "data"))
    sealed = json.loads(lock.read_bytes())["entries"]
    pages = next((e["code"].get("pages") or {} for e in reversed(sealed) if "code" in e), {})
    tables: list[dict[str, str]] = next((e["data"] for e in reversed(sealed) if "data" in e), [])
    files = {lock, lock.parent / DEPENDENCIES, plan, post_hoc_file(plan), *(data / table["file"] for table in tables)}
    files |= {data / FACTS, *(project / name for name in pages)}
    made = (Path(os.environ.get("SAP_RESULTS", "results")), *(Path(page).parent / DRAWN for page in pages))
    folders = {*made, plan.parent / HISTORY, Path(sys.prefix), *(HOME / package for package in PACKAGES)}
    allowed = frozenset(os.path.abspath(path) for path in files)  # noqa: PTH100 - links are not followed
    below = tuple(f"{os.path.abspath(folder)}{os.sep}" for folder in folders)  # noqa: PTH100 - as above
    own = f"{project}{os.sep}"

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes) or (arguments[2] or 0) & os.O_WRONLY:
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100
        if path.startswith(own) and path not in allowed and not path.startswith(below) and os.path.isfile(path):  # noqa: PTH113
            told = "Put it beside the pages and seal it (sap lock code --reason …), or leave it out."
            raise StrangerError(f"this page reads {path}, which is not sealed. {told}")

    sys.addaudithook(hook)


if __name__ == "__main__":
    refuse_unsealed_reads()
    launch_new_instance()
