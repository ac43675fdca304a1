"""Where a number comes from, on the terminal."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
