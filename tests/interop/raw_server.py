"""A server that does to each connection what a case of `tests/conformance/transports.json` says, whatever HTTP says."""

from __future__ import annotations

import base64
import re
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import Any

PATIENCE = 5.0
"""Seconds after which a connection is closed over which nothing more comes."""


class RawServer:
    """Plays the steps on every connection, from the beginning."""

    def __init__(self, steps: list[dict[str, Any]]) -> None:  # noqa: D107
        self._steps = steps
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self.asked: list[str] = []
        """The targets of requests."""

    def __enter__(self) -> RawServer:
        """Serve."""
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        for each in (self._listener, *self._connections):
            # Which wakes who waits for it, as closing does not.
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(PATIENCE)
                self._connections.append(connection)
                threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, connection: socket.socket) -> None:
        reading = _Reading(connection, self.asked)
        with suppress(OSError, EOFError), connection:
            for step in self._steps:
                ((does, what),) = step.items()
                if does == "read":
                    reading.read(what)
                elif does == "pause":
                    time.sleep(what / 1000)
                elif does == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                elif does == "hold":
                    while connection.recv(65536):
                        pass
                elif does == "half":
                    connection.shutdown(socket.SHUT_WR)
                elif does == "end":
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
                else:
                    connection.sendall(base64.b64decode(what) if does == "sendBase64" else what.encode("latin-1"))


class _Reading:
    """What comes over a connection."""

    def __init__(self, connection: socket.socket, asked: list[str]) -> None:
        self._connection = connection
        self._asked = asked
        self._read = b""

    def read(self, what: Any) -> None:
        """Read a head alone, so many bytes after it, or a whole request."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        head = head.lower()
        self._asked.append(head.split(b" ")[1].decode())
        if what == "request":
            length = re.search(rb"^content-length: (\d+)", head, re.MULTILINE)
            if re.search(rb"^transfer-encoding: chunked", head, re.MULTILINE):
                while not self._read.endswith(b"0\r\n\r\n"):
                    self._more()
            else:
                self._more_than(int(length[1]) if length else 0)
        elif what != "head":
            self._more_than(what)

    def _more_than(self, count: int) -> None:
        while len(self._read) < count:
            self._more()

    def _more(self) -> None:
        chunk = self._connection.recv(65536)
        if not chunk:
            raise EOFError
        self._read += chunk
