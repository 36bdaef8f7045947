"""A stand-in for the platform on loopback: how it answers is the first segment of the address that it is asked at."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional

METADATA = {"mimetype": "application/json", "somethingNew": 1}
LAST_MODIFIED = "Wed, 21 Oct 2026 07:28:00 GMT"
ACCOUNT = {"id": "19_1", "serviceTypeName": "Huisarts", "somethingNew": {"innerKey": 1}}
LONG = 64 * 1024 * 1024
"""More bytes than the buffers between the SDK and a server can hold."""
PATIENCE = 30
"""Seconds after which a test that waits has failed."""


class Platform(ThreadingHTTPServer):
    """The server, and what it has seen."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.heads: list[dict[str, str]] = []
        """The headers of requests, by their names in lower case."""
        self.lists: list[dict[str, Any]] = []
        """What `/session/` says of its files: one answer after another, and the last of them again and again."""
        self.files: dict[str, bytes] = {}
        """The encrypted files of `/session/`. There are also `silent`, for which it answers nothing, and `failing`."""
        self.arrived = threading.Event()
        """A request to `/silent/` or `/held/`, or for a silent file, has come."""
        self.dropped = threading.Event()
        """The client has given such a request up, or a file that it was being sent."""
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
        elif behaviour == "closing":
            self.close_connection = True
        elif behaviour == "held":
            self.platform.arrived.set()
            self.platform.released.wait(PATIENCE)
            self._answer(200, [ACCOUNT])
        elif behaviour == "failing":
            self._answer(500, ["secret-body"])
        elif behaviour == "referring":
            self._answer(200, [ACCOUNT], {"x-error-reference": "a-reference", "set-cookie": "session=secret"})
        elif behaviour == "busy":
            self._answer(503, [], {"retry-after": "86400"})
        elif behaviour == "recovering":
            self._answer(500 if len(self.platform.requests) == 1 else 200, [ACCOUNT])
        elif behaviour == "session":
            self._read_session(*self.path.split("/permission-access/query/key")[1].split("/")[1:])
        elif behaviour == "storage":
            self._send_file(self.platform.files["stored"])
        else:
            self._answer(200, [ACCOUNT])

    def do_POST(self) -> None:
        behaviour = self._note()
        if behaviour == "refusing":
            if self.headers["transfer-encoding"] == "chunked":
                self.rfile.readline()  # so that the reading of its source has begun
            # Answered before the rest of the body is read, which ends that.
            self.close_connection = True
            self._answer(400, {"error": {"code": "Refused", "message": "no", "reference": "r-1"}})
            return
        if behaviour == "held":
            self.platform.arrived.set()
            self.platform.released.wait(PATIENCE)
        if behaviour == "closing":
            self._body()
            self.close_connection = True
        else:
            self.platform.bodies.append(self._body())
            self._answer(200, {})

    def _note(self) -> str:
        self.platform.requests.append(f"{self.command} {self.path}")
        self.platform.heads.append({name.lower(): value for name, value in self.headers.items()})
        return self.path.split("/")[1]

    def _read_session(self, name: str = "") -> None:
        lists = self.platform.lists
        if not name:
            self._answer(200, lists.pop(0) if len(lists) > 1 else lists[0])
        elif name == "silent":
            self._wait_for_the_end()
        elif name == "failing":
            self._answer(500, {})
        elif name in self.platform.files:
            self._send_file(self.platform.files[name])
        else:
            self._answer(404, {"error": {"code": "FileNotFound", "message": "gone", "reference": "r-2"}})

    def _send_file(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/octet-stream")
        self.send_header("content-length", str(len(content)))
        self.send_header("last-modified", LAST_MODIFIED)
        described = json.dumps({"metadata": METADATA}).encode()
        self.send_header("x-metadata", base64.urlsafe_b64encode(described).decode())
        self.end_headers()
        try:
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True
            self.platform.dropped.set()

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

    def _answer(self, status: int, content: Any, headers: Optional[dict[str, str]] = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""
