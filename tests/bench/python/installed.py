"""What is installed with a package: how many packages with it, and how many bytes they take."""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path


def main() -> None:
    """Print it for the packages that the command line names, together."""
    found: dict[str, int] = {}
    waiting = list(sys.argv[1:])
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            # Needed on other systems or by older Pythons only.
            continue
        files = [Path(file.locate()) for file in package.files or ()]
        found[name] = sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".pyc")
        required = [line for line in package.requires or () if "extra ==" not in line]
        waiting += [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in required]
    print(json.dumps({"packages": len(found), "bytes": sum(found.values())}))


if __name__ == "__main__":
    main()
