"""What is to be done every day: those who stay away are forgotten, and everybody else stays connected."""

# ruff: noqa: T201 - what it has done is what whoever runs it wants to know

from __future__ import annotations

import asyncio
import os
import sys

from digime_sdk import ContractDetails, DigiMeSDK, DigiMeSDKError

from .configuration import read_configuration
from .sdk import open_sdk
from .store import Store

_IDLE_MILLISECONDS = 7 * 24 * 3600 * 1000
"""After how much time without use tokens are replaced: a part of how long they live, which `get_connection` tells."""


async def work() -> int:
    """Do it; give the exit code."""
    configuration = read_configuration(os.environ)
    contracts = [each for each in (configuration.contract, configuration.read_contract) if each is not None]
    async with open_sdk(configuration) as sdk:
        await _forget_lapsed(sdk, contracts, Store(configuration.database))
        kept = [await _keep_alive(sdk, contract) for contract in contracts]
    return 0 if all(kept) else 1


async def _forget_lapsed(sdk: DigiMeSDK, contracts: list[ContractDetails], store: Store) -> None:
    lapsed = await store.list_lapsed()
    for session_id, app_user_id in lapsed:
        for contract in contracts:
            await sdk.disconnect(app_user_id=app_user_id, contract_id=contract["contract_id"])
        await store.forget_session(session_id)
    print(f"{len(lapsed)} forgotten")


async def _keep_alive(sdk: DigiMeSDK, contract: ContractDetails) -> bool:
    # Who is in `ended` is asked to connect again when they are back: `get_connection` says so then.
    kept = await sdk.keep_alive(contract_details=contract, idle_for=_IDLE_MILLISECONDS)
    ended, failed = kept["ended"], kept["failed"]
    print(f"{kept['seen']} looked at, {kept['refreshed']} refreshed, {len(ended)} ended, {len(failed)} failed")
    for each in failed:
        print(f"not refreshed: {each['reason']}", file=sys.stderr)
    return not failed


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(work()))
    except (ValueError, DigiMeSDKError) as error:
        sys.exit(f"push-data: {error}")
