"""How types of the description are put in Python: the annotation of each schema."""

from __future__ import annotations

import json
from typing import Any

from description import Description, Schema, snake_case, target, without_null

STORE = "LinkStore"
"""The protocol of a store of the application's own."""

FILTERING_STORE = "FilteringLinkStore"
"""That of one with the methods that it need not have."""

HOSTS = {
    "fileData": "FileData",
    "bytes": "bytes",
    "byteStream": "ByteStream",
    "error": "DigiMeSDKError",
    "keyMaterial": "Union[str, bytes]",
    "jsonObject": "Union[Mapping[str, Any], str, bytes]",
    "parseFloat": "ParseFloat",
    "responseContent": "Any",
    "store": f"Union[str, PathLike[str], {STORE}]",
    "transport": "Transport",
    # As `wrap` has given it: whoever gives bytes is given bytes.
    "wrappedKey": "Any",
}
"""The annotations for what is no JSON, other than functions."""

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def _literal(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def annotation(schema: Any) -> str:
    """Give the annotation for a schema."""
    if schema is True:
        return "Any"
    if name := target(schema):
        return name
    if host := schema.get("x-host"):
        return ANNOTATIONS[host](schema) if host in ANNOTATIONS else HOSTS[host]
    if "const" in schema:
        return f"Literal[{_literal(schema['const'])}]"
    if "enum" in schema:
        return f"Literal[{', '.join(_literal(value) for value in schema['enum'])}]"
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        if all("const" in variant for variant in variants):
            return f"Literal[{', '.join(_literal(variant['const']) for variant in variants)}]"
        if {"type": "null"} in variants:
            return f"Optional[{annotation(without_null(schema))}]"
        return f"Union[{', '.join(annotation(variant) for variant in variants)}]"
    return _plain(schema)


def member(description: Description, type_name: str, name: str) -> str:
    """Give the annotation for a member of a type."""
    schema = description.types[type_name]
    value = annotation(without_null(schema["properties"][name]))
    if name in schema.get("required", []):
        return value
    if "x-absent" in schema["properties"][name]:
        return f"NotRequired[{value}]"
    optional = value if value == "Any" else f"Optional[{value}]"
    if type_name in description.told:
        return optional
    # What is only ever given may be None, which leaves it out.
    return f"NotRequired[{value if type_name in description.answered else optional}]"


def method(name: str, schema: Schema, *, blocking: bool) -> str:
    """Give the head of a method of a store. It may answer by anything that has the form, and in asyncio later too."""
    answer = _given(schema["answer"])
    if not blocking and answer != "object":
        answer = f"Union[{answer}, Awaitable[{answer}]]"
    return f"def {snake_case(name)}(self, told: {annotation(schema['argument'])}, /) -> {answer}:"


def _given(schema: Schema) -> str:
    if "anyOf" in schema:
        return f"Optional[{_given(without_null(schema))}]"
    if target(schema):
        return "Mapping[str, object]"
    if schema["type"] == "array":
        return f"Sequence[{_given(schema['items'])}]"
    return "object" if schema["type"] == "null" else SCALARS[schema["type"]]


def _plain(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return f"Union[{', '.join(_plain({**schema, 'type': each}) for each in kind)}]"
    if kind == "array":
        return f"list[{annotation(schema.get('items', True))}]"
    if kind == "object":
        return f"dict[str, {annotation(schema.get('additionalProperties', True))}]"
    return "Any" if kind is None else SCALARS[kind]


def _callback(schema: Schema) -> str:
    """Give the annotation for a function, which may be asynchronous."""
    answer = annotation(schema["x-answer"]) if "x-answer" in schema else None
    returned = f"Union[{answer}, Awaitable[{answer}]]" if answer else "object"
    return f"Callable[[{annotation(schema['x-argument'])}], {returned}]"


def _many(schema: Schema) -> str:
    """Give the annotation for what is iterated over."""
    return f"Many[{annotation(schema['x-item'])}]"


ANNOTATIONS = {"callback": _callback, "many": _many}
"""What gives the annotations for what has others in it."""
