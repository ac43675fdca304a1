"""Two sets of results held against each other."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
