"""A contract test for a store of one's own, for which Hypothesis has to be installed.

`pip install digime-sdk[testing]` does so.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar, Union

from ._store_contract.database import Database
from ._store_contract.instances import Instances
from ._store_contract.play import Play
from ._store_contract.promises import BrokenPromise
from ._store_contract.records import platforms
from ._store_contract.sequence import play_sequence

if TYPE_CHECKING:
    from ._store_contract.operations import Operation

__all__ = ["BrokenPromise", "Database", "check_link_store"]

_S = TypeVar("_S")

_SHRINKING = 20.0
"""For how many seconds a shorter sequence of calls is looked for that breaks the promise too."""

_THREADS = 16


def check_link_store(
    open_store: Callable[[], Union[_S, Awaitable[_S]]],
    *,
    close_store: Optional[Callable[[_S], object]] = None,
    database: Optional[Database] = None,
    runs: int = 100,
    seed: Optional[int] = None,
) -> None:
    """Check that a store keeps the promises that the SDK builds on; it takes seconds to minutes.

    Calls at random come through three instances of it, some of them at once, and each answer is compared with what a
    store has to answer. Methods that are coroutine functions run in one event loop, others are called by threads. It
    must not be called where an event loop runs: there, `await asyncio.to_thread(check_link_store, ...)`.

    Args:
        open_store: Opens the store as one more process would: an instance with a connection of its own, on the same
            data. Records of others in it are left alone. May be a coroutine function, as may all functions here.
        close_store: Lets go of an instance's connections.
        database: The server on which the data is, of the test's own: its `kill()` ends it as a crash does (`SIGKILL`,
            not a shutdown), its `start()` starts it again on what is left, and returns when it can be asked. Without
            it nothing is found out of what outlasts a crash.
        runs: How many sequences of calls are made.
        seed: Which ones: the seed that a failure names makes the same again. Default: others each time.

    Raises:
        BrokenPromise: The store breaks a promise. The message says which, what was found, the shortest sequence of
            calls that was found to lead there, and the seed.
        ImportError: Hypothesis is not installed.
    """
    try:
        import hypothesis
    except ImportError as error:
        message = "check_link_store needs Hypothesis: pip install digime-sdk[testing]"
        raise ImportError(message) from error
    from ._store_contract.operations import sequences

    if _is_in_a_loop():
        message = "an event loop runs here: await asyncio.to_thread(check_link_store, ...)"
        raise RuntimeError(message)
    seed = random.randrange(2**31) if seed is None else seed
    found: list[BrokenPromise] = []
    loop = asyncio.new_event_loop()
    threads = ThreadPoolExecutor(_THREADS)
    instances = Instances(open_store, close_store, threads)
    began: list[float] = []

    def run(operations: list[Operation]) -> None:
        if began and time.monotonic() > began[0] + _SHRINKING:
            return
        try:
            loop.run_until_complete(_run(Play(instances, platforms(secrets.token_hex(4)), database), operations))
        except BrokenPromise as error:
            began.append(time.monotonic())
            found.append(error)
            raise

    every_check: Any = hypothesis.HealthCheck
    settings: Any = hypothesis.settings(
        max_examples=runs,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(every_check),
        verbosity=hypothesis.Verbosity.quiet,
    )
    check: Any = hypothesis.seed(seed)(settings(hypothesis.given(sequences(crashes=database is not None))(run)))
    try:
        loop.run_until_complete(instances.open())
        try:
            check()
        except Exception:
            # What is found by chance may not be found again, which Hypothesis has errors of its own for.
            if not found:
                raise
            shortest = min(found, key=lambda broken: broken.length)
            raise shortest.of(seed) from shortest.__cause__
        finally:
            loop.run_until_complete(instances.close())
    finally:
        threads.shutdown()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _run(play: Play, operations: list[Operation]) -> None:
    try:
        await play_sequence(play, operations)
    except BaseException:
        await asyncio.gather(play.end(), return_exceptions=True)
        raise
    await play.end()
