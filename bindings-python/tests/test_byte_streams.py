"""Files that calls answer with: whole, or as streams that are iterated over, read like files, closed and pushed on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Callable

import digime_sdk
import pytest
from platform_double import LAST_MODIFIED, LONG, METADATA, PATIENCE

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, ReadFileListOptions, UserAccessToken, blocking
    from platform_double import Platform

CONTENT = bytes(range(256)) * 4096

Seal = Callable[[bytes], bytes]
Download = Callable[[str], "blocking.ByteStream"]
AsyncDownload = Callable[[str], "asyncio.Future[digime_sdk.ByteStream]"]


@pytest.fixture
def download(platform: Platform, contract_details: ContractDetails) -> Download:
    """Download the stored file, in plain code, from a platform that treats it like that."""

    def downloaded(behaviour: str) -> blocking.ByteStream:
        sdk = digime_sdk.blocking.init(application_id="app", cloud_base_url=platform.at(behaviour))
        response = sdk.download_storage_file(contract_details=contract_details, storage_id="storage", path="a")
        return response["body"]

    return downloaded


@pytest.fixture
def async_download(platform: Platform, contract_details: ContractDetails) -> AsyncDownload:
    """Download the stored file, in asyncio."""

    async def downloaded(behaviour: str) -> digime_sdk.ByteStream:
        sdk = digime_sdk.init(application_id="app", cloud_base_url=platform.at(behaviour))
        response = await sdk.download_storage_file(contract_details=contract_details, storage_id="storage", path="a")
        return response["body"]

    return lambda behaviour: asyncio.ensure_future(downloaded(behaviour))


def test_a_file_that_is_read_whole_is_bytes(platform: Platform, file_options: ReadFileListOptions, seal: Seal) -> None:
    platform.files["a.json"] = seal(CONTENT)
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("session"))
    assert sdk.read_file(**file_options, file_name="a.json") == {
        "file_data": CONTENT,
        "file_metadata": METADATA,
        "file_name": "a.json",
        "last_modified": LAST_MODIFIED,
        "user_access_token": file_options["user_access_token"],
    }


def test_a_file_of_a_session_is_streamed(platform: Platform, file_options: ReadFileListOptions, seal: Seal) -> None:
    platform.files["a.json"] = seal(CONTENT)
    plain = digime_sdk.blocking.init(application_id="app", base_url=platform.at("session"))
    response = plain.read_file_stream(**file_options, file_name="a.json")
    assert response["body"].read() == CONTENT
    assert response["file_metadata"] == METADATA

    async def main() -> bytes:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("session"))
        return await (await sdk.read_file_stream(**file_options, file_name="a.json"))["body"].read()

    assert asyncio.run(main()) == CONTENT


def test_a_stream_is_iterated_over_in_chunks(platform: Platform, seal: Seal, download: Download) -> None:
    platform.files["stored"] = seal(CONTENT)
    chunks = list(download("storage"))
    assert len(chunks) > 1
    assert b"".join(chunks) == CONTENT


def test_asyncio_iterates_over_a_stream_in_chunks(
    platform: Platform, seal: Seal, async_download: AsyncDownload
) -> None:
    platform.files["stored"] = seal(CONTENT)

    async def main() -> list[bytes]:
        return [chunk async for chunk in await async_download("storage")]

    chunks = asyncio.run(main())
    assert len(chunks) > 1
    assert b"".join(chunks) == CONTENT


def test_a_stream_is_read_like_a_file(platform: Platform, seal: Seal, download: Download) -> None:
    platform.files["stored"] = seal(CONTENT)
    body = download("storage")
    assert body.read(10) + body.read(5) == CONTENT[:15]
    assert next(body) + body.read() == CONTENT[15:]
    assert (body.read(10), body.read()) == (b"", b"")


def test_asyncio_reads_a_stream_like_a_file(platform: Platform, seal: Seal, async_download: AsyncDownload) -> None:
    platform.files["stored"] = seal(CONTENT)

    async def main() -> None:
        body = await async_download("storage")
        assert await body.read(10) + await body.read(5) == CONTENT[:15]
        assert await body.read() == CONTENT[15:]
        assert (await body.read(10), await body.read()) == (b"", b"")

    asyncio.run(main())


def test_leaving_the_block_of_a_stream_ends_the_download(platform: Platform, seal: Seal, download: Download) -> None:
    platform.files["stored"] = seal(bytes(LONG))
    with download("storage") as body:
        next(body)
    assert platform.dropped.wait(PATIENCE)
    with pytest.raises(ValueError, match="closed"):
        body.read()


def test_asyncio_ends_the_download_at_the_end_of_the_block(
    platform: Platform, seal: Seal, async_download: AsyncDownload
) -> None:
    platform.files["stored"] = seal(bytes(LONG))

    async def main() -> None:
        async with await async_download("storage") as body:
            await body.read(1)
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)
        with pytest.raises(ValueError, match="closed"):
            await body.read()

    asyncio.run(main())


def test_a_stream_that_is_let_go_of_ends_the_download(platform: Platform, seal: Seal, download: Download) -> None:
    platform.files["stored"] = seal(bytes(LONG))
    next(download("storage"))
    assert platform.dropped.wait(PATIENCE)


def test_cancelling_who_waits_for_a_chunk_ends_the_download(
    platform: Platform, seal: Seal, async_download: AsyncDownload
) -> None:
    platform.files["stored"] = seal(bytes(LONG))

    async def main() -> None:
        body = await async_download("storage")
        reading = asyncio.ensure_future(body.read())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)
        with pytest.raises(ValueError, match="closed"):
            await body.read()

    asyncio.run(main())


def test_an_error_in_the_midst_reaches_the_reader_and_is_not_taken_for_the_end(
    platform: Platform, seal: Seal, download: Download
) -> None:
    platform.files["stored"] = seal(CONTENT)[:-1]
    body = download("storage")
    with pytest.raises(digime_sdk.FileDecryptionError):
        body.read()
    with pytest.raises(ValueError, match="closed"):
        body.read()


def test_asyncio_raises_an_error_in_the_midst_to_the_reader(
    platform: Platform, seal: Seal, async_download: AsyncDownload
) -> None:
    platform.files["stored"] = seal(CONTENT)[:-1]

    async def main() -> None:
        body = await async_download("storage")
        with pytest.raises(digime_sdk.FileDecryptionError):
            async for _ in body:
                pass
        with pytest.raises(ValueError, match="closed"):
            await body.read()

    asyncio.run(main())


def test_what_is_downloaded_can_be_pushed_on_while_it_is_read(
    platform: Platform,
    contract_details: ContractDetails,
    user_access_token: UserAccessToken,
    seal: Seal,
    download: Download,
    async_download: AsyncDownload,
) -> None:
    platform.files["stored"] = seal(CONTENT)
    descriptor: digime_sdk.FileDescriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}
    plain = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    downloaded = download("storage")
    plain.push_data(
        contract_details=contract_details,
        user_access_token=user_access_token,
        data={"file_data": downloaded, "file_name": "a", "file_descriptor": descriptor},
    )
    assert downloaded.closed

    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
        downloaded = await async_download("storage")
        await sdk.push_data(
            contract_details=contract_details,
            user_access_token=user_access_token,
            data={"file_data": downloaded, "file_name": "a", "file_descriptor": descriptor},
        )
        assert downloaded.closed

    asyncio.run(main())
    assert platform.bodies == [CONTENT] * 2
