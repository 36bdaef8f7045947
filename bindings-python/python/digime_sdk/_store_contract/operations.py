"""What may happen to a store: operations at random, of which Hypothesis finds the shortest sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, Union

from .records import IDS, OWNERS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

INSTANCES = 3

_EXPECTATIONS = ("right", "none", "before", "after", "shorter", "longer")
"""Which version a change expects, beside that which is there."""

_RACES = ("link", "link or removal", "attempt", "public id")

_FIRST_VERSIONS = (1, 8, 9, 97, 99, 2**24 - 1, 2**31 - 2, 2**32 - 2, 999_999_999_999_998, 2**53 - 2, 2**53, 2**62)
"""Where a comparison as text, as 32 bits or as a float goes wrong within a few changes."""

_LENGTH = 16
"""How many operations there are at most."""

_LONGEST = 3
"""How long attempts live, at most."""


@dataclass(frozen=True)
class Put:
    """A link, or an attempt, is written through an instance; `first` is the version of one that is new."""

    platform: int
    key: int
    by: int
    expectation: str
    public_id: int
    shares: bool
    later: bool
    first: int
    expires_at: int


@dataclass(frozen=True)
class PutLink(Put):
    """A link is written."""


@dataclass(frozen=True)
class PutAttempt(Put):
    """An attempt is written."""


@dataclass(frozen=True)
class Race(Put):
    """A record is changed several times at once: writes, writes and removals, or new links with one public id."""

    over: str


@dataclass(frozen=True)
class Remove:
    """A link is removed."""

    platform: int
    key: int
    by: int
    expectation: str


@dataclass(frozen=True)
class RemoveAttempts:
    """Attempts are removed that expired before a time, and a user's beside, if anybody's are."""

    platform: int
    by: int
    expires_at: int
    app_user_id: Optional[str]


@dataclass(frozen=True)
class Listing:
    """All pages are read."""

    platform: int
    by: int
    limit: int


@dataclass(frozen=True)
class Crash:
    """The database is killed while links are written, or at once when they are."""

    platform: int
    keys: tuple[int, ...]
    is_answered: bool


Operation = Union[PutLink, PutAttempt, Race, Remove, RemoveAttempts, Listing, Crash]


def sequences(*, crashes: bool) -> SearchStrategy[list[Operation]]:
    """Give sequences of operations."""
    from hypothesis import strategies as st

    kinds: list[Any] = [None] + [PutLink] * 8 + [PutAttempt] * 3 + [Remove] * 2 + [RemoveAttempts] * 2 + [Race] * 3
    kinds += [Listing] * 2 + [Crash] * crashes
    few, all_keys, by = st.integers(0, 3), st.integers(0, len(IDS) - 1), st.integers(0, INSTANCES - 1)
    # Few are met often, and the others now and then.
    platforms, keys = st.sampled_from((0, 0, 0, 1)), st.one_of(few, few.map(int), few.map(int), all_keys)
    owners = st.sampled_from((None, None, *OWNERS))
    expectations = st.sampled_from(("right",) * 6 + _EXPECTATIONS)

    @st.composite
    def operations(draw: Any) -> Optional[Operation]:
        kind = draw(st.sampled_from(kinds))
        if kind is None:
            return None
        platform = draw(platforms)
        if kind is Crash:
            drawn = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
            return Crash(platform, tuple(drawn), draw(st.booleans()))
        through = draw(by)
        if kind is RemoveAttempts:
            return RemoveAttempts(platform, through, draw(st.integers(0, _LONGEST)), draw(owners))
        if kind is Listing:
            return Listing(platform, through, draw(st.integers(1, 4)))
        which = (platform, draw(keys), through, draw(expectations))
        if kind is Remove:
            return Remove(*which)
        what = (draw(st.integers(0, 3)), draw(st.booleans()), draw(st.booleans()))
        rest = (*what, draw(st.sampled_from(_FIRST_VERSIONS)), draw(st.integers(0, _LONGEST - 1)))
        if kind is Race:
            return Race(*which, *rest, draw(st.sampled_from(_RACES)))
        made: Operation = kind(*which, *rest)
        return made

    # Lists of any length are short ones, as Hypothesis makes them: what there is too much of becomes nothing.
    return st.lists(operations(), min_size=_LENGTH, max_size=_LENGTH).map(
        lambda drawn: [each for each in drawn if each is not None]
    )


def expected_version(expectation: str, current: Optional[int]) -> Optional[int]:
    """Give the version that a change names, where the record has this one."""
    if current is None:
        return None if expectation in ("right", "none") else 1
    versions = {
        "right": current,
        "none": None,
        "before": current - 1 if current > 1 else current + 1,
        "after": current + 1,
        "shorter": current // 10 or current + 1,
        "longer": current * 10 if current < 10**15 else current - 10,
    }
    return versions[expectation]
