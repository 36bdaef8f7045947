"""What maturin writes into a wheel of what it was built of (CycloneDX), without where on the machine that was."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path


def strip_build_paths(wheel: Path, folder: Path) -> None:
    """Name the crates of this project in a wheel's SBOM by where they are in the folder that they were staged in."""
    stripped = wheel.with_suffix(".stripped")
    records: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(stripped, "w", zipfile.ZIP_DEFLATED) as new:
        entries = sorted(old.infolist(), key=lambda entry: entry.filename.endswith(".dist-info/RECORD"))
        for entry in entries:
            content = old.read(entry)
            if is_sbom(entry.filename):
                content = content.replace(f"{folder.resolve().as_posix()}/".encode(), b"")
                digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                records[entry.filename] = f"{entry.filename},sha256={digest},{len(content)}"
            elif entry.filename.endswith(".dist-info/RECORD"):
                lines = content.decode().splitlines()
                content = "".join(f"{records.get(line.split(',')[0], line)}\n" for line in lines).encode()
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    stripped.replace(wheel)


def is_sbom(name: str) -> bool:
    """Whether a file of a wheel is one (PEP 770)."""
    return ".dist-info/sboms/" in name
