"""What each kind of app is told in its environment when it starts."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .sandbox import Contract, Sandbox

Kind = Literal["push-data", "read-data", "link-patient"]
"""What an app is an example of: the name of its folder."""

KINDS: tuple[Kind, ...] = ("push-data", "read-data", "link-patient")


@dataclass(frozen=True)
class Settings:
    """The variables of the environment, and what of them neither a page nor a file may show."""

    variables: dict[str, str]
    secrets: list[str]


def settings_for(kind: Kind, sandbox: Sandbox, data: Path, encryption_key: str) -> Settings:
    """Give the settings of an app that is to keep what it knows in this folder, under this key."""
    if kind == "link-patient":
        settings = _for_pkb(sandbox, data, encryption_key)
    else:
        settings = _for_digime(sandbox, sandbox.push if kind == "push-data" else sandbox.read, data, encryption_key)
    return Settings({**settings.variables, "PORT": "0"}, settings.secrets)


def new_key() -> str:
    """Make a key that encrypts tokens."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def store_in(data: Path) -> Path:
    """Say where in the folder of an app the SDK keeps who is connected."""
    return data / "connections.sqlite"


def database_in(data: Path) -> Path:
    """Say where in it an app keeps what else it knows."""
    return data / "app.sqlite"


def extracts_in(data: Path) -> Path:
    """Say where in it an app keeps what it has extracted."""
    return data / "extracts"


def _for_digime(sandbox: Sandbox, contract: Contract, data: Path, encryption_key: str) -> Settings:
    variables = {
        "DIGIME_APPLICATION_ID": sandbox.application_id,
        "DIGIME_CONTRACT_ID": contract.contract_id,
        # As it has to be written where a variable cannot have line breaks.
        "DIGIME_PRIVATE_KEY": contract.private_key.replace("\n", "\\n"),
        "DIGIME_READ_CONTRACT_ID": sandbox.read.contract_id,
        "DIGIME_READ_PRIVATE_KEY": sandbox.read.private_key.replace("\n", "\\n"),
        "DIGIME_BASE_URL": sandbox.base_url,
        "DIGIME_ONBOARD_URL": sandbox.onboard_url,
        "DIGIME_CLOUD_BASE_URL": sandbox.cloud_base_url,
        "DIGIME_STORE": str(store_in(data)),
        "DIGIME_ENCRYPTION_KEY": encryption_key,
        "DATABASE": str(database_in(data)),
    }
    keys = [key.splitlines()[1] for key in (contract.private_key, sandbox.read.private_key)]
    return Settings(variables, [encryption_key, *keys])


def _for_pkb(sandbox: Sandbox, data: Path, encryption_key: str) -> Settings:
    session_key = new_key()
    variables = {
        **sandbox.pkb.organisation,
        "PKB_CLIENT_ID": sandbox.pkb.client_id,
        "PKB_BASE_URL": sandbox.pkb.base_url,
        "PKB_STORE": str(store_in(data)),
        "PKB_ENCRYPTION_KEY": encryption_key,
        "EXTRACTS": str(extracts_in(data)),
        "WATCH_EVERY": "1000",
        "SESSION_KEY": session_key,
    }
    return Settings(variables, [encryption_key, session_key, *sandbox.pkb.secrets])
