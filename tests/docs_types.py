"""Checks the types of the documentation's Python samples as strict readers do, by mypy and by pyright: all samples in one run of each."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from docs import Sample, samples

_ROOT = Path(__file__).resolve().parents[1]
# Said in a sample's place, since no reader needs it: Django has no types of its own, and what does not run by itself imports what is the reader's.
_UNTYPED = {
    "from django": '# mypy: disable-error-code="import-untyped,misc"\n# pyright: reportAttributeAccessIssue=false\n',
    "from people": '# mypy: disable-error-code="import-not-found"\n# pyright: reportMissingImports=false\n',
}


def main() -> int:
    """Check them; a line with an error is that of the Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        for sample in samples():
            if sample.language == "python":
                _write(sample, Path(scratch))
        checkers = [
            subprocess.Popen(command, cwd=scratch)
            for command in (
                ["mypy", "--strict", "--cache-dir", str(_ROOT / ".mypy_cache" / "docs"), "."],
                ["pyright", "--pythonpath", sys.executable, "."],
            )
        ]
        return max(checker.wait() for checker in checkers)


def _write(sample: Sample, folder: Path) -> None:
    """Write a sample into a file of its own, at the lines where it stands in its page."""
    page, line = sample.place.rsplit(":", 1)
    about = "".join(said for importing, said in _UNTYPED.items() if importing in sample.code)
    name = "".join(letter if letter.isalnum() else "_" for letter in page)
    above = about + "\n" * (int(line) - about.count("\n"))
    (folder / f"{name}__{line}.py").write_text(above + sample.code, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
