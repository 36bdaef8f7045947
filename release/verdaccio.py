"""A registry for npm on the loopback address, empty at first, that asks no other; what is published there is gone with it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LONGEST_START_SECONDS = 120
_CONFIGURATION = """\
storage: {folder}/storage
auth: {{ htpasswd: {{ file: {folder}/htpasswd, max_users: 1 }} }}
uplinks: {{}}
packages: {{ "**": {{ access: $all, publish: $authenticated }} }}
max_body_size: 200mb
log: {{ type: file, path: {folder}/log, level: warn }}
"""


@dataclass(frozen=True)
class Registry:
    """A registry that runs."""

    address: str
    configuration: Path
    """What npm is told of it, with the token of the one user that it has."""

    def publish(self, package: Path) -> str | None:
        """Publish what is in a folder, to this registry and no other; what npm says where it refuses."""
        if urllib.parse.urlsplit(self.address).hostname != "127.0.0.1":
            message = f"{self.address} is not on this machine: nothing is published there"
            raise RuntimeError(message)
        command = ["npm", "publish", f"--registry={self.address}", f"--userconfig={self.configuration}"]
        ended = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
        return None if ended.returncode == 0 else ended.stdout + ended.stderr


@contextmanager
def started(tools: Path, folder: Path, port: int) -> Iterator[Registry]:
    """Start Verdaccio, which is among the tools, with all that is its in a folder."""
    address = f"http://127.0.0.1:{port}/"
    configuration = folder / "verdaccio.yaml"
    configuration.write_text(_CONFIGURATION.format(folder=folder), encoding="utf-8")
    # It needs a later Node than this machine may have.
    program = [tools / "node-24/bin/node", tools / "verdaccio/bin/verdaccio"]
    command = [*map(str, program), f"--config={configuration}", f"--listen=127.0.0.1:{port}"]
    with subprocess.Popen(command, cwd=folder, stdout=sys.stderr) as process:
        try:
            _wait(process, address)
            npmrc = folder / "npmrc"
            npmrc.write_text(f"//127.0.0.1:{port}/:_authToken={_token(address)}\n", encoding="utf-8")
            yield Registry(address, npmrc)
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until it answers: it says nothing on its own."""
    until = time.monotonic() + _LONGEST_START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}-/ping").close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    message = "the registry did not start"
    raise RuntimeError(message)


def _token(address: str) -> str:
    """Register its one user."""
    user = {"name": "release", "password": "of no use elsewhere"}
    request = urllib.request.Request(
        f"{address}-/user/org.couchdb.user:release",
        data=json.dumps(user).encode(),
        headers={"content-type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request) as answer:
        token: str = json.load(answer)["token"]
    return token
