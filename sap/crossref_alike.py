"""Whether two steps of an analysis would give results that nothing tells apart."""

from collections.abc import Iterator, Sequence

from sap.methods import Posterior, Profile, Records, Step
from sap.names import Dangling


def alike(steps: Sequence[Step], path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield steps whose results would stand under the same names as those of a step before.

    Parameters
    ----------
    steps : sequence of Step
        Those of one analysis, or of one sensitivity analysis.
    path : tuple
        Where in the plan it stands.

    Yields
    ------
    Dangling
        The second of two, at the option that both share.
    """
    seen: dict[tuple[str, str], int] = {}
    for i, step in enumerate(steps):
        about = _about(step)
        if about is None:
            continue
        option, name = about
        first = seen.setdefault((step.method, name), i)
        if first < i:
            what = (
                f"nothing tells its results from those of step {first + 1} of this analysis, {step.method} of {name}."
            )
            yield Dangling((*path, "steps", i, option), what, "Move one of them to an analysis of its own.")


def _about(step: Step) -> tuple[str, str] | None:
    """Return what the results of a step stand under in every analysis, and the option that says it."""
    match step:
        case Posterior():
            return "variable", step.variable.variable
        case Profile():
            return "parameter", step.parameter
        case Records():
            return "name" if step.name else "value" if step.value else "start", step.about
        case _:
            return None
