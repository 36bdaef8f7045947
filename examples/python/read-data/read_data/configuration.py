"""What the environment tells the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digime_sdk import ContractDetails

_REQUIRED = ("DIGIME_APPLICATION_ID", "DIGIME_CONTRACT_ID", "DIGIME_PRIVATE_KEY", "DIGIME_ENCRYPTION_KEY")
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Configuration:
    r"""The app's settings.

    The line breaks of the private key, in PEM form, may be written as `\n`. `connections` is where the SDK keeps people
    connected, an SQLite file or an address of PostgreSQL; `encryption_key` encrypts the tokens in there. `database` is
    the app's own SQLite file.
    """

    application_id: str
    contract: ContractDetails = field(repr=False)
    connections: str = field(repr=False)
    encryption_key: str = field(repr=False)
    port: int
    database: str
    base_address: str | None


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """Read the settings; raise `ValueError` if they cannot be used."""
    missing = [name for name in _REQUIRED if not environment.get(name)]
    if missing:
        msg = f"Set {', '.join(missing)}; README.md says to what."
        raise ValueError(msg)
    port = environment.get("PORT", "8080")
    if not port.isdecimal() or int(port) > _HIGHEST_PORT:
        msg = f"PORT must be a number from 0 to {_HIGHEST_PORT}."
        raise ValueError(msg)
    return Configuration(
        application_id=environment["DIGIME_APPLICATION_ID"],
        contract={
            "contract_id": environment["DIGIME_CONTRACT_ID"],
            "private_key": environment["DIGIME_PRIVATE_KEY"],
        },
        connections=environment.get("DIGIME_STORE", "data/connections.sqlite"),
        encryption_key=environment["DIGIME_ENCRYPTION_KEY"],
        port=int(port),
        database=environment.get("DATABASE", "data/read-data.sqlite"),
        base_address=environment.get("BASE_ADDRESS", "").rstrip("/") or None,
    )
