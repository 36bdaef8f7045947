"""What the tests share: the sandbox, and patients who are linked there by the SDK."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import digime_sdk.blocking
import httpx
import pytest

PATIENTS = ("Bobby Barton", "Morag Specimen", "Robin Voorbeeld")


@dataclass(frozen=True)
class Sandbox:
    """The sandbox, as the line announces it that it prints."""

    origin: str
    pkb: dict[str, Any]

    def person(self, name: str) -> dict[str, str]:
        """Give what is announced of somebody who can log in."""
        return next(person for person in self.pkb["people"] if person["name"] == name)

    def approve(self, url: str, name: str) -> str:
        """Log in where the SDK sends somebody to, and approve; give the address that they come back to."""
        address = urlsplit(url)
        person = self.person(name)
        form = {key: person[key] for key in ("login", "password")} | {"decision": "approve"}
        answer = httpx.post(
            address._replace(query="").geturl(), data=dict(parse_qsl(address.query)) | form, trust_env=False
        )
        return answer.headers["location"]

    @contextmanager
    def frozen(self, public_id: str) -> Generator[None]:
        """Freeze the access to a patient's record for a while."""
        self._control("freeze", public_id)
        try:
            yield
        finally:
            self._control("unfreeze", public_id)

    def _control(self, name: str, public_id: str) -> None:
        body = {"publicId": public_id}
        httpx.post(f"{self.origin}/_sandbox/pkb/{name}", json=body, trust_env=False).raise_for_status()


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
        announced = json.loads(process.stdout.readline())
        yield Sandbox(announced["origin"], announced["pkb"])
        process.terminate()


@pytest.fixture(scope="session")
def pkb(sandbox: Sandbox) -> digime_sdk.blocking.PkbSDK:
    system = sandbox.pkb["system"]
    return digime_sdk.blocking.init_pkb(
        client_id=sandbox.pkb["clientId"],
        redirect_uri=sandbox.pkb["redirectUris"][0],
        environment="sandbox",
        endpoints={"base_url": sandbox.pkb["baseUrl"], "system_token_url": sandbox.pkb["systemTokenUrl"]},
        system_client={"client_id": system["clientId"], "client_secret": system["clientSecret"]},
    )


@pytest.fixture(scope="session", params=PATIENTS)
def patient(request: pytest.FixtureRequest, sandbox: Sandbox, pkb: digime_sdk.blocking.PkbSDK) -> Linked:
    name: str = request.param
    asked = pkb.get_link_url(app_user_id=name)
    link = pkb.complete_link(app_user_id=name, callback_url=sandbox.approve(asked["url"], name))
    assert link["public_id"] == sandbox.person(name)["publicId"]
    return Linked(name, link["public_id"])
