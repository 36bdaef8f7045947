"""What the environment tells the app."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

RETURN_PATH = "/return"
"""The path of the redirect URI, where the app takes people back."""

Environment = Literal["sandbox", "production"]

_REQUIRED = ("PKB_CLIENT_ID", "PKB_ENCRYPTION_KEY")
_ENVIRONMENTS: dict[str, Environment] = {"sandbox": "sandbox", "production": "production"}
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Configuration:
    """The app's settings: the store is an SQLite file or an address of PostgreSQL, the session key signs cookies."""

    client_id: str
    environment: Environment
    redirect_uri: str | None
    store: str = field(repr=False)
    encryption_key: str = field(repr=False)
    session_key: str = field(repr=False)
    port: int


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
    pkb = _ENVIRONMENTS.get(environment.get("PKB_ENVIRONMENT", "sandbox"))
    if pkb is None:
        msg = f"PKB_ENVIRONMENT must be {' or '.join(_ENVIRONMENTS)}."
        raise ValueError(msg)
    redirect_uri = environment.get("PKB_REDIRECT_URI") or None
    if redirect_uri is not None and urlsplit(redirect_uri).path != RETURN_PATH:
        msg = f"PKB_REDIRECT_URI must be an address with the path {RETURN_PATH}."
        raise ValueError(msg)
    return Configuration(
        client_id=environment["PKB_CLIENT_ID"],
        environment=pkb,
        redirect_uri=redirect_uri,
        store=environment.get("PKB_STORE", "data/links.sqlite"),
        encryption_key=environment["PKB_ENCRYPTION_KEY"],
        session_key=environment.get("SESSION_KEY") or secrets.token_urlsafe(32),
        port=int(port),
    )
