"""Access tokens of anybody who is linked, in 16 threads: by the SDK, and plain SELECTs by psycopg."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

import kept
from digime_sdk import blocking
from measured import Measurement
from psycopg_pool import ConnectionPool
from task import SIZE, WORK

Ask = Callable[[str], object]


def main() -> None:
    """Do the work that the command line names, after everybody was asked for once, and print its figures."""
    opened = _sdk() if WORK in kept.CACHED else _plain()
    with opened as ask, ThreadPoolExecutor(kept.AT_ONCE) as threads:
        _repeat(threads, ask, kept.EVERYBODY)
        measurement = Measurement()
        _repeat(threads, ask, [kept.anybody() for _ in range(SIZE)])
        print(json.dumps(measurement.figures(SIZE)))


def _repeat(threads: ThreadPoolExecutor, ask: Ask, users: Iterable[str]) -> None:
    everybody = list(users)

    def task(number: int) -> None:
        for user in islice(everybody, number, None, kept.AT_ONCE):
            ask(user)

    for done in [threads.submit(task, number) for number in range(kept.AT_ONCE)]:
        done.result()


@contextmanager
def _sdk() -> Iterator[Ask]:
    with blocking.init_pkb(**kept.configuration(WORK)) as pkb:
        yield lambda user: pkb.get_access_token(app_user_id=user)


@contextmanager
def _plain() -> Iterator[Ask]:
    with ConnectionPool(**kept.POOL, open=False) as pool:
        with pool.connection() as connection:
            ((platform,),) = connection.execute(kept.PLATFORM).fetchall()

        def select(user: str) -> None:
            with pool.connection() as connection:
                kept.one(connection.execute(kept.SELECT, (platform, user)).fetchall())

        def lock(user: str) -> None:
            with pool.connection() as connection, connection.transaction():
                kept.one(connection.execute(kept.LOCK, (platform, user)).fetchall())

        yield {"select": select, "lock": lock}[WORK]


if __name__ == "__main__":
    main()
