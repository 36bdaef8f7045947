"""What the SDK's calls are given: the same in asyncio and in plain code."""

from __future__ import annotations

from itertools import count
from typing import Any

from task import PLATFORM
from waiting import INTERVAL

Options = dict[str, Any]

_CONTRACT = {"contract_id": PLATFORM["contractId"], "private_key": PLATFORM["privateKey"]}
_TOKEN = PLATFORM["userAccessToken"]

_PACE = {"polling_interval": INTERVAL} if INTERVAL else {}
_CA = {"ca": PLATFORM["ca"]} if PLATFORM["ca"] else {}

CONFIGURATION: Options = {
    **_CA,
    "application_id": PLATFORM["applicationId"],
    "base_url": PLATFORM["baseUrl"],
    "cloud_base_url": PLATFORM["cloudBaseUrl"],
    "onboard_url": PLATFORM["onboardUrl"],
    "key_set_url": PLATFORM["keySetUrl"],
    # The large file is the same text again and again.
    "file_limits": {"size": 2**30, "ratio": 1_000_000},
}

PKB_CONFIGURATION: Options = {
    **_CA,
    "client_id": "bench-client",
    "redirect_uri": "http://localhost/return",
    "environment": "sandbox",
    "endpoints": {"base_url": PLATFORM["pkbBaseUrl"]},
}

LINK: Options = {
    "app_user_id": "bench-user",
    "public_id": "bench-patient",
    "tokens": {"access_token": "t" * 64, "expires_at": 4_102_444_800_000},
}

AUTHORIZE: Options = {
    "contract_details": _CONTRACT,
    "callback": "http://localhost/return",
    "state": "bench-state",
}

_codes = count()


def exchange() -> Options:
    """Give the options of the exchange of a code that no other has had: of one that has, the outcome is remembered."""
    return {
        "contract_details": _CONTRACT,
        "code_verifier": "v" * 43,
        "authorization_code": f"{next(_codes):064}",
    }


def push(content: bytes, file_name: str = "push.pdf") -> Options:
    """Give the options of a push, which is refused if the name is empty."""
    descriptor = {
        "mime_type": "application/pdf",
        "accounts": [{"account_id": "bench-account"}],
        "reference": ["push.pdf"],
    }
    return {
        "contract_details": _CONTRACT,
        "user_access_token": _TOKEN,
        "data": {"file_data": content, "file_name": file_name, "file_descriptor": descriptor},
    }


def read(session_key: str) -> Options:
    """Give the options of reading all files of a session."""
    return {"session_key": session_key, "user_access_token": _TOKEN, **_CONTRACT, **_PACE}


def upload(content: object) -> Options:
    """Give the options of an upload."""
    return {
        "contract_details": _CONTRACT,
        "storage_id": "bench-storage",
        "file_name": "upload",
        "file_data": content,
    }


def download(mebibytes: int) -> Options:
    """Give the options of the download of a file of so many mebibytes."""
    return {"contract_details": _CONTRACT, "storage_id": "bench-storage", "path": str(mebibytes)}


def search(parameters: dict[str, str]) -> Options:
    """Give the options of a search for observations."""
    return {"app_user_id": LINK["app_user_id"], "resource_type": "Observation", "parameters": parameters}
