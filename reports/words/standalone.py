"""Whether a page is rendered as one of a site or as a document that stands alone, as Quarto tells it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROFILE: Final = "QUARTO_PROFILE"
"""Environment variable with the names of the profiles, separated by commas."""
EXECUTE_INFO: Final = "QUARTO_EXECUTE_INFO"
"""Environment variable with the path of a JSON file that names the format a page is rendered to."""
BUNDLE: Final = "manuscript"
"""The profile whose bundle holds the manuscript and no other page."""


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
