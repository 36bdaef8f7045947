"""Patients Know Best on the loopback address, and a patient's browser."""

from __future__ import annotations

import base64
import html
import http.client
import json
import os
import re
import secrets
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Optional
from urllib.parse import urlencode, urljoin, urlsplit

if TYPE_CHECKING:
    from typing_extensions import Self

TOKEN_ROUTE = "POST /apiToken.action"
_CARGO = ["cargo", "run", "--quiet", "--package", "digime-sandbox", "--"]


class PatientsKnowBest:
    """The sandbox, and what its tests hold."""

    def __init__(self) -> None:
        program = os.environ.get("DIGIME_SANDBOX_BIN")
        command = [*([program] if program else _CARGO), "--port", "0"]
        self._process = subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        announced = json.loads(self._process.stdout.readline())["pkb"]
        self._host = urlsplit(announced["baseUrl"]).netloc
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.terminate()

    def configured(self, **more: Any) -> Any:
        """Give a configuration for this PKB. What `more` says goes before what tests hold otherwise."""
        endpoints = {**self.config["endpoints"], **more.pop("endpoints", {})}
        return {**self.config, **more, "endpoints": endpoints}

    def decide(self, url: str, decision: Literal["approve", "deny"] = "approve", person: int = 0) -> str:
        """Go through PKB's page as a person in a browser; give the address that they are sent back to."""
        page = self._ask("GET", url)[2].decode()
        form = {"decision": decision, **{name: self.people[person][name] for name in ("login", "password")}}
        for name, value in re.findall('<input type="hidden" name="(.*?)" value="(.*?)">', page):
            form[name] = html.unescape(value)
        (action,) = re.findall('<form method="post" action="(.*?)"', page)
        _, headers, _ = self._ask("POST", urljoin(url, action), urlencode(form), "application/x-www-form-urlencoded")
        return headers["location"]

    def control(self, path: str, told: Any = None, method: str = "POST") -> Any:
        """Turn one of the sandbox's controls."""
        body = None if told is None else json.dumps(told)
        status, _, answer = self._ask(method, f"/_sandbox/{path}", body, "application/json")
        assert status < 300, answer
        return json.loads(answer) if answer else None

    def delay_tokens(self, milliseconds: int) -> None:
        """Let the next answer of the token endpoint be on its way that long."""
        self.control("faults", {"route": TOKEN_ROUTE, "fault": {"delayAnswerMs": milliseconds}, "count": 1})

    def tally(self) -> dict[str, int]:
        """Tell what PKB has counted."""
        counted: dict[str, int] = self.control("pkb/tally", method="GET")
        return counted

    def refreshed(self, before: dict[str, int]) -> None:
        """Wait until PKB has made a refresh, whose answer may still be on its way."""
        while self.tally()["refreshes"] == before["refreshes"]:
            pass

    def _ask(
        self, method: str, url: str, body: Optional[str] = None, content_type: str = ""
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(self._host)
        headers = {"content-type": content_type} if body else {}
        connection.request(method, url[url.index("/", 8) :] if "://" in url else url, body, headers)
        with connection.getresponse() as answer:
            content = answer.read()
        connection.close()
        return answer.status, answer.headers, content
