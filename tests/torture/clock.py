"""Clocks: machines whose clocks are 100 seconds and an hour apart share one connection, whose refreshes are slow."""

from __future__ import annotations

from random import Random

from .outcome import Outcome
from .stage import Stage

_LEASE_MS = 4_000
_SLOWEST_MS = 1_500
"""Within the time of a request under a lease, on a machine that is busy."""

_AHEAD_MS = (100_000, 3_600_000)
"""By how much the clocks of the workers in Rust are ahead, in turns; those of the others are right."""


async def clock(stage: Stage, random: Random) -> Outcome:
    """Let the token expire, and its refresh come late, while others think that it is much later."""
    outcome = Outcome()
    async with stage.set_up(_LEASE_MS, clocks=_AHEAD_MS) as (person, crew):
        before = await stage.platform.tally()
        for _ in range(stage.size.slow_expiries):
            await stage.platform.delay_next_refresh("delayAnswerMs", random.randint(1, _SLOWEST_MS))
            await stage.platform.expire_access_tokens()
            await crew.pass_mark()
        counted = (await stage.platform.tally()).since(before)
        status = (await person.stored()).status
    outcome.figures.expiries = stage.size.slow_expiries
    outcome.count(counted, crew.ledger)
    outcome.promise_equal("no refresh token is presented twice", counted.reuses, 0)
    # Who is an hour ahead takes what another has stored for expired, and refreshes once more.
    outcome.promise_at_most("at most two refreshes for each expiry", counted.refreshes, 2 * stage.size.slow_expiries)
    outcome.promise_none("no call fails", crew.ledger.failures)
    outcome.promise_equal("the connection lives", status, "active")
    return outcome
