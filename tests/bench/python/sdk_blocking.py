"""An application that works with the SDK in plain code, and in threads where several calls are to be made at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import options
from digime_sdk import TypeValidationError, blocking
from measured import Figures, Measurement
from task import DOCUMENT, MEBIBYTE, PUSHED, SIZE, WORK, Zeros, check, parameters
from waiting import SESSIONS, WAITING, Waited


def main() -> None:
    """Do the work that the command line names, and print its figures."""
    if WORK == "start":
        # Its time is taken by who has started it.
        blocking.init(**options.CONFIGURATION).get_authorize_url(**options.AUTHORIZE)
        return
    print(json.dumps(_first() if WORK in {"cold", "callback"} else _warm()))


def _first() -> Figures:
    """From before there is a client to the token of a user."""
    measurement = Measurement()
    sdk = blocking.init(**options.CONFIGURATION)
    if WORK == "cold":
        sdk.get_authorize_url(**options.AUTHORIZE)
    sdk.exchange_code_for_token(**options.exchange())
    return measurement.figures(1)


def _warm() -> Figures:
    """After a tenth of it to warm up."""
    sdk = Sdk()
    if WORK == "large":
        sdk.read("files-1", 1)
    elif WORK not in WAITING:
        sdk.do(-(-SIZE // 10))
    measurement = Measurement()
    more = sdk.do(SIZE)
    return {**measurement.figures(SIZE), **more}


class Sdk:
    """The SDK, and what is done with it."""

    def __init__(self) -> None:
        self._sdk = blocking.init(**options.CONFIGURATION)
        self._linked: blocking.PkbSDK | None = None

    def do(self, size: int) -> Figures:
        """Do the work that the command line names, so often or of so much."""
        works: dict[str, Callable[[], Figures | None]] = {
            "read": lambda: self.read(f"files-{size}", size),
            "documents": lambda: self.read(f"documents-{size}", size),
            "large": lambda: self.read("large", 1),
            "upload": lambda: self._upload(size),
            "download": lambda: self._download(size),
            "search": lambda: self._search(size),
            "waiting": self._wait,
            "waiting-fixed": self._wait,
        }
        calls: dict[str, Callable[[], Any]] = {
            "init": lambda: blocking.init(**options.CONFIGURATION),
            "authorize": lambda: self._sdk.get_authorize_url(**options.AUTHORIZE),
            "exchange": lambda: self._sdk.exchange_code_for_token(**options.exchange()),
            "push": lambda: self._sdk.push_data(**options.push(PUSHED)),
            "push16": lambda: self._sdk.push_data(**options.push(PUSHED)),
            "document": lambda: self._sdk.push_data(**options.push(DOCUMENT)),
            "refused": self._refused,
        }
        if WORK in works:
            return works[WORK]() or {}
        _repeat(size, 16 if WORK == "push16" else 1, calls[WORK])
        return {}

    def read(self, session_key: str, expected: int) -> None:
        """Read all files of a session."""
        events = self._sdk.read_all_files(**options.read(session_key))
        check("files", expected, sum(event["type"] == "file_data" for event in events))

    def _refused(self) -> None:
        try:
            self._sdk.push_data(**options.push(PUSHED, ""))
        except TypeValidationError:
            return
        msg = "the push was not refused"
        raise AssertionError(msg)

    def _upload(self, mebibytes: int) -> None:
        self._sdk.upload_file_to_storage(**options.upload(Zeros(mebibytes)))

    def _download(self, mebibytes: int) -> Figures:
        chunks = size = 0
        with self._sdk.download_storage_file(**options.download(mebibytes))["body"] as body:
            for chunk in body:
                chunks += 1
                size += len(chunk)
        check("bytes", mebibytes * MEBIBYTE, size)
        return {"chunkBytes": size / chunks}

    def _search(self, pages: int) -> None:
        if not self._linked:
            self._linked = blocking.init_pkb(**options.PKB_CONFIGURATION)
            self._linked.import_link(**options.LINK)
        found = self._linked.fhir_search(**options.search(parameters(pages)))
        check("pages", pages, sum(bool(page["entry"]) for page in found))

    def _wait(self) -> Figures:
        waited = Waited()

        def read(session: str) -> None:
            for event in self._sdk.read_all_files(**options.read(session)):
                if event["type"] == "file_data":
                    waited.note(session, event["data"]["file_name"])

        with ThreadPoolExecutor(len(SESSIONS)) as pool:
            for awaited in [pool.submit(read, session) for session in SESSIONS]:
                awaited.result()
        return waited.figures()


def _repeat(count: int, threads: int, call: Callable[[], Any]) -> None:
    if threads == 1:
        for _ in range(count):
            call()
        return
    with ThreadPoolExecutor(threads) as pool:
        for called in [pool.submit(call) for _ in range(count)]:
            called.result()


if __name__ == "__main__":
    main()
