"""Print the types and methods of the Python SDK from the description of the core.

The description is read from standard input, or asked for with cargo when that is empty. `--check` compares what would
be printed with what is there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import app_user
from annotations import FILTERING_STORE, STORE, annotation, member, method
from description import Description, Schema, describe, snake_case, target
from docstrings import Docstrings

PACKAGE = Path(__file__).parent.parent
GENERATED = PACKAGE / "python" / "digime_sdk" / "_generated"
ORIGINS = {
    "os": ["PathLike"],
    "collections.abc": ["Awaitable", "Callable", "Collection", "Mapping", "Sequence"],
    "typing": ["Any", "ClassVar", "Literal", "Optional", "Protocol", "Union", "overload", "runtime_checkable"],
    ".._documents": ["ParseFloat"],
    ".._signatures": ["configured_by", "takes"],
    ".._streams": ["FileData"],
    ".._typing": ["NotRequired", "TypedDict", "Unpack"],
    "..errors": ["DigiMeSDKError"],
}
"""Where the names come from that are in printed modules. All are there at run time: tools look annotations up."""

PLATFORMS = {"digime": "digi.me", "pkb": "Patients Know Best"}
SDKS = {"digime": "DigiMeSDK", "pkb": "PkbSDK"}
INITS = {"digime": "init", "pkb": "init_pkb"}
"""What the platforms, their SDKs and the functions that make these are called."""

TOKEN = "UserAccessToken"
"""What errors bring along: its types have a module of their own, since those of calls need the errors."""

READINGS = {"readAllFiles": "AllFilesReading"}
"""What the calls answer with that tell of several things, and what makes it."""

READING = "reading"

ABOUT_STORE = """Keeps links and attempts to link, for every process and machine that shares it.

What is written is durable when the method returns. A change names the version that it was made from, none where
nothing must be there yet, and is refused (`False`) where the record has another: of two such changes one wins. A link
is refused too where another user's link has the public id."""


