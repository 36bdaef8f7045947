"""The records that a store is given, and whether what it gives back is the same: as tolerant as the SDK itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Optional

Record = dict[str, Any]

LATER: Record = {
    "addedLater": {"nested": [1, "two", None, {"three": True}], "text": "\U0001f511 \u0007 \\ \" '"},
    "added_too": -0.5,
}
"""What a later version of the SDK may have added."""

_LONGEST_ID = 1000
"""How many bytes an id may have, at most."""

IDS = (
    *("a", "A", "a ", "8443:a", "\u00e9", "e\u0301", "10", "9", "%", "*", "__proto__", "\U0001f600"),
    *(end.rjust(_LONGEST_ID, "x") for end in "yz"),
)
"""Ids that a store confuses that compares by rules of a language, joins parts of a key, sees patterns, or looks at the
first so many letters."""

OWNERS = ("a", "A")
"""Whose attempts are: some are one user's, and some another's."""

_TIME = 1_912_345_678_901
"""A time that is no whole second, and has more than 32 bits."""

_NUMBERS = frozenset({"linked_at", "refreshed_at", "lease_until", "version", "expires_at"})


def platforms(run: str) -> tuple[str, str]:
    """Give platforms of which one begins with the other; no other run of a check has the same."""
    return f"pkb:check-{run}.example", f"pkb:check-{run}.example:8443"


def link(
    platform: str, app_user_id: str, public_id: str, *, shares: bool, later: bool, version: int, mark: int
) -> Record:
    """Make a link, which `mark` sets apart from every other."""
    is_leased = mark % 2 == 0
    return {
        "platform": platform,
        "app_user_id": app_user_id,
        "public_id": public_id,
        **({"shares_public_id": True} if shares else {}),
        "status": ("active", "uncertain", "expired")[mark % 3],
        "linked_at": _TIME,
        "refreshed_at": _TIME + mark,
        "lease": f"lease-{mark}" if is_leased else None,
        "lease_until": _TIME + 2 * mark if is_leased else None,
        "key_id": "0123abcd",
        "sealed": _sealed(mark),
        "version": version,
        **(LATER if later else {}),
    }


def attempt(platform: str, key: str, *, expires_at: int, later: bool, version: int, mark: int) -> Record:
    """Make an attempt to link."""
    return {
        "platform": platform,
        "id": key,
        "app_user_id": OWNERS[IDS.index(key) % 2],
        "status": ("pending", "exchanging", "exchanged", "linking", "completed", "failed")[mark % 6],
        "expires_at": before(expires_at),
        "key_id": "0123abcd",
        "sealed": _sealed(mark),
        "version": version,
        **(LATER if later else {}),
    }


def before(expires_at: int) -> int:
    """Give the time before which attempts have expired whose `expires_at` was given as less."""
    return _TIME + expires_at


_LONGEST_SEALED = 64 * 1024
"""What is sealed may have 64 KiB: tokens, what is kept beside them, and a key as a service has wrapped it."""


def _sealed(mark: int) -> str:
    """Make what is sealed. Some of it is as long as tokens are, and some as long as it may be."""
    length = _LONGEST_SEALED if mark % 10 == 0 else 6000 if mark % 5 == 0 else 20
    return f"{mark}.{'+/aZ09' * length}"[: length - 2] + "=="


FILTERS: tuple[Record, ...] = (
    {"status": "uncertain", "refreshed_before": None},
    # The fourth link is refreshed at that time.
    {"status": None, "refreshed_before": _TIME + 4},
    {"status": "active", "refreshed_before": _TIME + 7},
)
"""What links are chosen by."""


def lets_through(asked: Record, link: Record) -> bool:
    """Say whether a link is one of those that a filter lets through."""
    status, before = asked["status"], asked["refreshed_before"]
    return status in (None, link["status"]) and (before is None or link["refreshed_at"] < before)


def differences(expected: Record, given: object) -> list[str]:
    """Give the names of the members that differ. Members that the store has added count for nothing."""
    record = spelled(given)
    names = dict.fromkeys([*expected, *LATER, "shares_public_id"])
    return [name for name in names if _value(name, expected.get(name)) != _value(name, record.get(name))]


def spelled(given: object) -> Record:
    """Give what a store gave under Python's names: it may spell those that the SDK knows either way."""
    if not isinstance(given, Mapping):
        return {}
    record: Mapping[str, Any] = given
    return {name if name in LATER else _snake_case(name): value for name, value in record.items()}


def _snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _value(name: str, given: object) -> object:
    if name == "shares_public_id":
        return bool(given)
    if name in _NUMBERS and isinstance(given, str) and re.fullmatch(r"-?\d+", given):
        given = int(given)
    # True and 1, and 1 and 1.0, are the same to Python, and not to the SDK.
    return json.dumps(given, sort_keys=True) if given is not None else None


def brief(record: Record) -> str:
    """Give a record in few words, for the list of calls."""
    of_link = ("platform", "app_user_id", "public_id", "shares_public_id", "version")
    names: tuple[str, ...] = ("platform", "id", "expires_at", "version") if "id" in record else of_link
    shown = ", ".join(f'"{name}": {brief_id(record[name])!r}' for name in names if name in record)
    return f"{{{shown}, …}}"


def brief_id(value: object) -> object:
    """Give an id for the list of calls, in which the longest are told by their ends."""
    if isinstance(value, str) and len(value) > 40:
        return f"{value[0]}…{value[-8:]} ({len(value)} letters)"
    return value


def version_of(record: Optional[Record]) -> Optional[int]:
    """Give the version of a record, none where there is none."""
    return None if record is None else record["version"]
