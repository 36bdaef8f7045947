"""The sandbox: what it announces, and who acts there beside the SDK."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from digime_sdk import ContractDetails

_BROWSER = httpx.Client(trust_env=False)


@dataclass(frozen=True)
class Sandbox:
    """The sandbox, as the line announces it that it prints."""

    announced: dict[str, Any]

    @property
    def origin(self) -> str:
        """Where it is."""
        return str(self.announced["origin"])

    @property
    def port(self) -> int:
        """Its port."""
        port = urlsplit(self.origin).port
        assert port
        return port

    @property
    def pkb(self) -> dict[str, Any]:
        """What it announces of Patients Know Best."""
        announced: dict[str, Any] = self.announced["pkb"]
        return announced

    def contract(self, name: str) -> ContractDetails:
        """Give one of digi.me's contracts: `push` or `read`."""
        contract = self.announced["contracts"][name]
        return {"contract_id": contract["contractId"], "private_key": contract["privateKey"]}

    def consent(self, url: str, source: str) -> str:
        """Choose the source of this name where the SDK sends somebody to, and accept; give the code."""
        page = _BROWSER.get(url).text
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', page))
        offered = re.findall(r'name="source" value="(\d+)".*?<b>(.*?)</b>', page, re.DOTALL)
        [chosen] = [value for value, name in offered if name == source]
        answer = _BROWSER.post(url, data=form | {"source": chosen, "decision": "accept"})
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def pushed(self, user_id: str) -> list[dict[str, Any]]:
        """Give what a person has pushed, the oldest first."""
        address = f"{self.origin}/_sandbox/pushed"
        pushed: list[dict[str, Any]] = _BROWSER.get(address, params={"userId": user_id}).json()
        return pushed

    def expire_access_tokens(self) -> None:
        """Let digi.me's access tokens count as expired."""
        _BROWSER.post(f"{self.origin}/_sandbox/expire-access-tokens").raise_for_status()

    def person(self, name: str) -> dict[str, str]:
        """Give what is announced of somebody who can log in."""
        return next(person for person in self.pkb["people"] if person["name"] == name)

    def approve(self, url: str, name: str) -> str:
        """Log in where the SDK sends somebody to, and approve; give the address that they come back to."""
        address = urlsplit(url)
        person = self.person(name)
        form = {key: person[key] for key in ("login", "password")} | {"decision": "approve"}
        answer = _BROWSER.post(address._replace(query="").geturl(), data=dict(parse_qsl(address.query)) | form)
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
        _BROWSER.post(f"{self.origin}/_sandbox/pkb/{name}", json=body).raise_for_status()
