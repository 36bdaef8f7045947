"""What is added to the page of an error: what it is called in each language, and which calls end with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .languages import ROOT, Schema

if TYPE_CHECKING:
    from .pages import Reference

_VARIANT = re.compile(r"/// `(\w+)`[^\n]*\n(?: +#\[.*?\]\n| +#\[error\(\n.*?\n +\)\]\n)* +(\w+)", re.DOTALL)
_KINDS = {"error/mod.rs": "ErrorKind", "digime/failure.rs": "digime::Failure", "pkb/failure.rs": "pkb::Failure"}


def error_page(row: Schema, reference: Reference) -> str:
    """The end of the page of one error."""
    name, parent = row["class"], row["parent"]
    derives = f"It derives from `{parent}`." if parent else "It derives from the language's own class of errors."
    calls = [f"[`{call}`](../reference/{platform}/{call}.md)" for platform, call in reference.ending_with(name)]
    named = [f'`import {{ {name} }} from "digime-sdk"`', f"`from digime_sdk import {name}`", f"`{rust(name)}`"]
    lines = [
        "## In each language",
        f"{derives} Its code is `{row['code']}`.",
        "\n".join(["| JavaScript | Python | Rust |", "|---|---|---|", f"| {' | '.join(named)} |"]),
        "## Calls that end with it",
        ", ".join(calls) + "." if calls else "None as itself.",
    ]
    return "\n\n".join(["", *lines, ""])


def rust(name: str) -> str:
    """The variant that an error is in Rust, as the core's sources say."""
    for file, kind in _KINDS.items():
        source = (ROOT / "core/src" / file).read_text(encoding="utf-8")
        for error, variant in _VARIANT.findall(source):
            if error == name and variant != "pub":
                return f"{kind}::{variant}"
    message = f"{name}: the core's sources name no variant of it"
    raise ValueError(message)
