"""Nothing in the package needs what needs it, neither directly nor by way of others, type checkers included."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
PYTHON = PACKAGE / "python" / "digime_sdk"


def imported_by(file: Path) -> set[str]:
    """Give the modules of the package that a file imports, wherever in it that is."""
    here = file.relative_to(PYTHON).with_suffix("").parts
    modules = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = here[: len(here) - node.level]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            modules |= {".".join((*package, *name.split("."))) for name in names}
    return modules


def test_no_python_module_is_in_a_circle() -> None:
    imports = {
        ".".join(file.relative_to(PYTHON).with_suffix("").parts): imported_by(file)
        for file in sorted(PYTHON.rglob("*.py*"))
        if file.suffix in (".py", ".pyi")
    }
    assert {"__init__", "_native", "_generated.types", "errors"} <= imports.keys()
    assert "_generated.tokens" in imports["_base_error"]
    assert set().union(*imports.values()) <= imports.keys() | {"_generated"}
    # It raises `CycleError`, which shows the circle.
    assert list(TopologicalSorter(imports).static_order())


def test_no_rust_module_is_in_a_circle() -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in (PACKAGE / "src").glob("*.rs")}
    imports = {name: set(re.findall(r"\bcrate::(\w+)", text)) for name, text in files.items() if name != "lib"}
    assert "runtime" in imports["bridge"]
    assert not any("crate::{" in text for text in files.values())
    assert set().union(*imports.values()) <= imports.keys()
    assert list(TopologicalSorter(imports).static_order())
