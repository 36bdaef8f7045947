"""By which names applications, and the SDK, find in their environment what the sandbox announces."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._announcement import Announcement


def environment_of(announcement: Announcement) -> dict[str, str]:
    """Give the variables. Keys are on one line, with a backslash and an n for each break, for files of variables."""
    push, read = announcement["contracts"]["push"], announcement["contracts"]["read"]
    pkb = announcement["pkb"]
    return {
        "DIGIME_BASE_URL": announcement["baseUrl"],
        "DIGIME_ONBOARD_URL": announcement["onboardUrl"],
        "DIGIME_CLOUD_BASE_URL": announcement["cloudBaseUrl"],
        "DIGIME_APPLICATION_ID": announcement["applicationId"],
        "DIGIME_CONTRACT_ID": push["contractId"],
        "DIGIME_PRIVATE_KEY": _in_one_line(push["privateKey"]),
        "DIGIME_READ_CONTRACT_ID": read["contractId"],
        "DIGIME_READ_PRIVATE_KEY": _in_one_line(read["privateKey"]),
        "PKB_BASE_URL": pkb["baseUrl"],
        "PKB_SYSTEM_TOKEN_URL": pkb["systemTokenUrl"],
        "PKB_JOIN_URL": pkb["joinUrl"],
        "PKB_CLIENT_ID": pkb["clientId"],
        "PKB_REDIRECT_URI": pkb["redirectUris"][0],
        # The client that acts for an organisation.
        "PKB_SYSTEM_CLIENT_ID": pkb["system"]["clientId"],
        "PKB_SYSTEM_CLIENT_SECRET": pkb["system"]["clientSecret"],
        "PKB_ORG_PUBLIC_ID": pkb["system"]["orgPublicId"],
        "PKB_CUSTOMER_TOKEN_URL": pkb["customer"]["tokenUrl"],
        "PKB_AGGREGATED_URL": pkb["customer"]["aggregatedUrl"],
        "PKB_CUSTOMER_URL": pkb["customer"]["customerUrl"],
        # The client that sends and extracts data.
        "PKB_CUSTOMER_CLIENT_ID": pkb["customer"]["clientId"],
        "PKB_CUSTOMER_CLIENT_SECRET": pkb["customer"]["clientSecret"],
        # A new key for each sandbox, since its links end with it.
        "PKB_ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _in_one_line(pem: str) -> str:
    return pem.replace("\n", "\\n")
