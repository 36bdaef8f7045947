"""The users of this app: made up, and without passwords. They stand for the accounts that a real application has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """Somebody who can log in; the SDK knows them by their id, as `app_user_id`, which never changes."""

    id: str
    name: str


USERS = [User("user-1001", "Bobby"), User("user-1002", "Morag"), User("user-1003", "Robin")]
