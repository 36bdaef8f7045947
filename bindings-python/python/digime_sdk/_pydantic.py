"""What pydantic is told of the types, where an application has it: what they do not name is kept."""

from __future__ import annotations

from typing import Any, Callable, Optional

CONFIG = {
    # What is read like a file, a store, a transport, an error.
    "arbitrary_types_allowed": True,
    # Documents may hold more than their types name; of options that are unknown the call says so.
    "extra": "allow",
}

_NOT_IN_JSON = ("callable", "is-instance")
"""The kinds of pydantic's schemas for functions, and for what is an object of the SDK's or the application's."""


def configure_for_pydantic(module: dict[str, Any]) -> None:
    """Configure every `TypedDict` that a module lists."""
    for name in module["__all__"]:
        if hasattr(module[name], "__required_keys__"):
            module[name].__pydantic_config__ = CONFIG
            module[name].__get_pydantic_json_schema__ = _json_schema


def _json_schema(schema: dict[str, Any], handler: Callable[[dict[str, Any]], Any]) -> Any:
    """Describe a type without the members of which JSON has no form: pydantic describes none that has one."""
    return handler(_in_json(schema) or schema)


def _in_json(schema: dict[str, Any]) -> Optional[dict[str, Any]]:
    """Give what JSON has of a schema; none where that is nothing."""
    if schema["type"] in _NOT_IN_JSON:
        return None
    if schema["type"] == "typed-dict":
        fields = {name: _in_json(field) for name, field in schema["fields"].items()}
        return {**schema, "fields": {name: field for name, field in fields.items() if field}}
    if schema["type"] == "union":
        choices = [each for each in schema["choices"] if _in_json(each[0] if isinstance(each, tuple) else each)]
        return {**schema, "choices": choices} if choices else None
    if isinstance(inner := schema.get("schema"), dict):
        within = _in_json(inner)
        return {**schema, "schema": within} if within else None
    return schema
