"""The end of a client, as a deploy brings it: what is under way is done, and nothing begins any more."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Optional

import digime_sdk
import pytest
from flavours import FLAVOURS
from platform_double import PATIENCE
from stores import SimpleStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digime_sdk import ReadAccountsOptions
    from flavours import Flavour
    from patients_know_best import PatientsKnowBest
    from platform_double import Platform

USER = "user-1"


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What asyncio says of tasks that an event loop has left is said of the test that left them."""
    yield
    gc.collect()


class LateStore(SimpleStore):
    """A store that takes its time, and says when it has written."""

    def __init__(self, done: list[str]) -> None:
        super().__init__()
        self.done = done
        self.leased: Optional[asyncio.Event] = None

    def put_link(self, change: Any) -> bool:
        time.sleep(0.05)
        written = super().put_link(change)
        self.done.append("stored")
        if self.leased is not None and change["link"]["lease"] is not None:
            self.leased.set()
        return written


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)
def test_closing_waits_until_the_pair_of_a_call_that_has_gone_is_stored_and_told_of(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    done: list[str] = []
    store = LateStore(done)
    config = patients_know_best.configured(store=store, on_tokens_changed=lambda _: done.append("told"))
    blocking = digime_sdk.blocking.init_pkb(config)
    callback = patients_know_best.decide(blocking.get_link_url(app_user_id=USER)["url"])
    blocking.complete_link(app_user_id=USER, callback_url=callback)
    patients_know_best.control("pkb/expire-access-tokens")
    patients_know_best.delay_tokens(500)
    done.clear()
    if flavour is FLAVOURS["blocking"]:
        with pytest.raises(digime_sdk.TimeoutError):
            blocking.get_current_user(app_user_id=USER, timeouts={"call": 200})
        done.clear()
        assert blocking.close() == {"finished": True}
        with pytest.raises(digime_sdk.ClientClosedError):
            blocking.get_current_user(app_user_id=USER)
    else:
        asyncio.run(_cancelled_and_closed(config, store))
    assert done == ["stored", "told"]


async def _cancelled_and_closed(config: Any, store: LateStore) -> None:
    store.leased, done = asyncio.Event(), store.done
    async with digime_sdk.init_pkb(config) as sdk:
        call = asyncio.ensure_future(sdk.get_current_user(app_user_id=USER))
        await store.leased.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        done.clear()
    assert done == ["stored", "told"]
    with pytest.raises(digime_sdk.ClientClosedError) as caught:
        await sdk.get_current_user(app_user_id=USER)
    assert caught.value.code == "ERR_CLIENT_CLOSED"
    assert await sdk.close() == {"finished": True}


class Interrupting(asyncio.SelectorEventLoop):
    """An event loop in which something happens in the moment when other threads bring the next news."""

    then: Optional[Callable[[], object]] = None

    def call_soon_threadsafe(self, *callback: Any, **context: Any) -> asyncio.Handle:  # type: ignore[override]
        handle = super().call_soon_threadsafe(*callback, **context)
        then, self.then = self.then, None
        if then is not None:
            super().call_soon_threadsafe(then)
        return handle


class Told(asyncio.SelectorEventLoop):
    """An event loop that says when other threads have brought news."""

    def __init__(self) -> None:
        super().__init__()
        self.news = threading.Event()

    def call_soon_threadsafe(self, *callback: Any, **context: Any) -> asyncio.Handle:  # type: ignore[override]
        handle = super().call_soon_threadsafe(*callback, **context)
        self.news.set()
        return handle


class WatchedStore(SimpleStore):
    """A store that says when it has been asked so often."""

    left = 0
    then: Optional[Callable[[], object]] = None

    def get_link(self, query: Any) -> Any:
        self._asked()
        return super().get_link(query)

    def put_link(self, change: Any) -> bool:
        self._asked()
        return super().put_link(change)

    def get_attempt(self, query: Any) -> Any:
        self._asked()
        return super().get_attempt(query)

    def _asked(self) -> None:
        self.left -= 1
        if self.left == 0 and self.then is not None:
            self.then()


@pytest.mark.parametrize("questions", range(4, 8))
def test_a_refresh_is_made_and_told_of_if_its_call_is_cancelled_in_the_moment_of_any_step_after_its_lease(
    patients_know_best: PatientsKnowBest, questions: int
) -> None:
    told: list[str] = []
    store = WatchedStore()
    config = patients_know_best.configured(store=store, on_tokens_changed=lambda _: told.append("told"))

    async def cancelled_in(loop: Interrupting) -> bool:
        async with digime_sdk.init_pkb(config) as sdk:
            callback = patients_know_best.decide((await sdk.get_link_url(app_user_id=USER))["url"])
            await sdk.complete_link(app_user_id=USER, callback_url=callback)
            patients_know_best.control("pkb/expire-access-tokens")
            call = asyncio.ensure_future(sdk.get_current_user(app_user_id=USER))
            store.left, store.then = questions, lambda: setattr(loop, "then", call.cancel)
            await asyncio.wait((call,))
            return call.cancelled()

    before = patients_know_best.tally()["refreshes"]
    loop = Interrupting()
    try:
        assert loop.run_until_complete(cancelled_in(loop))
    finally:
        loop.close()
    # The fourth question takes the lease.
    assert patients_know_best.tally()["refreshes"] - before == len(told) == 1


@pytest.mark.parametrize("hook", ["plain", "asynchronous", "at work when the loop is closed"])
@pytest.mark.parametrize("answer", ["comes later", "has come"])
@pytest.mark.parametrize("call", ["has been cancelled", "is left as it is"])
def test_a_refresh_under_way_when_an_event_loop_is_just_closed_is_stored_and_told_of(
    patients_know_best: PatientsKnowBest, hook: str, answer: str, call: str
) -> None:
    told: list[str] = []
    at_work = threading.Event()
    store = SimpleStore()

    async def slowly(_: object) -> None:
        if not at_work.is_set():
            at_work.set()
            await asyncio.sleep(PATIENCE)
        told.append("told")

    async def at_once(_: object) -> None:
        told.append("told")

    hooks: dict[str, Any] = {"plain": lambda _: told.append("told"), "asynchronous": at_once}
    config = patients_know_best.configured(store=store, on_tokens_changed=hooks.get(hook, slowly))
    sdk = digime_sdk.init_pkb(config)
    blocking = digime_sdk.blocking.init_pkb(patients_know_best.configured(store=store))
    callback = patients_know_best.decide(blocking.get_link_url(app_user_id=USER)["url"])
    blocking.complete_link(app_user_id=USER, callback_url=callback)
    patients_know_best.control("pkb/expire-access-tokens")
    patients_know_best.delay_tokens(300)
    before = patients_know_best.tally()

    async def given_up() -> None:
        task = asyncio.ensure_future(sdk.get_current_user(app_user_id=USER))
        await asyncio.wait((task,), timeout=0.1)
        if call == "has been cancelled":
            task.cancel()
            await asyncio.wait((task,))
        if hook not in hooks:
            await asyncio.to_thread(at_work.wait, PATIENCE)
        elif answer == "has come":
            # It waits in the loop, which does nothing meanwhile, and is then closed.
            loop.news.clear()
            assert loop.news.wait(PATIENCE)

    loop = Told()
    loop.run_until_complete(given_up())
    loop.close()
    gc.collect()
    assert "first_name" in asyncio.run(sdk.get_current_user(app_user_id=USER))
    while not told:
        pass
    after = patients_know_best.tally()
    assert (after["refreshes"], after["reuses"]) == (before["refreshes"] + 1, before["reuses"])
    assert told == ["told"]


def test_closing_waits_no_longer_than_it_is_told(platform: Platform, options: ReadAccountsOptions) -> None:
    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("silent"))
        call = asyncio.ensure_future(sdk.read_accounts(**options))
        await asyncio.to_thread(platform.arrived.wait, 30)
        assert await sdk.close(timeout=50) == {"finished": False}
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await sdk.close() == {"finished": True}

    asyncio.run(main())


