"""Which script each method of a store runs, with which keys and values, and what an answer means."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from digime_sdk import AttemptChange, AttemptRemoval, LinkChange, LinkPageQuery, LinkRemoval, PublicIdQuery

from . import scripts


class Script(NamedTuple):
    """A script, and what it is given."""

    text: str
    keys: Sequence[str]
    values: Sequence[str]


def key(platform: str, what: str) -> str:
    """Give a key: those of a platform are in one slot of a cluster, as scripts need them."""
    return f"digime:{{{platform}}}:{what}"


def _link_keys(platform: str) -> list[str]:
    names = ("version", "record", "public-id", "owner", "order", "found")
    return [key(platform, f"link-{name}") for name in names]


def _attempt_keys(platform: str) -> list[str]:
    return [key(platform, f"attempt-{name}") for name in ("version", "record", "expiry", "owner", "owned")]


def find_links(query: PublicIdQuery) -> Script:
    """Find the links with a public id."""
    return Script(scripts.FIND_LINKS, _link_keys(query["platform"]), [query["public_id"]])


def list_links(query: LinkPageQuery) -> Script:
    """List the links after a user."""
    return Script(scripts.LIST_LINKS, _link_keys(query["platform"]), [query["after"], str(query["limit"])])


def put_link(change: LinkChange) -> Script:
    """Write a link, if that is how things are."""
    link = change["link"]
    shares = "shares" if link.get("shares_public_id") else ""
    values = [link["app_user_id"], _digits(change["expected_version"]), str(link["version"]), link["public_id"], shares]
    return Script(scripts.PUT_LINK, _link_keys(link["platform"]), [*values, json.dumps(link)])


def remove_link(removal: LinkRemoval) -> Script:
    """Remove a link of a version."""
    values = [removal["app_user_id"], str(removal["expected_version"])]
    return Script(scripts.REMOVE_LINK, _link_keys(removal["platform"]), values)


def put_attempt(change: AttemptChange) -> Script:
    """Write an attempt, if that is how things are."""
    attempt = change["attempt"]
    versions = [_digits(change["expected_version"]), str(attempt["version"])]
    values = [attempt["id"], *versions, str(attempt["expires_at"]), attempt["app_user_id"], json.dumps(attempt)]
    return Script(scripts.PUT_ATTEMPT, _attempt_keys(attempt["platform"]), values)


def remove_attempts(removal: AttemptRemoval) -> list[Script]:
    """Remove some of the attempts that have expired, and some of a user's: each until it has removed none."""
    keys, user = _attempt_keys(removal["platform"]), removal["app_user_id"]
    expired = Script(scripts.REMOVE_ATTEMPTS, keys, [str(removal["expired_before"])])
    return [expired] if user is None else [expired, Script(scripts.REMOVE_ATTEMPTS_OF, keys, [user])]


def _digits(version: int | None) -> str:
    return "" if version is None else str(version)


def read(text: bytes | str | None) -> dict[str, Any] | None:
    """Give a record, if there is one."""
    return None if text is None else json.loads(text)


def read_all(texts: object) -> list[dict[str, Any]]:
    """Give records."""
    return [json.loads(text) for text in cast("list[bytes]", texts)]
