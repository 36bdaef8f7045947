"""Programs that the demo starts: waiting until one says that it is ready, or has ended, and what it complained of."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

READY_SECONDS = 60
STOP_SECONDS = 5


class DidNotStartError(Exception):
    """A program did not say that it is ready."""


class DidNotEndWellError(Exception):
    """A program did not do what it was run for."""


class Complaints:
    """What the programs wrote on their standard error, to be shown if something fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Give the file for one program."""
        return self._folder / f"{name}.stderr"

    def show(self) -> None:
        """Print them."""
        for path in sorted(self._folder.glob("*.stderr")):
            text = path.read_text(errors="replace").strip()
            if text:
                print(f"\n--- what {path.stem} wrote on its standard error ---\n{text}")


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    complaints: Complaints,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Generator[Callable[[], str]]:
    """Start a program, give what waits for the first line that it prints, and stop it in the end."""
    with (
        complaints.path(name).open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as program,
    ):
        try:
            yield partial(_first_line, name, program)
        finally:
            program.terminate()
            try:
                program.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()


def output_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Run a program to its end, which has to be a good one, and give what it printed."""
    ended = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, check=False, capture_output=True, text=True, timeout=60
    )
    if ended.returncode != 0:
        msg = f"it ended with {ended.returncode}: {ended.stderr}"
        raise DidNotEndWellError(msg)
    return ended.stdout


def _first_line(name: str, program: subprocess.Popen[str]) -> str:
    too_slow = threading.Timer(READY_SECONDS, program.kill)
    too_slow.start()
    line = program.stdout.readline() if program.stdout else ""
    too_slow.cancel()
    if not line:
        msg = f"{name} ended, or said nothing for {READY_SECONDS} seconds, instead of starting"
        raise DidNotStartError(msg)
    return line.strip()
