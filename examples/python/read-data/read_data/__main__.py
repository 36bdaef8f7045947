"""Start the app: read the environment, listen, say where, and serve."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from digime_sdk import TypeValidationError

from .app import create_app
from .configuration import read_configuration


def main() -> None:
    """Serve until told to stop."""
    try:
        configuration = read_configuration(os.environ)
    except ValueError as error:
        sys.exit(f"read-data: {error}")
    with socket.create_server(("127.0.0.1", configuration.port)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            app = create_app(configuration, configuration.base_address or address)
        except TypeValidationError as error:
            sys.exit(f"read-data: {error}")
        print(f"listening on {address}", flush=True)  # noqa: T201 - it is what a person starts it for
        # No access log: the address that people come back to carries a code.
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


if __name__ == "__main__":
    main()
