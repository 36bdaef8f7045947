"""What an application keeps for a user of digi.me. Printed by scripts/print_types.py: change the core instead."""

from .._typing import NotRequired, TypedDict

__all__ = ["Token", "User", "UserAccessToken"]


class Token(TypedDict):
    """A token and how long it lives."""

    value: str
    """The token itself."""
    expiry: int
    """When it expires, in seconds since 1970."""


class User(TypedDict):
    """A user of the platform."""

    id: NotRequired[str]
    """The user's id, the same for every application."""


class UserAccessToken(TypedDict):
    """What an application keeps for each user who consented. Store it safely, and replace it whenever a call hands out
    a newer one.

    It is a document: its keys are the same in every language, so that applications in several languages can share a
    store. What an application keeps beside them in the same document stays there when the tokens are replaced.
    """

    accessToken: Token
    """The token that calls are made with."""
    refreshToken: Token
    """The token that buys the next pair, once."""
    user: NotRequired[User]
    """Whose they are."""
    consentid: NotRequired[str]
    """The consent that they stand for."""
