"""Crashes: processes are killed while they refresh, alone or all at once, and so is who takes over from them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from .crew import Crew
from .outcome import Figures, Outcome
from .platforms import Connected, Tally
from .stage import Stage
from .stores import Sqlite
from .worker_process import Failure

_LEASE_MS = 3_000
_WATCHED_MS = _LEASE_MS * 5 // 4
"""How long a lease that was left behind is watched: its seconds, and what passes between them."""

_REQUESTS_MS = 2_000
"""What the requests of a call may take, beside waiting for a lease, on a machine that is this busy."""

_DELAYS_MS = (100, 500)
_LATEST_STRIKE_S = 0.8
"""After that most refreshes are over, so that strikes come before, during and after them."""

_FAULTS = (None, "delayMs", "delayAnswerMs", "delayAnswerMs")
"""The last one twice: a kill is worst while an answer is on its way."""


@dataclass
class _Breaches:
    """What must not happen, as it happened."""

    lost_otherwise: list[str] = field(default_factory=list[str])
    refreshed_otherwise: list[str] = field(default_factory=list[str])
    failures: list[Failure] = field(default_factory=list[Failure])


class _Crashes:
    """A round."""

    def __init__(self, stage: Stage, person: Connected, crew: Crew, random: Random) -> None:
        self.figures = Figures()
        self.breaches = _Breaches()
        self._stage = stage
        self._person = person
        self._crew = crew
        self._random = random
        self._judged = 0

    async def expiry(self) -> None:
        """Let the token expire and kill while it is refreshed, then judge what became of the connection."""
        platform, crew = self._stage.platform, self._crew
        refreshed_at, before = await self._refreshed_at(), await platform.tally()
        fault = self._random.choice(_FAULTS)
        if fault:
            await platform.delay_next_refresh(fault, self._random.randint(*_DELAYS_MS))
        await platform.expire_access_tokens()
        self.figures.expiries += 1
        crew.mark()
        # Whether a process died while the new pair was not in the store: it may have been lost with the process.
        strikes_before_stored = [refreshed_at == at for at in await self._strikes()]
        await crew.passed()
        await platform.forget_delays()
        await self._judge((await platform.tally()).since(before), strikes_before_stored)

    async def _judge(self, counted: Tally, strikes_before_stored: list[bool]) -> None:
        story = f"{counted}, killed before it was stored: {strikes_before_stored}"
        may_fail = set[str]()
        is_lost = (await self._person.stored()).status == "expired"
        if is_lost:
            self.figures.lost += 1
            may_fail.add(self._stage.platform.over)
            # One who takes over presents the spent token, and so does the next if they are killed in turn.
            is_explained = any(strikes_before_stored) and 1 <= counted.reuses <= len(strikes_before_stored)
            if counted.refreshes != 1 or not is_explained:
                self.breaches.lost_otherwise.append(story)
            await self._person.connect()
        elif counted != Tally(refreshes=1, reuses=0):
            self.breaches.refreshed_otherwise.append(story)
        failed = self._failures()
        self._judged += len(failed)
        self.breaches.failures += [failure for failure in failed if failure.code not in may_fail]
        if failed:
            await self._crew.pass_mark()
            self.judge_rest()

    def judge_rest(self) -> None:
        """Count failures for which there is no reason any more."""
        failed = self._failures()
        self._judged += len(failed)
        self.breaches.failures += failed

    def _failures(self) -> list[Failure]:
        return self._crew.ledger.failures[self._judged :]

    async def _refreshed_at(self) -> int:
        return (await self._person.stored()).refreshed_at

    async def _strikes(self) -> list[int]:
        """Kill once, and sometimes once more; give what the store had as time of the last refresh after each."""
        await asyncio.sleep(self._random.uniform(0, _LATEST_STRIKE_S))
        everybody = range(len(self._crew))
        # Sometimes it is the machine that goes down.
        seen = [await self._strike(everybody if self._random.random() < 1 / 6 else [self._random.choice(everybody)])]
        takeover_s = _LEASE_MS / 1000 * self._random.uniform(0.1, 1.4)
        if self._random.random() < 1 / 2 and not await self._crew.passes_within(takeover_s):
            seen.append(await self._strike([self._random.choice(everybody)]))
        return seen

    async def _strike(self, places: Sequence[int]) -> int:
        await self._crew.kill(places)
        self.figures.kills += len(places)
        refreshed_at = await self._refreshed_at()
        await self._crew.replace(places)
        return refreshed_at


async def crash(stage: Stage, random: Random) -> Outcome:
    """Kill until there are as many killed as there are to be."""
    async with stage.set_up(_LEASE_MS) as (person, crew):
        before = await stage.platform.tally()
        crashes = _Crashes(stage, person, crew, random)
        while crashes.figures.kills < stage.size.kills:
            await crashes.expiry()
        counted = (await stage.platform.tally()).since(before)
    newcomers = await stage.failures_of_newcomers(person)
    crashes.judge_rest()
    outcome, breaches = Outcome(crashes.figures), crashes.breaches
    outcome.count(counted, crew.ledger)
    outcome.promise_none(
        "a connection is lost only if a process died between the platform's answer and the store",
        breaches.lost_otherwise,
    )
    outcome.promise_none("a connection that lives was refreshed once for each expiry", breaches.refreshed_otherwise)
    outcome.promise_none("no call of a process that lives fails for another reason", breaches.failures)
    longest = 2 * _WATCHED_MS + _REQUESTS_MS
    outcome.promise_at_most("no call takes longer than two leases and its requests", crew.ledger.longest_ms, longest)
    outcome.promise_none("processes that open the store afterwards find the connection, and call", newcomers)
    if isinstance(stage.store, Sqlite):
        outcome.promise_equal("SQLite finds its file whole", stage.store.flaw(), None)
    return outcome
