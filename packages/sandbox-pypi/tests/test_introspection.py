"""What those see who look the package up while it runs: its annotations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOOK_EVERYTHING_UP = """
import inspect, typing
import digime_sandbox

for listed in (getattr(digime_sandbox, name) for name in digime_sandbox.__all__):
    members = vars(listed).values() if inspect.isclass(listed) else ()
    for each in (listed, *filter(inspect.isfunction, members)):
        assert typing.get_type_hints(each) or each.__name__ == "stop", each
"""


@pytest.mark.parametrize(
    "before",
    ["import typing_extensions", "import sys; sys.modules['typing_extensions'] = None"],
    ids=["with", "without"],
)
def test_every_annotation_can_be_looked_up_with_and_without_typing_extensions(before: str) -> None:
    command = [sys.executable, "-c", f"{before}\n{LOOK_EVERYTHING_UP}"]
    package = Path(__file__).parents[1]
    looked = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
