"""digi.me on the loopback address, and a person who consents there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import digime_sdk
from sandbox import Sandbox

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, UserAccessToken

TOKEN_ROUTE = "POST /v1.7/oauth/token"


class DigiMe(Sandbox):
    """The sandbox as digi.me."""

    def __init__(self) -> None:
        super().__init__()
        contract = self.announced["contracts"]["push"]
        self.contract: ContractDetails = {
            "contract_id": contract["contractId"],
            "private_key": contract["privateKey"],
        }
        self.config: dict[str, Any] = {
            "application_id": self.announced["applicationId"],
            "base_url": self.announced["baseUrl"],
            "onboard_url": self.announced["onboardUrl"],
            "retry_options": {"limit": 0},
        }

    def consent(self) -> UserAccessToken:
        """Give the token of a new person who has consented."""
        sdk = digime_sdk.blocking.init(**self.config)
        sent = sdk.get_authorize_url(
            contract_details=self.contract, callback="http://127.0.0.1/return", state="state", source_type="push"
        )
        page = self.ask("GET", sent["url"])[2].decode()
        form = dict(re.findall('name="(code|sourceType|source)" value="(.*?)"', page))
        answered = urlencode({**form, "decision": "accept"})
        _, headers, _ = self.ask("POST", sent["url"], answered, "application/x-www-form-urlencoded")
        code = parse_qs(urlsplit(headers["location"]).query)["code"][0]
        return sdk.exchange_code_for_token(
            contract_details=self.contract, authorization_code=code, code_verifier=sent["code_verifier"]
        )

    def expired(self) -> dict[str, Any]:
        """Give the options of a call for somebody whose access token has expired, as digi.me alone knows."""
        token = self.consent()
        self.control("expire-access-tokens")
        return {"contract_details": self.contract, "user_access_token": token}

    def refreshes(self) -> int:
        """Count the refreshes that were answered with a new token."""
        entries: list[dict[str, Any]] = self.control("requests", method="GET")
        return sum(
            entry["count"]
            for entry in entries
            if entry["route"] == TOKEN_ROUTE and entry["grant"] == "refresh_token" and entry["status"] == 200
        )
