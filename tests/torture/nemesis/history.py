"""What happened, as workers, the relay before the token endpoint and the nemesis itself have written it down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from torture.relay import Presentation


class Ill(Enum):
    """What befalls a process or a store for a while."""

    FROZEN = "frozen"
    CUT_FROM_STORE = "cut off from the store"
    CUT_FROM_PLATFORM = "cut off from the platform"
    LINK_DOWN = "link down"
    BAD_WEATHER = "bad weather"
    STORE_AWAY = "store away"
    DISK_FULL = "disk full"


@dataclass(frozen=True)
class Disturbance:
    """An ill. All times are seconds of the clock that the processes of a machine share, and nobody sets."""

    ill: Ill
    places: frozenset[int]
    began: float
    ended: float


@dataclass(frozen=True)
class Life:
    """A process in a place."""

    place: int
    born: float
    died: float | None
    """When it was killed, if it was."""


@dataclass(frozen=True)
class Call:
    """A call of a worker."""

    life: Life
    app_user_id: str
    kind: str
    """`answer` or `accessToken`."""
    began: float
    ended: float | None
    """Nothing, if nobody has heard of its end."""
    code: str | None
    """That of the error, if it failed."""
    saw: str | None
    """The answer, or the digest of the token."""
    message: str = ""
    """That of the error."""


@dataclass(frozen=True)
class Link:
    """A person who was connected."""

    app_user_id: str
    answer: str
    """What the platform answers when it is asked for them: a first name, or the reference of an account."""
    place: int
    """Where their code was presented from."""
    began: float
    ended: float


@dataclass(frozen=True)
class Loss:
    """A connection that the platform has said is over."""

    app_user_id: str
    noticed: float


@dataclass(frozen=True)
class Terms:
    """What was configured, and when all was to be well again."""

    lease_s: float
    call_s: float
    """The bound of a call."""
    calm_from: float
    """From when on no call may fail."""


@dataclass
class History:
    """All of it."""

    terms: Terms
    sharing: list[frozenset[int]] = field(default_factory=list[frozenset[int]])
    """The places that share a store."""
    lives: list[Life] = field(default_factory=list[Life])
    calls: list[Call] = field(default_factory=list[Call])
    disturbances: list[Disturbance] = field(default_factory=list[Disturbance])
    presentations: list[Presentation] = field(default_factory=list[Presentation])
    links: list[Link] = field(default_factory=list[Link])
    losses: list[Loss] = field(default_factory=list[Loss])
    expiries: list[float] = field(default_factory=list[float])
    """When the platform let all access tokens expire."""


def read_calls(path: Path, life: Life) -> Iterator[Call]:
    """Read what a worker has written; who is killed may leave half a line."""
    if not path.exists():
        # It was killed before it could write anything.
        return
    began: dict[int, dict[str, Any]] = {}
    for line in path.read_text().split("\n")[:-1]:
        told = json.loads(line)
        if "began" in told:
            began[told["call"]] = told
        else:
            yield _call(life, began.pop(told["call"]), told)
    for told in began.values():
        yield _call(life, told, {"ended": None, "code": None, "saw": None})


def _call(life: Life, begin: dict[str, Any], end: dict[str, Any]) -> Call:
    return Call(
        life, begin["of"], begin["kind"], begin["began"], end["ended"], end["code"], end["saw"], end.get("message", "")
    )
