"""A crash of the database in the midst of writing.

What was answered must be there afterwards, and meanwhile nothing may be answered.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from .instances import in_time, shown
from .operations import INSTANCES, Crash, Put
from .records import IDS, Record, differences, version_of

if TYPE_CHECKING:
    from .database import Database
    from .play import Play

_SILENCE = 0.1
"""For how many seconds is listened for an answer that should not come."""


@dataclass
class _Write:
    """A link that is being written; what it is told is none where that fails."""

    link: Record
    current: Optional[Record]
    call: str
    outcome: asyncio.Future[Optional[bool]]


async def crash(play: Play, database: Database, operation: Crash) -> None:
    """Kill the database, start it again, and look."""
    looks = play.looks
    writes = [
        write
        for index, key in enumerate(operation.keys)
        if (write := _begin(play, operation.platform, key, index)) is not None
    ]
    outcomes: Any = asyncio.gather(*(write.outcome for write in writes))
    # The writes begin before the database ends.
    await asyncio.sleep(0)
    if operation.is_answered:
        await asyncio.wait([outcomes])
    await looks.instances.run(database.kill)
    looks.calls.append("the database is killed")
    answered = await _away(play, operation)
    await looks.instances.run(database.start)
    looks.calls.append("it is started again, and the store opened anew")
    answers: list[Optional[bool]] = await in_time(outcomes, lambda: "A write that the crash met", looks.calls)
    with contextlib.suppress(Exception):
        await looks.instances.close()
    await looks.instances.open()
    if answered is not None:
        raise looks.broken("away", answered)
    for write, answer in zip(writes, answers):
        await _adopt(play, write, answer)
    await looks.everything(0, "durable")


def _begin(play: Play, platform: int, key: int, index: int) -> Optional[_Write]:
    """Begin to write a link that nothing stands in the way of."""
    current = play.model.link(play.platform(platform), IDS[key])
    by, calls = index % INSTANCES, play.looks.calls
    parts = Put(platform, key, by, "right", index, shares=True, later=False, first=1, expires_at=0)
    link = play.link(parts, key, current)
    told = {"link": link, "expected_version": version_of(current)}
    call, line = shown(by, "put_link", told), len(calls)
    calls.append(f"{call} -> no answer yet")

    async def outcome() -> Optional[bool]:
        try:
            answer = await play.looks.instances.ask(by, "put_link", told)
        except Exception as error:
            calls[line] = f"{call} -> {type(error).__name__}"
            return None
        calls[line] = f"{call} -> {answer!r}"
        return answer if isinstance(answer, bool) else None

    return _Write(link, current, call, asyncio.ensure_future(outcome()))


async def _away(play: Play, operation: Crash) -> Optional[str]:
    """Ask while nothing can be known; give what was answered all the same."""
    platform, key = play.platform(operation.platform), IDS[operation.keys[0]]
    questions: list[tuple[str, Record]] = [
        ("get_link", {"platform": platform, "app_user_id": key}),
        ("find_links", {"platform": platform, "public_id": "public-0"}),
        ("list_links", {"platform": platform, "after": "", "limit": 10}),
        ("get_attempt", {"platform": platform, "id": key}),
    ]
    answered: list[str] = []

    async def ask(by: int, method: str, told: Record) -> None:
        with contextlib.suppress(Exception):
            answer = await play.looks.instances.ask(by, method, told)
            answered.append(f"{shown(by, method, told)} answered {answer!r:.80}.")

    asked = [asyncio.ensure_future(ask(by % INSTANCES, *each)) for by, each in enumerate(questions)]
    # Who waits for the database to come back is as good as one who fails.
    await asyncio.wait(asked, timeout=_SILENCE)
    return answered[0] if answered else None


async def _adopt(play: Play, write: _Write, answer: Optional[bool]) -> None:
    """Take over what has become of a write that the crash met: all of it or nothing, and what was answered."""
    link, current, call = write.link, write.current, write.call
    told = {"platform": link["platform"], "app_user_id": link["app_user_id"]}
    given = await play.looks.record(0, "get_link", told)
    is_new = given is not None and not differences(link, given)
    is_old = given is None if current is None else given is not None and not differences(current, given)
    if answer is True and not is_new:
        raise play.looks.broken("durable", f"{call} answered True, and is gone after the crash.")
    if answer is False and is_new:
        raise play.looks.broken("refused", f"{call} answered False, and was written all the same.")
    if answer is False:
        raise play.looks.broken("version", f"{call} answered False, and nothing stood in its way.")
    if not is_new and not is_old:
        found = f"After the crash there is neither what {call} has written, nor what was there before."
        raise play.looks.broken("durable", found)
    if is_new:
        play.model.write(link)
