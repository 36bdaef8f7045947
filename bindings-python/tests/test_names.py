"""What public things are called where they are shown: as applications name them."""

from __future__ import annotations

import inspect
import subprocess
import sys
import traceback
from typing import Any

import digime_sdk
import pytest
from digime_sdk import blocking

MODULES = pytest.mark.parametrize("module", [digime_sdk, blocking], ids=["asyncio", "blocking"])


@MODULES
def test_all_that_is_public_is_shown_by_its_public_name(module: Any) -> None:
    inner = [name for name in module.__all__ if "digime_sdk._" in repr(getattr(module, name))]
    assert inner == []
    listed = [getattr(module, name) for name in module.__all__]
    for each in filter(lambda each: inspect.isclass(each) or inspect.isfunction(each), listed):
        home = digime_sdk if each.__module__ == "digime_sdk" else blocking
        assert each.__module__ == home.__name__
        assert getattr(home, each.__name__) is each


@MODULES
def test_a_client_and_its_calls_are_shown_by_their_public_names(module: Any) -> None:
    sdk = module.init(application_id="app")
    assert repr(sdk).startswith(f"<{module.__name__}.DigiMeSDK object")
    assert sdk.read_accounts.__module__ == module.__name__
    assert "digime_sdk._" not in repr(sdk.read_accounts)


def test_a_traceback_names_an_error_as_an_application_does() -> None:
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        blocking.init(application_id="")
    assert traceback.format_exception_only(caught.type, caught.value)[0].startswith("digime_sdk.TypeValidationError: ")


def test_the_module_for_plain_code_is_loaded_when_it_is_asked_for_and_not_before() -> None:
    program = """
import sys, digime_sdk
assert "blocking" in dir(digime_sdk)
assert "digime_sdk.blocking" not in sys.modules
assert digime_sdk.blocking is sys.modules["digime_sdk.blocking"]
assert not hasattr(digime_sdk, "plain")
"""
    subprocess.run([sys.executable, "-c", program], check=True)
