"""File contents that frameworks and clients give: taken as they are, and refused where they were read before."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import httpx
import pytest
import starlette.datastructures
from digime_sdk import TypeValidationError

if TYPE_CHECKING:
    from platform_double import Platform
    from pushing import Pusher

CONTENT = b"content" * 1000


def pieces() -> Iterator[bytes]:
    yield CONTENT
    yield CONTENT


def begun_generator(_: Path) -> Any:
    generator = pieces()
    assert next(generator) == CONTENT
    return generator


def written_spooled_file(_: Path) -> Any:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - the test closes it
    file.write(CONTENT)
    return file


def read_response(_: Path) -> Any:
    response = httpx.Response(200, content=pieces())
    assert next(response.iter_bytes(5)) == CONTENT[:5]
    return response


def closed_response(_: Path) -> Any:
    response = httpx.Response(200, content=pieces())
    response.close()
    return response


PARTLY: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a generator that was begun": (begun_generator, "was begun"),
    "a spooled file that was just written": (written_spooled_file, r"seek\(0\)"),
    "a response that was read in part": (read_response, "read already"),
    "a response that was closed": (closed_response, "is closed"),
    "an upload that was read": (lambda folder: Upload(written_spooled_file(folder)), r"seek\(0\)"),
}


@pytest.mark.parametrize("kind", PARTLY)
def test_what_was_read_before_is_refused_and_nothing_is_sent(
    pusher: Pusher, platform: Platform, tmp_path: Path, kind: str
) -> None:
    make, reason = PARTLY[kind]
    source = make(tmp_path)
    with pytest.raises(TypeValidationError, match=reason) as caught:
        pusher.push(source)
    assert caught.value.path == "options.data.file_data"
    assert platform.requests == []
    getattr(source, "file", source).close()


Upload = starlette.datastructures.UploadFile


def in_a_folder(folder: Path) -> Path:
    (folder / "a").write_bytes(CONTENT)
    return folder / "a"


def spooled(_: Path) -> Any:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - the test closes it
    file.write(CONTENT)
    file.seek(0)
    return file


KEPT: dict[str, Callable[[Path], Any]] = {
    "the path of a file": in_a_folder,
    "a spooled file": spooled,
    "an upload": lambda folder: Upload(spooled(folder)),
    "a response": lambda _: httpx.Response(200, content=iter([CONTENT])),
    "a response that was read and kept": lambda _: httpx.Response(200, content=CONTENT),
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_frameworks_and_clients_give_can_be_pushed(
    pusher: Pusher, platform: Platform, tmp_path: Path, kind: str
) -> None:
    source = KEPT[kind](tmp_path)
    pusher.push(source)
    assert platform.bodies == [CONTENT]
    if not isinstance(source, Path):
        getattr(source, "file", source).close()


def test_a_response_of_an_asynchronous_client_is_pushed_in_asyncio_alone(pusher: Pusher, platform: Platform) -> None:
    async def late() -> AsyncIterator[bytes]:
        yield CONTENT

    response = httpx.Response(200, content=late())
    if pusher.is_async:
        pusher.push(response)
        assert platform.bodies == [CONTENT]
    else:
        with pytest.raises(TypeError, match=r"options\.data\.file_data: .*asynchronous"):
            pusher.push(response)


def test_a_path_of_no_file_is_the_error_of_opening_it(pusher: Pusher, platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pusher.push(tmp_path / "nothing")
    assert platform.requests == []
