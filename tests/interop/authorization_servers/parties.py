"""Who takes part, as each server is told: the client, and the patient; and how a server says where it is."""

from __future__ import annotations

import json
from wsgiref.simple_server import WSGIRequestHandler

CLIENT_ID = "example-app"
CLIENT_SECRET = "the secret of the example app"
REDIRECT_URI = "http://127.0.0.1/linked"
SCOPE = "PATIENT"
PATIENT = "6f1c2f8a-6c3e-4d0a-9d53-0d4a5c1b7e11"


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def announce(port: int) -> None:
    """Say where the server is, in one line."""
    print(json.dumps({"port": port}), flush=True)
