"""A new pair of tokens is stored whatever happens to the call that brought it."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import LinkChange, PkbSDK, _closing
from flavours import FLAVOURS, Flavour
from platform_double import PATIENCE
from stores import LateStore, SimpleStore

if TYPE_CHECKING:
    from patients_know_best import PatientsKnowBest

USER = "user-1"
ON_ITS_WAY = 300
"""Milliseconds for which the answer of the token endpoint is on its way."""


class Expired:
    """A link whose access token has expired, and what PKB has counted until then."""

    def __init__(self, pkb: PatientsKnowBest, store: Any) -> None:
        self.pkb = pkb
        sdk = digime_sdk.blocking.init_pkb(pkb.configured(store=store))
        callback_url = pkb.decide(sdk.get_link_url(app_user_id=USER)["url"])
        sdk.complete_link(callback_url=callback_url, app_user_id=USER)
        pkb.control("pkb/expire-access-tokens")
        self._before = pkb.tally()

    def sdk(self, store: Any) -> PkbSDK:
        return digime_sdk.init_pkb(self.pkb.configured(store=store))

    async def refreshed(self) -> None:
        """Wait until PKB has made the refresh, its answer being on its way."""
        await asyncio.to_thread(self.pkb.refreshed, self._before)

    def assert_stored(self, store: Any) -> None:
        """Check that the new pair serves, without another refresh."""
        sdk = digime_sdk.blocking.init_pkb(self.pkb.configured(store=store))
        assert sdk.get_current_user(app_user_id=USER).get("last_name") == "Barton"
        after = self.pkb.tally()
        assert (after["refreshes"], after["reuses"]) == (self._before["refreshes"] + 1, self._before["reuses"])


def sealed(store: SimpleStore) -> list[str]:
    return [link["sealed"] for link in store.links.values()]


@pytest.mark.parametrize("kind", [SimpleStore, LateStore], ids=["plain", "asynchronous"])
def test_the_pair_that_is_on_its_way_to_a_cancelled_call_is_stored(
    patients_know_best: PatientsKnowBest, kind: Callable[[], Any]
) -> None:
    rows = SimpleStore()
    expired = Expired(patients_know_best, rows)
    store = kind()
    store.__dict__.update({"rows": rows} if kind is LateStore else vars(rows))
    before = sealed(rows)
    patients_know_best.delay_tokens(ON_ITS_WAY)

    async def main() -> None:
        task = asyncio.create_task(expired.sdk(store).get_current_user(app_user_id=USER))
        await expired.refreshed()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert sealed(rows) != before
    expired.assert_stored(rows)


def test_so_does_a_call_that_is_given_up_after_a_time(patients_know_best: PatientsKnowBest, tmp_path: Path) -> None:
    store = str(tmp_path / "links.db")
    expired = Expired(patients_know_best, store)
    patients_know_best.delay_tokens(ON_ITS_WAY)

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(expired.sdk(store).get_current_user(app_user_id=USER), ON_ITS_WAY / 2000)

    asyncio.run(main())
    expired.assert_stored(store)


def test_so_does_a_search_that_is_cancelled(patients_know_best: PatientsKnowBest) -> None:
    store = SimpleStore()
    expired = Expired(patients_know_best, store)
    patients_know_best.delay_tokens(ON_ITS_WAY)

    async def main() -> None:
        search = expired.sdk(store).fhir_search(app_user_id=USER, resource_type="Patient")
        task = asyncio.ensure_future(search.__anext__())
        await expired.refreshed()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    expired.assert_stored(store)


def test_so_does_an_event_loop_that_ends(patients_know_best: PatientsKnowBest) -> None:
    store = LateStore()
    expired = Expired(patients_know_best, store.rows)
    patients_know_best.delay_tokens(ON_ITS_WAY)

    async def main() -> asyncio.Task[Any]:
        task = asyncio.create_task(expired.sdk(store).get_current_user(app_user_id=USER))
        await expired.refreshed()
        return task

    assert asyncio.run(main()).cancelled()
    expired.assert_stored(store.rows)


def test_a_store_that_is_at_work_is_not_cancelled(patients_know_best: PatientsKnowBest) -> None:
    class Slow(LateStore):
        def __init__(self) -> None:
            super().__init__()
            self.at_work = asyncio.Event()
            self.may_go_on = asyncio.Event()

        async def put_link(self, change: LinkChange) -> bool:
            if change["link"]["lease"] is None:
                self.at_work.set()
                await self.may_go_on.wait()
            return await super().put_link(change)

    rows = SimpleStore()
    expired = Expired(patients_know_best, rows)

    async def main() -> None:
        store = Slow()
        store.rows = rows
        task = asyncio.create_task(expired.sdk(store).get_current_user(app_user_id=USER))
        await store.at_work.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        store.may_go_on.set()

    asyncio.run(main())
    expired.assert_stored(rows)


class Failing(SimpleStore):
    """Fails to write a new pair, as often as it is told to."""

    failures = 0

    def put_link(self, change: LinkChange) -> bool:
        if change["link"]["lease"] is None and self.failures:
            self.failures -= 1
            raise ConnectionError
        return super().put_link(change)


def test_a_store_that_fails_is_tried_again_although_the_call_is_cancelled(patients_know_best: PatientsKnowBest) -> None:
    store = Failing()
    expired = Expired(patients_know_best, store)
    store.failures = 2
    patients_know_best.delay_tokens(ON_ITS_WAY)

    async def main() -> None:
        task = asyncio.create_task(expired.sdk(store).get_current_user(app_user_id=USER))
        await expired.refreshed()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert store.failures == 0
    expired.assert_stored(store)


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=list(FLAVOURS))
def test_so_it_is_although_the_call_waits_no_longer(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    store = Failing()
    expired = Expired(patients_know_best, store)
    store.failures = 7
    # It is tried again for three seconds.
    sdk = flavour.init_pkb(patients_know_best.configured(store=store, timeouts={"call": 1000}))
    with pytest.raises(digime_sdk.TimeoutError) as caught:
        flavour.call(sdk.get_current_user, app_user_id=USER)
    assert caught.value.phase == "call"
    expired.assert_stored(store)
    assert store.failures == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_is_heard_at_once_and_the_process_ends_when_the_pair_is_stored(
    patients_know_best: PatientsKnowBest,
) -> None:
    script = """
