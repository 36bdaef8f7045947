"""Which Markdown files of the repository are pages of the site, and what is changed in them on the way: their links, and what only the tests read."""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_ELSEWHERE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "conduct.md",
    "SECURITY.md": "reporting.md",
    "bindings-node/README.md": "node.md",
    "bindings-python/README.md": "python.md",
    "examples/README.md": "examples.md",
    "tests/sandbox/README.md": "sandbox.md",
}
"""Pages that are not in `docs`, and what they are called on the site."""

_REPOSITORY = json.loads((ROOT / "release/project.json").read_text(encoding="utf-8"))["repository"]
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>```+)(?P<info>[^\n]*)\n.*?^(?P=indent)(?P=ticks) *$", re.MULTILINE | re.DOTALL
)
_RUN = re.compile(r"^<!-- run:.*?-->\n", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)")
_PICTURE = re.compile(r"(?P<before>!\[[^\]]*\]\()(?P<target>[^()\s]+)\)")
_LANGUAGE = re.compile(r"^\*\*(?P<name>JavaScript|Node|Python|Rust)\*\*(?P<rest>.*)\n\n(?=```)", re.MULTILINE)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6} +(?P<text>.+?) *#*$", re.MULTILINE)


def listed(*patterns: str) -> list[str]:
    """The repository's files, those that are not committed yet among them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted({name for name in names if (ROOT / name).exists()})


@cache
def pages() -> dict[str, str]:
    """The files that are pages, and where each is on the site."""
    return _ELSEWHERE | {name: name.removeprefix("docs/") for name in listed("docs/*.md")}


def pictures() -> dict[str, str]:
    """The pictures, and where each is on the site."""
    return {name: name.removeprefix("docs/") for name in listed("docs/images/*")}


def links(text: str) -> list[str]:
    """Where the links of a text lead, but for those to other servers."""
    prose = _CODE.sub("``", _FENCE.sub("", text))
    return [match["target"] for match in _LINK.finditer(prose) if not _OUTSIDE.match(match["target"])]


def anchors(text: str) -> set[str]:
    """What the headings of a text are called, as viewers of repositories call them."""
    found: dict[str, int] = {}
    for heading in _HEADING.finditer(_FENCE.sub("", text)):
        plain = _LINK.sub(lambda link: link["text"], heading["text"])
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
    return {name if count == 0 else f"{name}-{count}" for name, last in found.items() for count in range(last + 1)}


def target(source: str, link: str) -> tuple[str, str]:
    """The file of the repository that a link in `source` leads to, and the heading in it."""
    path, _, anchor = link.partition("#")
    return (os.path.normpath(os.path.join(os.path.dirname(source), path)) if path else source), anchor


def page(source: str) -> str:
    """A file as a page of the site."""
    text = _RUN.sub("", (ROOT / source).read_text(encoding="utf-8"))
    parts, end = [], 0
    for fence in _FENCE.finditer(text):
        language, *_marks = fence["info"].split() or [""]
        parts += [_linked(source, text[end : fence.start()]), fence[0].replace(fence["info"], language, 1)]
        end = fence.end()
    return _tabbed("".join([*parts, _linked(source, text[end:])]))


def _linked(source: str, prose: str) -> str:
    """A text whose links lead to pages of the site, to the repository where its address is known, or else nowhere."""
    here = os.path.dirname(pages()[source])

    def linked(link: re.Match[str]) -> str:
        if _OUTSIDE.match(link["target"]) or link["target"].startswith("#"):
            return link[0]
        path, anchor = target(source, link["target"])
        fragment = f"#{anchor}" if anchor else ""
        if path in pages():
            return f"[{link['text']}]({os.path.relpath(pages()[path], here or '.')}{fragment})"
        return f"[{link['text']}]({_REPOSITORY}/blob/HEAD/{path}{fragment})" if _REPOSITORY else link["text"]

    def shown(picture: re.Match[str]) -> str:
        place = pictures()[target(source, picture["target"])[0]]
        return f"{picture['before']}{os.path.relpath(place, here or '.')})"

    return _PICTURE.sub(shown, _LINK.sub(linked, prose))


def _tabbed(text: str) -> str:
    """A text in which what is shown in one language after the other, each under its name in bold, is shown in tabs."""
    labels = list(_LANGUAGE.finditer(text))
    parts, end = [], 0
    for label, following in zip(labels, [*labels[1:], None]):
        fence = _FENCE.match(text, label.end())
        if fence is None:
            continue
        between = text[fence.end() : following.start()] if following else "#"
        # A sentence between two languages belongs to the first.
        stop = fence.end() if following is None or "\n#" in between or "```" in between else following.start()
        name = {"Node": "JavaScript"}.get(label["name"], label["name"])
        told = label["rest"].strip(" ,:")
        told = told.removeprefix("(").removesuffix(")") if told.startswith("(") else told
        body = f"{told}\n\n{text[label.end() : stop]}".strip()
        indented = "\n".join(f"    {line}".rstrip() for line in body.splitlines())
        parts += [text[end : label.start()], f'=== "{name}"\n\n{indented}\n\n']
        end = stop
    return "".join([*parts, text[end:]])
