"""Access tokens of anybody who is linked, 16 at once in asyncio: by the SDK, and plain SELECTs by psycopg."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

import digime_sdk
import kept
from measured import measured
from psycopg_pool import AsyncConnectionPool
from task import SIZE, WORK

Ask = Callable[[str], Awaitable[object]]


async def main() -> None:
    """Do the work that the command line names, after everybody was asked for once, and print its figures."""
    opened = _sdk() if WORK in kept.CACHED else _plain()
    async with opened as ask:
        await _repeat(ask, kept.EVERYBODY)
        print(json.dumps(await measured(SIZE, lambda: _repeat(ask, (kept.anybody() for _ in range(SIZE))))))


async def _repeat(ask: Ask, users: Iterable[str]) -> None:
    left = iter(users)

    async def task() -> None:
        for user in left:
            await ask(user)

    await asyncio.gather(*(task() for _ in range(kept.AT_ONCE)))


@asynccontextmanager
async def _sdk() -> AsyncIterator[Ask]:
    async with digime_sdk.init_pkb(**kept.configuration(WORK)) as pkb:
        yield lambda user: pkb.get_access_token(app_user_id=user)


@asynccontextmanager
async def _plain() -> AsyncIterator[Ask]:
    async with AsyncConnectionPool(**kept.POOL, open=False) as pool:
        async with pool.connection() as connection:
            found = await (await connection.execute(kept.PLATFORM)).fetchall()
        ((platform,),) = found

        async def select(user: str) -> None:
            async with pool.connection() as connection:
                kept.one(await (await connection.execute(kept.SELECT, (platform, user))).fetchall())

        async def lock(user: str) -> None:
            async with pool.connection() as connection, connection.transaction():
                kept.one(await (await connection.execute(kept.LOCK, (platform, user))).fetchall())

        yield {"select": select, "lock": lock}[WORK]


if __name__ == "__main__":
    asyncio.run(main())
