"""What a round takes place on: the platform, a store of its own, a person who is connected, and workers."""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from digime_sdk import RetryOptions

from .crew import Crew, crew
from .platforms import Connected, Platform
from .stores import Store
from .worker_process import Failure, Kind, Party, Work

_APP_USER_ID = "user-1"


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    processes: int
    calls: int
    expiries: int
    kills: int
    outages: int
    very_long_outages: int
    pauses: int
    slow_expiries: int
    blackholes: int


@dataclass(frozen=True)
class Manner:
    """How workers are applications."""

    clients: int = 1
    """How many SDK objects each has."""
    forked: bool = False
    """Whether those in Python are forked children of processes that have used the store."""


@dataclass(frozen=True)
class Stage:
    """Where a round takes place."""

    platform: Platform
    store: Store
    kinds: Sequence[Kind]
    """In a round of several kinds they take turns."""
    size: Size

    def _party(self, lease_ms: int) -> Party:
        configuration = self.platform.configuration()
        configuration["encryption_key"] = base64.b64encode(secrets.token_bytes(32)).decode()
        configuration["refresh_lease"] = lease_ms
        # A call that is repeated in silence would hide that it failed.
        no_repeats: RetryOptions = {"limit": 0}
        configuration["retry_options"] = no_repeats
        self.store.configure(configuration)
        return self.platform.party(configuration, [_APP_USER_ID])

    @asynccontextmanager
    async def set_up(
        self,
        lease_ms: int,
        relay: Callable[[int], str] | None = None,
        clocks: Sequence[int] = (),
        manner: Manner = Manner(),
    ) -> AsyncGenerator[tuple[Connected, Crew]]:
        """Have a person who is connected, and workers that call on their behalf.

        Each reaches the token endpoint at the address of a relay that `relay` gives for its place. `clocks` says by how
        many milliseconds the clocks of workers in Rust are ahead, in turns; there are as many of them at least.
        """
        person = self.platform.person(self._party(lease_ms))
        await person.connect()
        kinds = [self.kinds[place % len(self.kinds)] for place in range(self.size.processes)]
        kinds += [Kind.RUST] * (len(clocks) - kinds.count(Kind.RUST))

        def work(place: int) -> Work:
            party = self.platform.reached_at(person.party, relay(place)) if relay else person.party
            work = Work([party], self.size.calls, manner.clients, manner.forked)
            if clocks and kinds[place] is Kind.RUST:
                work = replace(work, clock_ahead_ms=clocks[kinds[:place].count(Kind.RUST) % len(clocks)])
            return work

        async with crew(work, kinds) as workers:
            yield person, workers

    async def failures_of_newcomers(self, person: Connected) -> list[Failure]:
        """Start a process of each kind, which opens the store and makes a call, and give what failed."""
        async with crew(lambda _: Work([person.party], calls=1), self.kinds) as newcomers:
            pass
        return newcomers.ledger.failures
