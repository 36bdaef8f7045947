"""Everything running at once: the sandbox and the example apps, on free ports, each app with a database of its own."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from .places import Places
from .programs import Complaints, DidNotStartError, running
from .sandbox import Sandbox
from .settings import KINDS, Kind, settings_for


@dataclass(frozen=True)
class App:
    """A running example app, and what it was told that it must not show."""

    name: str
    kind: Kind
    address: str
    database: Path
    secrets: list[str]


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
            sandbox = Sandbox.announced(stack.enter_context(running("sandbox", [str(places.sandbox)], complaints))())
            starting: list[tuple[Callable[[], str], App]] = []
            for language, kind, command, app_folder in _programs(places):
                name = f"{kind} in {language}"
                database = Path(folder) / f"{name}.sqlite"
                settings = settings_for(kind, sandbox, database)
                first_line = stack.enter_context(
                    running(name, command, complaints, folder=app_folder, environment=settings.variables)
                )
                starting.append((first_line, App(name, kind, "", database, settings.secrets)))
            # They start beside each other.
            apps = [replace(app, address=first_line().removeprefix("listening on ")) for first_line, app in starting]
        except (OSError, DidNotStartError) as error:
            complaints.show()
            sys.exit(f"The demo cannot begin: {error}")
        yield Stage(sandbox, apps, complaints)


def _programs(places: Places) -> Generator[tuple[str, Kind, list[str], Path]]:
    for kind in KINDS:
        yield "JavaScript", kind, [places.node, "src/main.js"], places.node_apps / kind
    for kind in KINDS:
        yield "Python", kind, [places.python, "-m", kind.replace("-", "_")], places.python_apps / kind


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)
