"""A store, the people whose links it keeps, and the processes that share it, each in a network of its own."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from digime_sdk import DigiMeSDKError, RetryOptions, TimeoutOptions, UnreadableLink

from torture.platforms import Connected, Platform
from torture.relay import Relay
from torture.stores import Store
from torture.worker_process import Configuration, Kind, Ledger, Party, Work, Worker

from .enclosure import faketime
from .history import Life, Link, Loss
from .wire import Wire

CALL_MS = 12_000
LEASE_MS = 4_000
_MARGIN_MS = 5_000
_CALLS = 6
_PAUSE_MS = 150
_LOOKS_EVERY_S = 0.5
_TIMEOUTS: TimeoutOptions = {"connect": 3_000, "idle": 5_000, "call": CALL_MS}
_NO_REPEATS: RetryOptions = {"limit": 0}

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Person:
    """Who somebody is to the application, and to a platform."""

    app_user_id: str
    platform: Platform
    number: int
    """Which of those whom the platform knows."""
    place: int
    """Where their codes are presented from."""


class Keys:
    """The keys of a store, and how far their change is."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.current = self._another()
        self.others: list[str] = []
        """The next one, and those before: attempts to link are sealed with them for a day."""

    def _another(self) -> str:
        return base64.b64encode(self._random.randbytes(32)).decode()

    def announce(self) -> None:
        """Let every process learn of the next key."""
        self.others.insert(0, self._another())

    def turn(self) -> None:
        """Let every process seal with it."""
        self.others.append(self.current)
        self.current = self.others.pop(0)

    def configure(self, configuration: Configuration) -> None:
        """Name them."""
        configuration["encryption_key"] = self.current
        # A list of whatever may be a key, in either configuration.
        others: Any = [*self.others]
        configuration["previous_encryption_keys"] = others


class Place:
    """Where one process after the other lives."""

    def __init__(self, number: int, kind: Kind, wire: Wire) -> None:
        self.number = number
        self.kind = kind
        self.wire = wire
        self.worker: Worker | None = None
        self.lives: list[tuple[Life, Path]] = []
        self.process = asyncio.Lock()
        """Held by whoever kills or freezes."""
        self.weather = asyncio.Lock()
        """Held by whoever meddles with the wire."""
        self.clock_s = 0
        self.forks = 0
        self.marks = 0

    @property
    def is_forked(self) -> bool:
        """Whether who lives there is the child of a process that has used the store: each second one in Python is."""
        return self.kind is Kind.PYTHON and len(self.lives) % 2 == 1


