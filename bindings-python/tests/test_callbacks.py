"""Functions that an application gives: plain and asynchronous ones, and what they raise."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from digime_sdk import _closing
from platform_double import ACCOUNT, PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from digime_sdk import ReadAccountsOptions, RetryAttempt, UserAccessToken
    from platform_double import Platform


class OwnError(Exception):
    """What an application's function raises."""


def test_a_plain_function_is_called_with_a_dict(platform: Platform, options: ReadAccountsOptions) -> None:
    attempts: list[RetryAttempt] = []

    def delay(attempt: RetryAttempt) -> float:
        attempts.append(attempt)
        return 0.5

    sdk = digime_sdk.blocking.init(
        application_id="app", base_url=platform.at("recovering"), retry_options={"calculate_delay": delay}
    )
    assert sdk.read_accounts(**options)["accounts"] == [ACCOUNT]
    assert [attempt["attempt_count"] for attempt in attempts] == [1]


def test_asyncio_awaits_what_a_function_returns(platform: Platform, options: ReadAccountsOptions) -> None:
    async def delay(_: RetryAttempt) -> float:
        await asyncio.sleep(0)
        return 1

    for function in (delay, lambda _: 1):
        platform.requests.clear()
        sdk = digime_sdk.init(
            application_id="app", base_url=platform.at("recovering"), retry_options={"calculate_delay": function}
        )
        assert asyncio.run(sdk.read_accounts(**options))["accounts"] == [ACCOUNT]


def test_what_a_function_raises_reaches_the_caller_itself(platform: Platform, options: ReadAccountsOptions) -> None:
    failure = OwnError()

    def plain(_: RetryAttempt) -> float:
        raise failure

    async def asynchronous(_: RetryAttempt) -> float:
        raise failure

    blocking = digime_sdk.blocking.init(
        application_id="app", base_url=platform.at("failing"), retry_options={"calculate_delay": plain}
    )
    with pytest.raises(OwnError) as caught:
        blocking.read_accounts(**options)
    assert caught.value is failure

    for function in (plain, asynchronous):
        waiting = digime_sdk.init(
            application_id="app", base_url=platform.at("failing"), retry_options={"calculate_delay": function}
        )
        with pytest.raises(OwnError) as caught:
            asyncio.run(waiting.read_accounts(**options))
        assert caught.value is failure


def test_plain_code_refuses_an_asynchronous_function(platform: Platform, options: ReadAccountsOptions) -> None:
    async def delay(_: RetryAttempt) -> float:
        return 1

    sdk = digime_sdk.blocking.init(
        application_id="app", base_url=platform.at("failing"), retry_options={"calculate_delay": delay}
    )
    with pytest.raises(TypeError, match=r"config\.retry_options\.calculate_delay"):
        sdk.read_accounts(**options)


@pytest.mark.parametrize("answer", [None, "soon", object()])
def test_an_answer_that_makes_no_sense_fails_the_call(
    platform: Platform, options: ReadAccountsOptions, answer: Any
) -> None:
    sdk = digime_sdk.blocking.init(
        application_id="app", base_url=platform.at("failing"), retry_options={"calculate_delay": lambda _: answer}
    )
    with pytest.raises(digime_sdk.DigiMeSDKError, match="number of milliseconds"):
        sdk.read_accounts(**options)


def test_a_task_whose_hook_hangs_can_be_cancelled(digi_me: DigiMe, monkeypatch: pytest.MonkeyPatch) -> None:
    # The end of the event loop waits for the hook, which is not to be lost, but not that long.
    monkeypatch.setattr(_closing, "AT_THE_END", 0.5)
    options = digi_me.expired()

    async def main() -> float:
        entered = asyncio.Event()

        async def hang(_: UserAccessToken) -> None:
            entered.set()
            await asyncio.Event().wait()

        sdk = digime_sdk.init(**digi_me.config)
        options["on_access_token_change"] = hang
        task = asyncio.create_task(sdk.read_accounts(**options))
        await asyncio.wait_for(entered.wait(), PATIENCE)
        task.cancel()
        cancelled = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        return time.monotonic() - cancelled

    assert asyncio.run(main()) < 1
