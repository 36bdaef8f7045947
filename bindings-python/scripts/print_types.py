"""Print the types and methods of the Python SDK from the description of the core.

The description is read from standard input, or asked for with cargo when that is empty. `--check` compares what would
be printed with what is there.
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent.parent
GENERATED = PACKAGE / "python" / "digime_sdk" / "_generated"
WIDTH = 120
ORIGINS = {
    "collections.abc": ["Awaitable", "Callable"],
    "typing": ["TYPE_CHECKING", "Any", "Literal", "Optional", "TypedDict", "Union", "overload"],
}
"""Where the names come from that the printed modules need at run time."""

ONLY_CHECKED = {
    "typing_extensions": ["NotRequired", "Unpack"],
    ".._streams": ["FileData"],
    "..errors": ["DigiMeSDKError"],
}
"""Where those come from that only annotations name."""

HOSTS = {"fileData": "FileData", "bytes": "bytes", "byteStream": "ByteStream", "error": "DigiMeSDKError"}
"""The annotations for what is no JSON, other than functions."""

READINGS = {"readAllFiles": "AllFilesReading"}
"""What the calls answer with that are gone through step by step."""

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

Schema = dict[str, Any]


def snake_case(name: str) -> str:
    """Spell a name as the core does for Python."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def target(schema: Schema) -> str | None:
    """Give the name of the type that a schema refers to."""
    reference = schema.get("$ref")
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
    """Give the names of the types that a schema refers to, but for those that callbacks are given."""
    if isinstance(schema, dict):
        if name := target(schema):
            yield name
        for key, value in schema.items():
            if key != "x-argument":
                yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def holds_stream(schema: Schema) -> bool:
    """Tell whether a type has a stream to be read, which is done otherwise in plain code than in asyncio."""
    return any(value.get("x-host") == "byteStream" for value in schema.get("properties", {}).values())


