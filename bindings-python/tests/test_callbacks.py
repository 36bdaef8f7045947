"""Functions that an application gives: plain and asynchronous ones, and what they raise."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import TypeValidationError, _closing
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


async def asynchronous(_: object) -> Any:
    """Stand for any function that has to be waited for."""


class Asynchronous:
    """The same in its other forms."""

    async def __call__(self, _: object) -> Any: ...

    async def method(self, _: object) -> Any: ...


FORMS = [asynchronous, Asynchronous(), Asynchronous().method, partial(asynchronous), partial(Asynchronous())]


@pytest.mark.parametrize("given", FORMS, ids=["function", "object", "method", "partial", "partial of an object"])
def test_plain_code_refuses_an_asynchronous_function_before_anything_is_sent(
    platform: Platform, options: Any, given: Any
) -> None:
    blocking: Any = digime_sdk.blocking
    config = {"application_id": "app", "base_url": platform.at("ok")}
    pkb = {"client_id": "c", "redirect_uri": "https://app.example/linked", "environment": "sandbox"}
    retrying = {"calculate_delay": given}
    session = {"session_key": "k", "user_access_token": options["user_access_token"], **options["contract_details"]}
    sdk = blocking.init(**config)
    tries: list[tuple[str, Callable[[], Any]]] = [
        ("config.retry_options.calculate_delay", lambda: blocking.init(**config, retry_options=retrying)),
        ("config.trace_context", lambda: blocking.init(**config, trace_context=given)),
        ("config.on_tokens_changed", lambda: blocking.init_pkb(**pkb, on_tokens_changed=given)),
        ("options.on_access_token_change", lambda: sdk.read_accounts(**options, on_access_token_change=given)),
        ("options.on_file_data", lambda: sdk.read_all_files(**session, on_file_data=given)),
    ]
    for path, wrongly in tries:
        with pytest.raises(TypeValidationError, match="not asynchronous: only the SDKs for asyncio") as refused:
            wrongly()
        assert refused.value.path == path
    assert platform.requests == []


def test_what_turns_out_to_be_asynchronous_is_refused_when_it_is_called(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    sdk = digime_sdk.blocking.init(
        application_id="app",
        base_url=platform.at("failing"),
        retry_options={"calculate_delay": lambda attempt: asynchronous(attempt)},
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
