"""A server of HTTP/2 that answers the first request of each connection as a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.events import RequestReceived

from gateways.authority import Certificate

Answer = Callable[[H2Connection, int], None]


class Http2Server:
    """Speaks HTTP/2 over TLS, and nothing else."""

    def __init__(self, certificate: Certificate, answer: Answer) -> None:  # noqa: D107
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.chain, certificate.key)
        self._context.set_alpn_protocols(["h2"])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.base_url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __enter__(self) -> Http2Server:
        """Serve."""
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, plain: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as connection:
            assert connection.selected_alpn_protocol() == "h2"
            speaking = H2Connection(H2Configuration(client_side=False))
            speaking.initiate_connection()
            connection.sendall(speaking.data_to_send())
            while chunk := connection.recv(65536):
                asked = [event for event in speaking.receive_data(chunk) if isinstance(event, RequestReceived)]
                for event in asked:
                    self._answer(speaking, event.stream_id)
                connection.sendall(speaking.data_to_send())
                if asked and speaking.state_machine.state is ConnectionState.CLOSED:
                    return
