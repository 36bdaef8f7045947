"""Contention: many processes share one connection whose access token expires again and again."""

from __future__ import annotations

from .outcome import Outcome
from .stage import Manner, Stage
from .stores import Sqlite

_LEASE_MS = 30_000
"""The default: however slow the machine is, nobody takes a refresh over from a process that is alive."""


async def contention(stage: Stage, manner: Manner = Manner()) -> Outcome:  # noqa: B008 - it does not change
    """Let the token expire, each time after every caller of every process has come through the last expiry."""
    outcome = Outcome()
    async with stage.set_up(_LEASE_MS, manner=manner) as (_, crew):
        before = await stage.platform.tally()
        for _ in range(stage.size.expiries):
            await stage.platform.expire_access_tokens()
            await crew.pass_mark()
        counted = (await stage.platform.tally()).since(before)
    outcome.figures.expiries = stage.size.expiries
    outcome.count(counted, crew.ledger)
    outcome.promise_equal("one refresh for each expiry", counted.refreshes, stage.size.expiries)
    outcome.promise_equal("no refresh token is presented twice", counted.reuses, 0)
    outcome.promise_none("no call fails", crew.ledger.failures)
    return outcome


async def outside_reader(stage: Stage, store: Sqlite) -> Outcome:
    """Do the same while others open the file, look at it, and close it, without end."""
    async with store.looked_at() as flaws:
        outcome = await contention(stage)
    outcome.promise_none("whoever looks at the file finds it whole", flaws)
    return outcome
