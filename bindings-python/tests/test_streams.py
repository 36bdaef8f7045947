"""File contents: each kind of source, who closes it, and what becomes of its failures."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from platform_double import LONG, PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from digime_sdk import ContractDetails, UserAccessToken
    from platform_double import Platform

CONTENT = bytes(range(256)) * 4096
Push = Callable[[str, Any], None]


class OwnError(Exception):
    """What an application's stream raises."""


class Reader:
    """Not a file, but reads like one."""

    def __init__(self) -> None:
        self._file = io.BytesIO(CONTENT)

    def read(self, size: int) -> bytearray:
        return bytearray(self._file.read(size))


class AsyncReader(Reader):
    async def read(self, size: int) -> bytes:  # type: ignore[override] # pyright: ignore
        await asyncio.sleep(0)
        return self._file.read(size)


def pieces(size: int) -> Iterator[bytes]:
    return (CONTENT[start : start + size] for start in range(0, len(CONTENT), size))


async def async_pieces() -> AsyncIterator[bytes]:
    yield b""
    for piece in pieces(100_000):
        yield piece


PLAIN: dict[str, Callable[[], Any]] = {
    "bytes": lambda: CONTENT,
    "bytearray": lambda: bytearray(CONTENT),
    "memoryview": lambda: memoryview(CONTENT)[::1],
    "file": lambda: io.BytesIO(CONTENT),
    "reader": Reader,
    "generator": lambda: pieces(1000),
    "iterator": lambda: iter([CONTENT, b"", bytearray(b"")]),
    "iterable": lambda: dict.fromkeys([CONTENT]).keys(),
}
ASYNCHRONOUS: dict[str, Callable[[], Any]] = {"async reader": AsyncReader, "async generator": async_pieces}


def file(content: Any) -> digime_sdk.PushedFileMeta:
    descriptor: digime_sdk.FileDescriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}
    return {"file_data": content, "file_name": "a.pdf", "file_descriptor": descriptor}


@pytest.fixture(params=["blocking", "asyncio"])
def push(
    request: pytest.FixtureRequest,
    platform: Platform,
    contract_details: ContractDetails,
    user_access_token: UserAccessToken,
) -> Push:
    """Push a file by either SDK to a platform that treats it like that."""

    def blocking(behaviour: str, content: Any) -> None:
        sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at(behaviour))
        sdk.push_data(contract_details=contract_details, user_access_token=user_access_token, data=file(content))

    def waiting(behaviour: str, content: Any) -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at(behaviour))
        data = file(content)
        asyncio.run(sdk.push_data(contract_details=contract_details, user_access_token=user_access_token, data=data))

    return blocking if request.param == "blocking" else waiting


@pytest.mark.parametrize("kind", PLAIN)
def test_each_kind_of_source_arrives_whole(push: Push, platform: Platform, kind: str) -> None:
    push("ok", PLAIN[kind]())
    assert platform.bodies == [CONTENT]


@pytest.mark.parametrize("push", ["asyncio"], indirect=True)
@pytest.mark.parametrize("kind", ASYNCHRONOUS)
def test_asyncio_reads_asynchronous_sources(push: Push, platform: Platform, kind: str) -> None:
    push("ok", ASYNCHRONOUS[kind]())
    assert platform.bodies == [CONTENT]


@pytest.mark.parametrize("push", ["blocking"], indirect=True)
@pytest.mark.parametrize("kind", ASYNCHRONOUS)
def test_plain_code_refuses_asynchronous_sources(push: Push, kind: str) -> None:
    with pytest.raises(TypeError, match=r"options\.data\.file_data.*asynchronous"):
        push("ok", ASYNCHRONOUS[kind]())


