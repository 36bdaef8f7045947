"""A stand-in for the platform on loopback: how it answers is the first segment of the address that it is asked at."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT = {"id": "19_1", "serviceTypeName": "Huisarts", "somethingNew": {"innerKey": 1}}
PATIENCE = 30
"""Seconds after which a test that waits has failed."""


class Platform(ThreadingHTTPServer):
    """The server, and what it has seen."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.arrived = threading.Event()
        """A request to `/silent/` or `/held/` has come."""
        self.dropped = threading.Event()
        """The client has given such a request up."""
        self.released = threading.Event()
        """Requests to `/held/` are to be answered."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up in the middle of a request are what some tests are about."""

    def at(self, behaviour: str) -> str:
        """Give the `base_url` at which every request is treated like that."""
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, Platform)
        self.platform = self.server

    def do_GET(self) -> None:
        behaviour = self._note()
        if behaviour == "silent":
            self._wait_for_the_end()
        elif behaviour == "held":
            self.platform.arrived.set()
            self.platform.released.wait(PATIENCE)
            self._answer(200, [ACCOUNT])
        elif behaviour == "failing":
            self._answer(500, {"reason": "secret-body"})
        elif behaviour == "recovering":
            self._answer(500 if len(self.platform.requests) == 1 else 200, [ACCOUNT])
        else:
            self._answer(200, [ACCOUNT])

    def do_POST(self) -> None:
        if self._note() == "refusing":
            # Answered before the body is read, which ends the reading of its source.
            self.close_connection = True
            self._answer(400, {"error": {"code": "Refused", "message": "no", "reference": "r-1"}})
        else:
            self.platform.bodies.append(self._body())
            self._answer(200, {})

    def _note(self) -> str:
        self.platform.requests.append(f"{self.command} {self.path}")
        return self.path.split("/")[1]

    def _wait_for_the_end(self) -> None:
        self.platform.arrived.set()
        self.close_connection = True
        try:
            ended = self.connection.recv(1) == b""
        except ConnectionError:
            ended = True
        if ended:
            self.platform.dropped.set()

    def _body(self) -> bytes:
        if self.headers["transfer-encoding"] != "chunked":
            return self.rfile.read(int(self.headers["content-length"]))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""
