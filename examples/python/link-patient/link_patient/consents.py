"""What the organisation's team may see of a record, by the patient's consent, in words; and whether that is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digime_sdk import PkbConsent

_LABELS = {
    "GENERAL_HEALTH": "General health",
    "MENTAL_HEALTH": "Mental health",
    "SEXUAL_HEALTH": "Sexual health",
    "SOCIAL_CARE": "Social care",
}

_NEEDED = "GENERAL_HEALTH"
"""Without this label the team sees nothing of what it follows."""


@dataclass(frozen=True)
class Visible:
    """What may be seen, in words, and whether that is enough."""

    labels: list[str]
    is_enough: bool


def visible_to(consents: Iterable[PkbConsent], team: str) -> Visible:
    """Say what the team, as PKB refers to it, may see."""
    own = [each for each in consents if each.get("actor") == team and each.get("status") == "active"]
    labels = [label for consent in own for label in consent["labels"]]
    return Visible([_LABELS.get(label, label) for label in labels], _NEEDED in labels)
