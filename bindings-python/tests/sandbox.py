"""The sandbox on the loopback address: how it is started, asked and controlled."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from typing_extensions import Self

_CARGO = ["cargo", "run", "--quiet", "--package", "digime-sandbox", "--"]


class Sandbox:
    """A sandbox of its own."""

    def __init__(self) -> None:
        program = os.environ.get("DIGIME_SANDBOX_BIN")
        command = [*([program] if program else _CARGO), "--port", "0"]
        self._process = subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.announced: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.host = urlsplit(self.announced["origin"]).netloc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.terminate()

    def control(self, path: str, told: Any = None, method: str = "POST") -> Any:
        """Turn one of the sandbox's controls."""
        body = None if told is None else json.dumps(told)
        status, _, answer = self.ask(method, f"/_sandbox/{path}", body, "application/json")
        assert status < 300, answer
        return json.loads(answer) if answer else None

    def delay(self, route: str, milliseconds: int) -> None:
        """Let the next answer of a route be on its way that long, the call being done at once."""
        self.control("faults", {"route": route, "fault": {"delayAnswerMs": milliseconds}, "count": 1})

    def ask(
        self, method: str, url: str, body: Optional[str] = None, content_type: str = ""
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Make a request as anybody."""
        connection = http.client.HTTPConnection(self.host)
        headers = {"content-type": content_type} if body else {}
        connection.request(method, url[url.index("/", 8) :] if "://" in url else url, body, headers)
        with connection.getresponse() as answer:
            content = answer.read()
        connection.close()
        return answer.status, answer.headers, content