import json, signal, sys
import digime_sdk, stores

class Store(stores.SimpleStore):
    def put_link(self, change):
        written = super().put_link(change)
        if change["link"]["lease"] is None:
            print(json.dumps(change["link"]))
        return written

signal.signal(signal.SIGINT, signal.default_int_handler)
config, link = json.loads(sys.argv[1])
store = Store()
store.links[link["platform"], link["app_user_id"]] = link
try:
    digime_sdk.blocking.init_pkb(**config, store=store).get_current_user(app_user_id=link["app_user_id"])
except KeyboardInterrupt:
    print("interrupted")
"""
    store = SimpleStore()
    expired = Expired(patients_know_best, store)
    (key,) = store.links
    patients_know_best.delay_tokens(ON_ITS_WAY)
    command = [sys.executable, "-c", script, json.dumps([patients_know_best.config, store.links[key]])]
    with subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True) as process:
        asyncio.run(expired.refreshed())
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    ended, stored = out.splitlines()
    assert ended == "interrupted"
    store.links[key] = json.loads(stored)
    expired.assert_stored(store)


@pytest.mark.parametrize("flavour", list(FLAVOURS))
def test_a_store_that_never_serves_holds_neither_its_call_up_nor_the_end_of_the_interpreter(
    patients_know_best: PatientsKnowBest, flavour: str
) -> None:
    script = """
import asyncio, json, sys, time
import digime_sdk, stores
from digime_sdk import _closing

assert _closing.AT_THE_END == 30
_closing.AT_THE_END = 1.5

class Failing(stores.SimpleStore):
    def put_link(self, change):
        if change["link"]["lease"] is None:
            raise ConnectionError
        return super().put_link(change)

config, link, flavour = json.loads(sys.argv[1])
store = Failing()
store.links[link["platform"], link["app_user_id"]] = link
options = {"app_user_id": link["app_user_id"], "timeouts": {"call": 500}}
begun = time.monotonic()
try:
    if flavour == "blocking":
        digime_sdk.blocking.init_pkb(**config, store=store).get_current_user(**options)
    else:
        async def main():
            await digime_sdk.init_pkb(**config, store=store).get_current_user(**options)

        asyncio.run(main())
except digime_sdk.TimeoutError as error:
    print(error.phase, time.monotonic() - begun)
"""
    store = SimpleStore()
    Expired(patients_know_best, store)
    (link,) = store.links.values()
    command = [sys.executable, "-c", script, json.dumps([patients_know_best.config, link, flavour])]
    begun = time.monotonic()
    process = subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    ended = time.monotonic() - begun
    phase, told = process.stdout.split()
    assert phase == "call"
    # In asyncio the event loop ends before it is told.
    assert float(told) < (1.5 if flavour == "blocking" else 3.5)
    # Trying goes on for a minute and a half where the process lives.
    assert ended < 10


def test_a_call_whose_store_fails_can_be_cancelled(
    patients_know_best: PatientsKnowBest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_closing, "AT_THE_END", 0.5)
    tried: asyncio.Event

    class Telling(Failing):
        def put_link(self, change: LinkChange) -> bool:
            if self.failures == 997:
                tried.set()
            return super().put_link(change)

    store = Telling()
    expired = Expired(patients_know_best, store)
    store.failures = 1000

    async def main() -> float:
        nonlocal tried
        tried = asyncio.Event()
        task = asyncio.create_task(expired.sdk(store).get_current_user(app_user_id=USER))
        await asyncio.wait_for(tried.wait(), PATIENCE)
        task.cancel()
        cancelled = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
        return time.monotonic() - cancelled

    assert asyncio.run(main()) < 1