def test_a_client_of_plain_code_is_closed_at_the_end_of_its_block(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    with digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok")) as sdk:
        pass
    with pytest.raises(digime_sdk.ClientClosedError):
        sdk.read_accounts(**options)


def test_a_list_that_was_begun_and_left_does_not_keep_the_client_open(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked_in_plain_code(patients_know_best)
    links = sdk.list_links()
    assert next(links)["app_user_id"] == USER
    assert sdk.close(timeout=20_000) == {"finished": True}
    with pytest.raises(digime_sdk.ClientClosedError):
        next(links)


def test_the_same_in_an_event_loop(patients_know_best: PatientsKnowBest) -> None:
    store = SimpleStore()
    linked_in_plain_code(patients_know_best, store)

    async def main() -> None:
        sdk = digime_sdk.init_pkb(patients_know_best.configured(store=store))
        links = sdk.list_links()
        assert (await links.__anext__())["app_user_id"] == USER
        assert await sdk.close(timeout=20_000) == {"finished": True}
        with pytest.raises(digime_sdk.ClientClosedError):
            await links.__anext__()

    asyncio.run(main())


def linked_in_plain_code(pkb: PatientsKnowBest, store: Optional[SimpleStore] = None) -> Any:
    """Give an SDK with a link of the user."""
    sdk = digime_sdk.blocking.init_pkb(pkb.configured(store=store or SimpleStore()))
    callback = pkb.decide(sdk.get_link_url(app_user_id=USER)["url"])
    sdk.complete_link(callback_url=callback, app_user_id=USER)
    return sdk
