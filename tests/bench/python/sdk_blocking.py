"""An application that works with the SDK in plain code, and in threads where several calls are to be made at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import options
from digime_sdk import TypeValidationError, blocking
from measured import Figures, Measurement
from task import MEBIBYTE, SIZE, WORK, Zeros, check

_sdk = blocking.init(**options.CONFIGURATION)


def main() -> None:
    """Do the work that the command line names, after a tenth of it to warm up, and print its figures."""
    if WORK == "large":
        _read("files-1", 1)
    else:
        _do(-(-SIZE // 10))
    measurement = Measurement()
    more = _do(SIZE)
    print(json.dumps({**measurement.figures(SIZE), **more}))


def _do(size: int) -> Figures:
    if WORK == "read":
        _read(f"files-{size}", size)
    elif WORK == "large":
        _read("large", 1)
    elif WORK == "upload":
        _sdk.upload_file_to_storage(**options.upload(Zeros(size)))
    elif WORK == "download":
        return _download(size)
    else:
        calls: dict[str, Callable[[], Any]] = {
            "authorize": lambda: _sdk.get_authorize_url(**options.AUTHORIZE),
            "exchange": lambda: _sdk.exchange_code_for_token(**options.exchange()),
            "push": lambda: _sdk.push_data(**options.push("push.pdf")),
            "push16": lambda: _sdk.push_data(**options.push("push.pdf")),
            "refused": _refused,
        }
        _repeat(size, 16 if WORK == "push16" else 1, calls[WORK])
    return {}


def _repeat(count: int, threads: int, call: Callable[[], Any]) -> None:
    if threads == 1:
        for _ in range(count):
            call()
        return
    with ThreadPoolExecutor(threads) as pool:
        for called in [pool.submit(call) for _ in range(count)]:
            called.result()


def _refused() -> None:
    try:
        _sdk.push_data(**options.push(""))
    except TypeValidationError:
        return
    msg = "the push was not refused"
    raise AssertionError(msg)


def _read(session_key: str, expected: int) -> None:
    events = _sdk.read_all_files(**options.read(session_key))
    check("files", expected, sum(event["type"] == "file_data" for event in events))


def _download(mebibytes: int) -> Figures:
    chunks = size = 0
    with _sdk.download_storage_file(**options.download(mebibytes))["body"] as body:
        for chunk in body:
            chunks += 1
            size += len(chunk)
    check("bytes", mebibytes * MEBIBYTE, size)
    return {"chunkBytes": size / chunks}


if __name__ == "__main__":
    main()