def test_a_file_in_text_mode_is_refused_and_left_open(push: Push, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("text", encoding="ascii")
    with text.open(encoding="ascii") as source:
        with pytest.raises(digime_sdk.TypeValidationError, match=r"options\.data\.file_data.*binary mode"):
            push("ok", source)
        assert not source.closed


def test_chunks_that_are_no_bytes_are_refused(push: Push) -> None:
    with pytest.raises(TypeError, match=r"options\.data\.file_data.*got int"):
        push("ok", iter([1, 2]))


def test_what_a_source_raises_reaches_the_caller_itself(push: Push) -> None:
    failure = OwnError()

    def failing() -> Iterator[bytes]:
        yield CONTENT
        raise failure

    with pytest.raises(OwnError) as caught:
        push("ok", failing())
    assert caught.value is failure


@pytest.mark.parametrize("push", ["asyncio"], indirect=True)
def test_what_an_asynchronous_source_raises_reaches_the_caller_itself(push: Push) -> None:
    failure = OwnError()

    async def failing() -> AsyncIterator[bytes]:
        yield CONTENT
        raise failure

    with pytest.raises(OwnError) as caught:
        push("ok", failing())
    assert caught.value is failure


def test_a_generator_is_closed_when_the_call_ends_early(push: Push) -> None:
    ended = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            for _ in range(LONG // len(CONTENT)):
                yield CONTENT
            pytest.fail("it was read to its end")
        finally:
            ended.set()

    with pytest.raises(digime_sdk.DigiMeSDKError):
        push("refusing", endless())
    assert ended.wait(PATIENCE)


@pytest.mark.parametrize("push", ["asyncio"], indirect=True)
def test_an_asynchronous_generator_is_closed_when_the_call_ends_early(push: Push) -> None:
    ended = False

    async def endless() -> AsyncIterator[bytes]:
        nonlocal ended
        try:
            for _ in range(LONG // len(CONTENT)):
                yield CONTENT
            pytest.fail("it was read to its end")
        finally:
            ended = True

    with pytest.raises(digime_sdk.DigiMeSDKError):
        push("refusing", endless())
    assert ended


def test_an_iterator_is_closed_also_when_it_was_never_read(
    contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    class Chunks:
        closed = 0

        def __iter__(self) -> Iterator[bytes]:
            return self

        def __next__(self) -> bytes:
            raise AssertionError

        def close(self) -> None:
            self.closed += 1

    chunks = Chunks()
    details: ContractDetails = {**contract_details, "private_key": "no key"}
    plain = digime_sdk.blocking.init(application_id="app")
    with pytest.raises(digime_sdk.TypeValidationError):
        plain.push_data(contract_details=details, user_access_token=user_access_token, data=file(chunks))
    waiting = digime_sdk.init(application_id="app")
    with pytest.raises(digime_sdk.TypeValidationError):
        asyncio.run(waiting.push_data(contract_details=details, user_access_token=user_access_token, data=file(chunks)))
    assert chunks.closed == 2


def test_a_file_stays_open_when_the_call_ends_early(push: Push) -> None:
    source = io.BytesIO(bytes(LONG))
    with pytest.raises(digime_sdk.DigiMeSDKError):
        push("refusing", source)
    assert not source.closed


def test_reading_does_not_block_the_event_loop(
    platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    loop_ran = threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert loop_ran.wait(PATIENCE)
            return super().read(size)

    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
        pushing = sdk.push_data(
            contract_details=contract_details, user_access_token=user_access_token, data=file(Slow(CONTENT))
        )
        task = asyncio.ensure_future(pushing)
        asyncio.get_running_loop().call_later(0.05, loop_ran.set)
        await task

    asyncio.run(main())
    assert platform.bodies == [CONTENT]


def test_cancelling_does_not_wait_for_a_source_that_is_being_read_and_closes_it_afterwards(
    platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    reading, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        try:
            reading.set()
            assert go_on.wait(PATIENCE)
            yield CONTENT
        finally:
            ended.set()

    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
        pushing = sdk.push_data(
            contract_details=contract_details, user_access_token=user_access_token, data=file(slow())
        )
        task = asyncio.ensure_future(pushing)
        assert await asyncio.to_thread(reading.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not ended.is_set()
        go_on.set()
        assert await asyncio.to_thread(ended.wait, PATIENCE)

    asyncio.run(main())


@pytest.mark.parametrize("limit", ["call", "total"])
def test_a_timeout_strikes_in_asyncio_while_a_source_gives_nothing(
    limit: str, platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    ended: list[str] = []

    async def stalled() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            await asyncio.Event().wait()
        finally:
            ended.append("source")

    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
        timeouts: Any = {limit: 100}
        with pytest.raises(digime_sdk.TimeoutError) as failure:
            await sdk.push_data(
                contract_details=contract_details,
                user_access_token=user_access_token,
                data=file(stalled()),
                timeouts=timeouts,
            )
        assert failure.value.phase == limit

    asyncio.run(main())
    assert ended == ["source"]


def test_a_timeout_strikes_while_a_source_gives_little_by_little_without_end(
    platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    def trickle() -> Iterator[bytes]:
        while True:
            yield b"a"

    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    with pytest.raises(digime_sdk.TimeoutError) as failure:
        sdk.push_data(
            contract_details=contract_details,
            user_access_token=user_access_token,
            data=file(trickle()),
            timeouts={"call": 100},
        )
    assert failure.value.phase == "call"
