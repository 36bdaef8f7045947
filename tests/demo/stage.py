"""Everything running at once: the sandbox and the example apps, on free ports, each app with a folder of its own."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from .places import Places
from .programs import Complaints, DidNotStartError, output_of, running
from .sandbox import Sandbox
from .settings import KINDS, Kind, Settings, new_key, settings_for


@dataclass(frozen=True)
class Program:
    """How an app is run: the commands that serve its pages, do its daily work and watch records, and its settings."""

    name: str
    serve: list[str]
    daily: list[str]
    watch: list[str]
    folder: Path
    settings: Settings
    complaints: Complaints

    @contextmanager
    def running(self, name: str) -> Generator[Callable[[], str]]:
        """Start a process that serves, give what waits for its address, and stop it in the end."""
        variables = self.settings.variables
        with running(name, self.serve, self.complaints, folder=self.folder, environment=variables) as first_line:
            yield lambda: first_line().removeprefix("listening on ")


@dataclass(frozen=True)
class App:
    """A running example app, the folder with all that it knows, and the key of the tokens in there."""

    program: Program
    kind: Kind
    address: str
    data: Path
    encryption_key: str

    @property
    def name(self) -> str:
        """Say what it is called."""
        return self.program.name

    @property
    def secrets(self) -> list[str]:
        """Give what it was told, and must not show."""
        return self.program.settings.secrets

    @contextmanager
    def another(self) -> Generator[str]:
        """Run another process of the app, with the same settings, and give its address."""
        with self.program.running(f"{self.name}, another") as address:
            yield address()

    @contextmanager
    def watching(self) -> Generator[None]:
        """Let its worker watch while inside."""
        program = self.program
        variables, name = program.settings.variables, f"{self.name}, watching"
        command, folder = program.watch, program.folder
        with running(name, command, program.complaints, folder=folder, environment=variables) as first_line:
            first_line()
            yield

    def work_daily(self) -> str:
        """Do what is to be done every day, and give what that printed."""
        return output_of(self.program.daily, self.program.folder, self.program.settings.variables)


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
            command = [str(places.sandbox), "--redirect-uri", "http://127.0.0.1/read-back/return"]
            sandbox = Sandbox.announced(stack.enter_context(running("sandbox", command, complaints))())
            starting: list[tuple[Callable[[], str], App]] = []
            for app in _apps(places, sandbox, Path(folder), complaints):
                app.data.mkdir()
                starting.append((stack.enter_context(app.program.running(app.name)), app))
            # They start beside each other.
            apps = [replace(app, address=address()) for address, app in starting]
        except (OSError, DidNotStartError) as error:
            complaints.show()
            sys.exit(f"The demo cannot begin: {error}")
        yield Stage(sandbox, apps, complaints)


def _apps(places: Places, sandbox: Sandbox, folder: Path, complaints: Complaints) -> Generator[App]:
    for language in ("JavaScript", "Python"):
        for kind in KINDS:
            name = f"{kind} in {language}"
            data, key = folder / name, new_key()
            serve, daily, watch, app_folder = _commands(places, language, kind)
            settings = settings_for(kind, sandbox, data, key)
            yield App(Program(name, serve, daily, watch, app_folder, settings, complaints), kind, "", data, key)


def _commands(places: Places, language: str, kind: Kind) -> tuple[list[str], list[str], list[str], Path]:
    if language == "JavaScript":
        serve, daily, watch = ([places.node, f"src/{name}.js"] for name in ("main", "daily", "watch"))
        return serve, daily, watch, places.node_apps / kind
    package = kind.replace("-", "_")
    modules = (package, f"{package}.daily", f"{package}.watch")
    serve, daily, watch = ([places.python, "-m", module] for module in modules)
    return serve, daily, watch, places.python_apps / kind


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)
