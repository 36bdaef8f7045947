"""HTTP to programs of this machine, where no certificate is ever looked at."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""It trusts nobody. To read whom a machine trusts takes longer than most calls, and would be done for each client."""

_CLIENT = httpx.Client(trust_env=False, verify=TLS)


def get(url: str) -> Any:  # noqa: ANN401 - it is JSON
    """Give the JSON that is there."""
    return _CLIENT.get(url).raise_for_status().json()


def post(url: str, given: object = None) -> None:
    """Send JSON, or nothing."""
    _CLIENT.post(url, json=given).raise_for_status()


def put(url: str, given: object) -> None:
    """Put JSON there."""
    _CLIENT.put(url, json=given).raise_for_status()
