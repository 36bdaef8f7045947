"""What the tests share: pytester, and flags with which a sandbox starts at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digime_sandbox import Sandbox

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def ready_made(digime_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Flags for a sandbox that has the keys of another, since making keys takes a debug build seconds."""
    file: Path = tmp_path_factory.mktemp("sandbox") / "config.json"
    key = digime_sandbox.announcement["contracts"]["push"]["privateKey"]
    file.write_text(json.dumps({**digime_sandbox.announcement, "platformKey": key}), encoding="utf-8")
    return ["--config", str(file)]
