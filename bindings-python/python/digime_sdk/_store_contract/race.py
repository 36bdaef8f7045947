"""Changes at once, each of which excludes the others: through several instances, and more than one through each."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Optional

from .instances import in_time, shown
from .operations import INSTANCES
from .records import IDS, Record, version_of

if TYPE_CHECKING:
    from .operations import Race
    from .play import Play

CONTENDERS = 2 * INSTANCES


@dataclass(frozen=True)
class _Contender:
    """One of the changes, and what is so if it is the one that is told True."""

    by: int
    method: str
    told: Record
    won: Callable[[], None]


async def race(play: Play, operation: Race) -> None:
    """Make them, and look whether one has won."""
    looks = play.looks
    contenders = [each for index in range(CONTENDERS) if (each := _contender(play, operation, index)) is not None]
    if len(contenders) <= 1:
        return
    threads = sum(looks.instances.is_blocking(each.by, each.method) for each in contenders)
    start = threading.Barrier(threads) if threads else None
    calls = (looks.instances.ask(each.by, each.method, each.told, start) for each in contenders)
    with _taking_turns():
        at_once: Any = asyncio.gather(*calls, return_exceptions=True)
        answers: list[object] = await in_time(at_once, lambda: "One of several changes at once", looks.calls)
    lines = [f"{shown(each.by, each.method, each.told)} -> {answer!r}" for each, answer in zip(contenders, answers)]
    looks.calls.append("\n     ".join(["at once:", *lines]))
    for answer in answers:
        if isinstance(answer, BaseException):
            found = f"A change failed of several that were made at once: {type(answer).__name__}: {answer}"
            raise looks.broken("works", found) from answer
        if not isinstance(answer, bool):
            raise looks.broken("works", f"A change answered {answer!r}, which is neither True nor False.")
    winners = [each for each, answer in zip(contenders, answers) if answer]
    if not winners:
        found = f"None of {len(contenders)} was told True, and nothing stood in the way of the first."
        raise looks.broken("version", found)
    if len(winners) > 1:
        raise looks.broken("once", f"{len(winners)} of {len(contenders)} were told True.")
    winners[0].won()
    await _look(play, operation, winners[0].by)


@contextmanager
def _taking_turns() -> Generator[None]:
    """Let threads take turns as often as they can, so that each has a chance to come between another's steps."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def _contender(play: Play, operation: Race, index: int) -> Optional[_Contender]:
    by, model = index % INSTANCES, play.model
    platform, key = play.platform(operation.platform), IDS[operation.key]
    if operation.over == "attempt":
        current = model.attempt(platform, key)
        attempt = play.attempt(operation, current)
        told: Record = {"attempt": attempt, "expected_version": version_of(current)}
        return _Contender(by, "put_attempt", told, partial(model.write_attempt, attempt))
    if operation.over == "public id":
        # Users who have no link, and a public id that nobody has.
        strangers = [at for at, each in enumerate(IDS) if model.link(platform, each) is None]
        if index >= len(strangers):
            return None
        link = {**play.link(operation, strangers[index], None), "public_id": "wanted"}
        link.pop("shares_public_id", None)
        if model.is_in_the_way(link):
            return None
        return _Contender(by, "put_link", {"link": link, "expected_version": None}, partial(model.write, link))
    current = model.link(platform, key)
    if operation.over == "link or removal" and current is not None and index % 2 == 1:
        told = {"platform": platform, "app_user_id": key, "expected_version": version_of(current)}
        return _Contender(by, "remove_link", told, partial(model.remove, platform, key))
    link = play.link(operation, operation.key, current)
    if model.is_in_the_way(link):
        return None
    told = {"link": link, "expected_version": version_of(current)}
    return _Contender(by, "put_link", told, partial(model.write, link))


async def _look(play: Play, operation: Race, by: int) -> None:
    platform, key = play.platform(operation.platform), IDS[operation.key]
    if operation.over == "attempt":
        await play.looks.attempt(platform, key, by, "written")
        return
    if operation.over != "public id":
        await play.looks.link(platform, key, by, "written")
    await play.looks.lists((by + 1) % INSTANCES, "once")
    if operation.over == "public id":
        await play.looks.found((by + 2) % INSTANCES, platform, "wanted")
