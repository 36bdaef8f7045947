"""How the languages spell what the core describes: calls, members, types, and the names that texts mention."""

from __future__ import annotations

import ast
import copy
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bindings-python/scripts"))

from description import EVERY_CALL, Description, Schema, snake_case, target, without_null

from .rust_items import RustItems

__all__ = ["JavaScript", "Language", "Python", "Rust", "Schema", "snake_case", "target", "without_null"]

_SDKS = {"digime": "DigiMeSDK", "pkb": "PkbSDK"}
_SPAN = re.compile(r"`[^`]*`")
_RESPONSE = re.compile(r"^    type Response = ([^;]+);", re.MULTILINE)


class Language:
    """A language, which spells names as the core describes them unless it says otherwise."""

    name: str
    code: str
    """What its code is called in Markdown."""
    of_every_call: ClassVar[Schema]
    """What calls take in this language alone."""

    def __init__(self, described: Schema) -> None:
        self.described = copy.deepcopy(described)
        self.types: dict[str, Schema] = self.described["types"]
        self.python = Description(copy.deepcopy(described))

    def call(self, name: str) -> str:
        """Spell a call."""
        return name

    def type(self, name: str) -> str:
        """Spell a type."""
        return name

    def member(self, _type: str, name: str) -> str:
        """Spell a member of a type."""
        return name

    def word(self, word: str) -> str:
        """Spell a name that a text mentions."""
        return word

    def head(self, name: str) -> str:
        """What a program calls a type; nothing where the language has none."""
        return f"`{self.type(name)}`"

    def value(self, _type: str, value: str) -> str:
        """Spell a value that a type has."""
        return value

    def members(self, name: str) -> dict[str, Schema]:
        """The members of a type."""
        members: dict[str, Schema] = self.types[name].get("properties", {})
        return {member: schema for member, schema in members.items() if "x-skin" not in schema}

    def every_call(self) -> dict[str, Schema]:
        """What every call takes beside its own options."""
        every: dict[str, Schema] = self.described["everyCall"] | self.of_every_call
        return every

    def prose(self, text: str) -> str:
        """Put a text in this language: its names, and no links between Rust's items."""
        text = re.sub(r"\[(`[^`]*`)\](\([^)]*\))?", r"\1", text)
        return _SPAN.sub(lambda code: re.sub(r"\w+", lambda word: self.word(word[0]), code[0]), text)

    def signature(self, platform: str, operation: Schema) -> str:
        """How a call is made."""
        raise NotImplementedError


class JavaScript(Language):
    """JavaScript, which the core's own names are of."""

    name = "JavaScript"
    code = "ts"
    of_every_call: ClassVar[Schema] = {
        "signal": {
            "x-host": "signal",
            "description": "An `AbortSignal`, which ends the call: it is rejected with the signal's reason at once. What must not be left "
            "half done, such as storing new tokens, is done all the same.",
        }
    }

    def signature(self, platform: str, operation: Schema) -> str:
        return _typescript(platform)[operation["name"]]


class Python(Language):
    """Python, as its types are printed."""

    name = "Python"
    code = "python"
    of_every_call: ClassVar[Schema] = EVERY_CALL

    def call(self, name: str) -> str:
        return snake_case(name)

    def member(self, _type: str, name: str) -> str:
        return self.python.key(_type, name) if _type else snake_case(name)

    def word(self, word: str) -> str:
        return snake_case(word) if word in self.python.spelled else word

    def members(self, name: str) -> dict[str, Schema]:
        members: dict[str, Schema] = self.python.documented[name]
        return {member: schema for member, schema in members.items() if "x-skin" not in schema}

    def signature(self, platform: str, operation: Schema) -> str:
        path = ROOT / "bindings-python/python/digime_sdk/_generated/client.py"
        return "\n".join(_python(path, _SDKS[platform], snake_case(operation["name"])))


