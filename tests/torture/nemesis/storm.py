"""The storm: does what the score says, several things at once, and writes down what really befell whom when."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from torture.blackhole import Way
from torture.platforms import Platform
from torture.relay import Relay
from torture.worker_process import Kind

from .history import Disturbance, Ill
from .score import Note, Strike
from .site import Place, Site
from .succession import Succession
from .wire import Weather

_WORST_LOSS = 0.3
_WORST_DELAY_S = 0.3
_LATEST_ANSWER_MS = 1_500
_LATEST_AIM_S = 0.02
_AIMS_FOR_S = 5.0
_BALLAST = 1 << 16


@dataclass(frozen=True)
class Surroundings:
    """What it has power over, beside processes."""

    platforms: Sequence[Platform]
    relay: Relay
    servers: Succession
    disk: Path
    """The folder of the file."""
    way_to_store: Way
    platform_port: int


class Storm:
    """One storm over all sites."""

    def __init__(self, sites: Sequence[Site], within: Surroundings) -> None:
        self.disturbances: list[Disturbance] = []
        self.expiries: list[float] = []
        self.counted: Counter[Strike] = Counter()
        self.rotation_failures: list[str] = []
        self._sites = sites
        self._platforms, self._relay = within.platforms, within.relay
        self._servers, self._disk = within.servers, within.disk
        self._way, self._store_port = within.way_to_store, within.way_to_store.port
        self._platform_ports = {within.platform_port, within.relay.port}
        self._under_way: set[asyncio.Task[None]] = set()
        self._done: dict[Strike, Callable[[Note], Awaitable[None]]] = {
            Strike.EXPIRE: self._expire,
            Strike.ANSWER_LATE: self._answer_late,
            Strike.KILL: self._kill,
            Strike.KILL_ALL: self._kill_all,
            Strike.FREEZE: self._freeze,
            Strike.CUT_STORE: self._cut_store,
            Strike.CUT_PLATFORM: self._cut_platform,
            Strike.CUT_ANSWERS: self._cut_answers,
            Strike.LINK_DOWN: self._link_down,
            Strike.WEATHER: self._weather,
            Strike.CLOCK: self._set_clock,
            Strike.STORE_CRASH: self._store_crash,
            Strike.FAIL_OVER: self._fail_over,
            Strike.DISK_FULL: self._disk_full,
            Strike.FORK: self._fork,
            Strike.ROTATE: self._rotate,
        }

    async def rage(self, notes: Iterable[Note]) -> None:
        """Do all of it, and return when all is well again."""
        began = time.monotonic()
        for note in notes:
            await asyncio.sleep(max(0.0, began + note.at - time.monotonic()))
            task = asyncio.create_task(self._strike(note))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._platforms[0].forget_delays()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    async def _strike(self, note: Note) -> None:
        if note.is_aimed:
            note = await self._aimed(note)
        await self._done[note.strike](note)
        self.counted[note.strike] += 1

    async def _aimed(self, note: Note) -> Note:
        """Wait until somebody is about to get new tokens, and aim at them."""
        about: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def tell(place: int) -> None:
            if not about.done():
                about.set_result(place)
            # Some are struck before they have it, and some after.
            await asyncio.sleep(note.strength * _LATEST_AIM_S)

        self._relay.intervene(tell)
        await self.expire()
        with suppress(asyncio.TimeoutError):
            place, places = (
                await asyncio.wait_for(about, _AIMS_FOR_S),
                [each for site in self._sites for each in site.places],
            )
            # Who links people is not struck.
            if place < len(places):
                return replace(note, whom=(place + 1 / 2) / len(places))
        return note

    def _place(self, note: Note) -> Place:
        places = [place for site in self._sites for place in site.places]
        return places[int(note.whom * len(places))]

    def _site_of(self, place: Place) -> Site:
        return next(site for site in self._sites if place in site.places)

    @asynccontextmanager
    async def _noted(self, ill: Ill, places: Iterable[int]) -> AsyncGenerator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.disturbances.append(Disturbance(ill, frozenset(places), began, time.monotonic()))

    async def expire(self) -> None:
        """Let every access token expire."""
        for platform in self._platforms:
            await platform.expire_access_tokens()
        self.expiries.append(time.monotonic())

    async def _expire(self, _: Note) -> None:
        await self.expire()

    async def _answer_late(self, note: Note) -> None:
        fault = "delayMs" if note.whom < 1 / 2 else "delayAnswerMs"
        for platform in self._platforms:
            await platform.delay_next_refresh(fault, round(note.strength * _LATEST_ANSWER_MS))

    async def _kill(self, note: Note) -> None:
        await self._replace(self._place(note), note.lasts_s)

    async def _replace(self, place: Place, after_s: float = 0) -> None:
        site = self._site_of(place)
        async with place.process:
            await site.kill(place)
            await asyncio.sleep(after_s)
            await site.start(place)

    async def _kill_all(self, note: Note) -> None:
        site = self._site_of(self._place(note))
        await asyncio.gather(*(self._replace(place, note.lasts_s) for place in site.places))

    async def _freeze(self, note: Note) -> None:
        place = self._place(note)
        async with place.process:
            if place.worker is None or place.worker.has_ended:
                return
            async with self._noted(Ill.FROZEN, [place.number]):
                place.worker.freeze()
                await asyncio.sleep(note.lasts_s)
                place.worker.thaw()

    async def _in_weather(self, note: Note, ills: Sequence[Ill], weather: Weather) -> None:
        place = self._place(note)
        async with place.weather:
            place.wire.weather = weather
            began = time.monotonic()
            await asyncio.sleep(note.lasts_s)
            place.wire.weather = Weather()
            ended, places = time.monotonic(), frozenset([place.number])
            self.disturbances += [Disturbance(ill, places, began, ended) for ill in ills]

    async def _cut_store(self, note: Note) -> None:
        port = {self._store_port}
        # Each second one is cut off from both.
        if note.strength < 1 / 2:
            await self._in_weather(note, [Ill.CUT_FROM_STORE], Weather(no_way_to=port, no_way_from=port))
            return
        ports = {self._store_port} | self._platform_ports
        ills = [Ill.CUT_FROM_STORE, Ill.CUT_FROM_PLATFORM]
        await self._in_weather(note, ills, Weather(no_way_to=ports, no_way_from=ports))

    async def _cut_platform(self, note: Note) -> None:
        ports = self._platform_ports
        await self._in_weather(note, [Ill.CUT_FROM_PLATFORM], Weather(no_way_to=ports, no_way_from=ports))

    async def _cut_answers(self, note: Note) -> None:
        weather = Weather(no_way_from=self._platform_ports)
        await self._in_weather(note, [Ill.CUT_FROM_PLATFORM], weather)

    async def _weather(self, note: Note) -> None:
        weather = Weather(loss=note.strength * _WORST_LOSS, slowest_s=(1 - note.strength) * _WORST_DELAY_S)
        await self._in_weather(note, [Ill.BAD_WEATHER], weather)

    async def _link_down(self, note: Note) -> None:
        place = self._place(note)
        async with place.weather, self._noted(Ill.LINK_DOWN, [place.number]):
            await asyncio.to_thread(place.wire.part)
            await asyncio.sleep(note.lasts_s)
            await asyncio.to_thread(place.wire.join)

    async def _set_clock(self, note: Note) -> None:
        place = self._place(note)
        self._site_of(place).set_clock(place, note.clock_s)

    async def _store_crash(self, note: Note) -> None:
        site = self._sites[0]
        async with site.disk, self._noted(Ill.STORE_AWAY, _all(site)):
            await asyncio.to_thread(self._servers.serving.stop, "immediate")
            await asyncio.sleep(note.lasts_s)
            await asyncio.to_thread(self._servers.serving.start)

    async def _fail_over(self, note: Note) -> None:
        site = self._sites[0]
        async with site.disk:
            async with self._noted(Ill.STORE_AWAY, _all(site)):
                await asyncio.to_thread(self._servers.fail_over)
                await asyncio.sleep(note.lasts_s)
                self._way.lead_to(self._servers.serving.port)
            await asyncio.to_thread(self._servers.follow)

    async def _disk_full(self, note: Note) -> None:
        site, ballast = self._sites[1], self._disk / "ballast"
        async with site.disk, self._noted(Ill.DISK_FULL, _all(site)):
            try:
                with ballast.open("wb", buffering=0) as file:
                    for size in (_BALLAST, 1):
                        _fill(file.fileno(), size)
                await asyncio.sleep(note.lasts_s)
            finally:
                ballast.unlink()

    async def _fork(self, note: Note) -> None:
        forking = [place for site in self._sites for place in site.places if place.kind is Kind.PYTHON]
        place = forking[int(note.whom * len(forking))]
        async with place.process:
            if place.worker is not None and not place.worker.has_ended:
                place.forks += 1
                place.worker.fork(str(place.forks))

    async def _rotate(self, note: Note) -> None:
        site = self._site_of(self._place(note))
        if site.rotation.locked():
            return
        async with site.rotation:
            for step in (site.keys.announce, site.keys.turn):
                step()
                for place in site.places:
                    await self._replace(place)
            for failed in await site.rotate():
                self.rotation_failures.append(f"{site.name}: {failed}")


def _all(site: Site) -> list[int]:
    """Give all places that use its store, those from which people are linked too."""
    return [place.number for place in site.places] + [person.place for person in site.people]


def _fill(file: int, size: int) -> None:
    try:
        while True:
            os.write(file, bytes(size))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
