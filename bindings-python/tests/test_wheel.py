"""The wheel: installed into a clean environment it imports and makes a call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digime_sdk import ReadAccountsOptions
    from platform_double import Platform

PACKAGE = Path(__file__).parents[1]
SCRIPT = """
import json, sys, digime_sdk
sdk = digime_sdk.blocking.init(application_id="app", base_url=sys.argv[2])
print(len(sdk.read_accounts(**json.loads(sys.argv[1]))["accounts"]))
"""


def run(*command: object) -> str:
    return subprocess.run(
        [str(part) for part in command], cwd=PACKAGE, check=True, capture_output=True, text=True
    ).stdout


def test_an_installed_wheel_makes_a_call(tmp_path: Path, platform: Platform, options: ReadAccountsOptions) -> None:
    build = [sys.executable, "-m", "maturin", "build", "--quiet", "--profile", "dev"]
    run(*build, "--interpreter", sys.executable, "--out", tmp_path)
    (wheel,) = tmp_path.glob("digime_sdk-*-cp39-abi3-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"digime_sdk/py.typed", "digime_sdk/_native.pyi", "digime_sdk/_generated/types.py"} <= names

    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", wheel)
    assert run(python, "-c", SCRIPT, json.dumps(options), platform.at("ok")) == "1\n"