class Site:
    """A store and all that share it."""

    def __init__(self, name: str, store: Store, people: Sequence[Person], places: Sequence[Place]) -> None:
        self.name = name
        self.people = people
        self.places = places
        self.links: list[Link] = []
        self.losses: list[Loss] = []
        self.ledger = Ledger()
        self.ended_by_themselves: list[str] = []
        self.disk = asyncio.Lock()
        """Held by whoever takes the store away."""
        self.rotation = asyncio.Lock()
        self._store = store
        self._connected: dict[tuple[str, ...], Connected] = {}

    async def open(self, relay: Relay, folder: Path) -> None:
        """Connect the people, and start a process in each place."""
        self._relay, self._folder = relay, folder
        self.keys = Keys(Random(f"{folder} {self.name}"))
        for person in self.people:
            await self._link(person)
        await asyncio.gather(*map(self.start, self.places))

    def _client(self, person: Person) -> Connected:
        """Give the SDK as it is used beside the workers, with the keys that there are now."""
        of = (person.app_user_id, self.keys.current, *self.keys.others)
        if of not in self._connected:
            party = self._party(person.platform, [person.app_user_id], person.place)
            self._connected[of] = person.platform.person(party, person.number)
        return self._connected[of]

    def _party(self, platform: Platform, app_user_ids: Sequence[str], place: int) -> Party:
        """Give people of a platform, which a place reaches by the relay."""
        configuration, timeouts, no_repeats = platform.configuration(), _TIMEOUTS.copy(), _NO_REPEATS.copy()
        configuration["refresh_lease"] = LEASE_MS
        configuration["refresh_margin"] = _MARGIN_MS
        configuration["timeouts"] = timeouts
        configuration["retry_options"] = no_repeats
        self._store.configure(configuration)
        self.keys.configure(configuration)
        return platform.reached_at(platform.party(configuration, app_user_ids), self._relay.address(place))

    def _parties(self, place: int) -> list[Party]:
        people: dict[Platform, list[str]] = {}
        for person in self.people:
            people.setdefault(person.platform, []).append(person.app_user_id)
        return [self._party(platform, app_user_ids, place) for platform, app_user_ids in people.items()]

    async def start(self, place: Place) -> None:
        """Start a process in a place."""
        history = self._folder / f"{place.number}-{len(place.lives)}.jsonl"
        parties = self._parties(place.number)
        work = Work(parties, _CALLS, forked=place.is_forked, pause_ms=_PAUSE_MS, history=history)
        born = time.monotonic()
        place.worker = await Worker.start(place.kind, work, self.ledger, place.wire.entry, _watch(self._clock(place)))
        place.lives.append((Life(place.number, born, None), history))
        place.worker.mark(place.marks)

    def _clock(self, place: Place) -> Path:
        path = self._folder / f"{place.number}.clock"
        if not path.exists():
            self.set_clock(place, 0, path)
        return path

    def set_clock(self, place: Place, seconds: int, path: Path | None = None) -> None:
        """Set the clock of whoever lives there, now and later."""
        place.clock_s = seconds
        path = path or self._clock(place)
        told = path.with_suffix(".told")
        told.write_text(f"{seconds:+d}\n")
        # At once: nobody reads half of it.
        told.replace(path)

    async def kill(self, place: Place) -> None:
        """Kill who lives there, unless they have ended by themselves, which nobody does."""
        worker = place.worker
        if worker is None:
            return
        life, history = place.lives[-1]
        if worker.has_ended:
            self.ended_by_themselves.append(f"{place.kind.value} in place {place.number}, born at {life.born:.3f}")
        worker.kill()
        await worker.dead()
        place.worker = None
        place.lives[-1] = Life(life.place, life.born, time.monotonic()), history

    def mark(self) -> None:
        """Let callers that failed go on."""
        for place in self.places:
            place.marks += 1
            if place.worker is not None and not place.worker.has_ended:
                place.worker.mark(place.marks)

    async def look_after(self) -> None:
        """Link again whose link is lost, without end."""
        while True:
            for person in self.people:
                # While the store is away nothing can be said.
                with contextlib.suppress(DigiMeSDKError):
                    if (await self._client(person).stored()).status == "expired":
                        self.losses.append(Loss(person.app_user_id, time.monotonic()))
                        await self._link(person)
            await asyncio.sleep(_LOOKS_EVERY_S)

    async def _link(self, person: Person) -> None:
        async def link() -> Link:
            began = time.monotonic()
            answer = await self._client(person).connect()
            return Link(person.app_user_id, answer, person.place, began, time.monotonic())

        self.links.append(await _until_it_succeeds(link))

    async def rotate(self) -> list[UnreadableLink]:
        """Seal everything anew, and give what could not be read."""
        one_of_each = {person.platform: person for person in self.people}
        failed = [await _until_it_succeeds(self._client(one).rotate_keys) for one in one_of_each.values()]
        return [each for those in failed for each in those]

    async def close(self) -> None:
        """Let all end by themselves, their calls being over."""
        for place in self.places:
            if place.worker is not None:
                await place.worker.stop()


async def _until_it_succeeds(attempt: Callable[[], Awaitable[_Result]]) -> _Result:
    """Try again where the store is away, or the platform."""
    while True:
        with contextlib.suppress(DigiMeSDKError):
            return await attempt()
        await asyncio.sleep(_LOOKS_EVERY_S)


def _watch(clock: Path) -> dict[str, str]:
    """Give the environment in which a process believes the clock."""
    library = faketime()
    told = {"NO_PROXY": "*", "no_proxy": "*", "TMPDIR": os.environ["TMPDIR"]}
    if library is None:
        return told
    return told | {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        # Nobody can set these.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
