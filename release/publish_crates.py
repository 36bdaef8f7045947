"""Publishes the crates, with the repository's address of project.json in their manifests; refuses while that is not known.

`python release/publish_crates.py --dry-run` does all but upload. The manifests in the work tree are as they were afterwards.
"""

from __future__ import annotations

import json
import subprocess
import sys

from notices import ROOT

# In the order in which they need each other.
_CRATES = {"digime-sandbox": "tests/sandbox", "digime-sdk": "core"}
_BEFORE = "license.workspace = true\n"


def main(arguments: list[str]) -> int:
    """Publish."""
    repository = json.loads((ROOT / "release/project.json").read_text(encoding="utf-8"))["repository"]
    if not repository:
        print("the repository's address is not known: write it into release/project.json", file=sys.stderr)
        return 1
    manifests = [ROOT / folder / "Cargo.toml" for folder in _CRATES.values()]
    written = {manifest: manifest.read_text(encoding="utf-8") for manifest in manifests}
    try:
        for manifest, text in written.items():
            if _BEFORE not in text:
                print(f"{manifest}: there is no line to write the address after", file=sys.stderr)
                return 1
            addresses = f"repository = {json.dumps(repository)}\nhomepage = {json.dumps(repository)}\n"
            manifest.write_text(text.replace(_BEFORE, _BEFORE + addresses, 1), encoding="utf-8")
        packages = [f"--package={name}" for name in _CRATES]
        publish = ["cargo", "publish", "--locked", "--allow-dirty", *packages, *arguments]
        return subprocess.run(publish, cwd=ROOT, check=False).returncode
    finally:
        for manifest, text in written.items():
            manifest.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
