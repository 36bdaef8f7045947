"""digi.me on the loopback address, and a person who consents there."""

from __future__ import annotations

import base64
import re
import secrets
from typing import TYPE_CHECKING, Any, Literal
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
        self.contract = self._contract("push")
        self.read_contract = self._contract("read")
        self.config: dict[str, Any] = {
            "application_id": self.announced["applicationId"],
            "base_url": self.announced["baseUrl"],
            "onboard_url": self.announced["onboardUrl"],
            "retry_options": {"limit": 0},
        }
        self.encryption_key = base64.b64encode(secrets.token_bytes(32)).decode()

    def _contract(self, name: str) -> ContractDetails:
        contract = self.announced["contracts"][name]
        return {"contract_id": contract["contractId"], "private_key": contract["privateKey"]}

    def keeping(self, **more: Any) -> dict[str, Any]:
        """Give a configuration that keeps connections. What `more` says goes before what tests hold otherwise."""
        return {**self.config, "encryption_key": self.encryption_key, **more}

    def decide(self, url: str, decision: Literal["accept", "decline"] = "accept") -> str:
        """Go through the page as a person who takes the first source; give the address that they are sent back to."""
        page = self.ask("GET", url)[2].decode()
        form: dict[str, str] = {}
        for name, value in re.findall('<input type="\\w+" name="(.*?)" value="(.*?)"', page):
            form.setdefault(name, value)
        answered = urlencode({**form, "decision": decision})
        _, headers, _ = self.ask("POST", url, answered, "application/x-www-form-urlencoded")
        return headers["location"]

    def consent(self) -> UserAccessToken:
        """Give the token of a new person who has consented."""
        sdk = digime_sdk.blocking.init(**self.config)
        sent = sdk.get_authorize_url(
            contract_details=self.contract, callback="http://127.0.0.1/return", state="state", source_type="push"
        )
        code = parse_qs(urlsplit(self.decide(sent["url"])).query)["code"][0]
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
        return self.granted("refresh_token")

    def granted(self, grant: str) -> int:
        """Count the tokens that were had for what."""
        entries: list[dict[str, Any]] = self.control("requests", method="GET")
        return sum(
            entry["count"]
            for entry in entries
            if entry["route"] == TOKEN_ROUTE and entry["grant"] == grant and entry["status"] == 200
        )
