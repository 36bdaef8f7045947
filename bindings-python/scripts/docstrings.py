"""How the texts of the description are put in Python: its docstrings."""

from __future__ import annotations

import re
import textwrap

from description import Description, snake_case

WIDTH = 120

VALUES = {"`true`": "`True`", "`false`": "`False`", "`null`": "`None`"}
"""How values are put that the description has as JSON does."""


class Docstrings:
    """The docstrings of the printed modules."""

    def __init__(self, description: Description) -> None:
        self._description = description

    def docstring(self, text: str, indent: int) -> str:
        """Give the lines of a docstring, each paragraph filled."""
        paragraphs = []
        for paragraph in self._text(text).split("\n\n"):
            plain = [line for line in paragraph.split("\n") if not line.startswith(" ")]
            items = [line for line in paragraph.split("\n") if line.startswith(" ")]
            lines = textwrap.wrap(" ".join(plain), WIDTH - indent - 3)
            for item in items:
                lines += textwrap.wrap(item.strip(), WIDTH - indent, initial_indent=" " * 4, subsequent_indent=" " * 8)
            paragraphs.append("\n".join(lines))
        body = "\n\n".join(paragraphs)
        if "\n" not in body:
            body = "\n".join(textwrap.wrap(body, WIDTH - indent - 6))
        if body.endswith('"'):
            body += " "
        closing = '\n"""' if "\n" in body else '"""'
        return textwrap.indent(f'"""{body}{closing}', " " * indent)

    def arguments(self, variants: list[str]) -> str:
        """Say what the arguments of a method are, whose options are those of one of these types."""
        abouts: dict[str, dict[tuple[bool, str], list[str]]] = {}
        for options in variants:
            schema = self._description.types[options]
            for member, value in self._description.documented[options].items():
                if "x-skin" in value:
                    continue
                kind = (member in schema.get("required", []), " ".join(value.get("description", "").split()))
                abouts.setdefault(self._description.key(options, member), {}).setdefault(kind, []).append(options)
        lines = ["Args:"]
        for argument, differing in abouts.items():
            for (required, about), taking in differing.items():
                of = [] if taking == variants else [f"of {name}" for name in taking]
                notes = ", ".join([*of, *([] if required else ["optional"])])
                lines.append(f"    {argument} ({notes}): {about}" if notes else f"    {argument}: {about}")
        return "\n".join(lines)

    def _text(self, text: str) -> str:
        """Put a text in Python: its links, its names and its values."""
        text = re.sub(r"\[(`[^`]*`)\](\([^)]*\))?", r"\1", text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        spelled = self._description.spelled

        def spell(code: re.Match[str]) -> str:
            if value := VALUES.get(code[0]):
                return value
            # What stands before a sign of equality is a name in addresses.
            return re.sub(r"\b\w+\b(?!=)", lambda word: snake_case(word[0]) if word[0] in spelled else word[0], code[0])

        return re.sub("`[^`]*`", spell, text)
