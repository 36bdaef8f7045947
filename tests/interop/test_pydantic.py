"""What must hold with pydantic and FastAPI: they take the types that are exported, and hand on what they read whole."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import digime_sandbox
import digime_sdk
import httpx
import pytest
from digime_sdk import blocking
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError

TOKEN = {
    "accessToken": {"value": "an access token", "expiry": 4_102_444_800},
    "refreshToken": {"value": "a refresh token", "expiry": 4_102_444_800, "issued": "later than its type"},
    "consentid": "a consent",
    "the application's own": [1, 2],
}
PUSHED: dict[str, Any] = {
    "contract_details": {"contract_id": "a contract", "private_key": "a key"},
    "user_access_token": TOKEN,
}

ANSWERS = (
    digime_sdk.GetAuthorizeUrlResponse,
    digime_sdk.GetLinkUrlResponse,
    digime_sdk.Link,
    digime_sdk.QuerySourcesResponse,
    digime_sdk.ReadAccountsResponse,
    digime_sdk.ReadSessionResponse,
)
UNPROCESSABLE = 422


class Store:
    """A store of the application's own, as far as is looked at."""

    get_link = find_links = list_links = put_link = remove_link = print
    get_attempt = put_attempt = remove_attempts = print


@pytest.mark.parametrize("module", [digime_sdk, blocking, digime_sandbox], ids=lambda module: module.__name__)
def test_pydantic_takes_every_exported_type_and_describes_it(module: Any) -> None:
    typed = [name for name in module.__all__ if hasattr(getattr(module, name), "__required_keys__")]
    assert len(typed) > (100 if module is digime_sdk else 0)
    for name in typed:
        described = TypeAdapter(getattr(module, name)).json_schema()
        assert described["type"] == "object"
    for alias in ("PushDataOptions", "ReadingEvent"):
        TypeAdapter(getattr(digime_sdk, alias)).json_schema()


def test_a_description_has_what_json_has_of_a_type() -> None:
    def of(kind: Any) -> dict[str, Any]:
        return TypeAdapter(kind).json_schema()

    assert {"store", "environment"} < of(digime_sdk.PkbConfiguration)["properties"].keys()
    assert not {"on_event", "transport"} & of(digime_sdk.PkbConfiguration)["properties"].keys()
    assert of(digime_sdk.FileErrorEvent)["required"] == ["file_name", "file_list"]
    assert "calculate_delay" not in of(digime_sdk.SdkConfiguration)["$defs"]["RetryOptions"]["properties"]


def test_a_document_is_read_with_what_its_type_does_not_name() -> None:
    token = TypeAdapter(digime_sdk.UserAccessToken).validate_python(TOKEN)
    assert token == TOKEN

    class User(BaseModel):
        token: digime_sdk.UserAccessToken

    assert User.model_validate({"token": TOKEN}).model_dump() == {"token": TOKEN}


def test_what_is_missing_or_wrong_is_said_by_its_path() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(digime_sdk.UserAccessToken).validate_python({"accessToken": {"value": 1}})
    paths = {".".join(map(str, error["loc"])) for error in caught.value.errors()}
    assert paths == {"accessToken.value", "accessToken.expiry", "refreshToken"}


async def chunks() -> AsyncIterator[bytes]:
    """Give a file in pieces."""
    yield b""


@pytest.mark.parametrize(
    "content", [b"bytes", bytearray(), io.BytesIO(), chunks()], ids=lambda each: type(each).__name__
)
def test_the_content_of_a_file_stays_what_it_is(content: Any) -> None:
    descriptor = {"mime_type": "text/plain", "accounts": [{"account_id": "1"}]}
    data = {"file_data": content, "file_name": "a.txt", "file_descriptor": descriptor}
    read: Any = TypeAdapter(digime_sdk.PushDataOptions).validate_python({**PUSHED, "data": data})
    assert read["data"]["file_data"] is content or read["data"]["file_data"] == content


def test_functions_stores_and_transports_are_taken_for_what_they_are() -> None:
    config = {"client_id": "client", "redirect_uri": "app://linked", "environment": "sandbox"}
    check = TypeAdapter(digime_sdk.PkbConfiguration).validate_python
    given = {**config, "on_event": print, "transport": print, "store": Store()}
    assert check(given) == given
    assert check({**config, "store": "memory"}).get("store") == "memory"
    for wrong in ({"store": object()}, {"transport": "no function"}, {"on_event": 1}):
        with pytest.raises(ValidationError):
            check({**config, **wrong})


def test_fastapi_takes_and_gives_the_types_and_describes_them() -> None:
    app = FastAPI()

    @app.post("/token")
    def keep(token: digime_sdk.UserAccessToken) -> digime_sdk.UserAccessToken:
        return token

    def answer() -> dict[str, Any]:
        return {}

    for number, kind in enumerate(ANSWERS):
        app.get(f"/{number}", response_model=kind)(answer)

    async def use() -> tuple[httpx.Response, httpx.Response, Any]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            kept = await client.post("/token", json=TOKEN)
            refused = await client.post("/token", json={})
            return kept, refused, (await client.get("/openapi.json")).json()

    kept, refused, described = asyncio.run(use())
    assert kept.json() == TOKEN
    assert refused.status_code == UNPROCESSABLE
    token = described["components"]["schemas"]["UserAccessToken"]
    assert token["required"] == ["accessToken", "refreshToken"]
    assert token["description"].startswith("What an application keeps for each user")
    assert {kind.__name__ for kind in ANSWERS} < described["components"]["schemas"].keys()
