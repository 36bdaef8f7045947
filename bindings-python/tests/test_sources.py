"""File contents that cannot be what is meant: refused by the option that they stand at, and nothing is sent."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import TypeValidationError, blocking
from platform_double import LONG, PATIENCE
from pushing import Pusher

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, UserAccessToken
    from platform_double import Platform

CONTENT = b"content" * 1000


def closed_file(folder: Path) -> Any:
    with (folder / "a").open("w+b") as file:
        file.write(CONTENT)
    return file


def text_file(folder: Path) -> Any:
    (folder / "a").write_text("text", encoding="ascii")
    return (folder / "a").open(encoding="ascii")


def written_to_its_end(folder: Path) -> Any:
    file = (folder / "a").open("w+b")
    file.write(CONTENT)
    return file


def written_buffer(_: Path) -> Any:
    buffer = io.BytesIO()
    buffer.write(CONTENT)
    return buffer


def closed_buffer(_: Path) -> Any:
    buffer = io.BytesIO(CONTENT)
    buffer.close()
    return buffer


def written_temporary_file(_: Path) -> Any:
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - the test closes it
    file.write(CONTENT)
    return file


def pieces() -> Iterator[bytes]:
    yield CONTENT
    yield CONTENT


def used_up_generator(_: Path) -> Any:
    generator = pieces()
    assert len(list(generator)) == 2
    return generator


def closed_generator(_: Path) -> Any:
    generator = pieces()
    assert isinstance(generator, Iterator)
    generator.close()  # type: ignore[attr-defined] # pyright: ignore
    return generator


def released_view(_: Path) -> Any:
    view = memoryview(CONTENT)
    view.release()
    return view


KINDS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a file that was closed": (closed_file, "the file is closed"),
    "a buffer that was closed": (closed_buffer, "the file is closed"),
    "a file in text mode": (text_file, "binary mode"),
    "text": (lambda _: io.StringIO("text"), "binary mode"),
    "a file open for writing": (lambda folder: (folder / "a").open("wb"), "cannot be read"),
    "a file that was just written": (written_to_its_end, r"seek\(0\)"),
    "a buffer that was just written": (written_buffer, r"seek\(0\)"),
    "a temporary file that was just written": (written_temporary_file, r"seek\(0\)"),
    "a generator that was used up": (used_up_generator, "read to its end"),
    "a generator that was closed": (closed_generator, "read to its end"),
    "a memoryview that was released": (released_view, "was released"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_no_content_to_give_is_refused_and_nothing_is_sent(
    pusher: Pusher, platform: Platform, tmp_path: Path, kind: str
) -> None:
    make, reason = KINDS[kind]
    source = make(tmp_path)
    with pytest.raises(TypeValidationError, match=reason) as caught:
        pusher.push(source)
    assert caught.value.path == "options.data.file_data"
    assert platform.requests == []
    if hasattr(source, "close"):
        source.close()


def test_an_option_is_named_as_the_caller_spells_it(
    pusher: Pusher, contract_details: ContractDetails, user_access_token: UserAccessToken, platform: Platform
) -> None:
    plain = blocking.init(application_id="app", base_url=platform.at("ok"))
    data = pusher.options(b"")["data"]
    camel: Any = {**data, "fileData": io.StringIO("text")}
    del camel["file_data"]
    with pytest.raises(TypeValidationError) as caught:
        plain.push_data(contract_details=contract_details, user_access_token=user_access_token, data=camel)
    assert caught.value.path == "options.data.fileData"


def test_a_generator_that_runs_is_refused(pusher: Pusher, platform: Platform) -> None:
    def pushes_itself() -> Iterator[bytes]:
        with pytest.raises(TypeValidationError, match="being read at the moment") as caught:
            pusher.push(generator)
        assert caught.value.path == "options.data.file_data"
        yield b""

    generator = pushes_itself()
    assert next(generator) == b""
    assert platform.requests == []


async def later() -> AsyncIterator[bytes]:
    yield CONTENT


@pytest.mark.parametrize("pusher", ["asyncio"], indirect=True)
def test_an_asynchronous_generator_that_has_ended_is_refused(pusher: Pusher, platform: Platform) -> None:
    async def main() -> None:
        generator = later()
        assert [chunk async for chunk in generator] == [CONTENT]
        with pytest.raises(TypeValidationError, match="read to its end") as caught:
            await pusher.pushed(generator)
        assert caught.value.path == "options.data.file_data"

    asyncio.run(main())
    assert platform.requests == []


@pytest.mark.parametrize("kind", ["list", "map", "generator that was begun"])
def test_an_iterator_that_has_nothing_left_is_not_taken_for_an_empty_file(
    pusher: Pusher, platform: Platform, kind: str
) -> None:
    begun = (chunk for chunk in [CONTENT])
    next(begun)
    iterator = {"list": iter(()), "map": map(bytes, []), "generator that was begun": begun}[kind]
    with pytest.raises(TypeValidationError, match="used up") as caught:
        pusher.push(iterator)
    assert caught.value.path == "options.data.file_data"
    assert platform.bodies == []


EMPTY: dict[str, Callable[[], Any]] = {
    "bytes": lambda: b"",
    "a file": io.BytesIO,
    "an iterator with an empty chunk": lambda: iter([b""]),
    "a new generator": lambda: (CONTENT for _ in range(0)),
    "a collection": lambda: dict[bytes, int]().keys(),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_file_can_be_pushed(pusher: Pusher, platform: Platform, kind: str) -> None:
    pusher.push(EMPTY[kind]())
    assert platform.bodies == [b""]


@pytest.mark.parametrize("kind", ["file", "buffer", "pipe"])
def test_a_file_is_read_from_where_it_stands(pusher: Pusher, platform: Platform, tmp_path: Path, kind: str) -> None:
    if kind == "pipe":
        end, other_end = os.pipe()
        os.write(other_end, CONTENT)
        os.close(other_end)
        source: Any = os.fdopen(end, "rb")
    else:
        (tmp_path / "a").write_bytes(CONTENT)
        source = (tmp_path / "a").open("rb") if kind == "file" else io.BytesIO(CONTENT)
    with source:
        assert source.read(7) == b"content"
        pusher.push(source)
        assert platform.bodies == [CONTENT[7:]]


class Held(io.BytesIO):
    """Waits in the midst of being read."""

    def __init__(self) -> None:
        super().__init__(CONTENT)
        self.reading, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.reading.set()
        assert self.go_on.wait(PATIENCE)
        return super().read(size)


def chunks_of(file: Held) -> Iterator[bytes]:
    yield file.read()


@pytest.mark.parametrize("source", [lambda file: file, lambda file: map(bytes, chunks_of(file))], ids=["file", "map"])
def test_one_call_reads_a_source_at_a_time_and_then_another_may(
    pusher: Pusher, platform: Platform, source: Callable[[Held], Any]
) -> None:
    held = Held()
    given = source(held)
    first = threading.Thread(target=pusher.push, args=(given,))
    first.start()
    assert held.reading.wait(PATIENCE)
    with pytest.raises(TypeValidationError, match="another call is reading it") as caught:
        pusher.push(given)
    assert caught.value.path == "options.data.file_data"
    held.go_on.set()
    first.join(PATIENCE)
    # Whose turn it was not has neither read nor closed it.
    assert platform.bodies == [CONTENT]
    held.seek(0)
    pusher.push(held)
    assert platform.bodies == [CONTENT, CONTENT]


def test_bytes_may_be_pushed_by_several_calls(pusher: Pusher, platform: Platform) -> None:
    threads = [threading.Thread(target=pusher.push, args=(CONTENT,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert platform.bodies == [CONTENT] * 4


@pytest.mark.parametrize("view", [bytearray, memoryview], ids=["bytearray", "memoryview"])
def test_what_changes_after_the_call_was_made_changes_nothing(
    platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken, view: Any
) -> None:
    large = bytes(range(256)) * (LONG // 256)
    changing = bytearray(large)
    given = changing if view is bytearray else memoryview(changing)
    sdk = blocking.init(application_id="app", base_url=platform.at("held"))
    descriptor: digime_sdk.FileDescriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}
    data: digime_sdk.PushedFileMeta = {"file_data": given, "file_name": "a.pdf", "file_descriptor": descriptor}
    pushing = threading.Thread(
        target=lambda: sdk.push_data(contract_details=contract_details, user_access_token=user_access_token, data=data)
    )
    pushing.start()
    assert platform.arrived.wait(PATIENCE)
    # The server has not read the body yet, which no buffer on the way to it holds.
    changing[:] = bytes(len(changing))
    platform.released.set()
    pushing.join(PATIENCE)
    assert platform.bodies == [large]


@pytest.mark.parametrize(("end", "reason"), [("read", "to its end"), ("close", "is closed")])
def test_a_download_that_was_read_to_its_end_or_closed_is_not_pushed_on(
    pusher: Pusher,
    platform: Platform,
    contract_details: ContractDetails,
    seal: Callable[[bytes], bytes],
    end: str,
    reason: str,
) -> None:
    platform.files["stored"] = seal(CONTENT)
    cloud = platform.at("storage")

    def plainly() -> None:
        sdk = blocking.init(application_id="app", cloud_base_url=cloud)
        asked = sdk.download_storage_file(contract_details=contract_details, storage_id="storage", path="a")
        getattr(asked["body"], end)()
        pusher.push(asked["body"])

    async def waiting() -> None:
        sdk = digime_sdk.init(application_id="app", cloud_base_url=cloud)
        asked = await sdk.download_storage_file(contract_details=contract_details, storage_id="storage", path="a")
        await getattr(asked["body"], "aclose" if end == "close" else end)()
        await pusher.pushed(asked["body"])

    with pytest.raises(TypeValidationError, match=reason):
        asyncio.run(waiting()) if pusher.is_async else plainly()
    assert platform.bodies == []
