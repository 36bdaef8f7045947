"""What is to be done every day: everybody stays connected, also who does not come by."""

# ruff: noqa: T201 - what it has done is what whoever runs it wants to know

from __future__ import annotations

import asyncio
import os
import sys

from digime_sdk import DigiMeSDKError

from .configuration import RETURN_PATH, read_configuration
from .pkb import Pkb

_IDLE_MILLISECONDS = 24 * 3600 * 1000
"""After how much time without use tokens are replaced: a part of how long PKB's sessions live."""


async def work() -> int:
    """Do it; give the exit code."""
    configuration = read_configuration(os.environ)
    pkb = Pkb(configuration, configuration.redirect_uri or f"http://127.0.0.1{RETURN_PATH}")
    # Who is in `ended` is asked to connect again when they are back: `get_link` says so then.
    kept = await pkb.keep_alive(_IDLE_MILLISECONDS)
    ended, failed = kept["ended"], kept["failed"]
    print(f"{kept['seen']} looked at, {kept['refreshed']} refreshed, {len(ended)} ended, {len(failed)} failed")
    for each in failed:
        print(f"not refreshed: {each['reason']}", file=sys.stderr)
    await pkb.close()
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(work()))
    except (ValueError, DigiMeSDKError) as error:
        sys.exit(f"link-patient: {error}")
