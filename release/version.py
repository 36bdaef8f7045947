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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)"
_PRE_RELEASE = re.compile(rf"{_VERSION}-[0-9A-Za-z.-]+", re.ASCII)
# What npm can count to; the other registries can count further.
_GREATEST = 2**53 - 1
_UNRELEASED = "## Unreleased\n"


class Wrong(Exception):
    """What is wrong with a version, a file or the changelog."""


def _itself(version: str) -> str:
    return version


def _compatible(version: str) -> str:
    """What may be installed where this version was meant, as pip asks for it."""
    major, minor, _ = version.split(".")
    return f">=0.{minor},<0.{int(minor) + 1}" if major == "0" else f">={major}.{minor},<{int(major) + 1}"


@dataclass(frozen=True)
class _Place:
    """Files by pattern, and where in them something is told of the version: between what precedes it and what follows."""

    files: str
    before: str
    after: str
    told: Callable[[str], str] = _itself
    """What is told, from the version."""
    form: str = _VERSION
    every: bool = False
    """Whether it stands there any number of times, and not once."""

    def expression(self) -> re.Pattern[str]:
        return re.compile(f"(?P<before>{self.before})(?P<told>{self.form})(?P<after>{self.after})", re.MULTILINE)


# In a lock, what has no source is this project's; what has version 0.0.0 is not of the workspace.
_LOCKED = _Place(
    "Cargo.lock",
    r'^\[\[package\]\]\nname = "digime-[a-z-]+"\nversion = "(?!0\.0\.0)',
    r'"\n(?!source)',
    every=True,
)
# The first one is believed.
_PLACES = (
    _Place("Cargo.toml", r'^\[workspace\.package\]\nversion = "', '"'),
    _Place("Cargo.toml", r'^digime-(?:sdk|sandbox) = \{ path = "[^"]*", version = "', '"'),
    _LOCKED,
    _Place("fuzz/libfuzzer/Cargo.lock", _LOCKED.before, _LOCKED.after, every=True),
    _Place("bindings-node/package.json", r'^  "version": "', '"'),
    _Place("bindings-node/package-lock.json", r'^  "version": "', '"'),
    _Place("bindings-node/package-lock.json", r'^    "": \{\n      "name": "[^"]*",\n      "version": "', '"'),
    _Place("packages/sandbox-npm/package.json", r'^  "version": "', '"'),
    _Place("examples/node/*/package.json", r'^    "digime-sdk": "\^', '"'),
    _Place("examples/python/*/requirements.txt", r"^digime-sdk(?:\[[a-z,]+\])?", "$", _compatible, r">=[\d.]+,<[\d.]+"),
)


def current(root: Path) -> str:
    """The version that Cargo.toml tells, once every other place has been seen to tell the same."""
    version = _first(root)
    wrong = [
        f"{path.relative_to(root).as_posix()} has {told}"
        for place in _PLACES
        for path in _files(root, place)
        for told in dict.fromkeys(_told(root, path, place))
        if told != place.told(version)
    ]
    if wrong:
        raise Wrong(f"the version is {version}, but " + "; ".join(wrong))
    return version


def _first(root: Path) -> str:
    return _told(root, root / _PLACES[0].files, _PLACES[0])[0]


def _files(root: Path, place: _Place) -> list[Path]:
    paths = sorted(root.glob(place.files))
    if not paths:
        raise Wrong(f"no file is {place.files}")
    return paths


def _told(root: Path, path: Path, place: _Place) -> list[str]:
    """What a file tells at a place."""
    found = [match["told"] for match in place.expression().finditer(_text(path))]
    if not found:
        raise Wrong(f"{path.relative_to(root).as_posix()} has no version where one is expected")
    return found if place.every else found[:1]


def set_version(root: Path, version: str, date: datetime.date) -> None:
    """Write the version to every place, and close the changelog's section under it: all of it, or nothing."""
    _check_form(version)
    was = current(root)
    if f"\n## {version} - " in _text(root / "CHANGELOG.md"):
        raise Wrong(f"the version is {version} already" if was == version else f"{version} was released already")
    if _order(version) < _order(was):
        raise Wrong(f"{version} is older than {was}, which is the version")
    changelog = _closed(_text(root / "CHANGELOG.md"), version, date)
    _check_clean(root)
    written = {root / "CHANGELOG.md": changelog}
    for place in _PLACES:
        for path in _files(root, place):
            text = written.get(path, None) or _text(path)
            replacement = rf"\g<before>{place.told(version)}\g<after>"
            written[path] = place.expression().sub(replacement, text, count=0 if place.every else 1)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")


def _check_form(version: str) -> None:
    if _PRE_RELEASE.fullmatch(version):
        raise Wrong(
            f"{version} is a pre-release, and none is released from here: the registries differ in how they name one"
        )
    if not re.fullmatch(_VERSION, version, re.ASCII):
        raise Wrong(f"{version!r} is no version such as 1.2.3")
    if max(_order(version)) > _GREATEST:
        raise Wrong(f"{version!r} is no version such as 1.2.3: npm counts to {_GREATEST}")


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _check_clean(root: Path) -> None:
    """What is not committed yet could not be told from what a new version changes, nor be kept when that is undone."""
    command = ["git", "status", "--porcelain", "--untracked-files=no"]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Wrong(f"git does not know {root}: {ended.stderr.strip()}")
    if ended.stdout:
        raise Wrong(f"there are changes that are not committed:\n{ended.stdout.rstrip()}")


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
        raise Wrong(f"the tag is {tag}, and has to be v{version}: that is the version")
    changelog = _text(root / "CHANGELOG.md")
    if not re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        raise Wrong(f"CHANGELOG.md has no section {version} with its date")
    if re.search(r"^- ", changelog.partition(_UNRELEASED)[2].partition("\n## ")[0], re.MULTILINE):
        raise Wrong("CHANGELOG.md tells of what is unreleased beside it")
    return version


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def next_steps(version: str) -> str:
    """What is to be done once the version is set."""
    return f"""The version is {version}. What changed shows `git diff`; `git restore .` undoes it. Next:
  git commit --all --message "Release {version}", and get that onto main
  wait until CI has passed for that commit
  git tag v{version} && git push origin v{version}, which builds, tries and publishes"""


def main() -> int:
    """Do what the arguments say; what is wrong is told in one line."""
    parser = argparse.ArgumentParser(description="The version of all packages.")
    parser.add_argument("version", nargs="?", help="set this one")
    parser.add_argument("--tag", help="check that this tag is of the version")
    arguments = parser.parse_args()
    try:
        if arguments.tag is not None:
            print(check_tag(ROOT, arguments.tag))
        elif arguments.version is not None:
            set_version(ROOT, arguments.version, datetime.datetime.now(datetime.timezone.utc).date())
            print(next_steps(arguments.version))
        else:
            print(current(ROOT))
    except Wrong as wrong:
        print(f"version: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
