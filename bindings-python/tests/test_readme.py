"""The samples of the README type-check as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def test_the_samples_type_check(tmp_path: Path) -> None:
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    samples = re.findall(r"^```python[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert samples
    for number, sample in enumerate(samples):
        (tmp_path / f"sample_{number}.py").write_text(sample, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", str(tmp_path)]
    checked = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
