"""What befalls whom when, as the seed decides it: all of it is known before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

_EVERY_S = 1.1
"""How long one strike follows another by, on average; most last for longer, so that several are under way at once."""

_FURTHEST_CLOCK_S = 1800
"""Machines that share a store may be an hour apart."""


class Strike(Enum):
    """What can happen, and how often beside the others."""

    EXPIRE = "every access token expires"
    ANSWER_LATE = "the next answer with tokens is late"
    KILL = "a process is killed"
    KILL_ALL = "all processes of a store are killed"
    FREEZE = "a process is frozen"
    CUT_STORE = "a process is cut off from the store"
    CUT_PLATFORM = "a process is cut off from the platform"
    CUT_ANSWERS = "a process is reached by no answer of the platform"
    LINK_DOWN = "the link of a process is down"
    WEATHER = "packets of a process are lost and late"
    CLOCK = "the clock of a process is set"
    STORE_CRASH = "PostgreSQL crashes"
    FAIL_OVER = "PostgreSQL is lost, and its standby promoted"
    DISK_FULL = "the disk of the file is full"
    FORK = "a process forks"
    ROTATE = "the key of a store is changed"


_WEIGHTS = {
    Strike.EXPIRE: 14,
    Strike.ANSWER_LATE: 10,
    Strike.KILL: 10,
    Strike.KILL_ALL: 1,
    Strike.FREEZE: 10,
    Strike.CUT_STORE: 6,
    Strike.CUT_PLATFORM: 6,
    Strike.CUT_ANSWERS: 4,
    Strike.LINK_DOWN: 4,
    Strike.WEATHER: 6,
    Strike.CLOCK: 5,
    Strike.STORE_CRASH: 3,
    Strike.FAIL_OVER: 2,
    Strike.DISK_FULL: 3,
    Strike.FORK: 4,
    Strike.ROTATE: 2,
}
_LONGEST_S = {
    Strike.KILL: 3.0,
    Strike.KILL_ALL: 5.0,
    Strike.FREEZE: 8.0,
    Strike.CUT_STORE: 8.0,
    Strike.CUT_PLATFORM: 8.0,
    Strike.CUT_ANSWERS: 6.0,
    Strike.LINK_DOWN: 6.0,
    Strike.WEATHER: 10.0,
    Strike.STORE_CRASH: 5.0,
    Strike.FAIL_OVER: 3.0,
    Strike.DISK_FULL: 6.0,
}
_SHORTEST_S = 0.2

AIMED = frozenset(
    {Strike.KILL, Strike.FREEZE, Strike.CUT_STORE, Strike.CUT_PLATFORM, Strike.CUT_ANSWERS, Strike.LINK_DOWN}
)
_AIMED_SHARE = 0.6


@dataclass(frozen=True)
class Note:
    """A strike: when, for how long, and whom it befalls, as a share of those whom it can."""

    at: float
    """In seconds from the begin."""
    strike: Strike
    lasts_s: float
    whom: float
    strength: float
    """From 0 to 1."""
    is_aimed: bool
    """Whether it befalls who is about to get new tokens, in that moment."""

    @property
    def clock_s(self) -> int:
        """By how much a clock is ahead from then on."""
        return round((2 * self.strength - 1) * _FURTHEST_CLOCK_S)


def score(seed: str, seconds: float) -> list[Note]:
    """Give what happens in so many seconds."""
    random = Random(seed)
    strikes, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    notes: list[Note] = []
    at = 0.0
    while (at := at + random.expovariate(1 / _EVERY_S)) < seconds:
        [strike] = random.choices(strikes, weights)
        lasts = random.uniform(_SHORTEST_S, _LONGEST_S.get(strike, _SHORTEST_S))
        is_aimed = strike in AIMED and random.random() < _AIMED_SHARE
        notes.append(Note(at, strike, lasts, random.random(), random.random(), is_aimed))
    return notes
