"""One process that keeps calls going: how each kind is started, and what it says and is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Union, cast

from digime_sdk import ContractDetails, PkbConfiguration, SdkConfiguration

_HERE = Path(__file__).parent

Configuration = Union[PkbConfiguration, SdkConfiguration]


class Kind(Enum):
    """The languages that there are workers in."""

    RUST = "Rust"
    NODE = "Node"
    PYTHON = "Python"

    def command(self) -> list[str]:
        """Give what starts one."""
        if self is Kind.RUST:
            return [os.environ["DIGIME_TORTURE_BIN"]]
        if self is Kind.NODE:
            return ["node", str(_HERE / "worker.mjs")]
        return [sys.executable, str(_HERE / "worker.py")]

    def spell(self, told: object) -> object:
        """Spell the names of all fields as the language does."""
        if self is Kind.PYTHON:
            return told
        if isinstance(told, list):
            return [self.spell(each) for each in cast("list[object]", told)]
        if not isinstance(told, dict):
            return told
        return {_in_camel_case(name): self.spell(of) for name, of in cast("dict[str, object]", told).items()}


def _in_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return "".join([first, *(word.title() for word in rest)])


@dataclass(frozen=True)
class Party:
    """People of one platform, and how an application of it is configured that acts for them."""

    configuration: Configuration
    app_user_ids: Sequence[str]
    contract: ContractDetails | None = None
    """That of digi.me's under which calls are made; without one the configuration is for Patients Know Best."""


@dataclass(frozen=True)
class Work:
    """What every worker of a round does."""

    parties: Sequence[Party]
    """On whose behalf; each caller's calls are of one of them, in turns."""
    calls: int
    clients: int = 1
    """How many SDK objects share the calls for a party."""
    forked: bool = False
    """For workers in Python alone: the calls are those of a forked child, whose parent has used the store."""
    clock_ahead_ms: int = 0
    """For workers in Rust alone: the others know no clock but the system's."""
    pause_ms: int = 0
    """How long a caller rests after each call."""
    history: Path | None = None
    """The file to which each call is written."""


@dataclass(frozen=True)
class Failure:
    """A call that failed."""

    kind: Kind
    code: str
    message: str
    mark: int
    """The last mark that was set when the call began."""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.code}: {self.message}"


@dataclass
class Ledger:
    """What the workers of a round have said, those that were killed too."""

    calls: int = 0
    longest_ms: int = 0
    failures: list[Failure] = field(default_factory=list[Failure])


class WorkerEndedError(Exception):
    """A worker ended by itself."""


class Worker:
    """A process."""

    def __init__(self, kind: Kind, process: Process, ledger: Ledger) -> None:
        self.kind = kind
        self._process = process
        self._ledger = ledger
        self._passed = 0
        self._frozen: list[tuple[float, float]] = []
        self._news = asyncio.Event()
        self._hearing = asyncio.create_task(self._hear())

    @classmethod
    async def start(
        cls,
        kind: Kind,
        work: Work,
        ledger: Ledger,
        through: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Worker:
        """Start one, by what executes the command after it."""
        process = await asyncio.create_subprocess_exec(
            *through,
            *kind.command(),
            stdin=PIPE,
            stdout=PIPE,
            env=os.environ | dict(environment or {}),
            # So that what it forks is killed and frozen with it.
            start_new_session=True,
        )
        worker = cls(kind, process, ledger)
        told: dict[str, object] = {
            "parties": [
                {"config": each.configuration, "contract": each.contract, "app_user_ids": list(each.app_user_ids)}
                for each in work.parties
            ],
            "calls": work.calls,
            "clients": work.clients,
            "forked": work.forked,
            "clock_ahead_ms": work.clock_ahead_ms,
            "pause_ms": work.pause_ms,
            "history": None if work.history is None else str(work.history),
        }
        worker._tell(json.dumps(kind.spell(told)))
        return worker

    @property
    def has_ended(self) -> bool:
        """Whether it has, or has closed its standard output."""
        return self._hearing.done()

    def fork(self, name: str) -> None:
        """Let it fork as it is; for workers in Python with a history, to which the child's has this name added."""
        self._tell(f"fork {name}")

    def mark(self, mark: int) -> None:
        """Set a mark, greater than those before."""
        self._tell(str(mark))

    async def passed(self, mark: int) -> None:
        """Wait until each of its callers has ended a call that began after the mark."""
        while self._passed < mark:
            if self._hearing.done():
                raise await self._ended()
            await self._news.wait()
            self._news.clear()

    def kill(self) -> None:
        """Kill it, without waiting until it is dead."""
        # One that has ended by itself has a number that may be another process's by now.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it in its tracks."""
        self._frozen.append((time.monotonic(), float("inf")))
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self._process.pid, signal.SIGCONT)
        self._frozen[-1] = (self._frozen[-1][0], time.monotonic())

    def frozen_between(self, begin: float, end: float) -> float:
        """Say for how many seconds between two times it was frozen."""
        return sum(max(0.0, min(end, thawed) - max(begin, frozen)) for frozen, thawed in self._frozen)

    async def dead(self) -> None:
        """Wait until it has ended, all that it said having been heard."""
        await self._hearing
        await self._process.wait()

    async def stop(self) -> None:
        """Let it end by itself, its calls being over."""
        self._stdin.close()
        await self.dead()
        if self._process.returncode:
            raise await self._ended()

    async def _ended(self) -> WorkerEndedError:
        await self.dead()
        return WorkerEndedError(f"the worker in {self.kind.value} ended with {self._process.returncode}")

    def _tell(self, line: str) -> None:
        self._stdin.write(f"{line}\n".encode())

    async def _hear(self) -> None:
        """Hear what it says, to the end; whoever is killed may leave half a line."""
        while (line := await self._stdout.readline()).endswith(b"\n"):
            said = json.loads(line)
            if "failed" in said:
                self._ledger.failures.append(Failure(self.kind, said["failed"], said["message"], said["mark"]))
            else:
                self._passed = said["passed"]
                self._ledger.calls += said["calls"]
                self._ledger.longest_ms = max(self._ledger.longest_ms, said["longestMs"])
                self._news.set()
        self._news.set()

    @property
    def _stdin(self) -> asyncio.StreamWriter:
        if self._process.stdin is None:
            raise _UNPIPED
        return self._process.stdin

    @property
    def _stdout(self) -> asyncio.StreamReader:
        if self._process.stdout is None:
            raise _UNPIPED
        return self._process.stdout


_UNPIPED = WorkerEndedError("a worker was started without pipes")
