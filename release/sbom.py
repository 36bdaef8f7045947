"""Writes the bill of materials of a package of this project: which crates are linked into it, as CycloneDX has it.

`python release/sbom.py digime-sdk-node OUT pkg:npm/digime-sdk` lists those on any platform of targets.json, each by its address in the registry and
the digest in Cargo.lock, under the address that the package itself has in its registry. It says nothing of when and where it was made, so that the same sources give the same bill.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from notices import ROOT, Crate, linked
from version import current

_LOCKED = re.compile(
    r'name = "(?P<name>.+)"\nversion = "(?P<version>.+)"\nsource = ".+"\nchecksum = "(?P<checksum>[0-9a-f]{64})"'
)


def bill(address: str, version: str, crates: list[Crate], checksums: dict[tuple[str, str], str]) -> dict[str, object]:
    """The bill of materials."""
    itself = f"{address}@{version}"
    name = address.rpartition("/")[2]
    component = {"type": "library", "bom-ref": itself, "name": name, "version": version, "purl": itself}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component},
        "components": [
            {
                "type": "library",
                "bom-ref": purl(crate),
                "name": crate.name,
                "version": crate.version,
                "purl": purl(crate),
                "hashes": [{"alg": "SHA-256", "content": checksums[crate.name, crate.version]}],
                # Older manifests write a slash for a choice.
                "licenses": [{"expression": re.sub(r"\s*/\s*", " OR ", crate.licence)}],
            }
            for crate in crates
        ],
        "dependencies": [{"ref": itself, "dependsOn": [purl(crate) for crate in crates]}],
    }


def purl(crate: Crate) -> str:
    """Its address, whatever the registry."""
    return f"pkg:cargo/{crate.name}@{crate.version}"


def main(package: str, out: str, address: str) -> int:
    """Write the bill."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    checksums = {(found["name"], found["version"]): found["checksum"] for found in _LOCKED.finditer(lock)}
    written = bill(address, current(ROOT), linked(package), checksums)
    Path(out).write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
