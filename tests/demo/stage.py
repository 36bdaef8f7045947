"""Everything running at once: the sandbox and both example apps, on free ports, each app with a database of its own."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .places import Places
from .programs import Complaints, DidNotStartError, running
from .sandbox import Sandbox


@dataclass(frozen=True)
class App:
    """A running example app."""

    name: str
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
    programs = (
        ("JavaScript", "node", [places.node, "src/main.js"], places.node_app),
        ("Python", "python", [places.python, "-m", "push_data"], places.python_app),
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        complaints = Complaints(Path(folder))
        try:
            sandbox = Sandbox.announced(stack.enter_context(running("sandbox", [str(places.sandbox)], complaints)))
            apps: list[App] = []
            for language, name, command, app_folder in programs:
                database = Path(folder) / f"{name}.sqlite"
                environment = _environment(sandbox, database)
                line = stack.enter_context(
                    running(name, command, complaints, folder=app_folder, environment=environment)
                )
                apps.append(App(f"{language} app", line.removeprefix("listening on "), database))
        except (OSError, DidNotStartError) as error:
            complaints.show()
            sys.exit(f"The demo cannot begin: {error}")
        yield Stage(sandbox, apps, complaints)


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _environment(sandbox: Sandbox, database: Path) -> dict[str, str]:
    return {
        "DIGIME_APPLICATION_ID": sandbox.application_id,
        "DIGIME_CONTRACT_ID": sandbox.contract_id,
        # As it has to be written where a variable cannot have line breaks.
        "DIGIME_PRIVATE_KEY": sandbox.private_key.replace("\n", "\\n"),
        "DIGIME_BASE_URL": sandbox.base_url,
        "DIGIME_ONBOARD_URL": sandbox.onboard_url,
        "DIGIME_CLOUD_BASE_URL": sandbox.cloud_base_url,
        "DATABASE": str(database),
        "PORT": "0",
    }
