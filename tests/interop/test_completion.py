"""What must hold with jedi, by which IPython and editors complete: in a session it knows calls and their options."""

from __future__ import annotations

from typing import Any

import digime_sdk
import jedi  # pyright: ignore[reportMissingTypeStubs]
import pytest
from digime_sdk import blocking

INTERPRETER: Any = jedi.Interpreter
"""A session, in which some names are known."""

SDKS = pytest.mark.parametrize(
    "sdk", [digime_sdk.init(application_id="app"), blocking.init(application_id="app")], ids=["asyncio", "blocking"]
)


@SDKS
def test_the_names_of_calls_are_completed(sdk: Any) -> None:
    assert [each.name for each in INTERPRETER("sdk.push_d", [{"sdk": sdk}]).complete()] == ["push_data"]


@SDKS
def test_the_options_of_a_call_are_completed(sdk: Any) -> None:
    session = INTERPRETER("sdk.push_data(a", [{"sdk": sdk}])
    assert "account_id=" in [each.name for each in session.complete()]
    (signature,) = INTERPRETER("sdk.push_data(", [{"sdk": sdk}]).get_signatures()
    assert {"contract_details", "user_access_token", "data", "type"} < {each.name for each in signature.params}
