"""An application as type checkers see it: checked, not run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

import digime_sdk
from digime_sdk import UserAccessToken, blocking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CONTRACT: digime_sdk.ContractDetails = {"contract_id": "id", "private_key": "pem"}
USER = "user-1"
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


async def connect(callback_url: str) -> int:
    """Connect a user, and say when."""
    sdk = digime_sdk.init(
        application_id="app",
        store=Path("connections.db"),
        encryption_key="key",
        on_connection_change=lambda event: print(event["change"], event["connection"]["app_user_id"]),
    )
    sent = await sdk.get_connect_url(app_user_id=USER, contract_details=CONTRACT, callback="https://example.org/")
    print(sent["url"], sent["expires_at"])
    try:
        completed = await sdk.complete_connect(
            contract_details=CONTRACT, callback_url=callback_url, app_user_id=USER, on_conflict="replace"
        )
    except digime_sdk.ConnectDeniedError as error:
        print(error.error_code and error.error_code.upper())
        raise
    except (digime_sdk.ConnectStateError, digime_sdk.ConnectionExpiredError) as error:
        print(error.reason)
        raise
    known = await sdk.get_connection(app_user_id=USER, contract_id=CONTRACT["contract_id"])
    connection: digime_sdk.Connection = known or completed["connection"]
    return connection["refreshed_at"]


async def read_for_a_user() -> bytes:
    """Read a session of a user whose connection is kept, who has no token."""
    sdk = digime_sdk.init(application_id="app", store="memory")
    begun: digime_sdk.ReadSessionForAppUserResponse = await sdk.read_session(
        contract_details=CONTRACT, app_user_id=USER
    )
    begun["user_access_token"]  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues, reportUnusedExpression]
    options: digime_sdk.ReadFileListForAppUserOptions = {
        "session_key": begun["session"]["key"],
        "contract_id": CONTRACT["contract_id"],
        "private_key": CONTRACT["private_key"],
        "app_user_id": USER,
    }
    content: bytes = (await sdk.read_file(**options, file_name="a.json"))["file_data"]
    reading: digime_sdk.AllFilesForAppUserReading = sdk.read_all_files(**options)
    async for event in reading:
        if event["type"] == "file_data":
            content += event["data"]["file_data"]
            event["data"]["user_access_token"]  # type: ignore[typeddict-item] # pyright: ignore[reportGeneralTypeIssues, reportUnusedExpression]
        elif event["type"] == "file_error":
            print(event["data"]["error"].code)
        elif event["type"] == "status_change":
            print(event["data"].upper())
        else:
            print(event["data"]["files_done"])
    print(reading.response["file_list"])
    status = await sdk.read_all_files(**options, on_file_data=lambda file: print(file["file_name"]))
    print(status["state"])
    await sdk.push_data(
        type="provider",
        contract_details=CONTRACT,
        app_user_id=USER,
        account_id="1",
        version="stu3",
        data={"resourceType": "Bundle"},
    )
    return content


def read_plainly_for_a_user(token: UserAccessToken) -> None:
    """Read as both kinds of users."""
    sdk = blocking.init(application_id="app", store="memory")
    reading: blocking.AllFilesForAppUserReading = sdk.read_all_files(
        session_key="", contract_id="", private_key="", app_user_id=USER
    )
    events: list[digime_sdk.ReadingForAppUserEvent] = list(reading)
    print(reading.result()["state"], len(events))
    given = sdk.read_session(contract_details=CONTRACT, user_access_token=token)
    print(given["user_access_token"]["accessToken"]["value"])
    sent = sdk.get_reauthorize_url(contract_details=CONTRACT, callback="https://example.org/", app_user_id=USER)
    print(sent["url"])


def mistakes(token: UserAccessToken) -> None:
    """Do what type checkers must refuse."""
    sdk = blocking.init(application_id="app")
    sdk.read_accounts(contract_details=CONTRACT)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue]
    sdk.read_accounts(contract_details=CONTRACT, user_access_token=token)["account"]  # type: ignore[typeddict-item] # pyright: ignore
    sdk.read_all_files(session_key="")  # type: ignore[call-overload] # pyright: ignore
    sdk.read_accounts(contract_details=CONTRACT, user_access_token=token, app_user_id=USER)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue]
    sdk.read_accounts(contract_details=CONTRACT, app_user_id=USER, on_access_token_change=print)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue]
    blocking.init(application_id=1)  # type: ignore[call-overload] # pyright: ignore
    with Path("a.txt").open(encoding="utf-8") as text:
        data: digime_sdk.PushedFileMeta = {
            "file_data": text,  # type: ignore[typeddict-item] # pyright: ignore
            "file_name": "a.txt",
            "file_descriptor": DESCRIPTOR,
        }
        print(data)
