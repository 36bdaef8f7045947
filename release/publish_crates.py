"""Publishes the crates, with the repository's address of project.json in their manifests and a bill of materials; refuses while that address is not known.

`python release/publish_crates.py --dry-run` does all but upload. What crates.io has already is left out, so that a release that broke
off is finished by running this again. The work tree is as it was afterwards.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import sbom
from known import project
from notices import ROOT
from version import current

# In the order in which they need each other.
_CRATES = {"digime-sandbox": "tests/sandbox", "digime-sdk": "core"}
_BEFORE = "license.workspace = true\n"
_INCLUDED = '"/LICENSE"]'
_BILL = "sbom.cdx.json"
INDEX = "https://index.crates.io"


def there(name: str, version: str, index: str = INDEX) -> bool:
    """Whether the registry has this version of a crate."""
    request = urllib.request.Request(f"{index}/{name[:2]}/{name[2:4]}/{name}", headers={"cache-control": "no-cache"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return any(json.loads(line)["vers"] == version for line in answer)
    except urllib.error.HTTPError as error:
        if error.code in (404, 410, 451):
            return False
        raise


def with_address(manifest: str, repository: str) -> str:
    """A manifest that says where the project is found, and packs the bill of materials."""
    for needed in (_BEFORE, _INCLUDED):
        if needed not in manifest:
            raise ValueError(f"there is no {needed.strip()} in it")
    addresses = f"repository = {json.dumps(repository)}\nhomepage = {json.dumps(repository)}\n"
    return manifest.replace(_BEFORE, _BEFORE + addresses, 1).replace(_INCLUDED, f'"/LICENSE", "/{_BILL}"]', 1)


def main(arguments: list[str]) -> int:
    """Publish."""
    repository = project().repository
    if not repository:
        print("the repository's address is not known: write it into release/project.json", file=sys.stderr)
        return 1
    left = [name for name in _CRATES if "--dry-run" in arguments or not there(name, current(ROOT))]
    for name in _CRATES.keys() - left:
        print(f"{name} {current(ROOT)} is there already")
    if not left:
        return 0
    manifests = {name: ROOT / _CRATES[name] / "Cargo.toml" for name in left}
    written = {manifest: manifest.read_text(encoding="utf-8") for manifest in manifests.values()}
    bills: list[Path] = []
    try:
        for name, manifest in manifests.items():
            bills.append(manifest.with_name(_BILL))
            sbom.main(name, str(bills[-1]), f"pkg:cargo/{name}")
        for manifest, text in written.items():
            manifest.write_text(with_address(text, repository), encoding="utf-8")
        packages = [f"--package={name}" for name in left]
        publish = ["cargo", "publish", "--locked", "--allow-dirty", *packages, *arguments]
        return subprocess.run(publish, cwd=ROOT, check=False).returncode
    finally:
        for manifest, text in written.items():
            manifest.write_text(text, encoding="utf-8")
        for bill in bills:
            bill.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
