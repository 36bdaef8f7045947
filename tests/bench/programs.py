"""Running programs: the server beside all others, and each of the others for the line that it prints."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

PATIENCE_SECONDS = 600

_ENVIRONMENT = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
"""Loopback is never reached through the proxy that the environment may name."""


class ProgramFailedError(Exception):
    """A program ended without the line that it was to print."""


@contextmanager
def serving(command: Sequence[str]) -> Generator[str]:
    """Start the server, give the line that it announces itself with, and stop it in the end."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                raise ProgramFailedError(" ".join(command))
            yield line
        finally:
            server.terminate()


def measured(command: Sequence[str], announced: str, patience_seconds: int = PATIENCE_SECONDS) -> Any:  # noqa: ANN401 - each program prints its own
    """Run a program that is told where the server is, and give what it prints."""
    ran = subprocess.run(
        command,
        input=announced,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=patience_seconds,
        check=False,
    )
    if ran.returncode != 0 or not ran.stdout.strip():
        msg = f"{' '.join(command)}\n{ran.stderr.strip()}"
        raise ProgramFailedError(msg)
    return json.loads(ran.stdout)
