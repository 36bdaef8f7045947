"""What is measured of a piece of work in Python, in the form that every language prints."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

Figures = dict[str, float]

RESOLUTION = 0.002
"""How often the event loop is looked at, in seconds: a delay is understated by at most as much."""


class Measurement:
    """A measurement under way."""

    def __init__(self) -> None:
        # Where the system refuses to forget the peak, the growth is overstated and not hidden.
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        self._resident = _memory("VmRSS")
        self._cpu = time.process_time()
        self._begun = time.perf_counter()

    def figures(self, count: int) -> Figures:
        """End it; `count` is how often the work was done."""
        seconds = time.perf_counter() - self._begun
        return {
            "count": count,
            "seconds": seconds,
            "cpuSeconds": time.process_time() - self._cpu,
            "peakRssGrowthBytes": max(0, _memory("VmHWM") - self._resident),
        }


class Delays:
    """How late the event loop is, looked at again and again."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._seen: list[float] = []
        self._last = self._loop.time()
        self._next = self._loop.call_later(RESOLUTION, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        self._seen.append(max(0.0, now - self._last - RESOLUTION))
        self._last = now
        self._next = self._loop.call_later(RESOLUTION, self._look)

    async def figures(self) -> Figures:
        """End it."""
        # A delay at the very end is seen by the next look only.
        await asyncio.sleep(2 * RESOLUTION)
        self._next.cancel()
        seen = sorted(self._seen)
        return {"delayP99Ms": 1000 * seen[int(0.99 * len(seen))], "delayMaxMs": 1000 * seen[-1]}


async def measured(count: int, work: Callable[[], Awaitable[Figures | None]]) -> Figures:
    """Do the work in this event loop and give its figures, with those that it gives itself."""
    delays = Delays()
    measurement = Measurement()
    more = await work()
    figures = measurement.figures(count)
    return {**figures, **await delays.figures(), **(more or {})}


def _memory(field: str) -> int:
    match = re.search(rf"^{field}:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1]) * 1024 if match else 0
