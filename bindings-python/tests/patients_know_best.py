"""Patients Know Best on the loopback address, and a patient's browser."""

from __future__ import annotations

import base64
import html
import re
import secrets
from typing import Any, Literal
from urllib.parse import urlencode, urljoin

from sandbox import Sandbox

TOKEN_ROUTE = "POST /apiToken.action"


class PatientsKnowBest(Sandbox):
    """The sandbox as PKB, and what its tests hold."""

    def __init__(self) -> None:
        super().__init__()
        announced = self.announced["pkb"]
        self.system: dict[str, str] = announced["system"]
        self.system_token_url: str = announced["systemTokenUrl"]
        self.people: list[dict[str, str]] = announced["people"]
        self.config: dict[str, Any] = {
            "client_id": announced["clientId"],
            "redirect_uri": "http://127.0.0.1/return",
            "environment": "sandbox",
            "encryption_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "endpoints": {"base_url": announced["baseUrl"]},
            "retry_options": {"limit": 0},
        }

    def configured(self, **more: Any) -> Any:
        """Give a configuration for this PKB. What `more` says goes before what tests hold otherwise."""
        endpoints = {**self.config["endpoints"], **more.pop("endpoints", {})}
        return {**self.config, **more, "endpoints": endpoints}

    def decide(self, url: str, decision: Literal["approve", "deny"] = "approve", person: int = 0) -> str:
        """Go through PKB's page as a person in a browser; give the address that they are sent back to."""
        page = self.ask("GET", url)[2].decode()
        form = {"decision": decision, **{name: self.people[person][name] for name in ("login", "password")}}
        for name, value in re.findall('<input type="hidden" name="(.*?)" value="(.*?)">', page):
            form[name] = html.unescape(value)
        (action,) = re.findall('<form method="post" action="(.*?)"', page)
        _, headers, _ = self.ask("POST", urljoin(url, action), urlencode(form), "application/x-www-form-urlencoded")
        return headers["location"]

    def delay_tokens(self, milliseconds: int) -> None:
        """Let the next answer of the token endpoint be on its way that long."""
        self.delay(TOKEN_ROUTE, milliseconds)

    def tally(self) -> dict[str, int]:
        """Tell what PKB has counted."""
        counted: dict[str, int] = self.control("pkb/tally", method="GET")
        return counted

    def refreshed(self, before: dict[str, int]) -> None:
        """Wait until PKB has made a refresh, whose answer may still be on its way."""
        while self.tally()["refreshes"] == before["refreshes"]:
            pass
