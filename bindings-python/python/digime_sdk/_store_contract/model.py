"""What a store that keeps its promises would hold."""

from __future__ import annotations

from typing import Optional

from .records import Record


class Model:
    """Records by their platform and id."""

    def __init__(self) -> None:
        self.links: dict[tuple[str, str], Record] = {}
        self.attempts: dict[tuple[str, str], Record] = {}
        self.asked_for: set[tuple[str, str]] = set()
        """Keys of users and attempts that were ever written, or were to be."""

    def link(self, platform: str, app_user_id: str) -> Optional[Record]:
        """Give the link of a user."""
        return self.links.get((platform, app_user_id))

    def attempt(self, platform: str, key: str) -> Optional[Record]:
        """Give an attempt."""
        return self.attempts.get((platform, key))

    def links_of(self, platform: str) -> list[Record]:
        """Give the links of a platform."""
        return [link for link in self.links.values() if link["platform"] == platform]

    def is_in_the_way(self, link: Record) -> bool:
        """Say whether another user's link stands in the way of one, by its public id."""
        return any(
            other["app_user_id"] != link["app_user_id"]
            and other["public_id"] == link["public_id"]
            and not other.get("shares_public_id")
            and not link.get("shares_public_id")
            for other in self.links_of(link["platform"])
        )

    def write(self, link: Record) -> None:
        """Put a link in the place of that of its user."""
        self.links[link["platform"], link["app_user_id"]] = link

    def write_attempt(self, attempt: Record) -> None:
        """Put an attempt in the place of that of its id."""
        self.attempts[attempt["platform"], attempt["id"]] = attempt

    def remove(self, platform: str, app_user_id: str) -> None:
        """Remove the link of a user."""
        self.links.pop((platform, app_user_id), None)

    def remove_attempts(self, platform: str, expired_before: int, app_user_id: Optional[str]) -> None:
        """Remove the attempts of a platform that expired before a time, and those of a user."""
        self.attempts = {
            key: attempt
            for key, attempt in self.attempts.items()
            if attempt["platform"] != platform
            or (attempt["expires_at"] >= expired_before and attempt["app_user_id"] != app_user_id)
        }
