"""How a schema of the description is told in words that are the same in all languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .languages import Language, Schema, target

_HOSTS = {
    "byteStream": "stream of bytes",
    "bytes": "bytes",
    "error": "error",
    "fileData": "bytes, or a stream of them",
    "jsonObject": "JSON object, its text, or that in bytes",
    "keyMaterial": "bytes, or text",
    "parseFloat": "function that makes a number of its text",
    "pem": "text, or bytes",
    "responseContent": "JSON, text or bytes, by its media type",
    "signal": "`AbortSignal`",
    "store": "text, or an object with the methods below",
    "transport": "function that carries a request",
    "wrappedKey": "bytes or text, as it was wrapped",
}
_PLAIN = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "null": "nothing",
}
_DEFAULT = re.compile(r"(?:^|(?<=\. )|(?<=\.\n)|(?<=; ))Default:? (?P<default>(?:`[^`]*`|[^.`]|\.(?![\s]|$))*)\.?\s*")

Link = Callable[[str], str]
"""Where a type is described, as a link that shows its name."""


def kind(schema: Any, language: Language, link: Link) -> str:
    """What a value is."""
    if schema is True or schema == {}:
        return "anything"
    if name := target(schema):
        return link(name)
    if host := schema.get("x-host"):
        if host == "many":
            return f"list, or whatever else can be iterated over, of {kind(schema['x-item'], language, link)}"
        return _function(schema, language, link) if host == "callback" else _HOSTS[host]
    if "const" in schema:
        return _word(schema["const"])
    if "enum" in schema:
        return _either([_word(value) for value in schema["enum"]])
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return _either([kind(each, language, link) for each in variants if each.get("type") != "null"])
    kinds = schema.get("type", [])
    if isinstance(kinds, list):
        return (
            _either([kind({**schema, "type": each}, language, link) for each in kinds if each != "null"]) or "anything"
        )
    if kinds == "array":
        return f"list of {kind(schema.get('items', True), language, link)}"
    if kinds == "object":
        others = schema.get("additionalProperties", True)
        return "JSON object" if others is True else f"object whose members are {kind(others, language, link)}"
    return f"{_PLAIN[kinds]}{_limits(schema, kinds)}"


def may_be_nothing(schema: Any) -> bool:
    """Whether a value may be missing though its member is there."""
    if not isinstance(schema, dict):
        return True
    kinds = schema.get("type")
    return (isinstance(kinds, list) and "null" in kinds) or {"type": "null"} in schema.get("anyOf", [])


def default(about: str) -> tuple[str, str]:
    """What a text says that a default is, and the text without it."""
    found = _DEFAULT.search(about)
    if not found:
        return "", about
    return " ".join(found["default"].split()), (about[: found.start()] + about[found.end() :]).strip().removesuffix(";")


def _limits(schema: Schema, kinds: str) -> str:
    if kinds == "string":
        return ", not empty" if schema.get("minLength") else ""
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f", {least:,} to {most:,}"
    return "" if least is None else f", {least:,} or more"


def _function(schema: Schema, language: Language, link: Link) -> str:
    told = kind(schema["x-argument"], language, link)
    answer = schema.get("x-answer")
    if answer is None:
        return f"function that is told: {told}"
    otherwise = ", or nothing" if may_be_nothing(answer) else ""
    return f"function that is told: {told}; and answers: {kind(answer, language, link)}{otherwise}"


def _either(kinds: list[str]) -> str:
    each = list(dict.fromkeys(kinds))
    return each[0] if len(each) == 1 else " or ".join([", ".join(each[:-1]), each[-1]]) if each else ""


def _word(value: object) -> str:
    return {True: "`true`", False: "`false`"}[value] if isinstance(value, bool) else f"`{value}`"