def arguments(schema: object) -> Iterator[Schema]:
    """Give the schemas of what callbacks are given."""
    if isinstance(schema, dict):
        if "x-argument" in schema:
            yield schema["x-argument"]
        for value in schema.values():
            yield from arguments(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from arguments(value)


class Printer:
    """The description, and how its types and words are put in Python."""

    def __init__(self, description: Schema) -> None:
        self.operations: list[Schema] = description["operations"]
        self.types: dict[str, Schema] = description["types"]
        for operation in self.operations:
            for name in self.variants(operation) or [self.options(operation)]:
                self.types[name]["properties"].update(description["everyCall"])
        answers = [operation["response"] for operation in self.operations] + list(arguments(self.types))
        self.answered = self.reachable(answers)
        self.spelled = {operation["name"] for operation in self.operations}
        for schema in self.types.values():
            if not schema.get("x-document"):
                self.spelled.update(schema.get("properties", {}))

    def options(self, operation: Schema) -> str:
        """Give the name of the type of an operation's options."""
        name = target(operation["options"])
        if name is None:
            msg = f"{operation['name']}: options must be a named type"
            raise ValueError(msg)
        return name

    def variants(self, operation: Schema) -> list[str]:
        """Give the names of the types of which an operation's options are one, if there are several."""
        return list(references(self.types[self.options(operation)].get("anyOf", [])))

    def reachable(self, schemas: list[Schema]) -> set[str]:
        """Give the names of the types that the schemas are made of."""
        found: set[str] = set()
        waiting = [name for schema in schemas for name in references(schema)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(references(self.types[name]))
        return found

    def text(self, text: str) -> str:
        """Put a documentation text in Python: its links and its names."""
        text = re.sub(r"\[(`[^`]*`)\](\([^)]*\))?", r"\1", text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')

        def spell(code: re.Match[str]) -> str:
            return re.sub(r"\w+", lambda word: snake_case(word[0]) if word[0] in self.spelled else word[0], code[0])

        return re.sub("`[^`]*`", spell, text)

    def docstring(self, text: str, indent: int) -> str:
        """Give the lines of a docstring, each paragraph filled."""
        paragraphs = []
        for paragraph in self.text(text).split("\n\n"):
            plain = [line for line in paragraph.split("\n") if not line.startswith(" ")]
            items = [line for line in paragraph.split("\n") if line.startswith(" ")]
            lines = textwrap.wrap(" ".join(plain), WIDTH - indent - 3)
            for item in items:
                lines += textwrap.wrap(item.strip(), WIDTH - indent, initial_indent=" " * 4, subsequent_indent=" " * 8)
            paragraphs.append("\n".join(lines))
        body = "\n\n".join(paragraphs)
        if body.endswith('"'):
            body += " "
        closing = '"""' if "\n" not in body and len(body) + indent + 6 <= WIDTH else '\n"""'
        return textwrap.indent(f'"""{body}{closing}', " " * indent)

    def type_of(self, schema: Schema) -> str:
        """Give the annotation for a schema."""
        if name := target(schema):
            return name
        if host := schema.get("x-host"):
            return self.callback(schema) if host == "callback" else HOSTS[host]
        if "const" in schema:
            return f"Literal[{json.dumps(schema['const'])}]"
        if "enum" in schema:
            return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
        if variants := schema.get("anyOf") or schema.get("oneOf"):
            if all("const" in variant for variant in variants):
                return f"Literal[{', '.join(json.dumps(variant['const']) for variant in variants)}]"
            return f"Union[{', '.join(self.type_of(variant) for variant in variants)}]"
        return self.plain(schema)

    def plain(self, schema: Schema) -> str:
        """Give the annotation for a schema that JSON Schema has a word for."""
        kind = schema.get("type")
        if isinstance(kind, list):
            return f"Union[{', '.join(self.plain({**schema, 'type': each}) for each in kind)}]"
        if kind == "array":
            return f"list[{self.type_of(schema.get('items', {}))}]"
        if kind == "object":
            values = schema.get("additionalProperties", True)
            return f"dict[str, {self.type_of(values) if isinstance(values, dict) else 'Any'}]"
        return "Any" if kind is None else SCALARS[kind]

    def callback(self, schema: Schema) -> str:
        """Give the annotation for a function, which may be asynchronous."""
        answer = self.type_of(schema["x-answer"]) if "x-answer" in schema else None
        returned = f"Union[{answer}, Awaitable[{answer}]]" if answer else "object"
        return f"Callable[[{self.type_of(schema['x-argument'])}], {returned}]"

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

    def structure(self, name: str) -> str:
        """Give the class of an object type."""
        schema = self.types[name]
        lines = [f"class {name}(TypedDict):", self.docstring(schema.get("description", name), 4)]
        for member, value in schema["properties"].items():
            annotation = self.type_of(without_null(value))
            if member not in schema.get("required", []):
                # What is only ever given may be None, which leaves it out.
                absent = annotation if name in self.answered or annotation == "Any" else f"Optional[{annotation}]"
                annotation = f"NotRequired[{absent}]"
            lines.append(f"    {self.key(name, member)}: {annotation}")
            if "description" in value:
                lines.append(self.docstring(value["description"], 4))
        return "\n".join(lines)

    def alias(self, name: str) -> str:
        """Give the alias of a type that is no object."""
        schema = self.types[name]
        lines = [f"{name} = {self.type_of(schema)}"]
        if "description" in schema:
            lines.append(self.docstring(schema["description"], 0))
        return "\n".join(lines)

    def print_types(self) -> str:
        """Give the module of types."""
        structures = [name for name, schema in self.types.items() if "properties" in schema]
        others = [name for name in self.types if name not in structures]
        unions = [name for name in others if any(references(self.types[name]))]
        blocks = [self.alias(name) for name in others if name not in unions]
        blocks += [self.structure(name) for name in structures]
        blocks += [self.alias(name) for name in unions]
        listed = f"__all__ = {json.dumps(sorted(self.types))}"
        only_checked = {**ONLY_CHECKED, ".._byte_stream": ["ByteStream"]}
        return module("The types of options and responses.", ORIGINS, only_checked, [listed, *blocks])

    def method(self, operation: Schema, prefix: str, wait: str) -> str:
        """Give the method of an operation."""
        name, options = operation["name"], self.options(operation)
        reading = READINGS.get(name)
        answer = reading or self.type_of(operation["response"])
        variants = self.variants(operation)
        head = f"    {'' if reading else prefix}def {snake_case(name)}(self, **options: {{}}) -> {answer}:"
        overloads = [f"    @overload\n{head.format(f'Unpack[{variant}]')} ..." for variant in variants]
        own = head.format("Any" if variants else f"Unpack[{options}]")
        call = f'{wait}self._call("{name}", options)'
        ending = [f"        {call}"]
        if reading:
            ending = [f"        return {reading}(self, options)"]
        elif answer != "None":
            ending = [f"        response: {answer} = {call}", "        return response"]
        doc = self.docstring(f"{operation['about']}\n\n{self.documented(options, variants)}", 8)
        return "\n".join([*overloads, own, doc, *ending])

    def documented(self, options: str, variants: list[str]) -> str:
        """Say what the arguments of a method are."""
        if variants:
            return f"The arguments are those of {' or of '.join(f'`{variant}`' for variant in variants)}."
        schema = self.types[options]
        lines = ["Args:"]
        for member, value in schema["properties"].items():
            optional = "" if member in schema.get("required", []) else " (optional)"
            about = " ".join(value.get("description", "").split())
            lines.append(f"    {self.key(options, member)}{optional}: {about}")
        return "\n".join(lines)

    def print_client(self, *, blocking: bool) -> str:
        """Give the module of the SDK for asyncio, or of the one for plain code."""
        base = "BlockingClient" if blocking else "AsyncClient"
        prefix, wait = ("", "") if blocking else ("async ", "await ")
        kind = "plain code" if blocking else "asyncio"
        own = [name for name, schema in self.types.items() if blocking and holds_stream(schema)]
        listed = f"__all__ = {json.dumps(sorted(['DigiMeSDK', *own]))}"
        title = f'class DigiMeSDK({base}):\n    """The SDK for {kind}, which `init` makes."""'
        methods = [self.method(operation, prefix, wait) for operation in self.operations]
        modules = ".._blocking" if blocking else ".."
        origins = {**ORIGINS, f"{modules}_call": [base], f"{modules}_all_files": list(READINGS.values())}
        only_checked = {
            **ONLY_CHECKED,
            f"{modules}_byte_stream": ["ByteStream"],
            ".types": sorted(self.types.keys() - own),
        }
        blocks = [listed, *map(self.structure, own), title, *methods]
        return module(f"The methods of the SDK for {kind}.", origins, only_checked, blocks)


def module(about: str, needed: dict[str, list[str]], only_checked: dict[str, list[str]], blocks: list[str]) -> str:
    """Give a module: what it imports, its blocks, and all of it formatted."""
    body = "\n\n".join(blocks)
    names = set(re.findall(r"\w+", re.sub(r'""".*?"""', "", body, flags=re.DOTALL))) | {"TYPE_CHECKING"}

    def imports(origins: dict[str, list[str]]) -> Iterator[str]:
        for origin, known in origins.items():
            if used := [name for name in known if name in names]:
                yield f"from {origin} import {', '.join(used)}"

    text = "\n".join(
        [
            f'"""{about} Printed by scripts/print_types.py: change the core instead."""',
            "from __future__ import annotations",
            *imports(needed),
            "if TYPE_CHECKING:",
            *(f"    {line}" for line in imports(only_checked)),
            body,
        ]
    )
    for arguments in (["check", "--select=I", "--fix", "--quiet"], ["format"]):
        config = [f"--config={PACKAGE / 'pyproject.toml'}", f"--stdin-filename={GENERATED / 'printed.py'}", "-"]
        command = [sys.executable, "-m", "ruff", *arguments, *config]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


def describe() -> Schema:
    """Read the description."""
    if not sys.stdin.isatty() and (text := sys.stdin.read()):
        return json.loads(text)  # type: ignore[no-any-return]
    command = ["cargo", "run", "--quiet", "--package", "digime-sdk", "--example", "describe"]
    return json.loads(subprocess.run(command, cwd=PACKAGE, capture_output=True, check=True).stdout)  # type: ignore[no-any-return]


def main() -> int:
    """Print, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, and fail if anything differs")
    only_compare = parser.parse_args().check
    printer = Printer(describe())
    printed = {
        "types.py": printer.print_types(),
        "client.py": printer.print_client(blocking=False),
        "blocking.py": printer.print_client(blocking=True),
    }
    outdated = (
        [name for name, text in printed.items() if (GENERATED / name).read_text(encoding="utf-8") != text]
        if only_compare
        else []
    )
    for name in outdated:
        print(f"{GENERATED / name} is out of date: run scripts/print_types.py", file=sys.stderr)
    if not only_compare:
        for name, text in printed.items():
            (GENERATED / name).write_text(text, encoding="utf-8")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
