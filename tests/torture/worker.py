"""The worker in Python: keeps calls going on one link until its standard input ends, as `src/main.rs` does in Rust."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import digime_sdk


class Marks:
    """The last mark, and when there is another, or none will be."""

    def __init__(self) -> None:
        self.last = 0
        self.is_over = False
        self.next = asyncio.Event()

    def set(self, mark: int) -> None:
        """Go on to a mark."""
        self.last = mark
        self._announce()

    def close(self) -> None:
        """Let the callers stop, each after the call that it is at."""
        self.is_over = True
        self._announce()

    def _announce(self) -> None:
        self.next.set()
        self.next = asyncio.Event()


class Passage:
    """What the callers did since it was last told, and the marks that they have passed."""

    def __init__(self, callers: int) -> None:
        self._by_place = [0] * callers
        self._told = 0
        self._calls = 0
        self._longest = 0.0

    def record(self, place: int, mark: int, took: float) -> None:
        """Count a call that has ended."""
        self._calls += 1
        self._longest = max(self._longest, took)
        self._by_place[place] = mark
        passed = min(self._by_place)
        if passed > self._told:
            self._told = passed
            self.tell()

    def tell(self) -> None:
        """Tell, and begin to count anew."""
        _tell({"passed": self._told, "calls": self._calls, "longestMs": round(self._longest * 1000)})
        self._calls = 0
        self._longest = 0.0


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


async def _keep_calling(place: int, pkb: digime_sdk.PkbSDK, app_user_id: str, marks: Marks, passage: Passage) -> None:
    """Make calls, one after the other; after a failure not before the next mark."""
    while not marks.is_over:
        mark, next_mark = marks.last, marks.next
        began = time.monotonic()
        failed = False
        try:
            await pkb.get_current_user(app_user_id=app_user_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the harness judges it
            failed = True
            _tell({"failed": getattr(error, "code", type(error).__name__), "message": str(error), "mark": mark})
        passage.record(place, mark, time.monotonic() - began)
        if failed:
            await next_mark.wait()


async def _run(settings: dict[str, Any], sdks: Sequence[digime_sdk.PkbSDK]) -> None:
    marks, passage = Marks(), Passage(settings["calls"])
    callers = [
        asyncio.create_task(_keep_calling(place, sdks[place % len(sdks)], settings["app_user_id"], marks, passage))
        for place in range(settings["calls"])
    ]
    while line := await asyncio.to_thread(sys.stdin.readline):
        marks.set(int(line))
    marks.close()
    await asyncio.gather(*callers)
    passage.tell()


def main() -> int:
    """Do what the first line says; in a forked child of a process that has used the store, if it says so."""
    settings = json.loads(sys.stdin.readline())
    sdks = [digime_sdk.init_pkb(settings["config"]) for _ in range(settings["clients"])]
    if settings["forked"]:
        # As a server does that looks after its store before it forks its workers.
        asyncio.run(sdks[0].get_link(app_user_id=settings["app_user_id"]))
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asyncio.run(_run(settings, sdks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
