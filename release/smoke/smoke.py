"""What an application does, in short, with nothing but digime-sdk and digime-sandbox.

It authorises, exchanges, pushes, reads, and links with SQLite.

It prints a line for each step, and in the end `N passed, N failed`.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from digime_sandbox import AnnouncedContract, Sandbox, start_sandbox
from digime_sdk import ContractDetails, Session, UserAccessToken, blocking

_CALLBACK = "http://localhost/return"
_LETTER = b'{"greeting": "what is pushed arrives unchanged"}'


def _consent(
    sdk: blocking.DigiMeSDK, sandbox: Sandbox, contract: ContractDetails, source: str | None = None
) -> tuple[UserAccessToken, Session]:
    """Authorise and exchange."""
    asked = sdk.get_authorize_url(contract_details=contract, callback=_CALLBACK, state="smoke")
    query = parse_qs(urlsplit(sandbox.approve(asked["url"], source=source)).query)
    assert query["state"] == ["smoke"]
    token = sdk.exchange_code_for_token(
        contract_details=contract, authorization_code=query["code"][0], code_verifier=asked["code_verifier"]
    )
    return token, asked["session"]


def _push(sdk: blocking.DigiMeSDK, sandbox: Sandbox) -> None:
    contract = _details(sandbox.announcement["contracts"]["push"])
    token, _ = _consent(sdk, sandbox, contract)
    sdk.push_data(
        contract_details=contract,
        user_access_token=token,
        data={
            "file_data": _LETTER,
            "file_name": "letter.json",
            "file_descriptor": {"mime_type": "application/json", "accounts": [{"account_id": "1"}]},
        },
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{sandbox.announcement['origin']}/_sandbox/pushed") as answer:
        (pushed,) = json.load(answer)
    assert pushed["size"] == len(_LETTER), pushed


def _read(sdk: blocking.DigiMeSDK, sandbox: Sandbox) -> None:
    contract = _details(sandbox.announcement["contracts"]["read"])
    token, session = _consent(sdk, sandbox, contract, "Stappenteller")
    reading = sdk.read_all_files(session_key=session["key"], user_access_token=token, **contract)
    read = [event["data"]["file_data"] for event in reading if event["type"] == "file_data"]
    assert read, "no file came"
    assert all(json.loads(content) for content in read)
    assert reading.response["status"]["state"] == "completed"


def _link(_: blocking.DigiMeSDK, sandbox: Sandbox) -> None:
    with tempfile.TemporaryDirectory() as folder:

        def client() -> blocking.PkbSDK:
            return blocking.init_pkb(
                client_id=sandbox.environment["PKB_CLIENT_ID"],
                redirect_uri=sandbox.environment["PKB_REDIRECT_URI"],
                environment="sandbox",
                store=str(Path(folder) / "links.db"),
                encryption_key=sandbox.environment["PKB_ENCRYPTION_KEY"],
            )

        with client() as pkb:
            address = pkb.get_link_url(app_user_id="smoke")["url"]
            pkb.complete_link(callback_url=sandbox.approve(address, person="Bobby Barton"), app_user_id="smoke")
        with client() as pkb:
            assert pkb.get_current_user(app_user_id="smoke").get("first_name") == "Bobby"
            parameters = {"patient": pkb.get_public_id(app_user_id="smoke"), "category": "vital-signs"}
            pages = pkb.fhir_search(app_user_id="smoke", resource_type="Observation", parameters=parameters)
            assert sum(len(page.get("entry", [])) for page in pages)


def _details(contract: AnnouncedContract) -> ContractDetails:
    return {"contract_id": contract["contractId"], "private_key": contract["privateKey"]}


def main() -> int:
    """Go through all steps, each whatever becomes of the others."""
    steps: list[Callable[[blocking.DigiMeSDK, Sandbox], None]] = [_push, _read, _link]
    failed = 0
    where = f"{platform.python_implementation()} {platform.python_version()}, {' '.join(platform.libc_ver())}".strip()
    print(where, platform.machine(), flush=True)
    with start_sandbox() as sandbox:
        os.environ.update(sandbox.environment)
        with blocking.init(application_id=sandbox.announcement["applicationId"]) as sdk:
            for step in steps:
                try:
                    step(sdk, sandbox)
                    print(f"ok {step.__name__[1:]}", flush=True)
                except Exception as error:  # noqa: BLE001 - the other steps are gone through, whatever it is
                    failed += 1
                    print(f"not ok {step.__name__[1:]}: {type(error).__name__}: {error}", flush=True)
    print(f"{len(steps) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
