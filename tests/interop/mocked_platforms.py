"""Both platforms as a table of answers, for what stands in for the network, and an application that uses both."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import digime_sdk
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from digime_sdk import ContractDetails, blocking
from digime_sdk.httpx import BlockingHttpxTransport, HttpxTransport

DIGIME = "https://digime.example"
PKB = "https://pkb.example"
PATIENT = "a7bd5b1a-1a5b-4a2e-9a53-2f4a0f0c0a11"
PIECES = [b"a" * 300_000, b"the end"]

_KEY = rsa.generate_private_key(65537, 2048)
_PLATFORMS_KEY = rsa.generate_private_key(65537, 2048)

CONTRACT: ContractDetails = {
    "contract_id": "a-contract",
    "private_key": _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
}


def _signed(claims: dict[str, Any]) -> str:
    """Give a token that digi.me has signed, whose keys are at its own address."""

    def encoded(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    header = {"alg": "PS512", "typ": "JWT", "jku": f"{DIGIME}/jwks", "kid": "a-key"}
    text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
    scheme = padding.PSS(padding.MGF1(SHA512()), padding.PSS.DIGEST_LENGTH)
    return f"{text}.{encoded(_PLATFORMS_KEY.sign(text.encode(), scheme, SHA512()))}"


def _part(value: str) -> dict[str, Any]:
    return {"value": value, "expires_on": 4102444800}


_PEM = _PLATFORMS_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
_TOKEN = {"access_token": _part("an-access-token"), "refresh_token": _part("a-refresh-token"), "sub": "a-user"}
_SESSION = {"key": "a-session", "expiry": 1}
_REFUSAL = {"error": {"code": "Forbidden", "message": "not yours", "reference": "r"}}
_PURVIEW = {"name": "purview", "valueReference": {"reference": f"Patient/{PATIENT}"}}

PUSH = f"{DIGIME}/permission-access/import"
ANSWERS: list[tuple[str, str, int, Any]] = [
    ("POST", f"{DIGIME}/oauth/authorize", 200, {"token": _signed({"preauthorization_code": "c"}), "session": _SESSION}),
    ("GET", f"{DIGIME}/jwks", 200, {"keys": [{"kid": "a-key", "pem": _PEM}]}),
    ("POST", f"{DIGIME}/oauth/token", 200, {"token": _signed(_TOKEN)}),
    ("POST", PUSH, 200, {}),
    ("POST", f"{DIGIME}/permission-access/trigger", 200, {"session": _SESSION}),
    ("GET", f"{DIGIME}/permission-access/accounts", 403, _REFUSAL),
    ("POST", f"{PKB}/apiToken.action", 200, {"access_token": "a", "refresh_token": "r", "expires_in": 600}),
    ("GET", f"{PKB}/fhir/Consent/$purview", 200, {"resourceType": "Parameters", "parameter": [_PURVIEW]}),
    ("GET", f"{PKB}/fhir/Patient/{PATIENT}", 200, {"resourceType": "Patient", "id": PATIENT}),
]
"""What is answered, by method and address."""

_DIGIME_CONFIG: Any = {"application_id": "an-application", "base_url": DIGIME, "retry_options": {"limit": 0}}
_PKB_CONFIG: Any = {
    "client_id": "a-client",
    "redirect_uri": "https://app.example/linked",
    "environment": "sandbox",
    "endpoints": {"base_url": PKB},
}
_SENT_OUT: Any = {"contract_details": CONTRACT, "callback": "https://app.example/back", "state": "s"}


def _pushed(content: Any) -> Any:
    descriptor = {"mime_type": "text/plain", "accounts": [{"account_id": "an-account"}]}
    return {"file_name": "a.txt", "file_descriptor": descriptor, "file_data": content}


def go_through_both(client: httpx.Client) -> None:
    """Authorise, push a stream, read, be refused and link a patient, all by this client."""
    transport = BlockingHttpxTransport(client)
    digime = blocking.init(**_DIGIME_CONFIG, transport=transport)
    sent = digime.get_authorize_url(**_SENT_OUT)
    token = digime.exchange_code_for_token(
        contract_details=CONTRACT, authorization_code="a-code", code_verifier=sent["code_verifier"]
    )
    assert token["accessToken"]["value"] == "an-access-token"
    user: Any = {"contract_details": CONTRACT, "user_access_token": token}
    digime.push_data(**user, data=_pushed(iter(PIECES)))
    assert digime.read_session(**user)["session"]["key"] == "a-session"
    with pytest.raises(digime_sdk.ServerError, match="not yours"):
        digime.read_accounts(**user)
    pkb = blocking.init_pkb(**_PKB_CONFIG, transport=transport)
    state = pkb.get_link_url(app_user_id="user-1")["state"]
    assert pkb.complete_link(app_user_id="user-1", code="a-code", state=state)["public_id"] == PATIENT
    assert pkb.fhir_read(app_user_id="user-1", resource_type="Patient", id=PATIENT)["id"] == PATIENT


async def go_through_both_in_a_loop(client: httpx.AsyncClient) -> None:
    """Do the same in an event loop."""

    async def pieces() -> AsyncIterator[bytes]:
        for piece in PIECES:
            await asyncio.sleep(0)
            yield piece

    transport = HttpxTransport(client)
    digime = digime_sdk.init(**_DIGIME_CONFIG, transport=transport)
    sent = await digime.get_authorize_url(**_SENT_OUT)
    token = await digime.exchange_code_for_token(
        contract_details=CONTRACT, authorization_code="a-code", code_verifier=sent["code_verifier"]
    )
    assert token["accessToken"]["value"] == "an-access-token"
    user: Any = {"contract_details": CONTRACT, "user_access_token": token}
    await digime.push_data(**user, data=_pushed(pieces()))
    assert (await digime.read_session(**user))["session"]["key"] == "a-session"
    with pytest.raises(digime_sdk.ServerError, match="not yours"):
        await digime.read_accounts(**user)
    pkb = digime_sdk.init_pkb(**_PKB_CONFIG, transport=transport)
    state = (await pkb.get_link_url(app_user_id="user-1"))["state"]
    assert (await pkb.complete_link(app_user_id="user-1", code="a-code", state=state))["public_id"] == PATIENT
    assert (await pkb.fhir_read(app_user_id="user-1", resource_type="Patient", id=PATIENT))["id"] == PATIENT


def flavours() -> Iterator[Any]:
    """Give how to go through both in each flavour."""

    def plain() -> None:
        with httpx.Client() as client:
            go_through_both(client)

    async def main() -> None:
        async with httpx.AsyncClient() as client:
            await go_through_both_in_a_loop(client)

    yield pytest.param(lambda: asyncio.run(main()), id="asyncio")
    yield pytest.param(plain, id="blocking")
