"""What public things are called where they are shown: by the module that applications know."""

from __future__ import annotations

import inspect
from typing import Any


def name_public(module: dict[str, Any]) -> None:
    """Name all that a module lists, and the methods of its classes, after it, but for what another listed first."""
    named: str = module["__name__"]
    for name in module["__all__"]:
        listed = module[name]
        if not inspect.isclass(listed) and not inspect.isfunction(listed):
            continue
        within = [listed, *vars(listed).values()] if inspect.isclass(listed) else [listed]
        for each in within:
            if (inspect.isclass(each) or inspect.isfunction(each)) and _is_inner(each.__module__):
                each.__module__ = named


def _is_inner(module: str) -> bool:
    return module == f"{__package__}.errors" or module.startswith(f"{__package__}._")