class Printer:
    """The description, put in modules of Python."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.types = description.types
        self.tokens = sorted({TOKEN, *description.reachable([description.types[TOKEN]])})
        self.docstring = Docstrings(description).docstring
        self.arguments = Docstrings(description).arguments

    def structure(self, name: str) -> str:
        """Give the class of an object type."""
        lines = [f"class {name}(TypedDict):", self.docstring(self.types[name].get("description", name), 4)]
        for each, schema in self.description.members(name).items():
            lines.append(f"    {self.description.key(name, each)}: {member(self.description, name, each)}")
            if "description" in schema:
                lines.append(self.docstring(schema["description"], 4))
        return "\n".join(lines)

    def alias(self, name: str) -> str:
        """Give the alias of a type that is no object."""
        schema = self.types[name]
        lines = [f"{name} = {annotation(schema)}"]
        if "description" in schema:
            lines.append(self.docstring(schema["description"], 0))
        return "\n".join(lines)

    def store(self, *, blocking: bool) -> str:
        """Give the protocol of a store of the application's own."""
        about = ABOUT_STORE if blocking else f"{ABOUT_STORE}\n\nEach method may be asynchronous."
        lines = ["@runtime_checkable", f"class {STORE}(Protocol):", self.docstring(about, 4)]
        return "\n".join([*lines, *self._methods(blocking=blocking, optional=False)])

    def filtering_store(self, *, blocking: bool) -> str:
        """Give the protocol of one that has what it need not have."""
        lines = ["@runtime_checkable", f"class {FILTERING_STORE}({STORE}, Protocol):"]
        lines.append(self.docstring(f"A `{STORE}` that chooses links by itself.", 4))
        return "\n".join([*lines, *self._methods(blocking=blocking, optional=True)])

    def _methods(self, *, blocking: bool, optional: bool) -> list[str]:
        lines = []
        for name, schema in self.description.methods.items():
            if schema.get("optional", False) == optional:
                lines += [f"    {method(name, schema, blocking=blocking)}", self.docstring(schema["description"], 8)]
                lines.append("        ...")
        return lines

    def print_tokens(self) -> str:
        """Give the module of a user's token."""
        listed = f"__all__ = {json.dumps(self.tokens)}"
        blocks = [listed, *map(self.structure, self.tokens)]
        return module("What an application keeps for a user of digi.me.", ORIGINS, blocks)

    def print_types(self) -> str:
        """Give the module of types."""
        own = {
            name: self.structure(name) if "properties" in schema else self.alias(name)
            for name, schema in self.types.items()
            if name not in self.tokens
        }
        own[STORE] = self.store(blocking=False)
        own[FILTERING_STORE] = self.filtering_store(blocking=False)
        listed = f"__all__ = {json.dumps(sorted([STORE, FILTERING_STORE, *self.types]))}"
        origins = {
            **ORIGINS,
            ".._byte_stream": ["ByteStream"],
            ".._many": ["Many"],
            ".._transport": ["Transport"],
            ".tokens": self.tokens,
        }
        return module("The types of options and responses.", origins, [listed, *in_order(own)])

    def print_keywords(self) -> str:
        """Give the module of the keywords that each call and configuration takes."""
        taken: dict[str, dict[str, list[str]]] = {}
        for platform in self.description.platforms:
            config = target(platform["config"]) or ""
            calls = taken[platform["name"]] = {"": self._keywords(config, [config])}
            for operation in platform["operations"]:
                variants = [*self.description.variants(operation), *self.description.kept(operation)]
                calls[operation["name"]] = self._keywords(self.description.options(operation), variants)
        blocks = [f"KEYWORDS: dict[str, dict[str, list[str]]] = {json.dumps(taken)}"]
        about = "Keywords of calls and, under no name, configurations."
        return module(about, ORIGINS, blocks)

    def _keywords(self, options: str, types: list[str]) -> list[str]:
        # Beside its own, what a call takes and is documented elsewhere.
        names = {snake_case(name) for name in self.types[options].get("x-taken", [])}
        names |= {self.description.key(name, each) for name in types for each in self.description.members(name)}
        return sorted(names)

    def sdk(self, platform: Schema, base: str) -> str:
        """Give the class of a platform's SDK, up to its methods."""
        name = platform["name"]
        kind = "plain code" if base == "BlockingClient" else "asyncio"
        about = f"The SDK of {PLATFORMS[name]} for {kind}, which `{INITS[name]}` makes."
        lines = [f"class {SDKS[name]}({base}):", self.docstring(about, 4)]
        lines.append(f"    _platform: ClassVar[str] = {json.dumps(name)}")
        methods = tuple(map(snake_case, self.description.methods))
        if objects := self.description.objects(platform):
            lines.append(f"    _objects: ClassVar[Mapping[str, Collection[str]]] = {dict.fromkeys(objects, methods)!r}")
        if many := self.description.many(platform):
            lines.append(f"    _many: ClassVar[Mapping[str, str]] = {many!r}")
        return "\n".join(lines)

    def method(self, operation: Schema, prefix: str, wait: str) -> str:
        """Give the method of an operation."""
        name, variants = operation["name"], self.description.variants(operation)
        forms = [(variant, self._answer(operation, kept=False)) for variant in variants]
        forms += [(variant, self._answer(operation, kept=True)) for variant in self.description.kept(operation)]
        answers = list(dict.fromkeys(answer for _, answer in forms))
        answer = answers[0] if len(answers) == 1 else f"Union[{', '.join(answers)}]"
        told = self.description.iterators.get(name)
        at_once = told or name in READINGS
        head = f"    {'' if at_once else prefix}def {snake_case(name)}(self, **options: {{}}) -> {{}}:"
        several = len(forms) > 1
        overloads = [f"    @overload\n{head.format(f'Unpack[{form}]', given)} ..." for form, given in forms if several]
        own = head.format("Any" if several else f"Unpack[{variants[0]}]", answer)
        call = f'{wait}self._call("{name}", options)'
        ending = [f"        {call}"]
        if told:
            ending = [f'        return self._results("{name}", options, "{snake_case(told)}")']
        elif at_once:
            ending = [f"        return {READING}(self, options)"]
        elif answer != "None":
            ending = [f"        response: {answer} = {call}", "        return response"]
        about = self.docstring(f"{operation['about']}\n\n{self.arguments(variants)}", 8)
        shown = f"    @takes({', '.join(form for form, _ in forms)})"
        # First of all, so that no reporter of errors finds them in this frame.
        return "\n".join([*overloads, shown, own, about, "        options = hidden(options)", *ending])

    def _answer(self, operation: Schema, *, kept: bool) -> str:
        """Give what a method answers with, where a connection is kept or where none is."""
        name = operation["name"]
        if told := self.description.iterators.get(name):
            options = self.types[self.description.options(operation)]
            return f"Results[{annotation(options['properties'][told]['x-argument'])}]"
        if name in READINGS:
            return app_user.named(READINGS[name]) if kept else READINGS[name]
        return annotation(self.description.answer(operation, kept=kept))

    def init(self, platform: Schema, kind: str) -> str:
        """Give the function that makes a platform's SDK."""
        name, init, sdk = platform["name"], INITS[platform["name"]], SDKS[platform["name"]]
        config = target(platform["config"]) or ""
        about = (
            f"Makes the SDK of {PLATFORMS[name]} for {kind}. A configuration that is wrong is a `TypeValidationError`. "
            f"All of it may be given in one mapping instead of keywords.\n\n{self.arguments([config])}"
        )
        return "\n".join(
            [
                f"@overload\ndef {init}(**options: Unpack[{config}]) -> {sdk}: ...",
                f"@overload\ndef {init}(config: {config}, /) -> {sdk}: ...",
                f"@configured_by({config})",
                f"def {init}(config: object = None, /, **options: object) -> {sdk}:",
                self.docstring(about, 4),
                "    config, options = hidden(config), hidden(options)",
                f"    return {sdk}(configuration({json.dumps(name)}, config, options))",
            ]
        )

    def print_client(self, *, blocking: bool) -> str:
        """Give the module of the SDKs for asyncio, or of those for plain code."""
        kind = "plain code" if blocking else "asyncio"
        base = "BlockingClient" if blocking else "AsyncClient"
        prefix, wait = ("", "") if blocking else ("async ", "await ")
        own = [
            name
            for name in self.types
            if blocking and self.description.hosts(name) & {"byteStream", "many", "store", "transport"}
        ]
        types = {name: self.structure(name) for name in own}
        if blocking:
            types[STORE] = self.store(blocking=True)
            types[FILTERING_STORE] = self.filtering_store(blocking=True)
        listed = f"__all__ = {json.dumps(sorted([*SDKS.values(), *INITS.values(), *types]))}"
        blocks = [listed, *in_order(types)]
        for platform in self.description.platforms:
            blocks.append(self.sdk(platform, base))
            blocks += [self.method(operation, prefix, wait) for operation in platform["operations"]]
            blocks.append(self.init(platform, kind))
        modules = ".._blocking" if blocking else ".."
        client = ".._blocking_client" if blocking else ".._async_client"
        origins = {
            **ORIGINS,
            client: [base],
            f"{modules}_all_files": [*READINGS.values(), *map(app_user.named, READINGS.values()), READING],
            ".._client": ["configuration"],
            ".._opaque": ["hidden"],
            f"{modules}_byte_stream": ["ByteStream"],
            f"{modules}_many": ["Many"],
            f"{modules}_results": ["Results"],
            f"{modules}_transport": ["Transport"],
            ".types": sorted(self.types.keys() - own),
        }
        return module(f"The SDKs for {kind}.", origins, blocks)


