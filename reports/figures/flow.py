"""The flow of subjects: who reached each stage, who was lost and why, what became of them, and who is analysed."""

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.results.ard import Row
from analysis.steps.disposition import left_out, lost
from reports.figures.flow_layout import WIDTH, Layout, Node, SetNode, laid_out
from reports.figures.flow_text import FAMILY, Paragraph
from reports.figures.style import INK, MUTED, canvas, save_svg
from reports.layout.lookup import Lookup
from reports.words.numbers import shown
from sap.methods.disposition import CountedSet, Disposition, reason_labels
from sap.plan.plan import Output, Plan

POINTS: Final = 72.0
"""In an inch."""
JOINED: Final = "\u00a0"
"""A space at which no line is broken."""
_LARGE, _SMALL, _INDENT = 9.5, 9.0, 7.0
_LOOK: Final[dict[str, dict[str, Any]]] = {
    "stage": {"facecolor": "white", "edgecolor": INK, "linewidth": 1.2},
    "set": {"facecolor": "#e8f1f8", "edgecolor": INK, "linewidth": 1.2},
    "missing": {"facecolor": "#f5f5f3", "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (3, 2))},
}


def draw_flow(plan: Plan, lookup: Lookup, output: Output, path: FilePath) -> str:
    """Draw the first disposition of an analysis that counts all subjects together."""
    analysis = plan.analysis(output.analyses[0])
    step = next(s for s in analysis.steps if isinstance(s, Disposition) and s.by is None)
    flow = _Flow(plan, lookup.of(analysis, step), analysis.id, step)
    stages = flow.stages(plan.set_of(analysis.analysis_set).title)
    layout = laid_out(stages, flow.sets(shift=len(stages) - len(step.stages)))
    with canvas(WIDTH / POINTS, layout.height / POINTS) as (figure, axes):
        axes.set_position((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(layout.height, 0)
        axes.axis("off")
        _draw(axes, layout)
        save_svg(figure, path)
    return flow.words()


def _draw(axes: Axes, layout: Layout) -> None:
    for line in layout.paths:
        xs, ys = zip(*line.points, strict=True)
        axes.plot(xs, ys, color=INK, lw=1.0, zorder=1, solid_joinstyle="miter")
        if line.arrow:
            look = {"arrowstyle": "-|>", "color": INK, "lw": 1.0, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
            axes.annotate("", xy=line.points[-1], xytext=line.points[-2], arrowprops=look, zorder=1)
    for box in layout.boxes:
        axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, zorder=2, **_LOOK[box.kind]))
        for text in box.lines:
            axes.text(
                text.x, text.y, text.text, fontsize=text.size, fontweight="bold" if text.bold else "normal",
                fontfamily=FAMILY, color=INK, va="baseline", ha="left", zorder=3, parse_math=False,
            )  # fmt: skip


@dataclass(frozen=True)
class _Count:
    """Subjects counted under one name: how it is drawn, and whether there is nobody."""

    name: str
    n: Row
    p: Row

    @property
    def text(self) -> str:
        return f"{shown(self.n)} ({shown(self.p)})" if not self.p.error else shown(self.n)


@dataclass(frozen=True)
class _Flow:
    plan: Plan
    lookup: Lookup
    analysis: str
    step: Disposition

    def _count(self, name: str, context: str, level: str) -> _Count | None:
        """Return a count; None where the results have none of that name."""
        found = self.lookup.by_stat(self.analysis, context=context, level=level, grouping="")
        return _Count(name, found["n"], found["p"]) if {"n", "p"} <= found.keys() else None

    def _stage(self, position: int) -> _Count:
        label = self.step.stages[position].label
        return _there(self._count(label, "stage", label))

    def _lost(self, position: int) -> list[_Count]:
        """Return those lost before a stage, then by reason."""
        stage = self.step.stages[position]
        found = [self._count("Lost", "lost", lost(stage.label))]
        found += [self._count(r, "lost_by_reason", lost(stage.label, r)) for r in reason_labels(stage.lost)]
        return [c for c in found if c is not None]

    def _outcomes(self) -> list[_Count]:
        found = [self._count(name, "outcome", name) for name in reason_labels(self.step.outcomes)]
        return [c for c in found if c is not None]

    def _set(self, counted: CountedSet) -> tuple[_Count, list[_Count]]:
        """Return those in a set, and those left out of it with their reasons."""
        name = counted.analysis_set
        title = f"{self.plan.set_of(name).title} ({name})"
        found = [self._count("Not in the set", "left_out", left_out(name))]
        found += [self._count(r, "left_out_by_reason", left_out(name, r)) for r in reason_labels(counted.left_out)]
        return _there(self._count(title, "in_set", name)), [c for c in found if c is not None]

    def stages(self, everyone: str) -> list[Node]:
        """Return the boxes of the stages; before a first stage that not all reached, that of the analysis set."""
        last = len(self.step.stages) - 1
        nodes = [
            Node((*_head(self._stage(i)), *(_items(self._outcomes()) if i == last else ())), _missing(self._lost(i)))
            for i in range(last + 1)
        ]
        if nodes[0].missing:
            total = self.lookup.row("SETS", "N", context="analysis", level=self.analysis)
            nodes.insert(0, Node((Paragraph(everyone, _LARGE, bold=True), Paragraph(_n(shown(total)), _LARGE))))
        return nodes

    def sets(self, shift: int) -> list[SetNode]:
        """Return the boxes of the sets; the stage of each is counted with the boxes before the first stage."""
        found = []
        for counted in self.step.sets:
            inside, missing = self._set(counted)
            found.append(SetNode(_head(inside), _missing(missing), among=self.step.among(counted) + shift))
        return found

    def words(self) -> str:
        """Return the flow in sentences; reasons that fit nobody are left out."""
        told = []
        for i in range(len(self.step.stages)):
            stage = self._stage(i)
            told += [_told(f"Before “{stage.name}”, lost", self._lost(i)), f"{stage.name}: {stage.text}."]
        ended = [f"{c.name} {c.text}" for c in self._outcomes()]
        told += [f"Of these, {'; '.join(ended)}."] if ended else []
        for counted in self.step.sets:
            inside, missing = self._set(counted)
            told += [f"{inside.name}: {inside.text}.", _told("Left out", missing)]
        return f"Boxes joined by arrows. {' '.join(t for t in told if t)}"


def _there(count: _Count | None) -> _Count:
    if count is None:
        msg = "the results have no such part of the disposition: run the plan again"
        raise ValueError(msg)
    return count


def _head(count: _Count) -> tuple[Paragraph, ...]:
    return Paragraph(count.name, _LARGE, bold=True), Paragraph(_n(count.text), _LARGE)


def _items(counts: list[_Count]) -> tuple[Paragraph, ...]:
    return tuple(_item(f"{c.name}:{JOINED}{c.text.replace(' ', JOINED)}") for c in counts)


def _missing(counts: list[_Count]) -> tuple[Paragraph, ...]:
    if not counts:
        return ()
    total, *reasons = counts
    head = Paragraph(f"{total.name}: {_n(total.text)}", _SMALL, bold=True)
    return head, *(_item(f"{c.name}:{JOINED}{shown(c.n)}") for c in reasons)


def _item(text: str) -> Paragraph:
    return Paragraph(text, _SMALL, indent=_INDENT, hanging=_INDENT)


def _n(text: str) -> str:
    return f"n{JOINED}={JOINED}{text}"


def _told(what: str, counts: list[_Count]) -> str:
    """Return those missing in a sentence, with the reasons that fit somebody."""
    if not counts:
        return ""
    total, *reasons = counts
    why = "; ".join(f"{c.name} {shown(c.n)}" for c in reasons if c.n.stat != 0)
    return f"{what}: {shown(total.n)}{f' ({why})' if why else ''}."
