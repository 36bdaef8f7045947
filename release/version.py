"""The version: one for all packages, told by Cargo.toml. This knows where else it stands, sets it everywhere, and closes the changelog's section.

python release/version.py            says the version; fails where a file has another
python release/version.py 0.2.0      sets it, and dates what is unreleased in CHANGELOG.md
python release/version.py --tag v0.2.0   fails unless that is the version, and the changelog tells of it
"""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?"
_OWN = re.compile(r"digime-(?:sdk|sandbox)")
# Files by pattern, and where in them the version stands: between what precedes it and what follows. The first one is believed.
_PLACES: tuple[tuple[str, str, str], ...] = (
    ("Cargo.toml", r'^\[workspace\.package\]\nversion = "', '"'),
    ("Cargo.toml", r'^digime-(?:sdk|sandbox) = \{ path = "[^"]*", version = "', '"'),
    ("bindings-node/package.json", r'^  "version": "', '"'),
    ("bindings-node/package-lock.json", r'^  "version": "', '"'),
    ("bindings-node/package-lock.json", r'^    "": \{\n      "name": "[^"]*",\n      "version": "', '"'),
    ("packages/sandbox-npm/package.json", r'^  "version": "', '"'),
    ("examples/node/*/package.json", r'^    "digime-sdk": "\^', '"'),
)
_UNRELEASED = "## Unreleased\n"


class Wrong(Exception):
    """What is wrong with a version, a file or the changelog."""


def current(root: Path) -> str:
    """The version that Cargo.toml tells, once every other place has been seen to tell the same."""
    told = [(path.relative_to(root), found) for path, found in _found(root)]
    version = told[0][1]
    wrong = [f"{path} has {found}" for path, found in told if found != version]
    for name, found in _locked(root):
        if found != version:
            wrong.append(f"Cargo.lock has {name} {found}")
    if wrong:
        raise Wrong(f"the version is {version}, but " + "; ".join(wrong))
    return version


def _found(root: Path) -> list[tuple[Path, str]]:
    """Each place: its file, and the version there."""
    found = []
    for pattern, before, after in _PLACES:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise Wrong(f"no file is {pattern}")
        for path in paths:
            match = re.search(f"{before}(?P<version>{_VERSION}){after}", _text(path), re.MULTILINE)
            if match is None:
                raise Wrong(f"{path.relative_to(root)} has no version where one is expected")
            found.append((path, match["version"]))
    return found


def _locked(root: Path) -> list[tuple[str, str]]:
    """This project's packages in Cargo.lock: those that come from nowhere else."""
    packages = re.findall(
        r'^\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\n(?!source)', _text(root / "Cargo.lock"), re.MULTILINE
    )
    return [(name, version) for name, version in packages if _OWN.match(name)]


def set_version(root: Path, version: str, date: datetime.date) -> None:
    """Write the version to every place, and close the changelog's section under it."""
    if not re.fullmatch(_VERSION, version):
        raise Wrong(f"{version!r} is no version such as 1.2.3 or 1.2.3-rc.1")
    changelog = _closed(_text(root / "CHANGELOG.md"), version, date)
    was = current(root)
    if was == version and f"## {version} " in _text(root / "CHANGELOG.md"):
        raise Wrong(f"the version is {version} already")
    for path in dict.fromkeys(path for path, _ in _found(root)):
        text = _text(path)
        for pattern, before, after in _PLACES:
            if path.match(pattern):
                text = re.sub(
                    f"({before}){_VERSION}({after})", rf"\g<1>{version}\g<2>", text, count=1, flags=re.MULTILINE
                )
        path.write_text(text, encoding="utf-8")
    (root / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    subprocess.run(["cargo", "update", "--workspace", "--quiet", "--offline"], cwd=root, check=True)


def _closed(changelog: str, version: str, date: datetime.date) -> str:
    """The changelog with what was unreleased under its version, and nothing unreleased."""
    before, unreleased, after = changelog.partition(_UNRELEASED)
    if not unreleased:
        raise Wrong("CHANGELOG.md has no section Unreleased")
    if not re.search(r"^- ", after.partition("\n## ")[0], re.MULTILINE):
        raise Wrong("CHANGELOG.md tells of nothing that is unreleased")
    return f"{before}{_UNRELEASED}\n## {version} - {date.isoformat()}\n{after}"


def check_tag(root: Path, tag: str) -> str:
    """The version, if the tag is that version's and the changelog tells of it and of nothing later."""
    version = current(root)
    if tag != f"v{version}":
        raise Wrong(f"the tag is {tag}, but the version is {version}")
    changelog = _text(root / "CHANGELOG.md")
    if not re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        raise Wrong(f"CHANGELOG.md has no section {version} with its date")
    if re.search(r"^- ", changelog.partition(_UNRELEASED)[2].partition("\n## ")[0], re.MULTILINE):
        raise Wrong("CHANGELOG.md tells of what is unreleased beside it")
    return version


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def main() -> int:
    """Do what the arguments say; what is wrong is told in one line."""
    parser = argparse.ArgumentParser(description="The version of all packages.")
    parser.add_argument("version", nargs="?", help="set this one")
    parser.add_argument("--tag", help="check that this tag is of the version")
    arguments = parser.parse_args()
    try:
        if arguments.tag:
            print(check_tag(ROOT, arguments.tag))
        elif arguments.version:
            set_version(ROOT, arguments.version, datetime.datetime.now(datetime.timezone.utc).date())
        else:
            print(current(ROOT))
    except Wrong as wrong:
        print(f"version: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
