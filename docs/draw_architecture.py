"""Draws `docs/architecture.svg` from the imports of the code: rooms are columns, folders floors, the lowest below.

Run it with ``python docs/draw_architecture.py``; a test holds the picture to the code.
"""

import ast
import re
import tomllib
from collections import Counter
from html import escape
from pathlib import Path
from textwrap import wrap

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"
ROOMS = {
    "sap": ("what was promised", "#0072B2"),
    "analysis": ("how it is computed", "#009E73"),
    "reports": ("how it is shown", "#D55E00"),
}
DOOR = "executable_sap"
"""The package above the rooms, by which notebooks and other programs use them."""
WIDTH, HEIGHT, GAP, SIDE, TOP, ABOVE = 350, 92, 14, 100, 108, 76


def floors(room: str) -> list[list[str]]:
    """Return the folders of a room from the lowest layer up, as the contract in pyproject.toml orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == [room])
    return [re.split(r" [|:] ", layer) for layer in reversed(layers)]


def modules(folder: str) -> list[Path]:
    """Return the modules of a folder and of those inside it."""
    return [p for p in sorted((ROOT / folder.replace(".", "/")).rglob("*.py")) if p.name != "__init__.py"]


def imports() -> Counter[tuple[str, str]]:
    """Return how often a module of one folder imports one of another, by folders."""
    graph = grimp.build_graph(*ROOMS, DOOR)
    found: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            own, other = (".".join(name.split(".")[:2]) for name in (module, imported))
            if own != other and own.count(".") == other.count(".") == 1:
                found[own, other] += 1
    return found


def boxes() -> dict[str, tuple[float, float]]:
    """Return the left top corner of each folder's box."""
    rooms = {room: [name for floor in floors(room) for name in floor] for room in ROOMS}
    tallest = max(map(len, rooms.values()))
    return {
        f"{room}.{name}": (24 + column * (WIDTH + SIDE), TOP + (tallest - 1 - row) * (HEIGHT + GAP))
        for column, (room, names) in enumerate(rooms.items())
        for row, name in enumerate(names)
    }


def box(name: str, at: tuple[float, float], colour: str, used: list[str]) -> str:
    """Return a folder as SVG: its name and size, its sentence, and the folders of lower rooms it imports."""
    x, y = at
    init = ROOT / name.replace(".", "/") / "__init__.py"
    sentence = (ast.get_docstring(ast.parse(init.read_text("utf-8"))) or "").split("\n\n")[0]
    told = wrap(" ".join(sentence.replace("`", "").split()), 54)[:2]
    uses = wrap(f"uses {', '.join(used)}", 60)[:2] if used else []
    within = len(modules(name))
    lines = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#fff" stroke="{colour}"/>',
        f'<text x="{x + 10}" y="{y + 20}" class="name">{name.replace(".", "/")}</text>',
        f'<text x="{x + WIDTH - 10}" y="{y + 20}" class="size" text-anchor="end">{within} modules</text>',
        *(f'<text x="{x + 10}" y="{y + 38 + 14 * i}">{escape(text)}</text>' for i, text in enumerate(told)),
    ]
    lines += [
        f'<text x="{x + 10}" y="{y + HEIGHT - 8 - 13 * (len(uses) - 1 - i)}" class="used">{escape(text)}</text>'
        for i, text in enumerate(uses)
    ]
    return "\n".join(lines)


def door(width: float, found: Counter[tuple[str, str]]) -> str:
    """Return the package above the rooms as SVG, across all of them: its sentence, and the folders it imports."""
    used = sorted({b.replace(".", "/") for a, b in found if a.startswith(f"{DOOR}.") and not b.startswith(DOOR)})
    sentence = (ast.get_docstring(ast.parse((ROOT / DOOR / "__init__.py").read_text("utf-8"))) or "").split("\n\n")[0]
    return "\n".join(
        [
            f'<rect x="24" y="{16 - ABOVE}" width="{width}" height="{ABOVE - 12}" rx="6" fill="#fff" stroke="#555"/>',
            f'<text x="34" y="{38 - ABOVE}" class="name">{DOOR}/</text>',
            f'<text x="34" y="{54 - ABOVE}">{escape(sentence)}</text>',
            f'<text x="34" y="{70 - ABOVE}" class="used">uses {", ".join(shortened(used))}</text>',
        ]
    )


def arrow(upper: tuple[float, float], lower: tuple[float, float], n: int, colour: str) -> str:
    """Return an import inside a room as an arc at its right; the more imports, the heavier."""
    x, top, low = upper[0] + WIDTH, upper[1] + HEIGHT * 0.62, lower[1] + HEIGHT * 0.38
    bend = x + 14 + (low - top) * 0.09
    path = f'<path d="M{x},{top:.0f} C{bend:.0f},{top:.0f} {bend:.0f},{low:.0f} {x + 5},{low:.0f}"'
    width = min(0.6 + n / 12, 3)
    return (
        f'{path} fill="none" stroke="{colour}" stroke-opacity=".45" stroke-width="{width:.1f}" marker-end="url(#to)"/>'
    )


def picture() -> str:
    """Return the whole picture as SVG."""
    places, found = boxes(), imports()
    width, height = 24 + 3 * WIDTH + 3 * SIDE, max(y for _, y in places.values()) + HEIGHT + 24
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {-ABOVE} {width} {height + ABOVE:.0f}">',
        "<title>The three rooms and their folders; each imports what stands below it or at its left</title>",
        "<style>text{font:12px sans-serif;fill:#222}.room{font:bold 22px sans-serif}.name{font:bold 14px sans-serif}"
        ".size,.used{fill:#555;font-size:11px}.import{fill:none;stroke-opacity:.45}</style>",
        '<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#666"/></marker></defs>',
        f'<rect y="{-ABOVE}" width="{width}" height="{height + ABOVE:.0f}" fill="#fafafa"/>',
        door(3 * WIDTH + 2 * SIDE, found),
    ]
    rooms = list(ROOMS)
    for column, (room, (sentence, colour)) in enumerate(ROOMS.items()):
        x = 24 + column * (WIDTH + SIDE)
        drawn.append(f'<text x="{x}" y="44" class="room" style="fill:{colour}">{room}/</text>')
        drawn.append(f'<text x="{x}" y="64">{sentence}</text>')
        for lower in rooms[:column]:
            n = sum(k for (a, b), k in found.items() if a.startswith(f"{room}.") and b.startswith(f"{lower}."))
            drawn.append(
                f'<text x="{x}" y="{82 + 15 * rooms.index(lower)}" class="used">imports {lower} {n} times</text>'
            )
    for (upper, lower), n in sorted(found.items()):
        if upper.split(".")[0] == lower.split(".")[0] and upper in places and lower in places:
            drawn.append(arrow(places[upper], places[lower], n, ROOMS[upper.split(".")[0]][1]))
    for name, at in places.items():
        room = name.split(".")[0]
        used = sorted({b.replace(".", "/") for a, b in found if a == name and not b.startswith(f"{room}.")})
        drawn.append(box(name, at, ROOMS[room][1], shortened(used)))
    return "\n".join([*drawn, "</svg>", ""])


def shortened(folders: list[str]) -> list[str]:
    """Return folders as one item a room: "sap: model, plan"."""
    by_room: dict[str, list[str]] = {}
    for folder in folders:
        room, _, name = folder.partition("/")
        by_room.setdefault(room, []).append(name)
    return [f"{room}: {' '.join(names)}" for room, names in by_room.items()]


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
