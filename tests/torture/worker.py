"""The worker in Python: keeps calls going on one connection until its standard input ends, as `src/main.rs` in Rust."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import digime_sdk

_TURN = 3
"""Every so many calls of a history one asks for the token."""


class Marks:
    """The last mark, and when there is another, or none will be."""

    def __init__(self) -> None:
        self.last = 0
        self.is_over = False
        self.next = asyncio.Event()

    def set(self, mark: int) -> None:
        """Go on to a mark."""
        self.last = mark
        self._announce()

    def close(self) -> None:
        """Let the callers stop, each after the call that it is at."""
        self.is_over = True
        self._announce()

    def _announce(self) -> None:
        self.next.set()
        self.next = asyncio.Event()


class Passage:
    """What the callers did since it was last told, and the marks that they have passed."""

    def __init__(self, callers: int) -> None:
        self._by_place = [0] * callers
        self._told = 0
        self._calls = 0
        self._longest = 0.0

    def record(self, place: int, mark: int, took: float) -> None:
        """Count a call that has ended."""
        self._calls += 1
        self._longest = max(self._longest, took)
        self._by_place[place] = mark
        passed = min(self._by_place)
        if passed > self._told:
            self._told = passed
            self.tell()

    def tell(self) -> None:
        """Tell, and begin to count anew."""
        _tell({"passed": self._told, "calls": self._calls, "longestMs": round(self._longest * 1000)})
        self._calls = 0
        self._longest = 0.0


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


class History:
    """What the calls came to, in a file of its own. Times are of the clock that all share, and nobody sets."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = Path(path).open("ab", buffering=0)  # noqa: SIM115 - it is open as long as the process lives
        self._calls = 0

    def begin(self, kind: str, app_user_id: str) -> int:
        """Write that a call begins, and give its number."""
        call, self._calls = self._calls, self._calls + 1
        self._write({"call": call, "kind": kind, "of": app_user_id, "began": time.monotonic()})
        return call

    def end(self, call: int, outcome: str | Exception) -> None:
        """Write how it ended, and what was seen."""
        line: dict[str, Any] = {"call": call, "ended": time.monotonic(), "code": None, "saw": None}
        if isinstance(outcome, Exception):
            line |= {"code": getattr(outcome, "code", type(outcome).__name__), "message": str(outcome)}
        else:
            line["saw"] = outcome
        self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(f"{json.dumps(line)}\n".encode())


class Sdk(Protocol):
    """An SDK object, as far as a caller calls it."""

    async def ask(self, app_user_id: str) -> str:
        """Ask the platform, and give by what it can be told whose the answer is."""
        ...

    async def access_token(self, app_user_id: str) -> str:
        """Give the digest of the access token."""
        ...

    async def stored(self, app_user_id: str) -> object:
        """Look at what the store has."""
        ...


class Pkb:
    """That of Patients Know Best."""

    def __init__(self, config: digime_sdk.PkbConfiguration) -> None:
        self._sdk = digime_sdk.init_pkb(config)

    async def ask(self, app_user_id: str) -> str:
        """Give the first name."""
        return (await self._sdk.get_current_user(app_user_id=app_user_id)).get("first_name") or ""

    async def access_token(self, app_user_id: str) -> str:
        """Give the digest of the access token."""
        return _digest((await self._sdk.get_access_token(app_user_id=app_user_id))["access_token"])

    async def stored(self, app_user_id: str) -> object:
        """Give the link."""
        return await self._sdk.get_link(app_user_id=app_user_id)


