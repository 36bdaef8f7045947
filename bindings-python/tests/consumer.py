"""An application as type checkers see it: checked, not run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

import digime_sdk
from digime_sdk import UserAccessToken, blocking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CONTRACT: digime_sdk.ContractDetails = {"contract_id": "id", "private_key": "pem"}
DESCRIPTOR: digime_sdk.FileDescriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}


async def store(token: UserAccessToken) -> None:
    """Keep the token."""
    print(token["accessToken"]["expiry"])


async def chunks() -> AsyncIterator[bytes]:
    """Give a file in pieces."""
    yield b""


async def authorize(service_id: Optional[int]) -> tuple[str, str]:
    """Ask for consent."""
    sdk = digime_sdk.init(
        application_id="app",
        timeouts={"total": 1000},
        retry_options={"calculate_delay": lambda attempt: attempt["computed_value"]},
    )
    answer = await sdk.get_authorize_url(
        contract_details=CONTRACT,
        callback="https://example.org/return",
        state="state",
        service_id=service_id,
        source_type="push",
        session_options={"pull": {"scope": {"time_ranges": [{"from_": 1, "last": "6m"}]}}},
    )
    return answer["url"], answer["code_verifier"]


async def push(token: UserAccessToken) -> None:
    """Push to the library and to a provider."""
    sdk = digime_sdk.init({"application_id": "app"})
    accounts = (await sdk.read_accounts(contract_details=CONTRACT, user_access_token=token))["accounts"]
    for content in (b"", bytearray(), chunks(), iter([b""])):
        await sdk.push_data(
            contract_details=CONTRACT,
            user_access_token=token,
            data={"file_data": content, "file_name": "a.pdf", "file_descriptor": DESCRIPTOR},
            on_access_token_change=store,
        )
    await sdk.push_data(
        type="provider",
        contract_details=CONTRACT,
        user_access_token=token,
        account_id=accounts[0]["id"],
        version="stu3",
        data={"resourceType": "Bundle"},
    )


def push_plainly(token: UserAccessToken) -> None:
    """Push a file, and look at what fails."""
    sdk: blocking.DigiMeSDK = blocking.init(application_id="app")
    try:
        with Path("a.pdf").open("rb") as source:
            sdk.push_data(
                contract_details=CONTRACT,
                user_access_token=token,
                data={"file_data": source, "file_name": "a.pdf", "file_descriptor": DESCRIPTOR},
            )
    except digime_sdk.HTTPError as error:
        print(error.response.status_code, error.code)
    except digime_sdk.DigiMeSDKError as error:
        print(error.name, error.user_access_token)


async def read(token: UserAccessToken, session: digime_sdk.Session) -> bytes:
    """Read a session in each way that there is."""
    sdk = digime_sdk.init(application_id="app")
    options: digime_sdk.ReadFileListOptions = {
        "session_key": session["key"],
        "contract_id": CONTRACT["contract_id"],
        "private_key": CONTRACT["private_key"],
        "user_access_token": token,
    }
    content: bytes = (await sdk.read_file(**options, file_name="a.json"))["file_data"]
    async with (await sdk.read_file_stream(**options, file_name="a.json"))["body"] as body:
        async for chunk in body:
            content += chunk
        content += await body.read(10)
    reading = sdk.read_all_files(**options, concurrency=2)
    async for event in reading:
        if event["type"] == "file_data":
            content += event["data"]["file_data"]
        elif event["type"] == "file_error":
            print(event["data"]["error"].code, event["data"]["file_name"])
        elif event["type"] == "access_token_change":
            await store(event["data"])
        elif event["type"] == "status_change":
            print(event["data"].upper())
        else:
            print(event["data"]["files_done"] / event["data"]["files_known"])
    print(reading.response["file_list"][0]["name"])
    status = await sdk.read_all_files(**options, on_file_data=keep, on_file_error=lambda event: print(event["error"]))
    print(status["state"])
    return content


async def keep(file: digime_sdk.FileDataEvent) -> None:
    """Keep a file."""
    print(file["file_name"], len(file["file_data"]), file["file_metadata"].get("objectType"))


def read_plainly(options: digime_sdk.ReadAllFilesOptions) -> None:
    """Read a session, and download a file."""
    sdk = blocking.init(application_id="app")
    status: digime_sdk.FileListStatus = sdk.read_all_files(**options).result()
    print(status["state"])
    events: list[digime_sdk.ReadingEvent] = list(sdk.read_all_files(**options))
    print([event["data"]["file_name"] for event in events if event["type"] == "file_data"])
    response = sdk.download_storage_file(contract_details=CONTRACT, storage_id="id", path="a.pdf")
    body: blocking.ByteStream = response["body"]
    with body, Path("a.pdf").open("wb") as target:
        target.writelines(body)


def mistakes(token: UserAccessToken) -> None:
    """Do what type checkers must refuse."""
    sdk = blocking.init(application_id="app")
    sdk.read_accounts(contract_details=CONTRACT)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    sdk.read_accounts(contract_details=CONTRACT, user_access_token=token)["account"]  # type: ignore[typeddict-item] # pyright: ignore
    sdk.read_all_files(session_key="")  # type: ignore[call-arg] # pyright: ignore
    blocking.init(application_id=1)  # type: ignore[call-overload] # pyright: ignore
    with Path("a.txt").open(encoding="utf-8") as text:
        data: digime_sdk.PushedFileMeta = {
            "file_data": text,  # type: ignore[typeddict-item] # pyright: ignore
            "file_name": "a.txt",
            "file_descriptor": DESCRIPTOR,
        }
        print(data)
