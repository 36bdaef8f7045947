"""What must hold of the example of a store over Redis.

The contract, over crashes, of both its kinds, and a user of digi.me who is connected in it.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import Any

import digime_sdk
import person
import pytest
from digime_sdk import blocking
from digime_sdk.testing import BrokenPromise, check_link_store
from redis.exceptions import ConnectionError as RedisGoneError
from redis_store import AsyncRedisStore, RedisStore

import redis_server
from sandbox import Sandbox

CALLBACK = "http://127.0.0.1/return"
USER = "user-1"


async def open_asynchronous(server: redis_server.RedisServer) -> AsyncRedisStore:
    return AsyncRedisStore(server.url)


def test_the_example_keeps_every_promise_over_crashes_of_the_server() -> None:
    with redis_server.running() as server:
        check_link_store(lambda: RedisStore(server.url), close_store=RedisStore.close, database=server, runs=40)


def test_so_does_the_one_for_asyncio() -> None:
    with redis_server.running() as server:
        check_link_store(lambda: open_asynchronous(server), close_store=AsyncRedisStore.close, database=server, runs=40)


def test_over_a_server_that_writes_nothing_to_its_disk_it_does_not_and_is_found_out() -> None:
    with redis_server.running(("--appendonly", "no")) as server, pytest.raises(BrokenPromise) as caught:
        check_link_store(lambda: RedisStore(server.url), close_store=RedisStore.close, database=server)
    assert caught.value.promise == "durable"


def settings(sandbox: Sandbox, store: object, key: str) -> Any:
    announced = {name: sandbox.announced[name] for name in ("applicationId", "baseUrl", "onboardUrl")}
    return {**announced, "store": store, "encryptionKey": key}


def test_a_user_of_digi_me_is_connected_in_it_and_read_by_processes_that_start_later(sandbox: Sandbox) -> None:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    user: Any = {"app_user_id": USER, "contract_details": sandbox.contract("read")}
    with redis_server.running() as server:
        store = RedisStore(server.url)
        sdk = blocking.init(settings(sandbox, store, key))
        sent = sdk.get_connect_url(**user, callback=CALLBACK)
        sdk.complete_connect(**user, callback_url=person.accept(sent["url"]))
        accounts = sdk.read_accounts(**user)["accounts"]
        assert accounts
        server.kill()
        with pytest.raises(RedisGoneError):
            sdk.read_accounts(**user)
        server.start()
        store.close()

        async def restarted() -> Any:
            another = AsyncRedisStore(server.url)
            async with digime_sdk.init(settings(sandbox, another, key)) as sdk:
                answer = await sdk.read_accounts(**user)
            await another.close()
            return answer["accounts"]

        assert asyncio.run(restarted()) == accounts
