"""The plan as a file: schema, check, difference, document."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
