"""Refuses to release as long as something is not known that packages and SECURITY.md must say: `python release/known.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def unknown(root: Path) -> list[str]:
    """What is not known yet, and where it is to be written."""
    project = json.loads((root / "release/project.json").read_text(encoding="utf-8"))
    missing = [f"release/project.json has no {name}" for name in ("repository", "contact") if not project[name]]
    if "@CONTACT@" in (root / "SECURITY.md").read_text(encoding="utf-8"):
        missing.append("SECURITY.md does not say how to report a weakness: write the contact in place of @CONTACT@")
    return missing


def main() -> int:
    """Say what is missing."""
    missing = unknown(ROOT)
    for line in missing:
        print(line, file=sys.stderr)
    return min(len(missing), 1)


if __name__ == "__main__":
    sys.exit(main())
