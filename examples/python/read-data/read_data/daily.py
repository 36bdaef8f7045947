"""What is to be done every day: those who stay away are forgotten, and everybody else stays connected."""

# ruff: noqa: T201 - what it has done is what whoever runs it wants to know

from __future__ import annotations

import asyncio
import os
import sys

from digime_sdk import DigiMeSDKError

from .configuration import read_configuration
from .sdk import open_sdk
from .store import Store

_IDLE_MILLISECONDS = 7 * 24 * 3600 * 1000
"""After how much time without use tokens are replaced: a part of how long they live, which `get_connection` tells."""


async def work() -> int:
    """Do it; give the exit code."""
    configuration = read_configuration(os.environ)
    contract = configuration.contract
    store = Store(configuration.database)
    async with open_sdk(configuration) as sdk:
        lapsed = await store.list_lapsed()
        for session_id, app_user_id in lapsed:
            await sdk.disconnect(app_user_id=app_user_id, contract_id=contract["contract_id"])
            await store.forget_session(session_id)
        print(f"{len(lapsed)} forgotten")

        # Who is in `ended` is asked to connect again when they are back: `get_connection` says so then.
        kept = await sdk.keep_alive(contract_details=contract, idle_for=_IDLE_MILLISECONDS)
        ended, failed = kept["ended"], kept["failed"]
        print(f"{kept['seen']} looked at, {kept['refreshed']} refreshed, {len(ended)} ended, {len(failed)} failed")
        for each in failed:
            print(f"not refreshed: {each['reason']}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(work()))
    except (ValueError, DigiMeSDKError) as error:
        sys.exit(f"read-data: {error}")
