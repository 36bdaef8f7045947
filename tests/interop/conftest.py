"""What the tests share: the sandbox, patients who are linked there by the SDK, and the gateways before it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import digime_sdk.blocking
import pytest

from gate import LARGEST_BODY, Gate
from gateways import GATEWAYS
from gateways.authority import Certificate, certificate
from gateways.gateway import Gateway, Place, Setting
from sandbox import Sandbox

PATIENTS = ("Bobby Barton", "Morag Specimen", "Robin Voorbeeld")


@dataclass(frozen=True)
class Linked:
    """A patient who is linked. Their name serves as the application's own id of them."""

    name: str
    public_id: str


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    command = [os.environ["DIGIME_SANDBOX_BIN"]]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Sandbox(json.loads(process.stdout.readline()))
        process.terminate()


@pytest.fixture(scope="session")
def pkb(sandbox: Sandbox) -> digime_sdk.blocking.PkbSDK:
    system = sandbox.pkb["system"]
    return digime_sdk.blocking.init_pkb(
        client_id=sandbox.pkb["clientId"],
        redirect_uri=sandbox.pkb["redirectUris"][0],
        environment="sandbox",
        endpoints={"base_url": sandbox.pkb["baseUrl"], "facade": {"token_url": sandbox.pkb["systemTokenUrl"]}},
        system_client={"client_id": system["clientId"], "client_secret": system["clientSecret"]},
    )


@pytest.fixture(scope="session", params=PATIENTS)
def patient(request: pytest.FixtureRequest, sandbox: Sandbox, pkb: digime_sdk.blocking.PkbSDK) -> Linked:
    name: str = request.param
    asked = pkb.get_link_url(app_user_id=name)
    link = pkb.complete_link(app_user_id=name, callback_url=sandbox.approve(asked["url"], name))
    assert link["public_id"] == sandbox.person(name)["publicId"]
    return Linked(name, link["public_id"])


@pytest.fixture(scope="session", autouse=True)
def trusted() -> Iterator[Certificate]:
    """A certificate for the gateways, which every SDK trusts: a process reads but once what it trusts."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        made = certificate(Path(folder))
        patch.setenv("SSL_CERT_FILE", str(made.authority))
        yield made


@pytest.fixture(scope="session", params=GATEWAYS, ids=str)
def gateway(request: pytest.FixtureRequest) -> Gateway:
    chosen: Gateway = request.param
    return chosen


@pytest.fixture(scope="session")
def place(gateway: Gateway, sandbox: Sandbox, trusted: Certificate) -> Iterator[Place]:
    """A gateway that is running, as patient as they are by default."""
    with gateway.running(Setting(sandbox.port, LARGEST_BODY, trusted)) as place:
        yield place


@pytest.fixture(scope="session", params=["HTTP", "TLS"])
def gate(request: pytest.FixtureRequest, place: Place, sandbox: Sandbox) -> Gate:
    """The sandbox through a gateway: over plain HTTP/1.1, or with TLS, and then over HTTP/2 where there is any."""
    return Gate(place.origins[request.param], sandbox)
