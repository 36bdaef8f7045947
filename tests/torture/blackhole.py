"""Black holes: the network on the way to the database forgets every connection, and tells nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from random import Random

from .outcome import Outcome
from .serving import serving
from .stage import Stage
from .stores import PostgresSchema

_LEASE_MS = 30_000
"""The default: far more than a statement may take that gets no answer."""

_LONGEST_DELAY_MS = 500
_LATEST_S = 0.6
_LONGEST_S = 3.0


class Way:
    """The way to a server. Over connections that it has forgotten nothing comes any more, not even their end."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.port = 0
        self._host = host
        self._far_port = port
        self._is_gone = False
        self._forgotten = 0
        self._came = 0

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Way]:
        """Be there until the end of the block."""
        async with serving(self._serve, self._host) as self.port:
            yield self

    def lead_to(self, port: int) -> None:
        """Lead new connections to another server."""
        self._far_port = port

    def forget(self) -> None:
        """Forget the connections that there are, and those that come until it is back."""
        self._is_gone = True

    def come_back(self) -> None:
        """Let new connections through."""
        self._is_gone = False
        self._forgotten = self._came

    async def _serve(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        self._came += 1
        number = self._came
        try:
            far_in, far_out = await asyncio.open_connection("127.0.0.1", self._far_port)
        except OSError:
            # It is away, and says so.
            near_out.close()
            return
        try:
            await asyncio.gather(self._carry(number, near_in, far_out), self._carry(number, far_in, near_out))
        finally:
            near_out.close()
            far_out.close()

    async def _carry(self, number: int, coming: asyncio.StreamReader, going: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await coming.read(1 << 16):
                if not self._is_gone and number > self._forgotten:
                    going.write(chunk)
                    await going.drain()
        # A reset is its end too: who waits on the other side would be told nothing.
        if not self._is_gone and number > self._forgotten:
            going.close()


async def blackhole(stage: Stage, store: PostgresSchema, port: int, random: Random) -> Outcome:
    """Lose the way to the database, each time shortly after an expiry."""
    outcome = Outcome()
    undisturbed: set[int] = set()
    async with Way(port).open() as way:
        # TLS hides nothing of what is forgotten.
        store.address = f"postgres://postgres@127.0.0.1:{way.port}/postgres?sslmode=disable"
        async with stage.set_up(_LEASE_MS) as (person, crew):
            before = await stage.platform.tally()
            for _ in range(stage.size.blackholes):
                await stage.platform.delay_next_refresh("delayAnswerMs", random.randint(1, _LONGEST_DELAY_MS))
                await stage.platform.expire_access_tokens()
                crew.mark()
                await asyncio.sleep(random.uniform(0, _LATEST_S))
                way.forget()
                await asyncio.sleep(random.uniform(0, _LONGEST_S))
                way.come_back()
                # What began before it was back may have been given a connection that is dead.
                await crew.pass_mark()
                await crew.pass_mark()
                undisturbed.add(crew.last_mark)
                await crew.pass_mark()
            counted = (await stage.platform.tally()).since(before)
            status = (await person.stored()).status
    outcome.figures.expiries = outcome.figures.outages = stage.size.blackholes
    outcome.count(counted, crew.ledger)
    failures = crew.ledger.failures
    untoward = [failure for failure in failures if failure.code not in {"ERR_STORE", "ERR_TIMEOUT"}]
    outcome.promise_none("a call waits for the database, or fails with an error that says so", untoward)
    afterwards = [failure for failure in failures if failure.mark in undisturbed]
    outcome.promise_none("a call that begins when the database is back succeeds", afterwards)
    outcome.promise_equal("one refresh for each expiry", counted.refreshes, stage.size.blackholes)
    outcome.promise_equal("no refresh token is presented twice", counted.reuses, 0)
    outcome.promise_equal("the connection lives", status, "active")
    return outcome
