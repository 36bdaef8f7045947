"""Everything running at once: the sandbox and the example apps, on free ports, each app with a database of its own."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .places import Places
from .programs import Complaints, DidNotStartError, running
from .sandbox import Sandbox

Kind = Literal["push-data", "read-data"]
"""What an app is an example of: the name of its folder."""

_KINDS: tuple[Kind, ...] = ("push-data", "read-data")


@dataclass(frozen=True)
class App:
    """A running example app."""

    name: str
    kind: Kind
    address: str
    database: Path


@dataclass(frozen=True)
class Stage:
    """What is running."""

    sandbox: Sandbox
    apps: list[App]
    complaints: Complaints


@contextmanager
def set_up(places: Places) -> Generator[Stage]:
    """Start everything; stop it in the end, even if this program is told to stop."""
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        complaints = Complaints(Path(folder))
        try:
            sandbox = Sandbox.announced(stack.enter_context(running("sandbox", [str(places.sandbox)], complaints)))
            apps: list[App] = []
            for language, kind, command, app_folder in _programs(places):
                name = f"{kind} in {language}"
                database = Path(folder) / f"{name}.sqlite"
                environment = _environment(sandbox, kind, database)
                line = stack.enter_context(
                    running(name, command, complaints, folder=app_folder, environment=environment)
                )
                apps.append(App(name, kind, line.removeprefix("listening on "), database))
        except (OSError, DidNotStartError) as error:
            complaints.show()
            sys.exit(f"The demo cannot begin: {error}")
        yield Stage(sandbox, apps, complaints)


def _programs(places: Places) -> Generator[tuple[str, Kind, list[str], Path]]:
    for kind in _KINDS:
        yield "JavaScript", kind, [places.node, "src/main.js"], places.node_apps / kind
    for kind in _KINDS:
        yield "Python", kind, [places.python, "-m", kind.replace("-", "_")], places.python_apps / kind


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _environment(sandbox: Sandbox, kind: Kind, database: Path) -> dict[str, str]:
    contract = sandbox.push if kind == "push-data" else sandbox.read
    return {
        "DIGIME_APPLICATION_ID": sandbox.application_id,
        "DIGIME_CONTRACT_ID": contract.contract_id,
        # As it has to be written where a variable cannot have line breaks.
        "DIGIME_PRIVATE_KEY": contract.private_key.replace("\n", "\\n"),
        "DIGIME_READ_CONTRACT_ID": sandbox.read.contract_id,
        "DIGIME_READ_PRIVATE_KEY": sandbox.read.private_key.replace("\n", "\\n"),
        "DIGIME_BASE_URL": sandbox.base_url,
        "DIGIME_ONBOARD_URL": sandbox.onboard_url,
        "DIGIME_CLOUD_BASE_URL": sandbox.cloud_base_url,
        "DATABASE": str(database),
        "PORT": "0",
    }
