"""The sandbox: starting the program, and turning its controls."""

from __future__ import annotations

import asyncio
import json
import subprocess
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class Sandbox:
    """A running sandbox."""

    def __init__(self, announced: str) -> None:
        self.announced: dict[str, Any] = json.loads(announced)
        self.origin: str = self.announced["origin"]

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.origin).port or 80

    async def control(self, method: str, path: str, told: object = None) -> Any:  # noqa: ANN401 - each control answers its own
        """Turn a control, or look at one."""
        return await asyncio.to_thread(self._ask, method, path, told)

    def _ask(self, method: str, path: str, told: object) -> Any:  # noqa: ANN401
        body = None if told is None else json.dumps(told).encode()
        headers = {"content-type": "application/json"}
        address = f"{self.origin}/_sandbox/{path}"
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - it is the sandbox's
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def sandbox(program: str, *flags: str) -> Generator[Sandbox]:
    """Run a sandbox until the end of the block."""
    with subprocess.Popen([program, *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Sandbox(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()
