"""The pages of the reference: what is on each, and where each call, type and error is described."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from . import known
from .languages import JavaScript, Language, Python, Rust, Schema, target, without_null
from .schemas import default, kind, may_be_nothing

PLATFORMS = {"digime": "digi.me", "pkb": "Patients Know Best"}
_MAKERS = {
    "digime": "`init` in JavaScript and Python, `digime::Client` in Rust",
    "pkb": "`initPkb`, `init_pkb`, `pkb::Client`",
}
_READING = (
    "JavaScript and Python give at once a reading under way, `AllFilesReading`. In JavaScript `filePromise` resolves to the last `status`, "
    "`response` to what stands below, and `stopPolling()` ends it. In Python it is awaited, or iterated over with `async for`, and has the "
    "same in `response`."
)
_PAGES = (
    "JavaScript and Python give an iterator of pages, each a `Bundle` as PKB gives it. In Rust `Client::search` gives `SearchPages`, whose `next` "
    "gives one `Page` after the other and `None` after the last; `fhir_search` tells each to `on_page` instead, and gives nothing."
)
_GIVEN = {"readAllFiles": _READING, "fhirSearch": _PAGES}
"""What is to be said of calls that answer otherwise than their description says."""
_ABSENT = "Rust has no such type: the methods of `digime_sdk::connections::LinkStore` are told this as their arguments."
_IN_PLACE_OF, _ABSENT_WITH = "x-in-place-of", "x-absent-with"
"""What the description marks options with of which one is given, and what there is with one of them alone."""

Words = Callable[[Language], str]


class Reference:
    """All pages of the reference."""

    def __init__(self, described: Schema) -> None:
        self.described = described
        self.types: dict[str, Schema] = described["types"]
        self.languages: list[Language] = [JavaScript(described), Python(described), Rust(described)]
        self.operations = [
            (each["name"], operation) for each in described["platforms"] for operation in each["operations"]
        ]
        self.calls = {
            operation["name"]: f"../{platform}/{operation['name']}.md" for platform, operation in self.operations
        }
        self.errors = {row["class"]: f"../../errors/{row['code']}.md" for row in described["errors"]}
        self.configurations = [target(platform["config"]) or "" for platform in described["platforms"]]
        self.told = {
            target(method["argument"])
            for schema in self.types.values()
            for member in schema.get("properties", {}).values()
            for method in member.get("x-methods", {}).values()
        }
        self.recorded = known.scenarios()
        self.places = self._places()

    def pages(self) -> dict[str, str]:
        """The pages, by where they are on the site."""
        pages = {f"reference/{platform}/{op['name']}.md": self._call(platform, op) for platform, op in self.operations}
        for platform in self.described["platforms"]:
            name = platform["name"]
            pages[f"reference/{name}/index.md"] = self._platform(platform)
            pages[f"reference/{name}/configuration.md"] = self._configuration(platform)
        own = [name for name, place in self.places.items() if place == f"../types/{name}.md"]
        pages |= {f"reference/types/{name}.md": f"# {name}\n\n{self._type(name)}" for name in own}
        pages["reference/types/index.md"] = self._index(own)
        return pages | {"reference/index.md": self._front()}

    def navigation(self) -> list[Any]:
        """The reference in the navigation."""
        entries: list[Any] = ["reference/index.md"]
        for platform in self.described["platforms"]:
            name = platform["name"]
            calls = sorted(operation["name"] for operation in platform["operations"])
            pages: list[Any] = [f"reference/{name}/index.md", {"Configuration": f"reference/{name}/configuration.md"}]
            entries.append({PLATFORMS[name]: [*pages, *(f"reference/{name}/{call}.md" for call in calls)]})
        types = sorted(name for name, place in self.places.items() if place == f"../types/{name}.md")
        return [*entries, {"Types": ["reference/types/index.md", *(f"reference/types/{name}.md" for name in types)]}]

    def ending_with(self, error: str) -> list[tuple[str, str]]:
        """The calls that may end with an error of exactly this class."""
        ends = partial(known.errors, types=self.types)
        return [(platform, op["name"]) for platform, op in self.operations if error in ends(platform, op)]

    def _places(self) -> dict[str, str]:
        """Where each type is described: with the one call that it belongs to, or on a page of its own."""
        named = json.dumps([self.types, self.described["everyCall"]])
        places = {name: f"../types/{name}.md" for name in self.types}
        for platform in self.described["platforms"]:
            places[target(platform["config"]) or ""] = f"../{platform['name']}/configuration.md"
        for platform, operation in self.operations:
            options, response = target(operation["options"]) or "", target(operation["response"]) or ""
            variants = [target(each) or "" for each in self.types[options].get("anyOf", [])]
            for name, heading in [
                (options, "options"),
                *((each, "options") for each in variants),
                (response, "result"),
            ]:
                uses = named.count(f'"#/types/{name}"') + json.dumps([each for _, each in self.operations]).count(
                    f'"#/types/{name}"'
                )
                if name and uses == 1:
                    places[name] = f"../{platform}/{operation['name']}.md#{heading}"
        return places

    def _link(self, name: str, language: Language) -> str:
        return f"[`{language.type(name)}`]({self.places[name]})"

    def _text(self, text: str, language: Language) -> str:
        """A text of the description, whose names of calls, types and errors are links."""
        targets = self.calls | self.places | self.errors

        def linked(code: re.Match[str]) -> str:
            shown = language.prose(code[0])
            if code[1] in self.calls:
                shown = f"`{language.call(code[1])}`"
            return f"[{shown}]({targets[code[1]]})" if code[1] in targets else shown

        text = re.sub(r"\[(`[^`]*`)\](\([^)]*\))?", r"\1", text)
        text = re.sub(r"(?<!\\)([<>])", r"\\\1", text) if "`" not in text else text
        return re.sub(r"`([^`]*)`", linked, text)

    def _tabs(self, words: Words) -> str:
        """What is said in each language, as tabs where it is not the same in all."""
        said = {language.name: words(language) for language in self.languages}
        if len(set(said.values())) == 1:
            return said["JavaScript"]
        indented = {
            name: "\n".join(f"    {line}".rstrip() for line in text.splitlines()) for name, text in said.items()
        }
        return "\n".join(f'=== "{name}"\n\n{text}\n' for name, text in indented.items())

    def _call(self, platform: str, operation: Schema) -> str:
        name, options = operation["name"], target(operation["options"]) or ""
        parts = [f"# {name}", self._tabs(lambda language: self._head(platform, operation, language)), "## Options"]
        variants = [target(each) or "" for each in self.types[options].get("anyOf", [])]
        for each in variants or [options]:
            if self.places[each].startswith("../types/"):
                parts.append(f"Those of {self._link(each, self.languages[0])}.")
            else:
                parts.append(self._type(each, heading=bool(variants)))
        parts.append("Beside them [what every call takes](../index.md#what-every-call-takes).")
        parts += ["## Result", *([_GIVEN[name]] if name in _GIVEN else [])]
        if name not in _GIVEN or target(operation["response"]):
            parts.append(self._result(operation["response"]))
        parts += ["## Requests", self._requests(platform, operation), "## Errors", self._ends(platform, operation)]
        return "\n\n".join(parts) + "\n"

    def _head(self, platform: str, operation: Schema, language: Language) -> str:
        signature = language.signature(platform, operation)
        return f"```{language.code}\n{signature}\n```\n\n{_paragraphs(self._text(operation['about'], language))}"

    def _result(self, response: Any) -> str:
        name = target(response)
        if name and "#" in self.places[name]:
            return self._type(name)
        # What may be anything says so by itself.
        is_plain = isinstance(response, dict) and response.get("type") != "null"
        otherwise = ", or nothing" if is_plain and may_be_nothing(response) else ""
        return self._tabs(lambda language: f"{_capital(self._kind(response, language))}{otherwise}.")

    def _requests(self, platform: str, operation: Schema) -> str:
        own, of_tokens = known.requests(platform, operation, self.types, self.recorded)
        settings = f"[configuration](configuration.md){' (`endpoints`)' if platform == 'pkb' else ''}"
        lines = [f"- `{request}`" for request in own] or ["None of its own." if of_tokens else "None."]
        if of_tokens:
            lines += [
                "",
                f"Where a token has to be replaced, or verified: {', '.join(f'`{each}`' for each in of_tokens)}.",
            ]
        told = "Names in braces are options of the call, or addresses of the " + settings + "."
        return "\n".join([*lines, "", told] if own or of_tokens else lines)

    def _ends(self, platform: str, operation: Schema) -> str:
        about = {row["class"]: row["about"] for row in self.described["errors"]}
        ends = known.errors(platform, operation, self.types)
        rows = [
            f"| [`{each}`]({self.errors[each]}) | {self._text(_sentence(about[each]), self.languages[0])} |"
            for each in ends
        ]
        return "\n".join(["| Error | When |", "|---|---|", *rows])

    def _type(self, name: str, *, heading: bool = False) -> str:
        """A type: what it is for, and its members or its values."""
        schema = self.types[name]
        about = partial(self._about, name)
        title = f"### {name}\n\n" if heading else ""
        if "properties" in schema:
            return title + self._tabs(
                lambda language: (
                    f"{about(language)}\n\n{self._members(name, language)}" if language.head(name) else _ABSENT
                )
            )
        if "oneOf" in schema or "enum" in schema:
            return title + self._tabs(lambda language: f"{about(language)}\n\n{self._values(name, language)}")
        return title + self._tabs(lambda language: f"{about(language)}\n\n{_capital(self._kind(schema, language))}.")

    def _about(self, name: str, language: Language) -> str:
        about = self.types[name].get("description", "")
        # What a store is told speaks of the store's methods, of which some are called as calls are.
        shown = language.prose(about) if name in self.told else self._text(about, language)
        return f"{language.head(name)}: {_paragraphs(shown)}"

    def _kind(self, schema: Any, language: Language) -> str:
        if isinstance(schema, dict) and schema.get("type") == "object" and schema.get("properties") == {}:
            return "none"
        return kind(schema, language, partial(self._link, language=language))

    def _members(self, name: str, language: Language) -> str:
        members, required = language.members(name), self.types[name].get("required", [])
        own = {member: schema for member, schema in members.items() if not self._is_of_every_call(name, member)}
        is_given = name in self.languages[0].python.answered
        rows = []
        for member, schema in own.items():
            otherwise, about = (
                ("", schema.get("description", "")) if is_given else default(schema.get("description", ""))
            )
            there = self._there(member, own, language) if not is_given else _always(schema, language)
            missing = "may be missing" if is_given else self._otherwise(otherwise, about, schema, language)
            shown = there if member in required else missing
            rows.append(
                [f"`{language.member(name, member)}`", self._kind(schema, language), shown, self._text(about, language)]
            )
        table = _table(rows, ["Name", "Type", "There" if is_given else "Default", "Meaning"]) if rows else "None."
        methods = [self._methods(schema["x-methods"], language) for schema in own.values() if "x-methods" in schema]
        return "\n\n".join([table, *methods])

    def _there(self, member: str, own: dict[str, Schema], language: Language) -> str:
        """What is said of an option that is required, or one in place of it."""
        takers = [name for name, schema in own.items() if schema.get(_IN_PLACE_OF) == member]
        return " or ".join(["**required**", *(f"`{language.word(name)}`" for name in takers)])

    def _otherwise(self, stated: str, about: str, schema: Schema, language: Language) -> str:
        """What holds where an option is left out."""
        if place := schema.get(_IN_PLACE_OF):
            return f"in place of `{language.word(place)}`"
        if stated:
            return self._text(stated, language)
        if "default" in about:
            return "as its meaning says"
        name = target(without_null(schema)) or ""
        has_all = name in self.types and not self.types[name].get("required")
        members = language.members(name).values() if has_all else []
        if any(default(member.get("description", ""))[0] for member in members):
            return f"as [its page]({self.places[name]}) says"
        return "none"

    def _is_of_every_call(self, name: str, member: str) -> bool:
        # Python's description has them among the options of each call, and here they stand in one place.
        is_added = member not in self.types[name].get("properties", {})
        return is_added and member in self.languages[1].every_call() and name not in self.configurations

    def _methods(self, methods: dict[str, Schema], language: Language) -> str:
        if isinstance(language, Rust):
            rows = [[f"`{head}`", about] for head, about in language.items.store_methods()]
            told = "Of a store of your own, a `digime_sdk::connections::LinkStore`, the methods:"
            return f"{told}\n\n{_table(rows, ['Method', 'Meaning'])}"
        rows = []
        for name, method in methods.items():
            answer = self._kind(method["answer"], language) + (
                ", or nothing" if may_be_nothing(method["answer"]) else ""
            )
            told = self._kind(method["argument"], language)
            rows.append([f"`{language.word(name)}`", told, answer, self._text(method["description"], language)])
        return "Of a store of your own, the methods:\n\n" + _table(rows, ["Method", "Is told", "Answers", "Meaning"])

    def _values(self, name: str, language: Language) -> str:
        schema = self.types[name]
        values = [(each, "") for each in schema.get("enum", [])]
        values += [
            (value, each.get("description", ""))
            for each in schema.get("oneOf", [])
            for value in each.get("enum", [each.get("const")])
        ]
        rows = [[f"`{language.value(name, value)}`", self._text(about, language)] for value, about in values]
        return _table(rows, ["Value", "Meaning"])

    def _platform(self, platform: Schema) -> str:
        name = platform["name"]
        rows = []
        for operation in sorted(platform["operations"], key=lambda each: str(each["name"])):
            own, _ = known.requests(name, operation, self.types, self.recorded)
            shown = f"[`{operation['name']}`]({operation['name']}.md)<br>`{self.languages[1].call(operation['name'])}`"
            about = self._text(_sentence(operation["about"]), self.languages[0])
            rows.append([shown, "<br>".join([about, *(f"`{each}`" for each in own)])])
        made = f"The calls of {_MAKERS[name]}. Each is named first as in JavaScript, then as in Python and Rust."
        table = _table(rows, ["Call", "Meaning, and requests"])
        return f"# {PLATFORMS[name]}: the calls\n\n{made}\n\n{table}\n"

    def _configuration(self, platform: Schema) -> str:
        name = target(platform["config"]) or ""
        rust = (
            "In Rust a transport and a store of your own are Rust's traits: the transport is part of the `World` that a client is made in "
            "(`Client::in_world`), the store is a `Store::Own`."
        )
        return f"# {PLATFORMS[platform['name']]}: the configuration\n\n{self._type(name)}\n{rust}\n"

    def _index(self, names: Iterable[str]) -> str:
        rows = []
        for name in sorted(names):
            rust = self.languages[2].type(name)
            shown = f"[`{name}`]({name}.md)" + (f"<br>Rust: `{rust}`" if rust != name else "")
            rows.append([shown, self._text(_sentence(self.types[name].get("description", "")), self.languages[0])])
        told = "What several calls share, and what is inside their options and results. They are called the same in all languages unless it is said."
        return f"# Types\n\n{told}\n\n{_table(rows, ['Type', 'Meaning'])}\n"

    def _front(self) -> str:
        front = FRONT.format(version=self.described["version"])
        return front + _one_up(self._tabs(self._every_call)) + "\n"

    def _every_call(self, language: Language) -> str:
        if isinstance(language, Rust):
            return "A client is given them for the calls that follow: `client.with_timeouts(…)`, `client.with_on_response(…)`. A call is ended by dropping its future."
        rows = []
        for name, schema in language.every_call().items():
            _, about = default(schema["description"])
            rows.append([f"`{language.member('', name)}`", self._kind(schema, language), self._text(about, language)])
        return _table(rows, ["Name", "Type", "Meaning"])


FRONT = """# Reference

