"""What pydantic is told of the types, where an application has it: what they do not name is kept."""

from __future__ import annotations

from typing import Any

CONFIG = {
    # What is read like a file, a store, a transport, an error.
    "arbitrary_types_allowed": True,
    # Documents may hold more than their types name; of options that are unknown the call says so.
    "extra": "allow",
}


def configure_for_pydantic(module: dict[str, Any]) -> None:
    """Configure every `TypedDict` that a module lists."""
    for name in module["__all__"]:
        if hasattr(module[name], "__required_keys__"):
            module[name].__pydantic_config__ = CONFIG
