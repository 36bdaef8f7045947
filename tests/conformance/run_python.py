"""How a scenario is played with the Python package: its values made and read, its calls made; judging is the replayer's part."""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

LONGEST_CALL_SECONDS = 60
"""A call that never settles must not hide the verdict on the other scenarios."""

READING = "read_all_files"
"""The call that gives an object which, without asyncio, has to be asked for the result."""

CONTEXT_MANAGER_METHODS = {"close", "aclose"}

# Loopback is never reached through the proxy that the environment may name.
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda part: part[1].upper(), name)


class PiecewiseReader:
    """A file-like object that hands out one piece at a time, however much is asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        piece = self._rest or next(self._pieces, b"")
        end = len(piece) if size < 0 else size
        self._rest = piece[end:]
        return piece[:end]


class Blocking:
    """The conventions of `digime_sdk.blocking`: plain calls, callbacks, file objects and iterators."""

    module = "digime_sdk.blocking"

    def call(self, client: Any, method: str, arguments: dict[str, Any]) -> Any:
        result = getattr(client, method)(**arguments)
        return result.result() if method == READING else result

    def callback(self, record: Callable[[Any], None]) -> Callable[[Any], Any]:
        return record

    def stream(self, pieces: Iterator[bytes]) -> Any:
        return PiecewiseReader(pieces)

    def is_stream(self, value: Any) -> bool:
        return isinstance(value, Iterable)

    def whole(self, stream: Iterable[bytes]) -> bytes:
        return b"".join(stream)


class Asyncio:
    """The conventions of `digime_sdk`: coroutines for calls and callbacks, async iterators for files."""

    module = "digime_sdk"

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def call(self, client: Any, method: str, arguments: dict[str, Any]) -> Any:
        async def settled() -> Any:
            return await getattr(client, method)(**arguments)

        return self._within_limit(settled())

    def callback(self, record: Callable[[Any], None]) -> Callable[[Any], Any]:
        async def recorded(argument: Any) -> None:
            record(argument)

        return recorded

    async def stream(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    def is_stream(self, value: Any) -> bool:
        return isinstance(value, AsyncIterable)

    def whole(self, stream: AsyncIterable[bytes]) -> bytes:
        async def joined() -> bytes:
            return b"".join([chunk async for chunk in stream])

        return self._within_limit(joined())

    def _within_limit(self, outcome: Awaitable[T]) -> T:
        return self._loop.run_until_complete(asyncio.wait_for(outcome, LONGEST_CALL_SECONDS))


if TYPE_CHECKING:
    Style = Blocking | Asyncio


class Player:
    """Plays the steps of one run."""

    def __init__(self, sdk: Any, style: Style) -> None:
        self._sdk = sdk
        self._style = style
        self._results: list[Any] = []
        self._events: list[tuple[str, Any]] = []

    def play(self, init: dict[str, Any], steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        only_init = all(step["call"] == "init" for step in steps)
        client = None if only_init else self._init(init)
        return [self._step(client, step["call"], step["args"]) for step in steps]

    def _step(self, client: Any, call: str, args: Any) -> dict[str, Any]:
        self._events = []
        result, outcome = None, {}
        try:
            if call == "init":
                result = {"methods": methods(self._init(args))}
            else:
                result = self._style.call(client, snake(call), self._keywords(args))
            outcome["result"] = self._encode(result)
        except Exception as error:  # noqa: BLE001 - whatever it is, the replayer judges it
            outcome["error"] = self._describe(error)
        self._results.append(result)
        outcome["events"] = [{"callback": name, "argument": self._encode(argument)} for name, argument in self._events]
        return outcome

    def _init(self, args: Any) -> Any:
        return self._sdk.init(**self._keywords(args)) if isinstance(args, dict) else self._sdk.init(args)

    def _keywords(self, args: dict[str, Any]) -> dict[str, Any]:
        return {snake(name): value for name, value in self._decode(args).items()}

    def _decode(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._decode(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        if "$stream" in value:
            return self._style.stream(pieces(base64.b64decode(value["$stream"]), value.get("chunk")))
        if "$prior" in value:
            return self._results[int(value["$prior"])]
        if "$callback" in value:
            events, name = self._events, value["$callback"]
            return self._style.callback(lambda argument: events.append((name, argument)))
        return {name: self._decode(field) for name, field in value.items() if not is_undefined(field)}

    def _encode(self, value: Any) -> Any:
        """Give the value as the replayer compares it, with the key spelling of the scenarios."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$bytes": base64.b64encode(value).decode()}
        if isinstance(value, BaseException):
            return self._describe(value)
        if isinstance(value, dict):
            return {camel(name): self._encode(field) for name, field in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._encode(item) for item in value]
        if not isinstance(value, str) and self._style.is_stream(value):
            return self._encode(self._style.whole(value))
        return value

    def _describe(self, error: BaseException) -> dict[str, Any]:
        response = getattr(error, "response", None)
        described = {
            "class": type(error).__name__,
            "name": str(getattr(error, "name", None)),
            "message": str(error.args[0]) if error.args else str(error),
            "error": self._encode(getattr(error, "error", None)),
            "response": None if response is None else {"statusCode": response.status_code},
            "code": getattr(error, "code", None),
        }
        return {name: field for name, field in described.items() if field is not None}


def is_undefined(field: Any) -> bool:
    return isinstance(field, dict) and "$undefined" in field


def pieces(content: bytes, size: int | None) -> Iterator[bytes]:
    step = size or max(len(content), 1)
    return (content[start : start + step] for start in range(0, len(content), step))


def methods(client: Any) -> list[str]:
    names = (name for name in dir(client) if not name.startswith("_") and name not in CONTEXT_MANAGER_METHODS)
    return sorted(camel(name) for name in names if callable(getattr(client, name)))


def ask(address: str, method: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"content-type": "application/json"}, method=method)
    with HTTP.open(request) as response:
        return json.load(response)


def replay(control: str, scenario: str, sdk: Any, style: Style) -> list[str]:
    try:
        run = ask(f"{control}/scenarios/{urllib.parse.quote(scenario, safe='')}/start", "POST")
        steps = Player(sdk, style).play(run["init"], run["steps"])
        failures: list[str] = ask(f"{control}/runs/{run['run']}/finish", "POST", {"steps": steps})["failures"]
    except Exception as error:  # noqa: BLE001 - every scenario gets a verdict
        return [f"not replayed: {type(error).__name__}: {error}"]
    return failures


def main() -> int:
    styles: dict[str, type[Style]] = {"asyncio": Asyncio, "blocking": Blocking}
    if len(sys.argv) != 2 or sys.argv[1] not in styles:
        print("usage: run_python.py asyncio|blocking", file=sys.stderr)
        return 2
    style = styles[sys.argv[1]]()
    sdk = importlib.import_module(style.module)
    command = [os.environ["DIGIME_CONFORMANCE_BIN"], "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as replayer:
        try:
            assert replayer.stdout is not None
            control = json.loads(replayer.stdout.readline())["control"]
            scenarios = ask(f"{control}/scenarios", "GET")
            failed = 0
            for scenario in scenarios:
                failures = replay(control, scenario, sdk, style)
                if failures:
                    failed += 1
                    print(f"{scenario}: {'; '.join(failures)}")
        finally:
            replayer.terminate()
    print(f"{len(scenarios) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
