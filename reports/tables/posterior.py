"""The lines of a posterior in a table: what is known of the rate, the stopping rule at its looks, the sequence."""

from collections.abc import Iterator
from dataclasses import replace

from analysis.results.ard import unique
from reports.layout.cells import Cells
from reports.layout.model import AND, COUNTED, OVER, SLOT, WITH_LIMITS, Line
from reports.tables.posterior_words import after_looks
from reports.words.numbers import stated
from sap.methods.posterior import Posterior

BETA = f"Beta({SLOT}{AND}{SLOT})"


def posterior_lines(cells: Cells, step: Posterior) -> Iterator[Line]:
    """Yield the lines of a posterior."""
    name = cells.section(step)
    at = {"variable": step.variable.variable}
    whole = {"context": "posterior", **at}
    level = f"{stated(step.conf_level)} credible interval, equal-tailed"
    for label, layout, names in (
        ("Events / subjects", f"{SLOT}{OVER}{SLOT}", ("n", "N")),
        ("Prior", BETA, ("prior.a", "prior.b")),
        ("Posterior", BETA, ("a", "b")),
        ("Posterior mean (SD)", COUNTED, ("mean", "sd")),
        (f"Posterior median ({level})", WITH_LIMITS, ("median", "conf.low", "conf.high")),
        ("Unacceptable rate", SLOT, ("threshold",)),
        ("Probability that the rate is above it", SLOT, ("prob.above",)),
        ("Probability at which the rule stops", SLOT, ("probability",)),
        ("Reached by all subjects together", SLOT, ("reached",)),
        ("First look at which the rule is met", SLOT, ("first.stop",)),
    ):
        lines = cells.stats(f"{name}: posterior of the rate", label, layout, names, **whole)
        notes = tuple(filter(None, [after_looks(cells.plan, step)])) if names == ("first.stop",) else ()
        yield from (replace(line, notes=notes) for line in lines)
    for look in _levels(cells, context="posterior_look", **at):
        here = {"context": "posterior_look", "level": look, **at}
        title = f"{name}: stopping rule after {look} subjects"
        yield from cells.stats(title, "Least number of events that stops", SLOT, ("stop.at",), **here)
        yield from cells.stats(
            title,
            "Events seen (probability of a rate above the unacceptable one)",
            COUNTED,
            ("n", "prob.above"),
            **here,
        )
        yield from cells.stats(title, "Stops", SLOT, ("reached",), **here)
    for evaluated in _levels(cells, context="posterior_sequence", **at):
        here = {"context": "posterior_sequence", "level": evaluated, **at}
        title = f"{name}: events so far (probability of a rate above the unacceptable one), by number evaluated"
        yield from cells.stats(title, evaluated, COUNTED, ("n", "prob.above"), **here)


def _levels(cells: Cells, **at: str) -> tuple[str, ...]:
    """Return the numbers of subjects of a part, smallest first; analyses may have evaluated different numbers."""
    found = unique(r.variable_level for t in cells.wanted for r in cells.rows(t.id, **at))
    return tuple(sorted(found, key=int))
