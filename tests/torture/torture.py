"""Measures what holds when processes contend for a connection and crash: prints figures, and which promises were kept.

The programs come from the environment, as in the tests: DIGIME_SANDBOX_BIN, DIGIME_TORTURE_BIN, DIGIME_SDK_NODE.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from digime_sdk import DigiMeSDKError
from postgres import pooled, running

from .crew import CallsHangError
from .digime import CLOCKS_APART
from .outcome import Figures, Outcome, Promise
from .rounds import PLATFORMS, Round, Setting, rounds
from .sandbox import sandbox
from .stage import Size
from .table import table
from .worker_process import WorkerEndedError

_FULL = Size(
    processes=8,
    calls=50,
    expiries=200,
    kills=300,
    outages=20,
    very_long_outages=1,
    pauses=60,
    slow_expiries=100,
    blackholes=10,
)
_SMALL = Size(
    processes=3,
    calls=10,
    expiries=12,
    kills=10,
    outages=2,
    very_long_outages=0,
    pauses=6,
    slow_expiries=10,
    blackholes=1,
)


def main() -> int:
    """Run the rounds; give the exit code."""
    flags = _flags()
    platforms = [PLATFORMS[flags.platform]] if flags.platform else list(PLATFORMS.values())
    to_come = [each for each in rounds(platforms, each=flags.each, few=flags.small) if flags.only in each.name]
    size = _SMALL if flags.small else _FULL
    # The loopback address is never reached through the proxy that the environment may name.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    print(f"{size.processes} processes x {size.calls} concurrent calls; seed {flags.seed}")
    with (
        tempfile.TemporaryDirectory(prefix="digime-torture-") as folder,
        running() as server,
        pooled(server) as pooler,
        sandbox(os.environ["DIGIME_SANDBOX_BIN"], *CLOCKS_APART) as platform,
    ):
        outcomes = asyncio.run(_run(to_come, Setting(platform, server, pooler, Path(folder), size, flags.seed)))
    print("\n".join(["", *table([(each, outcome.figures) for each, outcome in outcomes])]))
    broken = [(each.name, promise) for each, outcome in outcomes for promise in outcome.promises if promise.breach]
    # Once more, where who reads only the end of what was printed finds it.
    for name, promise in broken:
        print(f"\n✗ {name}: {promise.sentence}\n    {promise.breach}")
    failed = len(broken)
    print(f"\n{sum(len(outcome.promises) for _, outcome in outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _flags() -> Namespace:
    parser = ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--small", action="store_true", help="few of everything, and most rounds of one platform")
    parser.add_argument("--platform", choices=PLATFORMS, help="the rounds of this one alone")
    parser.add_argument("--each", action="store_true", help="also rounds of each language alone")
    parser.add_argument("--only", default="", metavar="TEXT", help="the rounds with this in their names")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="what chance begins with")
    return parser.parse_args()


async def _run(to_come: list[Round], setting: Setting) -> list[tuple[Round, Outcome]]:
    if (task := asyncio.current_task()) is not None:
        # So that nothing is left running behind a torture that is ended.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outcomes: list[tuple[Round, Outcome]] = []
    for each in to_come:
        began = time.monotonic()
        try:
            outcome = await each.take_place(setting)
        except (CallsHangError, DigiMeSDKError, LookupError, WorkerEndedError) as error:
            breach = f"{type(error).__name__}: {error}"
            outcome = Outcome(Figures(), [Promise("the round comes to its end", breach)])
        print(f"\n{each.name}, {time.monotonic() - began:.0f} s")
        for promise in outcome.promises:
            print(f"  ✗ {promise.sentence}\n      {promise.breach}" if promise.breach else f"  ✓ {promise.sentence}")
        sys.stdout.flush()
        outcomes.append((each, outcome))
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