class DigiMe:
    """That of digi.me."""

    def __init__(self, config: digime_sdk.SdkConfiguration, contract: digime_sdk.ContractDetails) -> None:
        self._sdk = digime_sdk.init(config)
        self._contract = contract

    async def ask(self, app_user_id: str) -> str:
        """Give the reference of the first account."""
        answer = await self._sdk.read_accounts(contract_details=self._contract, app_user_id=app_user_id)
        return answer["accounts"][0].get("reference") or ""

    async def access_token(self, app_user_id: str) -> str:
        """Give the digest of the access token."""
        contract_id = self._contract["contract_id"]
        token = await self._sdk.export_connection(app_user_id=app_user_id, contract_id=contract_id)
        return _digest(token["accessToken"]["value"])

    async def stored(self, app_user_id: str) -> object:
        """Give the connection."""
        return await self._sdk.get_connection(app_user_id=app_user_id, contract_id=self._contract["contract_id"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Party:
    """People of one platform, and the SDK objects by which calls are made for them."""

    sdks: Sequence[Sdk]
    app_user_ids: Sequence[str]

    @classmethod
    def of(cls, settings: dict[str, Any], clients: int) -> Party:
        """Read one: of digi.me where there is a contract, else of Patients Know Best."""
        config, contract = settings["config"], settings["contract"]
        sdks = [Pkb(config) if contract is None else DigiMe(config, contract) for _ in range(clients)]
        return cls(sdks, settings["app_user_ids"])

    def at(self, turn: int) -> tuple[Sdk, str]:
        """Give whose turn it is, and by which object."""
        return self.sdks[turn % len(self.sdks)], self.app_user_ids[turn % len(self.app_user_ids)]


async def _call(sdk: Sdk, app_user_id: str, history: History | None, turn: int) -> None:
    if history is None:
        await sdk.ask(app_user_id)
        return
    kind, call = ("answer", sdk.ask) if turn % _TURN else ("accessToken", sdk.access_token)
    number = history.begin(kind, app_user_id)
    try:
        saw = await call(app_user_id)
    except Exception as error:
        history.end(number, error)
        raise
    history.end(number, saw)


@dataclass(frozen=True)
class Manner:
    """How each caller calls."""

    parties: Sequence[Party]
    """Callers are of one of them, in turns."""
    pause_s: float
    history: History | None


async def _keep_calling(place: int, marks: Marks, passage: Passage, manner: Manner) -> None:
    """Make calls, one after the other; after a failure not before the next mark."""
    round_, party = divmod(place, len(manner.parties))
    sdk, app_user_id = manner.parties[party].at(round_)
    turn = place
    while not marks.is_over:
        mark, next_mark = marks.last, marks.next
        began = time.monotonic()
        failed = False
        try:
            await _call(sdk, app_user_id, manner.history, turn)
        except Exception as error:  # noqa: BLE001 - whatever it is, the harness judges it
            failed = True
            _tell({"failed": getattr(error, "code", type(error).__name__), "message": str(error), "mark": mark})
        turn += 1
        passage.record(place, mark, time.monotonic() - began)
        if failed:
            await next_mark.wait()
        if manner.pause_s:
            await asyncio.sleep(manner.pause_s)


def _fork(manner: Manner, name: str) -> None:
    """Fork in the midst of calls; the child makes one for each person with each of the SDK objects, and ends."""
    if manner.history is None or os.fork():
        return
    status = 1
    try:
        history = History(f"{manner.history.path}.{name}")

        async def call_all() -> None:
            for party in manner.parties:
                for sdk in party.sdks:
                    for turn, app_user_id in enumerate(party.app_user_ids):
                        with contextlib.suppress(digime_sdk.DigiMeSDKError):
                            await _call(sdk, app_user_id, history, turn)

        asyncio.run(call_all())
        status = 0
    finally:
        # Nothing of the parent's is ended by its child.
        os._exit(status)


async def _run(settings: dict[str, Any], parties: Sequence[Party]) -> None:
    marks, passage = Marks(), Passage(settings["calls"])
    history = History(settings["history"]) if settings["history"] else None
    manner = Manner(parties, settings["pause_ms"] / 1000, history)
    callers = [asyncio.create_task(_keep_calling(place, marks, passage, manner)) for place in range(settings["calls"])]
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.startswith("fork "):
            _fork(manner, line.split()[1])
        else:
            marks.set(int(line))
    marks.close()
    await asyncio.gather(*callers)
    passage.tell()


def main() -> int:
    """Do what the first line says; in a forked child of a process that has used the store, if it says so."""
    settings = json.loads(sys.stdin.readline())
    parties = [Party.of(party, settings["clients"]) for party in settings["parties"]]
    if settings["forked"]:
        # As a server does that looks after its store before it forks its workers.
        with contextlib.suppress(digime_sdk.DigiMeSDKError):
            asyncio.run(parties[0].sdks[0].stored(parties[0].app_user_ids[0]))
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asyncio.run(_run(settings, parties))
    return 0


if __name__ == "__main__":
    sys.exit(main())
