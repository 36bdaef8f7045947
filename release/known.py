"""What project.json says of where the project is found, and what is missing before anything is released: `python release/known.py` refuses as long as anything is."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Addresses are made of it: `…/issues`, `git+….git`.
_REPOSITORY = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w.-]+){2,}(?<!\.git)", re.IGNORECASE | re.ASCII)
_CONTACT = re.compile(
    r"[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+|https://[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Project:
    """Where the project is found; what is not known yet is empty."""

    repository: str
    """The address of the repository."""
    contact: str
    """Whom to write to."""


def project(root: Path = ROOT) -> Project:
    """What project.json says."""
    said = json.loads((root / "release/project.json").read_text(encoding="utf-8"))
    return Project(said["repository"], said["contact"])


def unknown(root: Path) -> list[str]:
    """What is not known yet, and where it is to be written."""
    said = project(root)
    missing = [
        f"release/project.json has {f'{value!r} for its' if value else 'no'} {name}: write {wanted}"
        for name, value, form, wanted in (
            ("repository", said.repository, _REPOSITORY, "its address, as https://git.example/owner/name"),
            ("contact", said.contact, _CONTACT, "an address of mail, or of a page with https"),
        )
        if not form.fullmatch(value)
    ]
    security = (root / "SECURITY.md").read_text(encoding="utf-8")
    if "@CONTACT@" in security:
        missing.append("SECURITY.md does not say how to report a weakness: write the contact in place of @CONTACT@")
    elif said.contact and said.contact not in security:
        missing.append(f"SECURITY.md does not name the contact {said.contact} of release/project.json")
    if "not known yet" in security:
        missing.append("SECURITY.md says that the contact is not known yet: take that out")
    return missing


def main() -> int:
    """Say what is missing."""
    missing = unknown(ROOT)
    for line in missing:
        print(line, file=sys.stderr)
    return min(len(missing), 1)


if __name__ == "__main__":
    sys.exit(main())
