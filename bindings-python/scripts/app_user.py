"""What calls take and give for a user whose connection is kept: the user's id in place of their token."""

from __future__ import annotations

import re
from typing import Any, Optional

Schema = dict[str, Any]

PLACE = "x-in-place-of"
"""Marks an option that is given in place of another, which it names."""

ABSENT = "x-absent-with"
"""Marks a member that is absent where that option is given."""


def named(name: str) -> str:
    """Give what a type is called that is for such a user."""
    return re.sub("(?=(Options|Response|Event|Reading)$)", "ForAppUser", name)


def taker(schema: Schema) -> Optional[str]:
    """Give the option of a type that may be given in place of another."""
    return next((name for name, member in schema.get("properties", {}).items() if PLACE in member), None)


def with_token(schema: Schema) -> Schema:
    """Give a type as it is for a user whose token is given."""
    taking = taker(schema)
    properties = {name: member for name, member in schema.get("properties", {}).items() if name != taking}
    return {**schema, "properties": properties} if taking else schema


def for_app_user(types: dict[str, Schema]) -> dict[str, Schema]:
    """Give the types that are for such a user, by the names of those whose place they take."""
    own = {name: _for_app_user(name, schema) for name, schema in types.items() if taker(schema) or _absent(schema)}
    for name, schema in types.items():
        variants = {_target(variant) for variant in schema.get("anyOf", [])}
        if variants and variants <= own.keys():
            own[name] = {**schema, "description": f"`{name}` for a user whose connection is kept."}
    return {name: _renamed(schema, own) for name, schema in own.items()}


def _for_app_user(name: str, schema: Schema) -> Schema:
    taking, left_out = taker(schema), _absent(schema)
    about = f"`{name}` for a user whose connection is kept: without {' and '.join(f'`{each}`' for each in left_out)}."
    properties = {each: member for each, member in schema["properties"].items() if each not in left_out}
    required = [each for each in schema["required"] if each not in left_out]
    if taking:
        place = properties[taking][PLACE]
        about = f"`{name}` for a user whose connection is kept: with `{taking}` in place of `{place}`."
        del properties[place]
        properties[taking] = {**properties[taking], "type": "string"}
        required = [taking if each == place else each for each in required]
    return {**schema, "properties": properties, "required": required, "description": about}


def _absent(schema: Schema) -> list[str]:
    return [name for name, member in schema.get("properties", {}).items() if ABSENT in member]


def _target(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _renamed(schema: Any, own: dict[str, Schema]) -> Any:
    """Give a schema that refers to the types for such a user, where there are any."""
    if isinstance(schema, list):
        return [_renamed(each, own) for each in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {key: _renamed(value, own) for key, value in schema.items()}
    if _target(schema) in own:
        renamed["$ref"] = f"#/types/{named(_target(schema))}"
    return renamed
