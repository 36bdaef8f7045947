"""What a round takes place on: the platform, a store of its own, a patient who is linked, and workers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from .crew import Crew, crew
from .linked import APP_USER_ID, LinkedPatient
from .sandbox import Sandbox
from .stores import Store
from .worker_process import Failure, Kind, Work


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

    sandbox: Sandbox
    store: Store
    kinds: Sequence[Kind]
    """In a round of several kinds they take turns."""
    size: Size

    @asynccontextmanager
    async def set_up(
        self,
        lease_ms: int,
        token_url: Callable[[int], str] | None = None,
        clocks: Sequence[int] = (),
        manner: Manner = Manner(),
    ) -> AsyncGenerator[tuple[LinkedPatient, Crew]]:
        """Have a linked patient, and workers that call on their behalf.

        Each finds the token endpoint at the address that `token_url` gives for its place. `clocks` says by how many
        milliseconds the clocks of workers in Rust are ahead, in turns; there are as many of them at least.
        """
        patient = LinkedPatient(self.sandbox, self.store, lease_ms)
        await patient.link()
        kinds = [self.kinds[place % len(self.kinds)] for place in range(self.size.processes)]
        kinds += [Kind.RUST] * (len(clocks) - kinds.count(Kind.RUST))

        def work(place: int) -> Work:
            work = Work(patient.configuration, [APP_USER_ID], self.size.calls, manner.clients, manner.forked)
            if token_url:
                work = work.at(token_url(place))
            if clocks and kinds[place] is Kind.RUST:
                work = work.ahead(clocks[kinds[:place].count(Kind.RUST) % len(clocks)])
            return work

        async with crew(work, kinds) as workers:
            yield patient, workers

    async def failures_of_newcomers(self, patient: LinkedPatient) -> list[Failure]:
        """Start a process of each kind, which opens the store and makes a call, and give what failed."""
        work = Work(patient.configuration, [APP_USER_ID], calls=1)
        async with crew(lambda _: work, self.kinds) as newcomers:
            pass
        return newcomers.ledger.failures