Every call, option, result, error and setting of version {version}, printed from what the core says of itself, from which the types of
JavaScript and Python are printed as well. The tabs are the three languages; one choice holds for all pages.

- [digi.me: the calls](digime/index.md), [the configuration](digime/configuration.md)
- [Patients Know Best: the calls](pkb/index.md), [the configuration](pkb/configuration.md)
- [Types](types/index.md), which calls share
- [Errors](../errors/README.md), which all languages share, by their codes

The requests of digi.me's calls are those that the recorded scenarios of the project's tests show. Of errors each call has those that are known to end it; what the
application's own functions throw comes as it is.

## What every call takes

"""


def _one_up(text: str) -> str:
    return text.replace("](../", "](")


def _table(rows: list[list[str]], heads: list[str]) -> str:
    cells = [
        [" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in [heads, ["---"] * len(heads), *rows]
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _sentence(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0].removesuffix(":").removesuffix(".") + "."


def _paragraphs(text: str) -> str:
    """A text whose lines that are set in are items of a list."""
    return re.sub(r"^ +(?=\S)", "- ", text, flags=re.MULTILINE)


def _always(schema: Schema, language: Language) -> str:
    """What is said of what an answer has, but for a user whose connection is kept."""
    return f"not by `{language.word(schema[_ABSENT_WITH])}`" if _ABSENT_WITH in schema else "always"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
