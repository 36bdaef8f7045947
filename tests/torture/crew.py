"""The workers of a round together: marks that all must pass, and who takes the place of those that are killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from .worker_process import Kind, Ledger, Work, Worker

_PATIENCE_S = 90
"""Far longer than any call may take: who is not through by then hangs."""


class CallsHangError(Exception):
    """Calls that should have ended long ago have not."""


class Crew:
    """Workers, whose work is told by the place of each."""

    def __init__(self, work: Callable[[int], Work]) -> None:
        self.ledger = Ledger()
        self._work = work
        self._workers: list[Worker] = []
        self.last_mark = 0
        """Zero before the first."""

    def __len__(self) -> int:
        return len(self._workers)

    async def add(self, kinds: Sequence[Kind]) -> None:
        """Start a worker of each of these kinds."""
        places = range(len(self), len(self) + len(kinds))
        self._workers += await asyncio.gather(*map(self._start, kinds, places))

    def mark(self) -> None:
        """Set a mark for all."""
        self.last_mark += 1
        for worker in self._workers:
            worker.mark(self.last_mark)

    async def passed(self) -> None:
        """Wait until every caller of every worker has ended a call that began after the mark."""
        if not await self.passes_within(_PATIENCE_S):
            message = f"after {_PATIENCE_S} s there are calls that have not ended"
            raise CallsHangError(message)

    async def pass_mark(self) -> None:
        """Set a mark, and wait for all to pass it."""
        self.mark()
        await self.passed()

    async def passes_within(self, seconds: float) -> bool:
        """Say whether all pass the mark in that time."""
        all_passed = asyncio.gather(*(worker.passed(self.last_mark) for worker in self._workers))
        try:
            await asyncio.wait_for(all_passed, seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def kill(self, places: Sequence[int]) -> None:
        """Kill the workers in these places at once, and return when they are dead."""
        for place in places:
            self._workers[place].kill()
        for place in places:
            await self._workers[place].dead()

    async def replace(self, places: Sequence[int]) -> None:
        """Start others of the same kinds in these places."""
        started = await asyncio.gather(*(self._start(self._workers[place].kind, place) for place in places))
        for place, worker in zip(places, started):
            self._workers[place] = worker

    def freeze(self, places: Sequence[int]) -> None:
        """Stop the workers in these places in their tracks, at once."""
        for place in places:
            self._workers[place].freeze()

    def thaw(self, places: Sequence[int]) -> None:
        """Let them go on."""
        for place in places:
            self._workers[place].thaw()

    def frozen_between(self, place: int, begin: float, end: float) -> float:
        """Say for how many seconds between two times the worker in this place was frozen."""
        return self._workers[place].frozen_between(begin, end)

    async def stop(self) -> None:
        """Let all end by themselves."""
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._workers = []

    async def _start(self, kind: Kind, place: int) -> Worker:
        worker = await Worker.start(kind, self._work(place), self.ledger)
        if self.last_mark:
            worker.mark(self.last_mark)
        return worker


@asynccontextmanager
async def crew(work: Callable[[int], Work], kinds: Sequence[Kind]) -> AsyncGenerator[Crew]:
    """Have workers of these kinds until the end of the block, all of them at it from its begin on."""
    workers = Crew(work)
    try:
        await workers.add(kinds)
        await workers.pass_mark()
        yield workers
        await workers.stop()
    finally:
        await workers.kill(range(len(workers)))
