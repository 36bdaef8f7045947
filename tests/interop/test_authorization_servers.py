"""Links over OAuth servers of others: as each is by default, and where a refresh token that comes again ends all."""

from __future__ import annotations

import base64
import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import digime_sdk
import httpx
import pytest
from digime_sdk import blocking

from authorization_servers.parties import CLIENT_ID, CLIENT_SECRET, PATIENT, REDIRECT_URI
from authorization_servers.running import Platform, running

USER = "user-1"
KEY = base64.b64encode(os.urandom(32)).decode()
SERVERS = ["django", "authlib", "oauth2_server"]
# Authlib's refresh tokens serve for ever by default, and it gives no other; those of the others are replaced each time.
LASTING = "authlib"


@pytest.fixture(
    scope="module", params=[(server, mode) for server in SERVERS for mode in ("default", "detecting")], ids="-".join
)
def chosen(request: pytest.FixtureRequest) -> tuple[str, str]:
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture(scope="module")
def started(chosen: tuple[str, str]) -> Generator[Platform]:
    with running(*chosen) as platform:
        yield platform


@pytest.fixture
def platform(started: Platform) -> Platform:
    started.begin()
    return started


def lasts(chosen: tuple[str, str]) -> bool:
    """Whether refresh tokens serve again."""
    return chosen == (LASTING, "default")


def client(platform: Platform, folder: Path) -> blocking.PkbSDK:
    return blocking.init_pkb(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        redirect_uri=REDIRECT_URI,
        environment="sandbox",
        endpoints={"base_url": platform.address},
        store=str(folder / "links.db"),
        encryption_key=KEY,
        # django-oauth-toolkit demands it by default, and the others allow it.
        pkce=True,
    )


def link(pkb: blocking.PkbSDK) -> None:
    asked = pkb.get_link_url(app_user_id=USER)
    callback = httpx.get(asked["url"], trust_env=False).headers["location"]
    assert callback.startswith(REDIRECT_URI)
    assert pkb.complete_link(app_user_id=USER, callback_url=callback)["public_id"] == PATIENT


def read(pkb: blocking.PkbSDK) -> None:
    assert pkb.fhir_read(app_user_id=USER, resource_type="Patient", id=PATIENT)["id"] == PATIENT


def status(pkb: blocking.PkbSDK) -> str:
    linked = pkb.get_link(app_user_id=USER)
    assert linked
    return linked["status"]


def test_a_link_lives_over_expiries_with_one_refresh_each_however_many_calls_of_two_clients_there_are(
    platform: Platform, tmp_path: Path
) -> None:
    clients = [client(platform, tmp_path), client(platform, tmp_path)]
    link(clients[0])
    read(clients[0])
    for expiry in range(1, 4):
        platform.expire()
        with ThreadPoolExecutor(10) as callers:
            list(callers.map(read, clients * 5))
        assert platform.grants == ["authorization_code", *["refresh_token"] * expiry]
        assert status(clients[0]) == "active"


def test_a_spent_refresh_token_that_somebody_presents_ends_the_link_where_the_server_detects_it_and_nowhere_else(
    chosen: tuple[str, str], platform: Platform, tmp_path: Path
) -> None:
    pkb = client(platform, tmp_path)
    link(pkb)
    read(pkb)
    platform.expire()
    read(pkb)
    presented = platform.spend(platform.presented)
    assert presented.is_success == lasts(chosen)
    platform.expire()
    if chosen[1] == "default":
        read(pkb)
        assert status(pkb) == "active"
        return
    with pytest.raises(digime_sdk.LinkExpiredError) as over:
        read(pkb)
    assert over.value.reason == "invalid_grant"
    assert status(pkb) == "expired"
    link(pkb)
    read(pkb)


def test_where_the_answer_to_a_refresh_is_lost_the_server_has_the_last_word(
    chosen: tuple[str, str], platform: Platform, tmp_path: Path
) -> None:
    pkb = client(platform, tmp_path)
    link(pkb)
    read(pkb)
    platform.expire()
    platform.loses_answer = True
    with pytest.raises(digime_sdk.TransportError):
        read(pkb)
    assert status(pkb) == "uncertain"
    if lasts(chosen):
        read(pkb)
        assert status(pkb) == "active"
        return
    with pytest.raises(digime_sdk.LinkExpiredError) as over:
        read(pkb)
    assert over.value.reason == "invalid_grant"
    assert platform.grants.count("refresh_token") == 2
