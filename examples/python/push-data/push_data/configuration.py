"""What the environment tells the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_REQUIRED = ("DIGIME_APPLICATION_ID", "DIGIME_CONTRACT_ID", "DIGIME_PRIVATE_KEY")
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class ReadContract:
    """The contract with which what was pushed is read back."""

    id: str
    private_key: str = field(repr=False)


@dataclass(frozen=True)
class Configuration:
    r"""The app's settings; the line breaks of the private key, in PEM form, may be written as `\n`."""

    application_id: str
    contract_id: str
    private_key: str = field(repr=False)
    port: int
    database: str
    base_address: str | None
    read_contract: ReadContract | None


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
    read_contract_id, read_key = environment.get("DIGIME_READ_CONTRACT_ID"), environment.get("DIGIME_READ_PRIVATE_KEY")
    return Configuration(
        application_id=environment["DIGIME_APPLICATION_ID"],
        contract_id=environment["DIGIME_CONTRACT_ID"],
        private_key=environment["DIGIME_PRIVATE_KEY"],
        port=int(port),
        database=environment.get("DATABASE", "push-data.sqlite"),
        base_address=environment.get("BASE_ADDRESS", "").rstrip("/") or None,
        read_contract=ReadContract(read_contract_id, read_key) if read_contract_id and read_key else None,
    )
