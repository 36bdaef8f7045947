"""The package without the native half that this platform needs: it says where it runs, and what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Callable

import digime_sdk
import pytest
from digime_sdk._unloadable import WHEELS

PACKAGE = Path(digime_sdk.__file__).parent


def copied(folder: Path) -> Path:
    """Copy the package as on a machine of another kind, without its native half."""
    shutil.copytree(
        PACKAGE, folder / "digime_sdk", ignore=shutil.ignore_patterns("_native.*so", "_native.*pyd", "__pycache__")
    )
    return folder


def of_another_platform(folder: Path) -> Path:
    (copied(folder) / "digime_sdk" / "_native.other-platform.so").write_bytes(b"")
    return folder


def that_cannot_be_loaded(folder: Path) -> Path:
    suffix = ".pyd" if sys.platform == "win32" else ".abi3.so"
    (copied(folder) / "digime_sdk" / f"_native{suffix}").write_bytes(b"of another machine")
    return folder


def archived(folder: Path) -> Path:
    archive = folder / "app.pyz"
    with zipfile.ZipFile(archive, "w") as made:
        for file in PACKAGE.rglob("*.py"):
            made.write(file, Path("digime_sdk") / file.relative_to(PACKAGE))
    return archive


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (copied, "There is none in"),
        (of_another_platform, "is for another platform: _native.other-platform.so"),
        (that_cannot_be_loaded, "cannot be loaded: "),
        (archived, "is in an archive"),
    ],
)
def test_what_cannot_be_loaded_is_an_import_error_that_says_why_and_what_to_do(
    tmp_path: Path, place: Callable[[Path], Path], reason: str
) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import digime_sdk.blocking"
    command = [sys.executable, "-I", "-S", "-c", script, str(place(tmp_path))]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.rsplit("\nImportError: ")[-1]
    assert said.startswith("digime_sdk has no native code to load on ")
    assert reason in said
    assert "manylinux2014_x86_64" in said
    assert "\nInstall it where it runs, or elsewhere for it: pip install --platform " in said


def test_the_wheels_that_it_names_are_those_of_a_release() -> None:
    targets = json.loads((Path(__file__).parents[2] / "release" / "targets.json").read_text(encoding="utf-8"))
    assert list(WHEELS) == [target["wheel"] for target in targets]
