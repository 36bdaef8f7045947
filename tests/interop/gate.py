"""The SDK before a gateway: how it is configured, and people who consent to what it does there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import digime_sdk.blocking
from digime_sdk import ContractDetails, UserAccessToken

from sandbox import Sandbox

LARGEST_BODY = 2 * 1024 * 1024
"""From how many bytes on gateways refuse a body."""

_CALLBACK = "http://127.0.0.1/return"
_LIBRARY = "My digi.me library"
_RECORD = "MedMij GP data"


class Configuration(TypedDict):
    """What digi.me's SDK is configured with."""

    application_id: str
    base_url: str
    cloud_base_url: str


@dataclass(frozen=True)
class Consented:
    """Somebody who has consented."""

    contract: ContractDetails
    token: UserAccessToken
    session_key: str

    @property
    def user_id(self) -> str:
        """Who it is."""
        return str(self.token.get("user", {}).get("id"))


@dataclass(frozen=True)
class Gate:
    """An address at which the sandbox is reached."""

    origin: str
    sandbox: Sandbox

    @property
    def secure(self) -> bool:
        """Whether it is reached with TLS."""
        return self.origin.startswith("https:")

    def configuration(self) -> Configuration:
        """Configure digi.me's SDK so that all its calls go through here."""
        announced = self.sandbox.announced
        base_url, cloud_base_url = (
            announced[name].replace(self.sandbox.origin, self.origin) for name in ("baseUrl", "cloudBaseUrl")
        )
        return {
            "application_id": announced["applicationId"],
            "base_url": base_url,
            "cloud_base_url": cloud_base_url,
        }

    def digime(self, repeats: int = 2) -> digime_sdk.blocking.DigiMeSDK:
        """Give digi.me's SDK."""
        return digime_sdk.blocking.init(
            **self.configuration(),
            onboard_url=self.sandbox.announced["onboardUrl"],
            retry_options={"limit": repeats},
        )

    def pkb(self) -> digime_sdk.blocking.PkbSDK:
        """Give the SDK of Patients Know Best."""
        announced = self.sandbox.pkb
        return digime_sdk.blocking.init_pkb(
            client_id=announced["clientId"],
            redirect_uri=announced["redirectUris"][0],
            environment="sandbox",
            endpoints={"base_url": self.origin, "authorize_url": announced["authorizeUrl"]},
        )

    def pusher(self) -> Consented:
        """Give a new person, whose library can be added to."""
        return self._consented("push", _LIBRARY)

    def reader(self) -> Consented:
        """Give a new person, whose library can be read."""
        return self._consented("read", _RECORD)

    def _consented(self, contract: str, source: str) -> Consented:
        sdk, details = self.digime(), self.sandbox.contract(contract)
        asked = sdk.get_authorize_url(
            contract_details=details, callback=_CALLBACK, state="state", include_sample_data_only_sources=True
        )
        code = self.sandbox.consent(asked["url"], source)
        token = sdk.exchange_code_for_token(
            contract_details=details, authorization_code=code, code_verifier=asked["code_verifier"]
        )
        return Consented(details, token, asked["session"]["key"])
