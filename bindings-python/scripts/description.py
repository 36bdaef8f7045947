"""What the description of the core says: its schemas, and how they hang together."""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app_user import for_app_user, named, with_token

Schema = dict[str, Any]


ABOUT_FLOATS = (
    "What makes numbers of digits that have a point or a power, in the documents that {}: `decimal.Decimal` keeps them "
    "all. Default `float`."
)

ABOUT_TRANSPORT = (
    "Sends all requests in place of the SDK's own transport: a `Transport`, such as those of `digime_sdk.httpx`. It "
    "makes the connections, so `ca`, `client_certificate` and `proxy` are refused beside it, and `timeouts.connect` "
    "has no meaning; signing, repeating, refreshing, decrypting and all other time-outs stay with the SDK."
)
"""What this language has in place of `fetch`."""

EVERY_CALL: Schema = {
    "parseFloat": {"x-host": "parseFloat", "description": ABOUT_FLOATS.format("this call gives")},
}
"""What calls of this SDK take beside what those of all SDKs do."""

EVERY_CLIENT: Schema = {
    "parseFloat": {"x-host": "parseFloat", "description": ABOUT_FLOATS.format("calls give")},
}
"""What the configuration of this SDK takes beside what those of all SDKs do."""


def snake_case(name: str) -> str:
    """Spell a name as the core does for Python."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def target(schema: Any) -> str | None:
    """Give the name of the type that a schema refers to; what may be anything refers to none."""
    reference: str | None = None if schema is True else schema.get("$ref")
    return reference and reference.rsplit("/", 1)[1]


def without_null(schema: Schema) -> Schema:
    """Give the schema of a value that is there."""
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        return {**schema, "type": kinds[0]} if len(kinds) == 1 else schema
    if "anyOf" in schema:
        others = [other for other in schema["anyOf"] if other != {"type": "null"}]
        return others[0] if len(others) == 1 else {**schema, "anyOf": others}
    return schema


def references(schema: object) -> Iterator[str]:
    """Give the names of the types that a schema refers to, but for those of functions of the application."""
    if isinstance(schema, dict):
        if name := target(schema):
            yield name
        for key, value in schema.items():
            if key not in ("x-argument", "x-methods"):
                yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def marked(mark: str, schema: object) -> Iterator[Any]:
    """Give what stands under a mark, wherever that is."""
    if isinstance(schema, dict):
        if mark in schema:
            yield schema[mark]
        for value in schema.values():
            yield from marked(mark, value)
    elif isinstance(schema, list):
        for value in schema:
            yield from marked(mark, value)


class Description:
    """The platforms with their operations, and the types of all of them."""

    def __init__(self, described: Schema) -> None:
        self.platforms: list[Schema] = described["platforms"]
        self.types: dict[str, Schema] = described["types"]
        self.iterators: dict[str, str] = {}
        """The operations that answer by an iterator, and the option that is told what it gives."""
        operations = [operation for platform in self.platforms for operation in platform["operations"]]
        for operation in operations:
            for name in self.variants(operation):
                members = self.types[name].setdefault("properties", {})
                for member in [each for each, schema in members.items() if schema.get("x-skin") == "iterator"]:
                    self.iterators[operation["name"]] = member
                members.update({**described["everyCall"], **EVERY_CALL})
        for platform in self.platforms:
            properties = self.types[target(platform["config"]) or ""]["properties"]
            properties.update(EVERY_CLIENT)
            properties["transport"] = {**properties.pop("fetch"), "description": ABOUT_TRANSPORT}
        self.documented: dict[str, dict[str, Schema]] = {}
        """The members of types as calls are documented with them: of options of which one is given, all."""
        self.for_app_user: dict[str, str] = {}
        """The types for users whose connection is kept, by the types in whose place they are."""
        self._add_those_for_app_users()
        stores = list(marked("x-methods", self.types))
        self.methods: dict[str, Schema] = {name: method for store in stores for name, method in store.items()}
        """The methods of a store."""
        self.told = self.reachable(method["argument"] for method in self.methods.values())
        """The types of what a store is told, which has all its members."""
        answers = [operation["response"] for operation in operations]
        self.answered = self.reachable([*answers, *marked("x-argument", self.types)]) | self.told
        self.answered |= {kept for name, kept in self.for_app_user.items() if name in self.answered}
        """The types of what the SDK gives."""
        self.spelled = {operation["name"] for operation in operations} | set(self.methods)
        for schema in self.types.values():
            if not schema.get("x-document"):
                self.spelled.update(schema.get("properties", {}))

    def _add_those_for_app_users(self) -> None:
        types: dict[str, Schema] = {}
        derived = for_app_user(self.types)
        for name, schema in self.types.items():
            self.documented[name] = schema.get("properties", {})
            types[name] = with_token(schema)
            if name in derived:
                self.for_app_user[name] = named(name)
                types[named(name)] = derived[name]
        self.types = types

    def options(self, operation: Schema) -> str:
        """Give the name of the type of an operation's options."""
        name = target(operation["options"])
        if name is None:
            msg = f"{operation['name']}: options must be a named type"
            raise ValueError(msg)
        return name

    def variants(self, operation: Schema) -> list[str]:
        """Give the names of the types of which an operation's options are one: its own, or those of a union."""
        options = self.options(operation)
        return list(references(self.types[options].get("anyOf", []))) or [options]

    def kept(self, operation: Schema) -> list[str]:
        """Give those of which they are one where a connection is kept."""
        return [self.for_app_user[name] for name in self.variants(operation) if name in self.for_app_user]

    def answer(self, operation: Schema, *, kept: bool) -> Schema:
        """Give what an operation answers with, where a connection is kept or where none is."""
        response: Schema = operation["response"]
        other = self.for_app_user.get(target(response) or "") if kept else None
        return {"$ref": f"#/types/{other}"} if other else response

    def many(self, platform: Schema) -> dict[str, str]:
        """Give the calls of a platform that take any number of things, with the option that is iterated over."""
        taken = {}
        for operation in platform["operations"]:
            members = self.types[self.options(operation)].get("properties", {})
            for member in [each for each, schema in members.items() if schema.get("x-host") == "many"]:
                taken[operation["name"]] = member
        return taken

    def members(self, name: str) -> dict[str, Schema]:
        """Give the members of a type, but for functions that an iterator stands for."""
        members: dict[str, Schema] = self.types[name]["properties"]
        return {member: schema for member, schema in members.items() if "x-skin" not in schema}

    def objects(self, platform: Schema) -> list[str]:
        """Give what of a platform's configuration may be an object whose methods are called."""
        members = self.members(target(platform["config"]) or "")
        return [snake_case(name) for name, schema in members.items() if "x-methods" in schema]

    def hosts(self, name: str) -> set[str]:
        """Give what a type has of things that stay with the application, or that are waited for."""
        members = self.types[name].get("properties", {})
        return {schema["x-host"] for schema in members.values() if "x-host" in schema}

    def reachable(self, schemas: Iterable[Schema]) -> set[str]:
        """Give the names of the types that the schemas are made of."""
        found: set[str] = set()
        waiting = [name for schema in schemas for name in references(schema)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(references(self.types[name]))
        return found

    def key(self, type_name: str, name: str) -> str:
        """Spell a member of a type."""
        if not self.types[type_name].get("x-document"):
            name = snake_case(name)
        if keyword.iskeyword(name):
            if type_name in self.answered:
                msg = f"{type_name}.{name}: a keyword cannot be a member of what the SDK answers"
                raise ValueError(msg)
            return f"{name}_"
        return name


def describe(package: Path) -> Description:
    """Read the description from standard input, or ask the core for it when that is empty."""
    if not sys.stdin.isatty() and (text := sys.stdin.read()):
        return Description(json.loads(text))
    command = ["cargo", "run", "--quiet", "--package", "digime-sdk", "--example", "describe"]
    return Description(json.loads(subprocess.run(command, cwd=package, capture_output=True, check=True).stdout))
