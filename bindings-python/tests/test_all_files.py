"""Reading all files of a session: told to callbacks, or as events that are iterated over."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import blocking
from platform_double import METADATA, PATIENCE

if TYPE_CHECKING:
    from digime_sdk import FileDataEvent, FileErrorEvent, ReadFileListOptions
    from platform_double import Platform

FILES = {"a.json": b"[1]", "b.json": b"[2]"}
STATUS = {"state": "completed", "details": {"19_1": {"state": "completed"}}}

Inits = Callable[..., Any]


class OwnError(Exception):
    """What an application's callback raises."""


def listed(state: str, *names: str) -> dict[str, Any]:
    return {"status": {**STATUS, "state": state}, "fileList": [{"name": name, "updatedDate": 1} for name in names]}


@pytest.fixture
def session(platform: Platform, seal: Callable[[bytes], bytes]) -> str:
    """A session whose files become ready one after another; give its address."""
    platform.files.update({name: seal(content) for name, content in FILES.items()})
    platform.lists = [
        listed("pending"),
        listed("running", "a.json"),
        listed("completed", "a.json", "b.json", "missing.json"),
    ]
    return platform.at("session")


@pytest.fixture
def plain(session: str) -> blocking.DigiMeSDK:
    return digime_sdk.blocking.init(application_id="app", base_url=session)


@pytest.fixture
def waiting(session: str) -> digime_sdk.DigiMeSDK:
    return digime_sdk.init(application_id="app", base_url=session)


def test_callbacks_are_told_what_happens(plain: blocking.DigiMeSDK, file_options: ReadFileListOptions) -> None:
    files: list[FileDataEvent] = []
    failures: list[FileErrorEvent] = []
    states: list[str] = []
    reading = plain.read_all_files(
        **file_options,
        polling_interval=1,
        on_file_data=files.append,
        on_file_error=failures.append,
        on_status_change=states.append,
    )
    assert reading.result() == STATUS
    assert sorted((file["file_name"], file["file_data"]) for file in files) == sorted(FILES.items())
    assert all(file["file_metadata"] == METADATA for file in files)
    assert [failure["file_name"] for failure in failures] == ["missing.json"]
    assert isinstance(failures[0]["error"], digime_sdk.ServerError)
    assert failures[0]["error"].error["code"] == "FileNotFound"
    assert states == ["running", "completed"]
    assert [file["name"] for file in reading.response["file_list"]] == ["a.json", "b.json", "missing.json"]
    assert reading.response["user_access_token"] == file_options["user_access_token"]
    assert reading.result() is reading.response["status"]


def test_asyncio_awaits_callbacks_and_the_status(
    waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions
) -> None:
    files: list[FileDataEvent] = []

    async def keep(file: FileDataEvent) -> None:
        await asyncio.sleep(0)
        files.append(file)

    async def main() -> None:
        reading = waiting.read_all_files(**file_options, polling_interval=1, on_file_data=keep)
        assert await reading == STATUS
        assert await reading is reading.response["status"]

    asyncio.run(main())
    assert {file["file_name"]: file["file_data"] for file in files} == FILES


def test_events_are_iterated_over(plain: blocking.DigiMeSDK, file_options: ReadFileListOptions) -> None:
    reading = plain.read_all_files(**file_options, polling_interval=1, concurrency=1)
    happened: list[tuple[str, object]] = []
    for event in reading:
        if event["type"] == "file_data":
            happened.append((event["data"]["file_name"], event["data"]["file_data"]))
        elif event["type"] == "file_error":
            assert isinstance(event["data"]["error"], digime_sdk.ServerError)
            happened.append((event["data"]["file_name"], event["data"]["error"].error["code"]))
        elif event["type"] == "status_change":
            happened.append(("status", event["data"]))
        elif event["type"] == "progress":
            happened.append(("progress", event["data"]["files_done"]))
    assert [each for each in happened if each[0] == "status"] == [
        ("status", "running"),
        ("status", "completed"),
    ]
    assert [each for each in happened if each[0] != "status"] == [
        ("a.json", b"[1]"),
        ("progress", 1),
        ("b.json", b"[2]"),
        ("progress", 2),
        ("missing.json", "FileNotFound"),
        ("progress", 3),
    ]
    assert reading.response["status"] == STATUS


def test_asyncio_iterates_over_events(waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions) -> None:
    async def main() -> None:
        reading = waiting.read_all_files(**file_options, polling_interval=1)
        files = {
            event["data"]["file_name"]: event["data"]["file_data"]
            async for event in reading
            if event["type"] == "file_data"
        }
        assert files == FILES
        assert reading.response["status"] == STATUS

    asyncio.run(main())


def test_what_a_callback_is_told_is_no_event(plain: blocking.DigiMeSDK, file_options: ReadFileListOptions) -> None:
    states: list[str] = []
    reading = plain.read_all_files(  # type: ignore[call-overload]
        **file_options,
        polling_interval=1,
        on_status_change=states.append,
        onProgress=lambda _: None,  # pyright: ignore[reportCallIssue]
        on_file_error=None,
    )
    assert {event["type"] for event in reading} == {"file_data", "file_error"}
    assert states == ["running", "completed"]


@pytest.mark.parametrize("init", [digime_sdk.init, digime_sdk.blocking.init], ids=["asyncio", "blocking"])
def test_wrong_options_are_refused_at_once(init: Inits, file_options: ReadFileListOptions) -> None:
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        init(application_id="app").read_all_files(**file_options, concurrency="2")
    assert caught.value.path == "options.concurrency"