def in_order(blocks: dict[str, str]) -> list[str]:
    """Give the blocks of types so that each comes after those that its annotations name."""
    named = {name: sorted((used(block) & blocks.keys()) - {name}) for name, block in blocks.items()}
    return [blocks[name] for name in TopologicalSorter(named).static_order()]


def used(code: str) -> set[str]:
    """Give the names in code, but for those in its docstrings."""
    return set(re.findall(r"\w+", re.sub(r'""".*?"""', "", code, flags=re.DOTALL)))


def module(about: str, origins: dict[str, list[str]], blocks: list[str]) -> str:
    """Give a module: what it imports, its blocks, and all of it formatted."""
    body = "\n\n".join(blocks)
    names = used(body)
    imported = {origin: [name for name in known if name in names] for origin, known in origins.items()}
    text = "\n".join(
        [
            f'"""{about} Printed by scripts/print_types.py: change the core instead."""',
            *(f"from {origin} import {', '.join(known)}" for origin, known in imported.items() if known),
            body,
        ]
    )
    for arguments in (["check", "--select=I", "--fix", "--quiet"], ["format"]):
        config = [f"--config={PACKAGE / 'pyproject.toml'}", f"--stdin-filename={GENERATED / 'printed.py'}", "-"]
        command = [sys.executable, "-m", "ruff", *arguments, *config]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


def main() -> int:
    """Print, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, and fail if anything differs")
    only_compare = parser.parse_args().check
    printer = Printer(describe(PACKAGE))
    printed = {
        "tokens.py": printer.print_tokens(),
        "types.py": printer.print_types(),
        "client.py": printer.print_client(blocking=False),
        "keywords.py": printer.print_keywords(),
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
