"""What the sandbox says when it has started: all that a client must be told, keys, secrets and passwords included."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    try:
        # pydantic takes no others before Python 3.12, and brings them along.
        from typing_extensions import TypedDict
    except ImportError:
        from typing import TypedDict


class AnnouncedContract(TypedDict):
    """A contract with digi.me."""

    contractId: str
    privateKey: str
    """An RSA key in PEM."""
    redirectUris: list[str]
    """Where it may send people back to; the port of a loopback address is not compared."""


class Contracts(TypedDict):
    """The contracts of the application that is registered at digi.me."""

    push: AnnouncedContract
    """May add to a person's library, and push to providers."""
    read: AnnouncedContract
    """May read a person's library."""


class AnnouncedSystem(TypedDict):
    """The system client of PKB, which acts for an organisation."""

    clientId: str
    clientSecret: str
    orgPublicId: str
    teams: list[str]
    """The aliases of its teams, the default one first."""


class AnnouncedCustomer(TypedDict):
    """The customer system client of PKB, and what it alone is for."""

    clientId: str
    clientSecret: str
    tokenUrl: str
    """Where it gets its tokens."""
    aggregatedUrl: str
    """The Aggregated endpoint, from which data is extracted."""
    customerUrl: str
    """The Customer endpoint, to which data is sent."""


class AnnouncedPerson(TypedDict):
    """Somebody who can log in at PKB."""

    login: str
    password: str
    publicId: str
    kind: Literal["patient", "clinician"]
    name: str
    """First and last name."""


class AnnouncedPkb(TypedDict):
    """Patients Know Best."""

    baseUrl: str
    authorizeUrl: str
    tokenUrl: str
    systemTokenUrl: str
    joinUrl: str
    """Where a patient who was invited registers."""
    fhirUrl: str
    clientId: str
    """The user client, which acts for a person who approved."""
    clientSecret: str
    """Asked for in the modes `body` and `basic` of `clientAuthentication`."""
    redirectUris: list[str]
    """Where it may send people back to; the port of a loopback address is not compared."""
    system: AnnouncedSystem
    customer: AnnouncedCustomer
    people: list[AnnouncedPerson]
    """Who can log in."""


class Announcement(TypedDict):
    """The whole of it, by the names that it has in JSON."""

    origin: str
    """Where the sandbox is, and its front page."""
    baseUrl: str
    """digi.me's API."""
    onboardUrl: str
    """digi.me's pages, where people consent."""
    cloudBaseUrl: str
    """digi.me's storage."""
    applicationId: str
    """The application that is registered at digi.me."""
    contracts: Contracts
    pkb: AnnouncedPkb
    """Patients Know Best."""