def test_the_first_that_a_callback_raises_is_raised_when_all_is_read(
    plain: blocking.DigiMeSDK, waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    raised: list[OwnError] = []

    def failing(_: object) -> None:
        raised.append(OwnError())
        raise raised[-1]

    platform.lists = [listed("completed", *FILES)]
    with pytest.raises(OwnError) as caught:
        plain.read_all_files(**file_options, on_file_data=failing).result()
    assert len(raised) == len(FILES)
    assert caught.value is raised[0]

    async def main() -> None:
        await waiting.read_all_files(**file_options, on_file_data=failing)

    raised.clear()
    with pytest.raises(OwnError) as caught:
        asyncio.run(main())
    assert len(raised) == len(FILES)
    assert caught.value is raised[0]


def test_a_file_that_fails_by_a_function_of_the_configuration_is_an_event_like_others(
    session: str, file_options: ReadFileListOptions, platform: Platform
) -> None:
    def delay(_: object) -> float:
        raise OwnError

    platform.lists = [listed("completed", "failing", "a.json")]
    sdk = digime_sdk.blocking.init(application_id="app", base_url=session, retry_options={"calculate_delay": delay})
    failures: list[FileErrorEvent] = []
    assert sdk.read_all_files(**file_options, on_file_error=failures.append).result() == STATUS
    assert [failure["file_name"] for failure in failures] == ["failing"]
    assert "config.retry_options.calculate_delay" in str(failures[0]["error"])


def test_leaving_the_loop_ends_the_reading(
    plain: blocking.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    platform.lists = [listed("completed", "silent", "a.json")]
    reading = plain.read_all_files(**file_options)
    for event in reading:
        if event["type"] == "file_data":
            assert platform.arrived.wait(PATIENCE)
            break
    assert platform.dropped.wait(PATIENCE)
    with pytest.raises(RuntimeError, match="not come to its end"):
        assert reading.response


def test_asyncio_ends_the_reading_when_the_loop_is_left(
    waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    platform.lists = [listed("completed", "silent", "a.json")]

    async def main() -> None:
        reading = waiting.read_all_files(**file_options)
        async for event in reading:
            if event["type"] == "file_data":
                assert await asyncio.to_thread(platform.arrived.wait, PATIENCE)
                break
        assert platform.dropped.wait(PATIENCE)  # without any help of the event loop
        with pytest.raises(RuntimeError, match="not come to its end"):
            assert reading.response

    asyncio.run(main())


def test_cancelling_ends_the_reading(
    waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    platform.lists = [listed("completed", "silent")]

    async def main() -> None:
        task = asyncio.ensure_future(waiting.read_all_files(**file_options))
        assert await asyncio.to_thread(platform.arrived.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)

    asyncio.run(main())


def test_cancelling_cancels_a_callback_that_waits(
    waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    platform.lists = [listed("completed", "a.json")]

    async def main() -> None:
        told = asyncio.Event()

        async def keep(_: FileDataEvent) -> None:
            told.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(waiting.read_all_files(**file_options, on_file_data=keep))
        await told.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)

    asyncio.run(main())


def test_polling_that_is_stopped_ends_with_the_last_status(
    plain: blocking.DigiMeSDK, waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions, platform: Platform
) -> None:
    platform.lists = [listed("running", "a.json")]
    reading = plain.read_all_files(**file_options)
    for event in reading:
        if event["type"] == "progress":
            reading.stop_polling()
    assert reading.response["status"]["state"] == "running"

    other = plain.read_all_files(**file_options, on_progress=lambda _: stopper.start())
    stopper: threading.Thread = threading.Thread(target=other.stop_polling)
    assert other.result()["state"] == "running"
    stopper.join(PATIENCE)

    async def main() -> str:
        reading: digime_sdk.AllFilesReading
        reading = waiting.read_all_files(**file_options, on_progress=lambda _: reading.stop_polling())
        return (await reading)["state"]

    assert asyncio.run(main()) == "running"


def test_a_reading_is_gone_through_once(
    plain: blocking.DigiMeSDK, waiting: digime_sdk.DigiMeSDK, file_options: ReadFileListOptions
) -> None:
    reading = plain.read_all_files(**file_options, polling_interval=1)
    assert list(reading)
    with pytest.raises(RuntimeError, match="only once"):
        list(reading)

    async def main() -> None:
        reading = waiting.read_all_files(**file_options)
        await reading
        with pytest.raises(RuntimeError, match="only once"):
            reading.__aiter__()

    asyncio.run(main())


LARGE = bytes(range(256)) * 16384


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_the_content_of_large_files_is_whole(
    flavour: str,
    platform: Platform,
    session: str,
    seal: Callable[[bytes], bytes],
    file_options: ReadFileListOptions,
) -> None:
    contents = {"large.json": LARGE, "larger.json": LARGE[::-1] + LARGE}
    platform.files.update({name: seal(content) for name, content in contents.items()})
    platform.lists = [listed("completed", *contents)]
    files: list[FileDataEvent] = []

    async def main() -> None:
        sdk = digime_sdk.init(application_id="app", base_url=session)
        await sdk.read_all_files(**file_options, on_file_data=files.append)

    if flavour == "asyncio":
        asyncio.run(main())
    else:
        blocking.init(application_id="app", base_url=session).read_all_files(
            **file_options, on_file_data=files.append
        ).result()
    assert {file["file_name"]: file["file_data"] for file in files} == contents
    # However many files there are, their list is made once.
    assert files[0]["file_list"] is files[1]["file_list"]
