"""The users of this app: made up, and without passwords. They stand for the accounts that a real application has."""

from __future__ import annotations

from dataclasses import dataclass

from digime_sdk import PatientIdentifier

_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_CHI_NUMBER = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53"


@dataclass(frozen=True)
class User:
    """Somebody who can log in; the SDK knows them by their id, as `app_user_id`, which never changes."""

    id: str
    name: str


USERS = [User("user-1001", "Bobby"), User("user-1002", "Morag"), User("user-1003", "Robin"), User("user-1004", "Nia")]

_NATIONAL_IDS: dict[str, PatientIdentifier] = {
    "user-1001": {"system": _NHS_NUMBER, "value": "9991566171"},
    "user-1002": {"system": _CHI_NUMBER, "value": "0102850004"},
    "user-1004": {"system": _NHS_NUMBER, "value": "9991566201"},
}
"""Whose number the app has made sure of: who has another's is given the key to another's record."""


def national_id_of(user: User) -> PatientIdentifier | None:
    """Give the national number of a user. It is no part of the user, who is in the cookie."""
    return _NATIONAL_IDS.get(user.id)
