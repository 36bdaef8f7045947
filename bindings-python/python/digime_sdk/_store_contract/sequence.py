"""How a sequence of operations is played: which of a run's steps each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .crash import crash
from .operations import Crash, Listing, Operation, PutAttempt, PutLink, Race, Remove, RemoveAttempts
from .race import race

if TYPE_CHECKING:
    from .play import Play


async def play_sequence(play: Play, operations: list[Operation]) -> None:
    """Play one operation after the other, and look at everything in the end."""
    for operation in operations:
        await _perform(play, operation)
    await play.looks.everything(0, "apart")


async def _perform(play: Play, operation: Operation) -> None:
    if isinstance(operation, PutLink):
        await play.put(operation)
    elif isinstance(operation, PutAttempt):
        await play.put_attempt(operation)
    elif isinstance(operation, Race):
        await race(play, operation)
    elif isinstance(operation, Remove):
        await play.remove(operation)
    elif isinstance(operation, RemoveAttempts):
        await play.remove_attempts(operation)
    elif isinstance(operation, Listing):
        await play.list_pages(operation)
    elif isinstance(operation, Crash) and play.database is not None:
        await crash(play, play.database, operation)
