"""Outages: the database crashes while the token is refreshed, and comes back."""

from __future__ import annotations

import asyncio
from random import Random

from postgres import Postgres

from .crew import Crew
from .outcome import Outcome
from .stage import Stage

_LEASE_MS = 30_000
"""The default. A process that cannot reach the store for as long has lost its turn."""

_LONGEST_DELAY_MS = 500
_LATEST_STOP_S = 0.6
_LONGEST_OUTAGE_S = 2.0

_SURE_DELAY_MS = 3_000
_SURE_STOP_S = 0.8
"""A refresh that takes so long has been sent by then, and its answer has not come."""

_VERY_LONG_S = 95
"""The lease has ended so long ago then that no difference of clocks can be the reason."""


class _Outages:
    """A round."""

    def __init__(self, stage: Stage, server: Postgres, crew: Crew) -> None:
        self.count = 0
        self.undisturbed_marks: set[int] = set()
        self._platform = stage.platform
        self._server = server
        self._crew = crew

    async def expiry(self, delay_ms: int, stop_s: float, outage_s: float) -> None:
        """Let the token expire, the answer to its refresh come late, and the server be away meanwhile."""
        crew = self._crew
        await self._platform.delay_next_refresh("delayAnswerMs", delay_ms)
        await self._platform.expire_access_tokens()
        crew.mark()
        await asyncio.sleep(stop_s)
        await asyncio.to_thread(self._server.stop, "immediate")
        await asyncio.sleep(outage_s)
        await asyncio.to_thread(self._server.start)
        self.count += 1
        await crew.pass_mark()
        self.undisturbed_marks.add(crew.last_mark)
        # Calls that began after the mark before have ended then.
        await crew.pass_mark()


async def outage(stage: Stage, server: Postgres, random: Random) -> Outcome:
    """Stop and start the server, each time shortly after an expiry."""
    outcome = Outcome()
    async with stage.set_up(_LEASE_MS) as (person, crew):
        before = await stage.platform.tally()
        outages = _Outages(stage, server, crew)
        for _ in range(stage.size.outages):
            delay_ms, stop_s = random.randint(1, _LONGEST_DELAY_MS), random.uniform(0, _LATEST_STOP_S)
            await outages.expiry(delay_ms, stop_s, random.uniform(0, _LONGEST_OUTAGE_S))
        for _ in range(stage.size.very_long_outages):
            await outages.expiry(_SURE_DELAY_MS, _SURE_STOP_S, _VERY_LONG_S)
        counted = (await stage.platform.tally()).since(before)
        status = (await person.stored()).status
    outcome.figures.expiries = outcome.figures.outages = outages.count
    outcome.count(counted, crew.ledger)
    failures = crew.ledger.failures
    untoward = [failure for failure in failures if failure.code not in {"ERR_STORE", "ERR_TIMEOUT"}]
    outcome.promise_none("a call waits for the database, or fails with an error that says so", untoward)
    afterwards = [failure for failure in failures if failure.mark in outages.undisturbed_marks]
    outcome.promise_none("a call that begins when the database is back succeeds", afterwards)
    outcome.promise_equal("one refresh for each expiry", counted.refreshes, outages.count)
    outcome.promise_equal("no refresh token is presented twice", counted.reuses, 0)
    outcome.promise_equal("the connection lives", status, "active")
    return outcome
