"""A proxy between an SDK and the sandbox: it sees all, and holds the answer of a token endpoint."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Optional
from urllib.parse import urlsplit

from platform_double import PATIENCE

TOKEN_ENDPOINTS = ("/oauth/token", "/apiToken.action")


@dataclass(frozen=True)
class Seen:
    """A request."""

    path: str
    authorization: str

    @property
    def access_token(self) -> str:
        """The user's, of a request of digi.me's that was signed with one."""
        claims = self.authorization.split(".")[1]
        described: dict[str, str] = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return described["access_token"]


class Relay(ThreadingHTTPServer):
    """The proxy, and what went through it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.seen: list[Seen] = []
        self.answered = threading.Event()
        """The platform has answered a request for tokens, and the answer is held here."""
        self._free: Optional[threading.Event] = None
        self._around: Optional[Callable[[Callable[[], None]], None]] = None

    def hold(self) -> None:
        """Hold the next answer of a token endpoint until `let_go`."""
        self.answered.clear()
        self._free = threading.Event()

    def let_go(self) -> None:
        """Let the answer through."""
        if self._free is not None:
            self._free.set()

    def deliver(self, around: Callable[[Callable[[], None]], None]) -> None:
        """Let this deliver the next answer of a token endpoint: it is given what writes it to the socket."""
        self._around = around

    def pass_on(self, write: Callable[[], None]) -> None:
        """Deliver the answer of a token endpoint."""
        around, self._around = self._around, None
        free = self._free
        if around is not None:
            around(write)
            return
        if free is not None:
            self.answered.set()
            assert free.wait(PATIENCE)
        write()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        assert isinstance(self.server, Relay)
        address = urlsplit(self.path)
        self.server.seen.append(Seen(address.path, self.headers.get("authorization", "")))
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        connection = http.client.HTTPConnection(address.netloc)
        target = address.path + (f"?{address.query}" if address.query else "")
        connection.request(self.command, target, body or None, dict(self.headers))
        with connection.getresponse() as answer:
            content = answer.read()
        connection.close()

        def write() -> None:
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        if address.path.endswith(TOKEN_ENDPOINTS):
            self.server.pass_on(write)
        else:
            write()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""
