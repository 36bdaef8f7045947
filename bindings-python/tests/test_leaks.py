"""What many calls leave behind, with those that are cancelled, fail and time out among them: nothing that adds up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import digime_sdk

if TYPE_CHECKING:
    from patients_know_best import PatientsKnowBest

CALLS = int(os.environ.get("DIGIME_LEAK_CALLS", "1200"))
AT_ONCE = 40
PARTS = 3
"""What warms up, and each of the halves that are compared."""
ROUTE = "GET /json/users/self"
USER = "user-1"

SOME_DESCRIPTORS = 24
SOME_THREADS = 8
"""What may come and go: pools of connections and of threads breathe."""
SOME_KILOBYTES = 12 * 1024
"""Allocators keep some for later. A kilobyte of each call would be more than that where many are made."""


class Held(NamedTuple):
    """What a process holds."""

    tasks: int
    python_threads: int
    threads: int
    descriptors: int
    kilobytes: int

    @classmethod
    def now(cls) -> Held:
        gc.collect()
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        tasks = len(asyncio.all_tasks())
        threads = len(os.listdir("/proc/self/task"))
        descriptors = len(os.listdir("/proc/self/fd"))
        return cls(tasks, threading.active_count(), threads, descriptors, int(status["VmRSS"].split()[0]))


async def call(pkb: digime_sdk.PkbSDK, which: int) -> None:
    """Make a call, whose end nobody judges here."""
    with contextlib.suppress(digime_sdk.DigiMeSDKError, asyncio.TimeoutError):
        kind = which % 8
        if kind == 0:
            await pkb.get_access_token(app_user_id=USER)
        elif kind == 1:
            # Gone before it has come to anything.
            task = asyncio.ensure_future(pkb.get_current_user(app_user_id=USER))
            await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        elif kind == 2:
            await asyncio.wait_for(pkb.get_current_user(app_user_id=USER), which % 7 / 1000)
        elif kind == 3:
            await pkb.get_current_user(app_user_id=USER, timeouts={"call": 1})
        elif kind == 4:
            async for _ in pkb.fhir_search(app_user_id=USER, resource_type="Patient"):
                # Left after its first page.
                break
        else:
            await pkb.get_current_user(app_user_id=USER)


async def cause(pkb: PatientsKnowBest, batch: int) -> None:
    """Let something go wrong on PKB's side, another thing each time."""
    fault = [None, "reset", {"status": 500}, {"truncateAfter": 10}][batch % 4]
    if fault is None:
        await asyncio.to_thread(pkb.control, "pkb/expire-access-tokens")
    else:
        await asyncio.to_thread(pkb.control, "faults", {"route": ROUTE, "fault": fault, "count": 3})


def test_many_calls_that_succeed_fail_and_are_cancelled_leave_nothing_behind_that_adds_up(
    patients_know_best: PatientsKnowBest, tmp_path: Path
) -> None:
    config = patients_know_best.configured(store=str(tmp_path / "links.db"))

    async def many() -> list[Held]:
        pkb = digime_sdk.init_pkb(config)
        sent = await pkb.get_link_url(app_user_id=USER)
        await pkb.complete_link(callback_url=patients_know_best.decide(sent["url"]), app_user_id=USER)
        held: list[Held] = []
        for _ in range(PARTS):
            for batch in range(CALLS // PARTS // AT_ONCE):
                await cause(patients_know_best, batch)
                await asyncio.gather(*(call(pkb, which + batch) for which in range(AT_ONCE)))
                other = digime_sdk.init_pkb(config)
                await call(other, 5)
                assert await other.close() == {"finished": True}
            held.append(Held.now())
        return held

    _, half, end = asyncio.run(many())
    story = f"after half: {half}, after all: {end}"
    # The one that looks.
    assert end.tasks == 1, story
    assert end.python_threads <= half.python_threads, story
    assert end.threads <= half.threads + SOME_THREADS, story
    assert end.descriptors <= half.descriptors + SOME_DESCRIPTORS, story
    assert end.kilobytes <= half.kilobytes + SOME_KILOBYTES, story
    print(f"{CALLS} calls; {story}")
