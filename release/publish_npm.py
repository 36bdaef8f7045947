"""Publishes the packages for npm that were packed: `python release/publish_npm.py [FOLDER]`, or looks whether they could be with `--check`.

All are looked at before any is published. What the registry has already is left out where it is the same to the byte, and refused
where it is not, so that a release that broke off is finished by running this again with what was packed then.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from known import ROOT
from npm_contents import Package, faults, names, read
from version import current


def there(registry: str, name: str, version: str) -> str | None:
    """The digest of what the registry has under this name and version, if anything."""
    try:
        with urllib.request.urlopen(f"{registry.rstrip('/')}/{name}/{version}", timeout=60) as answer:
            digest: str = json.load(answer)["dist"]["integrity"]
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise
    return digest


def integrity(archive: Path) -> str:
    """The digest of an archive, as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


def publish(packages: Sequence[Package], registry: str, environment: Mapping[str, str]) -> list[str]:
    """Publish these packages in this order; what stopped that, if anything did."""
    for package in packages:
        name, version = package.manifest["name"], package.manifest["version"]
        found = there(registry, name, version)
        if found == integrity(package.archive):
            print(f"{name} {version} is there already", flush=True)
            continue
        if found:
            return [f"{name} {version} is there already, with another content ({found}): release another version"]
        command = [shutil.which("npm") or "npm", "publish", str(package.archive.resolve()), "--access=public"]
        # Whoever publishes by hand has nobody to vouch for where it was built.
        if environment.get("GITHUB_ACTIONS"):
            command.append("--provenance")
        ended = subprocess.run([*command, f"--registry={registry}"], env=dict(environment), check=False)
        if ended.returncode:
            return [f"npm did not publish {name} {version}: what is there stays; run this again once the cause is gone"]
        print(f"{name} {version} is published", flush=True)
    return []


def _registry() -> str:
    asked = subprocess.run(
        [shutil.which("npm") or "npm", "config", "get", "registry"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def main() -> int:
    """Look at all packages, then publish them."""
    parser = argparse.ArgumentParser(description="The packages for npm.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=ROOT / "build/release/npm", help="where they were packed"
    )
    parser.add_argument("--check", action="store_true", help="publish nothing")
    asked = parser.parse_args()
    packages = {package.manifest["name"]: package for package in map(read, sorted(asked.folder.glob("*.tgz")))}
    found = faults(packages, current(ROOT))
    if not found and not asked.check:
        found = publish([packages[name] for name in names()], _registry(), os.environ)
    for fault in found:
        print(f"- {fault}", file=sys.stderr)
    if found:
        print(f"{len(found)} faults: this is not to be published", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
