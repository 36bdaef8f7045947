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
from typing import TypeVar, cast

import digime_sdk
from digime_sdk import DigiMeSDKError, PkbConfiguration, RotateKeysResponse
from patient import Patient

from torture.pkb import Pkb
from torture.relay import Relay
from torture.stores import Store
from torture.worker_process import Kind, Ledger, Work, Worker

from .enclosure import faketime
from .history import Life, Link, Loss
from .wire import Wire

CALL_MS = 12_000
LEASE_MS = 4_000
_MARGIN_MS = 5_000
_CALLS = 4
_PAUSE_MS = 150
_LOOKS_EVERY_S = 0.5

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Person:
    """A patient, and who they are to the application."""

    app_user_id: str
    first_name: str
    patient: Patient
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

    def configure(self, configuration: PkbConfiguration) -> None:
        """Name them."""
        configuration["encryption_key"] = self.current
        configuration["previous_encryption_keys"] = list(self.others)


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
        self._clients: dict[tuple[str, ...], digime_sdk.PkbSDK] = {}

    async def open(self, platform: Pkb, base_url: str, relay: Relay, folder: Path) -> None:
        """Link the people, and start a process in each place."""
        self._platform, self._relay, self._folder = platform, relay, folder
        self.keys = Keys(Random(f"{folder} {self.name}"))
        self._base: PkbConfiguration = {
            "client_id": platform.client_id,
            "redirect_uri": platform.redirect_uri,
            "environment": "sandbox",
            "endpoints": {"base_url": base_url},
            "refresh_lease": LEASE_MS,
            "refresh_margin": _MARGIN_MS,
            "timeouts": {"connect": 3_000, "idle": 5_000, "call": CALL_MS},
            "retry_options": {"limit": 0},
        }
        self._store.configure(self._base)
        for person in self.people:
            await self._link(person)
        await asyncio.gather(*map(self.start, self.places))

    def _client(self, person: Person) -> digime_sdk.PkbSDK:
        """Give the SDK as it is used beside the workers, with the keys that there are now."""
        of = (person.app_user_id, self.keys.current, *self.keys.others)
        if of not in self._clients:
            work = self._reached_from(person.place, Work(self._configuration(), [person.app_user_id], 1))
            self._clients[of] = digime_sdk.init_pkb(cast("PkbConfiguration", work.configuration))
        return self._clients[of]

    def _reached_from(self, place: int, work: Work) -> Work:
        return self._platform.reached_at(work, self._relay.address(place))

    def _configuration(self) -> PkbConfiguration:
        configuration = self._base.copy()
        self.keys.configure(configuration)
        return configuration

    async def start(self, place: Place) -> None:
        """Start a process in a place."""
        history = self._folder / f"{place.number}-{len(place.lives)}.jsonl"
        people = [person.app_user_id for person in self.people]
        work = Work(self._configuration(), people, _CALLS, forked=place.is_forked, pause_ms=_PAUSE_MS, history=history)
        work = self._reached_from(place.number, work)
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
                    link = await self._client(person).get_link(app_user_id=person.app_user_id)
                    if link is not None and link["status"] == "expired":
                        self.losses.append(Loss(person.app_user_id, time.monotonic()))
                        await self._link(person)
            await asyncio.sleep(_LOOKS_EVERY_S)

    async def _link(self, person: Person) -> None:
        async def link() -> Link:
            pkb, began = self._client(person), time.monotonic()
            sent = await pkb.get_link_url(app_user_id=person.app_user_id)
            callback = await asyncio.to_thread(person.patient.approve, sent["url"])
            await pkb.complete_link(callback_url=callback, app_user_id=person.app_user_id)
            return Link(person.app_user_id, person.first_name, person.place, began, time.monotonic())

        self.links.append(await _until_it_succeeds(link))

    async def rotate(self) -> RotateKeysResponse:
        """Seal everything anew."""
        return await _until_it_succeeds(lambda: self._client(self.people[0]).rotate_keys())

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
