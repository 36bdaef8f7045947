"""What the tests share: a stand-in for the platform, and options that calls take."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from connecting import Place
from digi_me import DigiMe
from flavours import FLAVOURS
from patients_know_best import PatientsKnowBest
from platform_double import Platform
from pushing import Pusher
from relay import Relay

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, ReadAccountsOptions, ReadFileListOptions, UserAccessToken

KEY = Path(__file__).parents[2] / "tests" / "conformance" / "keys" / "contract.pkcs1.pem"


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.released.set()
        server.shutdown()


@pytest.fixture(scope="module")
def patients_know_best() -> Iterator[PatientsKnowBest]:
    with PatientsKnowBest() as pkb:
        yield pkb


@pytest.fixture(scope="module")
def digi_me() -> Iterator[DigiMe]:
    with DigiMe() as digi_me:
        yield digi_me


@pytest.fixture(params=FLAVOURS)
def in_memory(request: pytest.FixtureRequest, digi_me: DigiMe) -> Place:
    """Connections in memory."""
    return Place(digi_me, FLAVOURS[request.param], "memory")


@pytest.fixture
def relay(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A proxy through which every SDK goes that is made from now on, in child processes too."""
    with Relay() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for platform in {"digi_me", "patients_know_best"} & set(request.fixturenames):
            monkeypatch.setitem(request.getfixturevalue(platform).config, "proxy", server.address)
        yield server
        server.let_go()
        server.shutdown()


@pytest.fixture
def contract_details() -> ContractDetails:
    return {"contract_id": "contract", "private_key": KEY.read_text(encoding="ascii")}


@pytest.fixture
def user_access_token() -> UserAccessToken:
    return {
        "accessToken": {"value": "secret-access", "expiry": 4_102_444_800},
        "refreshToken": {"value": "secret-refresh", "expiry": 4_102_444_800},
        "user": {"id": "user"},
    }


@pytest.fixture
def options(contract_details: ContractDetails, user_access_token: UserAccessToken) -> ReadAccountsOptions:
    return {"contract_details": contract_details, "user_access_token": user_access_token}


@pytest.fixture
def file_options(contract_details: ContractDetails, user_access_token: UserAccessToken) -> ReadFileListOptions:
    return {
        "session_key": "key",
        "contract_id": contract_details["contract_id"],
        "private_key": contract_details["private_key"],
        "user_access_token": user_access_token,
    }


@pytest.fixture(params=["blocking", "asyncio"])
def pusher(
    request: pytest.FixtureRequest,
    contract_details: ContractDetails,
    user_access_token: UserAccessToken,
    platform: Platform,
) -> Pusher:
    return Pusher(request.param, contract_details, user_access_token, platform)


@pytest.fixture
def seal(platform: Platform, contract_details: ContractDetails) -> Callable[[bytes], bytes]:
    """Encrypt as the platform does for a contract, which is as the SDK does for a storage."""
    sdk = digime_sdk.blocking.init(application_id="app", cloud_base_url=platform.at("ok"))

    def sealed(content: bytes) -> bytes:
        sdk.upload_file_to_storage(
            contract_details=contract_details, storage_id="storage", file_name="a", file_data=content
        )
        return platform.bodies.pop()

    return sealed


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    built = os.environ.get("DIGIME_EXAMPLES")
    build = ["cargo", "run", "--quiet", "--package", "digime-sdk", "--example", "describe"]
    command = [str(Path(built) / "describe")] if built else build
    printed = subprocess.run(command, cwd=Path(__file__).parent, check=True, capture_output=True).stdout
    described: dict[str, Any] = json.loads(printed)
    return described