class Rust(Language):
    """Rust, of which the core's own sources say what is called otherwise."""

    name = "Rust"
    code = "rust"
    of_every_call: ClassVar[Schema] = {}

    def __init__(self, described: Schema) -> None:
        super().__init__(described)
        self.items = RustItems(ROOT / "core/src")

    def call(self, name: str) -> str:
        return snake_case(name)

    def type(self, name: str) -> str:
        return self.items.name(name)

    def member(self, _type: str, name: str) -> str:
        return self.items.members.get(name) or snake_case(name)

    def word(self, word: str) -> str:
        return (
            snake_case(word) if word in self.python.spelled else self.items.name(word) if word in self.types else word
        )

    def head(self, name: str) -> str:
        paths, holder = self.items.paths(name), self.items.holder(name)
        return " or ".join(f"`{path}`" for path in paths) + (f", in a `{holder}`" if holder else "")

    def value(self, type_: str, value: str) -> str:
        return f"{self.type(type_)}::{self.items.variant(type_, value)}"

    def members(self, name: str) -> dict[str, Schema]:
        if not self.items.paths(name):
            return {}
        # A transport is no part of a configuration, but of the world that a client is made in.
        members: dict[str, Schema] = self.types[name].get("properties", {})
        return {member: schema for member, schema in members.items() if schema.get("x-host") != "transport"}

    def every_call(self) -> dict[str, Schema]:
        return {}

    def signature(self, platform: str, operation: Schema) -> str:
        call = snake_case(operation["name"])
        source = (ROOT / f"core/src/{platform}/calls/{call}.rs").read_text(encoding="utf-8")
        options, response = self.type(target(operation["options"]) or ""), _RESPONSE.findall(source)[0]
        itself = f"async fn {call}(&self, options: {options}) -> Result<{response}, Error>"
        return f"{itself}\n{_rust_pages()}" if operation["name"] == "fhirSearch" else itself


def _rust_pages() -> str:
    """How Rust gives the pages of a search one after the other."""
    source = (ROOT / "core/src/pkb/fhir/search_pages.rs").read_text(encoding="utf-8")
    search, following = re.findall(r"^    pub ((?:async )?fn .*?) \{$", source, re.MULTILINE)
    return f"{search}\n{following} // of SearchPages"


def _typescript(platform: str) -> dict[str, str]:
    """The calls of a platform as they are declared in TypeScript."""
    source = (ROOT / "bindings-node/ts/generated/operations.ts").read_text(encoding="utf-8")
    source = re.sub(r"^ */\*\*.*?\*/\n", "", source, flags=re.MULTILINE | re.DOTALL)
    body = re.findall(
        rf"^export (?:interface|type) {_SDKS[platform]}\b.*?{{\n(.*?)^}}", source, re.MULTILINE | re.DOTALL
    )[0]
    declared = re.findall(r"^  (\w+): (\{\n.*?^  \}|.*?);$", body, re.MULTILINE | re.DOTALL)
    return {name: "\n".join(_plain(f"{name}{form}") for form in _forms(signature)) for name, signature in declared}


def _forms(signature: str) -> list[str]:
    """The ways to make a call, of which there may be several."""
    several = signature.startswith("{")
    return re.findall(r"^    (\(.*?);$", signature, re.MULTILINE | re.DOTALL) if several else [signature]


def _plain(signature: str) -> str:
    text = " ".join(signature.split())
    return text.replace("( ", "(").replace(", ) =>", ") =>").replace(", ):", "):").replace(") =>", "):", 1)


def _python(path: Path, sdk: str, call: str) -> Iterator[str]:
    """The heads of a method, one for each way to call it."""
    classes = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    methods: list[Any] = [
        each for node in classes if node.name == sdk for each in node.body if getattr(each, "name", "") == call
    ]
    overloads = [each for each in methods if "overload" in map(ast.unparse, each.decorator_list)] or methods
    for each in overloads:
        kind = "async def" if isinstance(each, ast.AsyncFunctionDef) else "def"
        options = ast.unparse(each.args.kwarg.annotation)
        yield f"{kind} {call}(**options: {options}) -> {ast.unparse(each.returns)}"
