"""Calls in asyncio and in plain code: results, many at once, event loops, cancelling."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import digime_sdk
import pytest
from platform_double import ACCOUNT, PATIENCE, Platform

if TYPE_CHECKING:
    from digime_sdk import ReadAccountsOptions


def test_a_result_is_a_plain_dict_whose_documents_are_as_the_platform_spells_them(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    assert sdk.read_accounts(**options) == {"accounts": [ACCOUNT], "user_access_token": options["user_access_token"]}


def test_asyncio_gives_the_same_result(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
    response = asyncio.run(sdk.read_accounts(**options))
    assert response == {"accounts": [ACCOUNT], "user_access_token": options["user_access_token"]}


def test_names_may_be_given_in_camel_case(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init({"applicationId": "app", "baseUrl": platform.at("ok")})  # type: ignore[call-overload] # pyright: ignore
    contract = options["contract_details"]
    camel = {"contractId": contract["contract_id"], "privateKey": contract["private_key"]}
    response = sdk.read_accounts(contractDetails=camel, userAccessToken=options["user_access_token"])  # pyright: ignore
    assert response["accounts"] == [ACCOUNT]


def test_fifty_calls_run_at_once(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))

    async def main() -> list[int]:
        responses = await asyncio.gather(*(sdk.read_accounts(**options) for _ in range(50)))
        return [len(response["accounts"]) for response in responses]

    assert asyncio.run(main()) == [1] * 50
    assert len(platform.requests) == 50


def test_one_sdk_serves_event_loops_one_after_another(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
    for _ in range(2):
        assert asyncio.run(sdk.read_accounts(**options))["accounts"] == [ACCOUNT]


def test_one_sdk_serves_event_loops_in_several_threads(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
    answers: list[int] = []

    def run() -> None:
        answers.append(len(asyncio.run(sdk.read_accounts(**options))["accounts"]))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answers == [1] * 4


def test_an_event_loop_that_is_closed_during_a_call_harms_no_later_one(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    held = digime_sdk.init(application_id="app", base_url=platform.at("held"))
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # which would tell of the abandoned task
    abandoned = loop.create_task(held.read_accounts(**options))
    loop.run_until_complete(asyncio.to_thread(platform.arrived.wait, PATIENCE))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    platform.released.set()
    assert asyncio.run(held.read_accounts(**options))["accounts"] == [ACCOUNT]
    assert not abandoned.done()
    abandoned.get_coro().close()


def test_cancelling_a_task_drops_its_request(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("silent"))

    async def main() -> None:
        task = asyncio.create_task(sdk.read_accounts(**options))
        assert await asyncio.to_thread(platform.arrived.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)

    asyncio.run(main())


def test_wait_for_ends_a_call(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("silent"))

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(sdk.read_accounts(**options), 0.2)
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)

    asyncio.run(main())


def test_other_threads_run_while_one_is_blocked_in_a_call(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("held"))
    counted = 0

    def count() -> None:
        nonlocal counted
        platform.arrived.wait(PATIENCE)
        while counted < 100_000:
            counted += 1
        platform.released.set()

    thread = threading.Thread(target=count)
    thread.start()
    assert sdk.read_accounts(**options)["accounts"] == [ACCOUNT]
    thread.join(PATIENCE)
    assert counted == 100_000
