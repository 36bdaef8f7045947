"""What the environment tells the app."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from digime_sdk import OneTimePassword, SystemClient

RETURN_PATH = "/return"
"""The path of the redirect URI, where the app takes people back."""

Environment = Literal["sandbox", "production"]

_REQUIRED = (
    "PKB_CLIENT_ID",
    "PKB_ENCRYPTION_KEY",
    "PKB_SYSTEM_CLIENT_ID",
    "PKB_SYSTEM_CLIENT_SECRET",
    "PKB_CUSTOMER_CLIENT_ID",
    "PKB_CUSTOMER_CLIENT_SECRET",
    "PKB_ORG_PUBLIC_ID",
    "PKB_ORG_CODE",
)
_ENVIRONMENTS: dict[str, Environment] = {"sandbox": "sandbox", "production": "production"}
_METHODS: dict[str, Literal["GET", "POST"]] = {"GET": "GET", "POST": "POST"}
_HIGHEST_PORT = 65_535
_LEAST_BETWEEN_LOOKS = 1000


@dataclass(frozen=True)
class Organisation:
    """The one that runs this app, as PKB knows it: its public id, the code under which it sends data, its clients."""

    public_id: str
    code: str
    system_client: SystemClient = field(repr=False)
    customer_system_client: SystemClient = field(repr=False)


@dataclass(frozen=True)
class Configuration:
    """The app's settings: the store is an SQLite file or an address of PostgreSQL, the session key signs cookies.

    What was extracted is in a folder. A record is looked at again so many milliseconds after a look. Where PKB gives
    one-time passwords is not known to everybody.
    """

    client_id: str
    environment: Environment
    redirect_uri: str | None
    store: str = field(repr=False)
    encryption_key: str = field(repr=False)
    organisation: Organisation
    one_time_password: OneTimePassword | None
    extracts: Path
    watch_every: int
    session_key: str = field(repr=False)
    port: int


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """Read the settings; raise `ValueError` if they cannot be used."""
    missing = [name for name in _REQUIRED if not environment.get(name)]
    if missing:
        msg = f"Set {', '.join(missing)}; README.md says to what."
        raise ValueError(msg)
    port = _whole("PORT", environment.get("PORT", "8080"), 0)
    if port > _HIGHEST_PORT:
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
        organisation=Organisation(
            environment["PKB_ORG_PUBLIC_ID"],
            environment["PKB_ORG_CODE"],
            _client(environment, "PKB_SYSTEM_CLIENT"),
            _client(environment, "PKB_CUSTOMER_CLIENT"),
        ),
        one_time_password=_one_time_password(environment.get("PKB_ONE_TIME_PASSWORD")),
        extracts=Path(environment.get("EXTRACTS", "data/extracts")),
        watch_every=_whole("WATCH_EVERY", environment.get("WATCH_EVERY", "900000"), _LEAST_BETWEEN_LOOKS),
        session_key=environment.get("SESSION_KEY") or secrets.token_urlsafe(32),
        port=port,
    )


def _client(environment: Mapping[str, str], name: str) -> SystemClient:
    return {"client_id": environment[f"{name}_ID"], "client_secret": environment[f"{name}_SECRET"]}


def _whole(name: str, text: str, least: int) -> int:
    if text.isdecimal() and int(text) >= least:
        return int(text)
    msg = f"{name} must be a number from {least} on."
    raise ValueError(msg)


def _one_time_password(text: str | None) -> OneTimePassword | None:
    """Read a method, a path, and the member of the answer unless the answer is the password."""
    if not text:
        return None
    name, path, *member = text.split(" ")
    method = _METHODS.get(name)
    if method is None or len(member) > 1:
        msg = "PKB_ONE_TIME_PASSWORD must be GET or POST, a path, and perhaps a member of the answer."
        raise ValueError(msg)
    password: OneTimePassword = {"method": method, "path": path}
    return {**password, "member": member[0]} if member else password
