"""Pauses: processes are frozen for longer than a lease, or with an answer in their socket, and go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from .crew import Crew
from .outcome import Figures, Outcome
from .platforms import Connected, Tally
from .relay import Presentation, Relay
from .stage import Stage
from .worker_process import Failure

_LEASE_MS = 4_000
_LEASE_S = _LEASE_MS / 1000

_DELAYS_MS = (50, 400)
_LATEST_FREEZING_S = 0.5
"""After that most refreshes are over, so that processes are frozen before, during and after them."""

_FAULTS = (None, "delayMs", "delayAnswerMs")

_OVER_TIME_OUT = 0.9
"""The share of a lease after which a request under it has timed out, and before which nobody takes it over."""

_STORING_S = 2.0
"""For how long a process may run between an answer and its storing, on a machine that is this busy."""


@dataclass
class _Breaches:
    """What must not happen, as it happened."""

    presented_twice: list[str] = field(default_factory=list[str])
    lost_otherwise: list[str] = field(default_factory=list[str])
    not_used: list[str] = field(default_factory=list[str])
    failures: list[Failure] = field(default_factory=list[Failure])


class _Pauses:
    """A round."""

    def __init__(self, stage: Stage, person: Connected, crew: Crew, relay: Relay, random: Random) -> None:
        self.figures = Figures()
        self.breaches = _Breaches()
        self._stage = stage
        self._person = person
        self._crew = crew
        self._relay = relay
        self._random = random
        self._judged_failures = 0
        self._judged_repeated = 0

    async def expiry(self) -> None:
        """Let the token expire, freeze in one of three ways meanwhile, and judge what became of the connection."""
        before = await self._stage.platform.tally()
        acts = (self._freeze_at_random, self._freeze_with_the_answer, self._freeze_the_machine_with_the_answer)
        act = acts[self.figures.expiries % len(acts)]
        self.figures.expiries += 1
        must_be_used = await act()
        await self._crew.passed()
        await self._stage.platform.forget_delays()
        await self._judge((await self._stage.platform.tally()).since(before), act.__name__, must_be_used=must_be_used)

    async def _freeze_at_random(self) -> bool:
        """Freeze some, at a moment of which nobody knows what they are at, for longer than a lease."""
        platform, random, everybody = self._stage.platform, self._random, range(len(self._crew))
        fault = random.choice(_FAULTS)
        if fault:
            await platform.delay_next_refresh(fault, random.randint(*_DELAYS_MS))
        places = random.sample(everybody, random.randint(1, len(everybody) - 1))
        await platform.expire_access_tokens()
        self._crew.mark()
        await asyncio.sleep(random.uniform(0, _LATEST_FREEZING_S))
        await self._frozen(places, _LEASE_S * random.uniform(1.1, 1.6))
        return False

    async def _freeze_with_the_answer(self) -> bool:
        """Freeze who refreshes when the answer is there, until after its time-out."""
        await self._freeze_before_the_answer(lambda place: [place], _LEASE_S * _OVER_TIME_OUT)
        return True

    async def _freeze_the_machine_with_the_answer(self) -> bool:
        """Freeze all when the answer is there, for longer than a lease: while all are frozen nobody watches."""
        await self._freeze_before_the_answer(lambda _: range(len(self._crew)), _LEASE_S * 1.3)
        return True

    async def _freeze_before_the_answer(self, whom: Callable[[int], Sequence[int]], seconds: float) -> None:
        frozen: asyncio.Future[Sequence[int]] = asyncio.get_running_loop().create_future()

        async def freeze(place: int) -> None:
            places = whom(place)
            self._crew.freeze(places)
            frozen.set_result(places)

        self._relay.intervene(freeze)
        await self._stage.platform.expire_access_tokens()
        self._crew.mark()
        places = await frozen
        self.figures.pauses += len(places)
        await asyncio.sleep(seconds)
        self._crew.thaw(places)

    async def _frozen(self, places: Sequence[int], seconds: float) -> None:
        self._crew.freeze(places)
        self.figures.pauses += len(places)
        await asyncio.sleep(seconds)
        self._crew.thaw(places)

    async def _judge(self, counted: Tally, act: str, *, must_be_used: bool) -> None:
        repeated = self._relay.repeated()[self._judged_repeated :]
        self._judged_repeated += len(repeated)
        unexcused = [pair for pair in repeated if not self._is_excused(*pair)]
        story = f"{act}: {counted}, {len(repeated)} presented twice, {len(unexcused)} of them without excuse"
        if unexcused or counted.reuses > len(repeated):
            self.breaches.presented_twice.append(story)
        if must_be_used and (counted != Tally(refreshes=1, reuses=0) or repeated):
            self.breaches.not_used.append(story)
        # Whoever presents it again is told that all is over. Where the platform does not mean it, the connection lives
        # again when who had the answer goes on, and stores it.
        may_fail = {self._stage.platform.over} if repeated else set[str]()
        if (await self._person.stored()).status == "expired":
            self.figures.lost += 1
            if not repeated:
                self.breaches.lost_otherwise.append(story)
            await self._person.connect()
        failed = self._crew.ledger.failures[self._judged_failures :]
        self.breaches.failures += [failure for failure in failed if failure.code not in may_fail]
        self._judged_failures += len(failed)
        await self._crew.pass_mark()

    def _is_excused(self, first: Presentation, again: Presentation) -> bool:
        """Say whether who had the answer was frozen, but for moments, until the token was presented again."""
        gone = again.answered - first.answered
        return gone - self._crew.frozen_between(first.place, first.answered, again.answered) < _STORING_S

    def judge_rest(self) -> None:
        """Count failures for which there is no reason any more."""
        self.breaches.failures += self._crew.ledger.failures[self._judged_failures :]


async def pause(stage: Stage, random: Random) -> Outcome:
    """Freeze as often as is wanted."""
    async with Relay(stage.platform).running() as relay, stage.set_up(_LEASE_MS, relay.address) as (person, crew):
        before = await stage.platform.tally()
        pauses = _Pauses(stage, person, crew, relay, random)
        for _ in range(stage.size.pauses):
            await pauses.expiry()
        counted = (await stage.platform.tally()).since(before)
    pauses.judge_rest()
    outcome, breaches = Outcome(pauses.figures), pauses.breaches
    outcome.count(counted, crew.ledger)
    outcome.promise_none(
        "a refresh token is presented twice only if who had the answer was frozen before it could store it",
        breaches.presented_twice,
    )
    outcome.promise_none(
        "an answer that is in the socket of a process, or of all, when they are frozen is used", breaches.not_used
    )
    outcome.promise_none("a connection is lost only so", breaches.lost_otherwise)
    outcome.promise_none("no call fails for another reason", breaches.failures)
    return outcome
