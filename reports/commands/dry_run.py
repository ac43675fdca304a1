"""A rehearsal on synthetic data, before there are any."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
