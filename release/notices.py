"""Gathers the licences of what a package of this project is made of, from the crates' own files, into one text.

`python release/notices.py digime-sdk-node OUT` writes those of all crates that are linked into the package, on any platform of targets.json. It
fails where a crate states no licence, or one whose text can be had from nowhere.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TEXT = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|UNLICENSE)(?![a-z])[^/]*", re.IGNORECASE)
# Such a file is a program's, or no part of what is compiled.
_NO_TEXT = re.compile(r"\.(c|h|cc|go|json|py|rs|sh|toml)$", re.IGNORECASE)


_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE."""


@dataclass(frozen=True)
class Crate:
    """A crate that is linked in."""

    name: str
    version: str
    licence: str
    authors: tuple[str, ...]
    repository: str | None
    folder: Path

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.name} {self.version}"

    def texts(self) -> list[str]:
        """The texts of its licences and notices, wherever they stand in it: what it has of others has its own."""
        files = [
            file
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and _TEXT.fullmatch(file.name) and not _NO_TEXT.search(file.name)
        ]
        # Of several licences to choose from, one is enough.
        if "AND" not in self.licence and any("MIT" in file.name for file in files):
            files = [file for file in files if "MIT" in file.name or "NOTICE" in file.name]
        return [_plain(file.read_text(encoding="utf-8", errors="replace")) for file in files]


def _plain(text: str) -> str:
    """The text without what differs between copies of it and says nothing."""
    return "\n".join(line.rstrip() for line in text.expandtabs().splitlines()).strip("\n")


def texts(crates: list[Crate]) -> dict[str, list[str]]:
    """The texts of each crate. One that forgot to bring any has that of its repository, or the one which its licence names."""
    found = {crate.title: crate.texts() for crate in crates}
    for crate in crates:
        siblings = (found[other.title] for other in crates if crate.repository and other.repository == crate.repository)
        found[crate.title] = found[crate.title] or next(filter(None, siblings), [])
        if not found[crate.title] and "MIT" in crate.licence:
            authors = ", ".join(author.split(" <")[0] for author in crate.authors) or f"the authors of {crate.name}"
            found[crate.title] = [f"Copyright (c) {authors}\n\n{_MIT}"]
    return found


def _cargo(*arguments: str) -> str:
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def linked(package: str) -> list[Crate]:
    """What the package is made of: not what compiles it, nor what tests it."""
    names: set[tuple[str, str]] = set()
    edges = "normal,no-proc-macro"
    for target in json.loads((ROOT / "release/targets.json").read_text(encoding="utf-8")):
        tree = _cargo(
            "tree",
            "--locked",
            "--quiet",
            "--package",
            package,
            "--edges",
            edges,
            "--target",
            target["rust"],
            "--prefix",
            "none",
        )
        for line in tree.splitlines():
            name, version = line.split()[:2]
            names.add((name, version.removeprefix("v")))
    known = json.loads(_cargo("metadata", "--locked", "--quiet", "--format-version", "1"))["packages"]
    crates = (
        Crate(
            found["name"],
            found["version"],
            found["license"] or found["license_file"] or "",
            tuple(found["authors"]),
            found["repository"],
            Path(found["manifest_path"]).parent,
        )
        for found in known
        # What is our own is under the licence beside this file.
        if found["source"] is not None and (found["name"], found["version"]) in names
    )
    return sorted(crates, key=lambda crate: (crate.name, crate.version))


def notices(crates: list[Crate], found: dict[str, list[str]]) -> str:
    """The whole: which crates there are, and each text once, under the names of those that bring it."""
    bearers: dict[str, list[str]] = {}
    for crate in crates:
        for text in dict.fromkeys(found[crate.title]):
            bearers.setdefault(text, []).append(crate.title)
    bearers[f"Copyright (c) The Rust Project Contributors\n\n{_MIT}"] = ["The standard library of Rust"]
    # It is linked into what is built for Linux with musl; whoever built it, Rust and zig bring the same.
    bearers[f"Copyright © 2005-2020 Rich Felker, et al.\n\n{_MIT}"] = ["musl, the C library"]
    lines = ["This package is made of these crates beside its own code, each under the licence that it states:", ""]
    lines += [f"- {crate.title}: {crate.licence}" for crate in crates]
    lines.append("- The standard library of Rust: MIT OR Apache-2.0")
    lines.append("- musl, the C library, on Linux with musl: MIT")
    if any(crate.name == "libsqlite3-sys" for crate in crates):
        lines.append("- SQLite, in libsqlite3-sys: in the public domain")
    for text, names in bearers.items():
        lines += ["", "-" * 80, ", ".join(names), "-" * 80, "", text]
    return "\n".join(lines) + "\n"


def main(package: str, out: str) -> int:
    """Write the text, or say what is missing."""
    crates = linked(package)
    found = texts(crates)
    missing = [crate for crate in crates if not crate.licence or not found[crate.title]]
    for crate in missing:
        print(
            f"{crate.title} brings no text of its licence ({crate.licence or 'of which it says nothing'})",
            file=sys.stderr,
        )
    if missing or not crates:
        return 1
    Path(out).write_text(notices(crates, found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
