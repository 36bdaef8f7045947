"""What a round takes place on: the platform, a store of its own, a patient who is linked, and workers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
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


@dataclass(frozen=True)
class Stage:
    """Where a round takes place."""

    sandbox: Sandbox
    store: Store
    kinds: Sequence[Kind]
    """In a round of several kinds they take turns."""
    size: Size

    @asynccontextmanager
    async def set_up(self, lease_ms: int) -> AsyncGenerator[tuple[LinkedPatient, Crew]]:
        """Have a linked patient, and workers that call on their behalf."""
        patient = LinkedPatient(self.sandbox, self.store, lease_ms)
        await patient.link()
        work = Work(patient.configuration, APP_USER_ID, self.size.calls)
        async with crew(work, [self.kinds[place % len(self.kinds)] for place in range(self.size.processes)]) as workers:
            yield patient, workers

    async def failures_of_newcomers(self, patient: LinkedPatient) -> list[Failure]:
        """Start a process of each kind, which opens the store and makes a call, and give what failed."""
        async with crew(Work(patient.configuration, APP_USER_ID, calls=1), self.kinds) as newcomers:
            pass
        return newcomers.ledger.failures
