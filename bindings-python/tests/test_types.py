"""What type checkers make of the package, and that its printed part is up to date."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import digime_sdk
import pytest
from digime_sdk._reading import CALLBACKS

PACKAGE = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "checker", [["mypy", "--strict"], ["pyright", "--pythonpath", sys.executable]], ids=["mypy", "pyright"]
)
def test_applications_type_check(checker: list[str]) -> None:
    command = [sys.executable, "-m", *checker, "tests/consumer.py", "tests/pkb_consumer.py"]
    checked = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_printed_modules_are_up_to_date(description: dict[str, Any]) -> None:
    command = [sys.executable, "scripts/print_types.py", "--check"]
    text = json.dumps(description)
    compared = subprocess.run(command, cwd=PACKAGE, input=text, capture_output=True, text=True, check=False)
    assert compared.returncode == 0, compared.stderr


def test_a_reading_has_an_event_for_each_callback(description: dict[str, Any]) -> None:
    members = description["types"]["ReadAllFilesOptions"]["properties"].items()
    callbacks = {name for name, schema in members if schema.get("x-host") == "callback"}
    assert set(CALLBACKS.values()) == callbacks


@pytest.mark.parametrize(("platform", "sdk"), [("digime", "DigiMeSDK"), ("pkb", "PkbSDK")])
def test_both_flavours_have_all_methods(description: dict[str, Any], platform: str, sdk: str) -> None:
    def methods(module: object) -> set[str]:
        return {name for name in dir(getattr(module, sdk)) if not name.startswith("_")}

    (operations,) = [each["operations"] for each in description["platforms"] if each["name"] == platform]
    assert methods(digime_sdk) == methods(digime_sdk.blocking)
    assert len(methods(digime_sdk)) == len(operations)
