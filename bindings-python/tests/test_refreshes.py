"""A new user access token of digi.me is told whatever happens to the call that brought it, or to who is told."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import flavours
import pytest
from digime_sdk import blocking
from platform_double import PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from digime_sdk import ContractDetails, UserAccessToken
    from platform_double import Platform
    from relay import Relay

FLAVOURS = ["asyncio", "blocking"]


class OwnError(Exception):
    """What an application's function raises."""


class Slotted(Exception):
    """Takes no further attribute."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


def reading(flavour: str, digi_me: DigiMe, **options: Any) -> Any:
    """Read the accounts by one of the SDKs."""
    if flavour == "blocking":
        return blocking.init(**digi_me.config).read_accounts(**options)
    return asyncio.run(digime_sdk.init(**digi_me.config).read_accounts(**options))


def reading_files(flavour: str, digi_me: DigiMe, **options: Any) -> None:
    """Read all files of a session by one of the SDKs."""
    contract = options.pop("contract_details")
    keys = {"contract_id": contract["contract_id"], "private_key": contract["private_key"]}

    async def waiting() -> None:
        await digime_sdk.init(**digi_me.config).read_all_files(session_key="key", **keys, **options)

    if flavour == "blocking":
        blocking.init(**digi_me.config).read_all_files(session_key="key", **keys, **options).result()
    else:
        asyncio.run(waiting())


def failing(error: BaseException, told: list[UserAccessToken]) -> Callable[[UserAccessToken], None]:
    def hook(token: UserAccessToken) -> None:
        told.append(token)
        raise error

    return hook


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("call", [reading, reading_files], ids=["read_accounts", "read_all_files"])
def test_what_a_hook_raises_brings_the_token_along_and_nothing_is_read_with_it(
    digi_me: DigiMe, relay: Relay, flavour: str, call: Callable[..., Any]
) -> None:
    options = digi_me.expired()
    told: list[UserAccessToken] = []
    failure = OwnError()
    before = digi_me.refreshes()
    with pytest.raises(OwnError) as caught:
        call(flavour, digi_me, **options, on_access_token_change=failing(failure, told))
    assert caught.value is failure
    assert told == [caught.value.user_access_token]  # type: ignore[attr-defined] # pyright: ignore
    assert told[0] != options["user_access_token"]
    assert digi_me.refreshes() == before + 1
    spent = options["user_access_token"]["accessToken"]["value"]
    used = [seen.access_token for seen in relay.seen if "permission-access" in seen.path]
    assert used == [spent]


def test_the_token_is_no_part_of_what_is_shown_of_an_exception(digi_me: DigiMe) -> None:
    told: list[UserAccessToken] = []
    with pytest.raises(OwnError) as caught:
        reading("blocking", digi_me, **digi_me.expired(), on_access_token_change=failing(OwnError("own"), told))
    assert repr(caught.value) == "OwnError('own')"


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("kind", ["takes no attribute", "has another token"])
def test_an_exception_that_cannot_bring_the_token_along_is_the_cause_of_one_that_does(
    digi_me: DigiMe, flavour: str, kind: str
) -> None:
    other: Any = {"accessToken": {"value": "another", "expiry": 0}, "refreshToken": {"value": "another", "expiry": 0}}
    errors = {
        "takes no attribute": Slotted(),
        "has another token": digime_sdk.DigiMeSDKError("of another call", user_access_token=other),
    }
    told: list[UserAccessToken] = []
    with pytest.raises(digime_sdk.DigiMeSDKError, match="on_access_token_change") as caught:
        reading(flavour, digi_me, **digi_me.expired(), on_access_token_change=failing(errors[kind], told))
    assert caught.value.__cause__ is errors[kind]
    assert [caught.value.user_access_token] == told
    if kind == "has another token":
        assert errors[kind].user_access_token == other  # type: ignore[attr-defined] # pyright: ignore


def test_a_task_that_is_cancelled_during_a_refresh_has_its_hook_told(digi_me: DigiMe, relay: Relay) -> None:
    options = digi_me.expired()
    told: list[UserAccessToken] = []
    stored: asyncio.Event

    async def store(token: UserAccessToken) -> None:
        await asyncio.sleep(0)
        told.append(token)
        stored.set()

    async def main() -> UserAccessToken:
        nonlocal stored
        stored = asyncio.Event()
        sdk = digime_sdk.init(**digi_me.config)
        relay.hold()
        options["on_access_token_change"] = store
        task = asyncio.create_task(sdk.read_accounts(**options))
        assert await asyncio.to_thread(relay.answered.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        assert not told
        relay.let_go()
        await asyncio.wait_for(stored.wait(), PATIENCE)
        before = digi_me.refreshes()
        del options["on_access_token_change"]
        # What is unpacked might as well be for a user whose connection is kept.
        response: Any = await sdk.read_accounts(**options)
        assert digi_me.refreshes() == before
        token: UserAccessToken = response["user_access_token"]
        return token

    assert [asyncio.run(main())] == told
    assert told[0] != options["user_access_token"]


@pytest.mark.parametrize("name", ["refresh_token", "read_accounts"])
def test_a_call_that_is_cancelled_during_a_refresh_is_answered_when_it_is_made_again(
    digi_me: DigiMe, relay: Relay, name: str
) -> None:
    options = digi_me.expired()

    async def main() -> None:
        sdk = digime_sdk.init(**digi_me.config)
        relay.hold()
        task = asyncio.ensure_future(getattr(sdk, name)(**options))
        assert await asyncio.to_thread(relay.answered.wait, PATIENCE)
        before = digi_me.refreshes()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        relay.let_go()
        new = await sdk.refresh_token(contract_details=digi_me.contract, user_access_token=options["user_access_token"])
        assert new != options["user_access_token"]
        response = await sdk.read_accounts(contract_details=digi_me.contract, user_access_token=new)
        assert response["user_access_token"] == new
        assert digi_me.refreshes() == before

    asyncio.run(main())


@pytest.mark.parametrize("phase", ["call", "total"])
@pytest.mark.parametrize("hooked", [True, False], ids=["told later", "no hook"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_time_out_during_a_refresh_is_told_while_its_answer_is_awaited(
    digi_me: DigiMe, relay: Relay, flavour: str, hooked: bool, phase: str
) -> None:
    options = digi_me.expired()
    told: list[tuple[UserAccessToken, bool]] = []
    heard = threading.Event()
    ended = threading.Event()

    def hook(token: UserAccessToken) -> None:
        told.append((token, ended.is_set()))
        heard.set()

    hooks: Any = {"on_access_token_change": hook} if hooked else {}
    timeouts: Any = {"timeouts": {phase: 300}}
    relay.hold()
    before = digi_me.refreshes()

    later: Any

    async def main() -> Any:
        sdk = digime_sdk.init(**digi_me.config)
        with pytest.raises(digime_sdk.TimeoutError) as caught:
            await sdk.read_accounts(**options, **hooks, **timeouts)
        ended.set()
        relay.let_go()
        if hooked:
            assert await asyncio.to_thread(heard.wait, PATIENCE)
        return caught.value, await sdk.read_accounts(**options)

    if flavour == "asyncio":
        error, later = asyncio.run(main())
    else:
        sdk = blocking.init(**digi_me.config)
        with pytest.raises(digime_sdk.TimeoutError) as caught:
            sdk.read_accounts(**options, **hooks, **timeouts)
        ended.set()
        relay.let_go()
        if hooked:
            assert heard.wait(PATIENCE)
        error, later = caught.value, sdk.read_accounts(**options)
    assert (error.phase, error.after) == (phase, 300)
    assert told == ([(later["user_access_token"], True)] if hooked else [])
    assert digi_me.refreshes() == before + 1


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_time_out_during_the_exchange_of_a_code_is_told_while_its_answer_is_awaited(
    platform: Platform, contract_details: ContractDetails, flavour: str
) -> None:
    config: Any = {"application_id": "app", "base_url": platform.at("held")}
    options: Any = {"contract_details": contract_details, "authorization_code": "code", "code_verifier": "verifier"}
    began = time.monotonic()
    sdk = (blocking if flavour == "blocking" else digime_sdk).init(**config)
    with pytest.raises(digime_sdk.TimeoutError) as caught:
        flavours.FLAVOURS[flavour].call(sdk.exchange_code_for_token, **options, timeouts={"call": 300})
    assert caught.value.phase == "call"
    # Nobody has let the answer go, for which the platform waits as long as anybody has patience.
    assert time.monotonic() - began < PATIENCE / 2


def test_the_end_of_an_event_loop_waits_for_a_hook_that_is_to_be_told(digi_me: DigiMe, relay: Relay) -> None:
    options = digi_me.expired()
    told: list[UserAccessToken] = []

    async def main() -> asyncio.Task[Any]:
        relay.hold()
        options["on_access_token_change"] = told.append
        task = asyncio.create_task(digime_sdk.init(**digi_me.config).read_accounts(**options))
        assert await asyncio.to_thread(relay.answered.wait, PATIENCE)
        task.add_done_callback(lambda _: relay.let_go())
        return task

    assert asyncio.run(main()).cancelled()
    assert len(told) == 1
