"""The libraries named for a method are those its modules import, directly or through each other."""

import ast
import sys
from pathlib import Path

from analysis.steps import method
from sap.methods import METHODS as PROMISED
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]


def imported(module: str, seen: set[str]) -> set[str]:
    """Libraries a module of this program imports, with those of the steps and methods behind it."""
    seen.add(module)
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    named = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    named |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    own = {m for m in named if m.startswith(("analysis.data.sample", "analysis.methods.", "analysis.steps."))}
    others = {m.partition(".")[0] for m in named if m.partition(".")[0] not in {"analysis", "sap"}}
    return (others - sys.stdlib_module_names).union(*(imported(m, seen) for m in own - seen))


@each("name", sorted(PROMISED))
def test_a_method_names_the_libraries_it_uses(name):
    assert set(method(name).libraries) == imported(f"analysis.steps.{name}", set())
